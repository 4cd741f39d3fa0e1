"""Room: tests. Which networks are measured, what stands beside them, and that an unknown card gets no floor."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.resources import assets_dir
from mirror_app.runtime.backend import Feeds, TensorSpec
from mirror_app.runtime.catalogue import load_catalogue
from mirror_app.runtime.cuda_card import CardMakeup, GraphicsCard
from mirror_app.runtime.factory import Device, Opened
from mirror_app.runtime.models import ModelStore
from mirror_app.runtime.ort import OrtCpuBackend
from mirror_app.runtime.plan_file import plan_path
from mirror_app.tools.budget import measured
from mirror_app.tools.budget.floor import network_floor
from mirror_app.tools.budget.frame import Paper, open_paper
from mirror_app.tools.budget.measured import MeasuredNetwork, measure_networks
from mirror_app.tools.budget.networks import cost_of_installed
from tests.twins import zero_cost

CUDA = "CUDAExecutionProvider"
KNOWN = CardMakeup(GraphicsCard("NVIDIA GeForce RTX 4070", "8.9", 12 << 30, "13.0"), 46, 2475, 10501, 192)
FAKE = CardMakeup(GraphicsCard("Fake GPU", "8.6", 8 << 30, "13.0"), 1, 0.001, 0.001, 1)


class OnCard:
    """A network that says it runs on a card."""

    def __init__(self, path: Path) -> None:
        self._network = OrtCpuBackend(path)

    @property
    def inputs(self) -> tuple[TensorSpec, ...]:
        return self._network.inputs

    @property
    def outputs(self) -> tuple[TensorSpec, ...]:
        return self._network.outputs

    @property
    def device(self) -> str:
        return "a card"

    def run(self, feeds: Feeds) -> list[NDArray[np.float32]]:
        return self._network.run(feeds)


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    (tmp_path / "store").mkdir()
    made = ModelStore(load_catalogue(assets_dir() / "models" / "catalogue.toml"), tmp_path / "store")
    for name in ("inswapper_128", "scrfd_10g"):
        made.import_file(zero_cost(name, tmp_path / name), name)
    return made


Measure = Callable[..., list[MeasuredNetwork]]


@pytest.fixture
def measure(store: ModelStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Measure:
    """Measures with a card of the test's choice."""

    def now(makeup: CardMakeup | None, provider: str, engine: str = "inswapper_128") -> list[MeasuredNetwork]:
        def opened(path: Path, device: Device, **_: Any) -> Opened:
            assert device is Device.AUTO
            return Opened(OnCard(path), "", (provider, "CPUExecutionProvider"))

        monkeypatch.setattr(measured, "card_makeup", lambda: makeup)
        monkeypatch.setattr(measured, "open_backend", opened)
        monkeypatch.setattr(measured, "engines_dir", lambda: tmp_path)
        monkeypatch.setattr(measured, "_SECONDS", 0.0)
        return measure_networks(engine, store, open_paper(store))

    return now


def paper_and_card(store: ModelStore) -> tuple[Paper, Any]:
    paper = open_paper(store)
    return paper, paper.cards.named("RTX 4070")


def test_the_swapper_and_the_detector_are_measured_beside_their_floors(measure: Measure, store: ModelStore) -> None:
    rows = measure(KNOWN, CUDA)
    assert [row.name for row in rows] == ["inswapper_128", "scrfd_10g"]
    paper, card = paper_and_card(store)
    for row in rows:
        floor = network_floor(cost_of_installed(store.require(row.name)), "fp32", card, paper.assumed)
        assert (row.precision, row.floor) == ("fp32", floor)
        assert row.times == pytest.approx(row.measured_ms / floor.total_ms)
        shown = row.as_json()
        assert (shown["provider"], shown["device"]) == (CUDA, "a card")
        assert shown["floor_ms"] == pytest.approx(floor.total_ms, abs=1e-3)


@pytest.mark.parametrize("precision", ["fp16", "int8"])
def test_a_plan_is_reckoned_at_its_own_precision(measure: Measure, tmp_path: Path, precision: str) -> None:
    for name in ("inswapper_128", "scrfd_10g"):
        plan_path(tmp_path, name, precision).write_bytes(b"")
    assert {row.precision for row in measure(KNOWN, "TensorRT")} == {precision}


def test_a_tiled_engine_is_measured_by_its_network(measure: Measure) -> None:
    assert measure(KNOWN, CUDA, "inswapper_128@256")[0].name == "inswapper_128"


def test_a_card_that_nobody_knows_gets_no_floor(measure: Measure) -> None:
    rows = measure(FAKE, CUDA)
    assert len(rows) == 2
    assert all(row.floor is None and row.times is None for row in rows)
    assert rows[0].as_json()["floor_ms"] is None


@pytest.mark.parametrize(
    ("makeup", "provider", "engine"),
    [
        (None, CUDA, "inswapper_128"),
        (KNOWN, "CPUExecutionProvider", "inswapper_128"),
        (KNOWN, CUDA, "mesh"),
        (KNOWN, CUDA, "ghost_1_256"),
    ],
)
def test_without_a_network_on_a_card_nothing_is_said(
    measure: Measure, makeup: CardMakeup | None, provider: str, engine: str
) -> None:
    assert measure(makeup, provider, engine) == []
