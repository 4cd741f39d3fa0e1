"""Room: tests. `mirror-app bench` and `mirror-app doctor` on this computer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mirror_app.cli import main

PERCENTILES = {"p50", "p95", "p99"}


@pytest.mark.parametrize("extra", [[], ["--realtime", "30"], ["--face-height", "200"]])
def test_bench_prints_the_promised_json(inputs: Path, capfd: pytest.CaptureFixture[str], extra: list[str]) -> None:
    words = ["bench", "--input", str(inputs / "face.png"), "--size", "640x360", "--seconds", "0.5", "--json", *extra]
    assert main(words) == 0
    table = json.loads(capfd.readouterr().out)
    assert table["size"] == "640x360"
    assert table["engine"] == "mesh"
    assert table["device"]
    assert table["in_order"]
    assert table["states"]["live"] == table["frames"] > 0
    for key in ("pipeline_ms", "end_to_end_ms"):
        assert table[key].keys() == PERCENTILES
        assert table[key]["p50"] > 0
    assert {"mesh", "swap", "label", "guard"} <= table["stages_ms"].keys()
    assert all(times.keys() == PERCENTILES for times in table["stages_ms"].values())
    for key in ("frames_per_second", "drops", "cpu_ms_per_frame", "peak_rss_mb", "rss_mb_per_minute"):
        assert isinstance(table[key], int | float), key


def test_bench_without_input_and_target_takes_the_demo_and_prints_a_table(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--size", "320x180", "--seconds", "0.2"]) == 0
    out = capfd.readouterr().out
    assert "frames/s at 320x180, engine mesh on CPU" in out
    assert "p50" in out
    assert "in order, 0 dropped" in out


def test_bench_puts_the_face_on_each_of_several_people(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--faces", "2", "--size", "480x270", "--seconds", "0.2", "--json"]) == 0
    table = json.loads(capfd.readouterr().out)
    assert table["faces"] == 2
    assert table["states"]["live"] == table["frames"] > 0


@pytest.mark.parametrize("usable", [True, False])
def test_doctor_prints_a_line_or_an_object_per_finding_and_exits_1_when_something_stops_the_mirror(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], usable: bool
) -> None:
    from mirror_app.cli import doctor
    from mirror_app.tools.finding import Finding, Health

    findings = [Finding("Python", Health.OK, "3.11"), Finding("Cameras", Health.NOTE, "no camera", "Plug one in.")]
    if not usable:
        findings.append(Finding("av", Health.PROBLEM, "not installed", "Run `pip install av`."))
    monkeypatch.setattr(doctor, "examine", lambda *parts: iter(findings))
    assert main(["doctor"]) == (0 if usable else 1)
    lines = capfd.readouterr().out.splitlines()
    assert lines[1] == "note     Cameras: no camera. Plug one in."
    assert len(lines) == len(findings) + 1
    assert main(["doctor", "--json"]) == (0 if usable else 1)
    table = json.loads(capfd.readouterr().out)
    assert table["usable"] is usable
    assert [one["subject"] for one in table["findings"]] == [one.subject for one in findings]
