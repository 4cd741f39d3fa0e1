"""Room: pipeline. Which way of swapping is taken among those installed, and why. Opens no network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from mirror_app.domain.errors import InputError, ModelError
from mirror_app.domain.sentence import Sentence
from mirror_app.pipeline.wishes import AUTO, BUILT_IN, CHOSEN, MESH, NO_MODEL, Wishes
from mirror_app.runtime.catalogue import ModelSpec, Role
from mirror_app.runtime.models import InstalledModel, ModelStore
from mirror_app.settings import Settings
from mirror_app.swap.neural.spec import swapper_spec

_ON_CARD: Final = ("fp16", "fp32", "int8")
_ON_CPU: Final = ("int8", "fp32", "fp16")
"""The precisions of a model's files, the fastest first; a CPU turns FP16 back into FP32 for every layer."""
_AT: Final = "@"
"""Between a model's name and the side of its crop, where that is a multiple of the network's own: inswapper_128@256."""


def remembered_wishes(settings: Settings, store: ModelStore) -> Wishes:
    """What the settings say; an engine or a detector that is gone by now is replaced by the best usable one."""
    engine, detector = settings.engine, settings.detector
    if engine not in (AUTO, MESH, *usable_engines(store)):
        engine = AUTO
    if detector not in (AUTO, BUILT_IN, *(model.spec.name for model in store.installed())):
        detector = AUTO
    return Wishes(engine, detector, settings.devices)


@dataclass(frozen=True, slots=True, eq=False)
class EngineChoice:
    """The way of swapping that is taken.

    Attributes:
        model: The swapping network; None = the mesh engine.
        why: A sentence about why it was taken.
        tiles: The crop has so many times the network's side.
    """

    model: InstalledModel | None
    why: str
    tiles: int = 1


def choose_engine(wanted: str, store: ModelStore, find_card: Callable[[], str]) -> EngineChoice:
    """Take an engine.

    Args:
        wanted: See `Wishes.engine`.
        store: What is installed.
        find_card: Name of the graphics card that networks could run on, "" for none; asked only if it matters.

    Raises:
        InputError: There is no engine of that name.
        ModelError: It, or a model that it needs, is not installed.
    """
    if wanted == MESH:
        return EngineChoice(None, CHOSEN)
    if wanted == AUTO:
        return _best(store, find_card)
    name, tiles = _named(wanted, store)
    model = _suited(store, name, find_card())
    missing = store.missing_needs(name)
    if missing:
        raise ModelError(
            "The model {name} needs {missing}, which is not installed. Get it with `mirror-app models get {missing}`.",
            name=name,
            missing=missing[0].name,
        )
    return EngineChoice(model, Sentence("You chose the model {name}.", name=model.spec.title), tiles)


def engine_names(store: ModelStore) -> list[str]:
    """Every word that `Wishes.engine` can be, whether installed or not."""
    return [AUTO, MESH, *(name for spec in store.catalogue.of_role(Role.SWAPPER) for name in engine_words(spec))]


def engine_words(spec: ModelSpec) -> list[str]:
    """What `Wishes.engine` can be for a swapper: its name, then its name with a larger crop."""
    contract = swapper_spec(spec)
    return [spec.name] + ([f"{spec.name}{_AT}{contract.side * contract.tile}"] if contract.tile > 1 else [])


def _named(wanted: str, store: ModelStore) -> tuple[str, int]:
    """The model's name and how often it is tiled."""
    name, _, side = wanted.partition(_AT)
    for spec in store.catalogue.of_role(Role.SWAPPER):
        if wanted in engine_words(spec):
            return name, swapper_spec(spec).tile if side else 1
    raise InputError(
        "There is no engine “{engine}”. Choose one of these: {engines}.",
        engine=wanted,
        engines=", ".join(engine_names(store)),
    )


def usable_engines(store: ModelStore) -> list[str]:
    """The words of `Wishes.engine` whose model is installed with all that it needs; the best model first."""
    installed = {model.spec.name for model in store.installed()}
    return [
        name
        for spec in store.catalogue.of_role(Role.SWAPPER)
        if installed.issuperset((spec.name, *spec.needs))
        for name in engine_words(spec)
    ]


def _why_none(store: ModelStore) -> Sentence:
    """Why no installed model can be taken."""
    for model in store.installed():
        missing = store.missing_needs(model.spec.name)
        if model.spec.role is Role.SWAPPER and missing:
            return Sentence(
                "{name} is installed, but cannot run without {needs}.",
                name=model.spec.title,
                needs=", ".join(need.name for need in missing),
            )
    return NO_MODEL


def _suited(store: ModelStore, name: str, card: str) -> InstalledModel:
    """The file of a model that runs fastest there: who made a smaller one wants it to run."""
    found = (store.find(name, precision) for precision in (_ON_CARD if card else _ON_CPU))
    return next((model for model in found if model is not None), None) or store.require(name)


def _best(store: ModelStore, find_card: Callable[[], str]) -> EngineChoice:
    usable = usable_engines(store)
    if not usable:
        return EngineChoice(None, _why_none(store))
    card = find_card()
    best = _suited(store, usable[0], card)
    if not card:
        return EngineChoice(
            None,
            Sentence(
                "{name} is installed, but without an NVIDIA graphics card it takes seconds for a picture.",
                name=best.spec.title,
            ),
        )
    return EngineChoice(best, Sentence("{name} is the best installed model, and {card} can run it.",
                                       name=best.spec.title, card=card))  # fmt: skip
