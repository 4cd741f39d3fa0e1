"""Room: tools. How long the live networks take on the card, beside the least that it needs. Prints nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from mirror_app.resources import engines_dir, recipes_dir
from mirror_app.runtime.backend import InferenceBackend
from mirror_app.runtime.card_figures import CardFigures
from mirror_app.runtime.catalogue import Role
from mirror_app.runtime.cuda_card import card_makeup
from mirror_app.runtime.factory import Device, open_backend
from mirror_app.runtime.models import InstalledModel, ModelStore
from mirror_app.runtime.plan_file import plan_path
from mirror_app.runtime.prepared_plans import PreparedPlans
from mirror_app.runtime.providers import CUDA
from mirror_app.runtime.trt import PROVIDER
from mirror_app.runtime.trt_door import TrtDoor
from mirror_app.tools.budget.floor import NUMBER_BYTES, NetworkFloor, network_floor
from mirror_app.tools.budget.frame import Paper
from mirror_app.tools.budget.networks import cost_of_installed
from mirror_app.tools.models.bench import timed_runs
from mirror_app.tools.models.faces import pictures_with_faces
from mirror_app.tools.models.samples import model_samples

_SECONDS = 1.0
_PICTURES = 2


@dataclass(frozen=True, slots=True)
class MeasuredNetwork:
    """One network, one run for one face.

    Attributes:
        name: Of the model.
        provider: What ran it.
        device: Where.
        precision: Of the floor: that of TensorRT's plans, or of the file.
        measured_ms: Median, with the copies.
        floor: The least; None where nobody knows what the card can do.
    """

    name: str
    provider: str
    device: str
    precision: str
    measured_ms: float
    floor: NetworkFloor | None

    @property
    def times(self) -> float | None:
        """Measured against floor."""
        return None if self.floor is None else self.measured_ms / self.floor.total_ms

    def as_json(self) -> dict[str, object]:
        """The keys that the command line promises."""
        parts = None if self.floor is None else {key: round(ms, 4) for key, ms in asdict(self.floor).items()}
        return {
            "network": self.name,
            "provider": self.provider,
            "device": self.device,
            "precision": self.precision,
            "measured_ms": round(self.measured_ms, 3),
            "floor_ms": None if self.floor is None else round(self.floor.total_ms, 3),
            "times": None if self.times is None else round(self.times, 2),
            "floor_parts_ms": parts,
        }


def measure_networks(engine: str, store: ModelStore, paper: Paper) -> list[MeasuredNetwork]:
    """Run the networks that a neural engine uses live, one after the other, each as the mirror opens it.

    Args:
        engine: Name of the way of swapping, as the mirror says it.
        store: What is installed.
        paper: The tables.

    Returns:
        Those that ran on a card; none where there is no card or the engine is the built-in one.

    Raises:
        ModelError: A network cannot be run or counted.
    """
    makeup = card_makeup()
    if makeup is None:
        return []
    card = paper.cards.of_driver(makeup)
    return [row for model in _live(engine, store) if (row := _measured(model, store, paper, card)) is not None]


def _live(engine: str, store: ModelStore) -> Iterator[InstalledModel]:
    """The swapper, the masks that see every frame, and the detector; see `NeuralParts`."""
    swapper = next((one for one in store.of_role(Role.SWAPPER) if one.spec.name == engine.partition("@")[0]), None)
    if swapper is None:
        return
    yield swapper
    for role in (Role.PARSER, Role.OCCLUDER, Role.DETECTOR):
        yield from store.of_role(role)[:1]


def _measured(
    model: InstalledModel, store: ModelStore, paper: Paper, card: CardFigures | None
) -> MeasuredNetwork | None:
    door = TrtDoor()
    plan = PreparedPlans(engines_dir(), recipes_dir(), store, door).find(model)
    opened = open_backend(model.path, Device.AUTO, prepared=plan, door=door)
    provider = opened.providers[0] if opened.providers else ""
    if provider not in (PROVIDER, CUDA):
        return None
    measured_ms = _median_ms(model, opened.backend)
    precision = _plan_precision(model) if provider == PROVIDER else model.precision
    floor = None if card is None else network_floor(cost_of_installed(model), precision, card, paper.assumed)
    return MeasuredNetwork(model.spec.name, provider, opened.backend.device, precision, measured_ms, floor)


def _plan_precision(model: InstalledModel) -> str:
    """That of the plan which `PreparedPlans` takes: the first one there in this order."""
    return next(one for one in NUMBER_BYTES if plan_path(engines_dir(), model.spec.name, one).is_file())


def _median_ms(model: InstalledModel, backend: InferenceBackend) -> float:
    samples = model_samples(model.spec, backend.inputs, pictures_with_faces(_PICTURES))
    return timed_runs(backend, samples, _SECONDS).percentiles().p50
