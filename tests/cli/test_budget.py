"""Room: tests. `mirror-app bench` with a card: on paper, and measured beside the paper."""

from __future__ import annotations

import json

import pytest

from mirror_app.cli import bench, main
from mirror_app.domain.errors import ModelError
from mirror_app.tools.budget.floor import NetworkFloor
from mirror_app.tools.budget.measured import MeasuredNetwork
from tests.fakes import FakeMirror

FLOOR = NetworkFloor(4.0, 8.0, 1.0, 1.0, 0.5, 0.5)
KNOWN = MeasuredNetwork("inswapper_128", "TensorRT", "a card", "fp16", 12.5, FLOOR)
UNKNOWN = MeasuredNetwork("inswapper_128", "TensorRT", "Fake GPU", "fp16", 12.5, None)


def test_the_paper_says_that_nothing_was_measured(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--budget", "rtx 3060"]) == 0
    out = capfd.readouterr().out
    assert out.startswith("On paper, not measured: NVIDIA GeForce RTX 3060, 1280x720, one face, FP16")
    assert "ghost_1_256 *" in out
    assert "may be several times heavier" in out
    assert max(map(len, out.splitlines())) < 120


def test_the_paper_as_json_has_a_floor_for_every_stage(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--budget", "RTX 4090", "--size", "1920x1080", "--json"]) == 0
    table = json.loads(capfd.readouterr().out)
    assert (table["card"], table["measured"], table["size"]) == ("NVIDIA GeForce RTX 4090", False, "1920x1080")
    assert table["masks_ms"]["bisenet_resnet_34"] > 0
    for row in table["engines"]:
        assert list(row["floor_ms"]) == ["decode", "mesh", "detect", "copy", "network", "app", "paint"]
        assert 0 < row["sum_ms"] <= row["usual_ms"]


def test_a_card_that_is_not_in_the_table_is_a_wrong_value(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--budget", "Radeon"]) == 3
    assert "NVIDIA GeForce RTX 4070" in capfd.readouterr().err


@pytest.fixture
def neural(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mirror that says it swaps with a network."""

    class Neural(FakeMirror):
        engine, device, why, trouble = "inswapper_128", "a card", "", ""

    monkeypatch.setattr(bench, "open_mirror", lambda engine: Neural())


WORDS = ["bench", "--size", "160x90", "--seconds", "0.1"]


@pytest.mark.usefixtures("neural")
@pytest.mark.parametrize(
    ("row", "line"),
    [
        (KNOWN, "network inswapper_128 (TensorRT): measured 12.50 ms, floor 5.00 ms on paper, 2.5 times"),
        (UNKNOWN, "network inswapper_128 (TensorRT): measured 12.50 ms; what Fake GPU could do at best is not known"),
    ],
)
def test_what_was_measured_stands_beside_the_paper(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], row: MeasuredNetwork, line: str
) -> None:
    monkeypatch.setattr(bench, "measure_networks", lambda *parts: [row])
    assert main(WORDS) == 0
    assert line in capfd.readouterr().out.splitlines()
    assert main([*WORDS, "--json"]) == 0
    (shown,) = json.loads(capfd.readouterr().out)["networks"]
    assert (shown["measured_ms"], shown["floor_ms"], shown["times"]) == (
        (12.5, 5.0, 2.5) if row is KNOWN else (12.5, None, None)
    )


@pytest.mark.usefixtures("neural")
def test_where_the_networks_cannot_be_measured_the_rest_is_told_all_the_same(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> list[MeasuredNetwork]:
        raise ModelError("no room")

    monkeypatch.setattr(bench, "measure_networks", fail)
    assert main(WORDS) == 0
    said = capfd.readouterr()
    assert "no room" in said.err
    assert "frames/s" in said.out


def test_the_built_in_engine_has_no_networks_to_speak_of(capfd: pytest.CaptureFixture[str]) -> None:
    assert main([*WORDS, "--json"]) == 0
    assert "networks" not in json.loads(capfd.readouterr().out)
