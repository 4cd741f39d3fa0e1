"""Room: tools. A whole frame on paper: from the camera's hand-over to its paint, stage by stage. Measures nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from mirror_app.resources import assets_dir
from mirror_app.runtime.card_figures import CardFigures, Cards, above_zero, read_paper
from mirror_app.runtime.data_table import DataTable
from mirror_app.runtime.models import ModelStore
from mirror_app.tools.budget.floor import Assumed, memory_bytes, network_floor, read_assumed
from mirror_app.tools.budget.networks import Basis, Counted, counted, read_costs

PRECISION: Final = "fp16"
_ENGINES: Final = ("inswapper_128", "hyperswap_1a_256", "simswap_256", "simswap_unofficial_512", "ghost_1_256")
_DETECTOR: Final = "scrfd_10g"
_RECOGNISER: Final = "arcface_w600k_r50"
_MASKS: Final = ("bisenet_resnet_34", "xseg_3")
# A look around is due after 115 ms (`FaceTracker`), in every fourth frame at 30 frames/s; it runs between two frames.
_LOOK_EVERY: Final = 4


class PaperStage(Enum):
    """The stages of a frame on this path, in order; the value is the key in JSON."""

    DECODE = "decode"
    MESH = "mesh"
    DETECT = "detect"
    COPY = "copy"
    NETWORK = "network"
    APP = "app"
    PAINT = "paint"


@dataclass(frozen=True, slots=True)
class Host:
    """What the computer itself does per frame, measured, ms; see `paper.toml`."""

    size_wh: tuple[int, int]
    decode_ms: float
    mesh_ms: float
    app_ms: float
    paint_ms: float


@dataclass(frozen=True, slots=True)
class FrameBudget:
    """One engine on one card at one size.

    Attributes:
        engine: The swapping network.
        basis: How sure its count is.
        stages_ms: The least time of each stage; of the detector its share, as it does not run for every frame.
        usual_ms: The whole frame, with a network as good builds have it, see `NetworkFloor.usual_ms`.
        memory_bytes: Of the card's memory, with detector, recogniser and CUDA's own.
    """

    engine: str
    basis: Basis
    stages_ms: Mapping[PaperStage, float]
    usual_ms: float
    memory_bytes: int

    @property
    def total_ms(self) -> float:
        """From the camera's hand-over to the end of the paint, without the detector, which runs between frames."""
        return sum(ms for stage, ms in self.stages_ms.items() if stage is not PaperStage.DETECT)


class Paper:
    """The shipped tables: cards, assumptions, counts."""

    def __init__(self, paper: DataTable, costs: DataTable, store: ModelStore) -> None:
        """Read them.

        Raises:
            ModelError: One is damaged; the sentence says where.
        """
        self.cards = Cards(paper)
        self.assumed = read_assumed(paper.table("assumed"))
        self.hosts = [_host(row) for row in paper.tables("host")]
        self._costs = read_costs(costs)
        self._store = store

    def budgets(self, card: CardFigures, host: Host) -> list[FrameBudget]:
        """Every engine that the counts know, on a card.

        Raises:
            ModelError: An installed file cannot be counted.
        """
        helpers = [self._counted(name) for name in (_DETECTOR, _RECOGNISER)]
        return [_budget(name, self._counted(name), helpers, card, host, self.assumed) for name in _ENGINES]

    def masks_ms(self, card: CardFigures) -> dict[str, float]:
        """What the mask networks, which see every frame where they are installed, add to it at least.

        Raises:
            ModelError: An installed file cannot be counted.
        """
        costs = {name: self._counted(name).cost for name in _MASKS}
        return {name: network_floor(cost, PRECISION, card, self.assumed).total_ms for name, cost in costs.items()}

    def host(self, size_wh: tuple[int, int]) -> Host:
        """What the computer itself does at the measured size that is nearest to one, by its pixels."""
        pixels = size_wh[0] * size_wh[1]
        return min(self.hosts, key=lambda one: abs(one.size_wh[0] * one.size_wh[1] - pixels))

    def _counted(self, name: str) -> Counted:
        return counted(name, self._store, self._costs)


def open_paper(store: ModelStore) -> Paper:
    """Read the shipped tables.

    Raises:
        ModelError: One is damaged; the sentence says where.
    """
    folder = assets_dir() / "models"
    return Paper(read_paper(folder / "paper.toml"), read_paper(folder / "costs.toml"), store)


def _budget(
    engine: str, network: Counted, helpers: list[Counted], card: CardFigures, host: Host, assumed: Assumed
) -> FrameBudget:
    floor = network_floor(network.cost, PRECISION, card, assumed)
    detector = network_floor(helpers[0].cost, PRECISION, card, assumed)
    stages_ms = {
        PaperStage.DECODE: host.decode_ms,
        PaperStage.MESH: host.mesh_ms,
        PaperStage.DETECT: detector.total_ms / _LOOK_EVERY,
        PaperStage.COPY: floor.copy_ms,
        PaperStage.NETWORK: floor.total_ms - floor.copy_ms,
        PaperStage.APP: host.app_ms,
        PaperStage.PAINT: host.paint_ms,
    }
    taken = sum(memory_bytes(one.cost, PRECISION) for one in (network, *helpers))
    budget = FrameBudget(engine, network.basis, stages_ms, 0.0, taken + assumed.context_bytes)
    return replace(budget, usual_ms=budget.total_ms - floor.total_ms + floor.usual_ms)


def _host(row: DataTable) -> Host:
    times = (above_zero(row, key) for key in ("decode_ms", "mesh_ms", "app_ms", "paint_ms"))
    return Host((above_zero(row, "width", int), above_zero(row, "height", int)), *times)
