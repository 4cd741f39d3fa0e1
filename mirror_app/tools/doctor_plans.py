"""Room: tools. Doctor's look at the plans that were built for TensorRT, and at whether the card has room for them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mirror_app.domain.errors import MirrorError, ModelError
from mirror_app.domain.sentence import Sentence
from mirror_app.resources import engines_dir, recipes_dir
from mirror_app.runtime.cuda_card import GraphicsCard
from mirror_app.tools.doctor_nvidia import Ask
from mirror_app.tools.finding import Finding, Health

if TYPE_CHECKING:
    from mirror_app.runtime.build_process import BuildPlace
    from mirror_app.runtime.models import InstalledModel, ModelStore

_PLANS: Final = Sentence("Plans for TensorRT")
_MEMORY: Final = Sentence("Graphics memory")
_PREPARE: Final = "mirror-app models prepare"
# What TensorRT and CUDA take for themselves; the same estimate as in `trt_engine`.
_OVERHEAD_BYTES: Final = 256 * 2**20


def plan_findings(
    open_models: Callable[[], ModelStore], card: GraphicsCard, tensorrt: str, folder: Path | None = None
) -> Iterator[Finding]:
    """Look at the plan of every installed model. Loads none: a plan is code.

    Args:
        open_models: Opens the store of models.
        card: The card.
        tensorrt: Version of the library.
        folder: Of the plans; the user's own unless given.
    """
    folder = folder or engines_dir()
    try:
        from mirror_app.runtime.build_process import BuildPlace

        store, place = open_models(), BuildPlace(card, tensorrt)
        models = {model.spec.name: model for model in store.installed()}
        found = {name: _state(store, model, place, folder) for name, model in models.items()}
    # Converters and models are looked at with libraries that may be missing, which is said above.
    except (ImportError, MirrorError):
        return
    missing = [name for name, state in found.items() if state is None]
    bad = {name: state for name, state in found.items() if state is not None and state.cure}
    good = [name for name, state in found.items() if state is not None and not state.cure]
    if good:
        yield Finding(_PLANS, Health.OK, Sentence("ready: {names}", names=", ".join(good)))
    yield from bad.values()
    if missing:
        command = f"{_PREPARE} --all" if len(missing) == len(found) else f"{_PREPARE} {' '.join(missing)}"
        yield Finding(
            _PLANS,
            Health.NOTE,
            Sentence("none for {names}: TensorRT does not run them", names=", ".join(missing)),
            Sentence("Run `{command}`, or press “Prepare for my GPU” on the page Models.", command=command),
        )


def memory_findings(
    ask: Ask, open_models: Callable[[], ModelStore], card: str, folder: Path | None = None
) -> Iterator[Finding]:
    """Compare the card's free memory with what the installed models need at least.

    Args:
        ask: Calls a function in a child.
        open_models: Opens the store of models.
        card: Its name.
        folder: Of the plans; the user's own unless given.
    """
    try:
        models = open_models().installed()
    except (ImportError, MirrorError):
        return
    if not models:
        return
    answer = ask(__name__, free_memory.__name__)
    if answer.trouble:
        cure = Sentence("Close other programs that use the card, or restart the computer.")
        yield Finding(_MEMORY, Health.NOTE, Sentence("cannot be asked: {why}", why=answer.trouble), cure)
        return
    free, needed = int(answer.lines[0]), needed_bytes(models, folder or engines_dir())
    detail = Sentence(
        "{free} MB are free on {card}; the installed models need about {needed} MB",
        free=free // 2**20,
        card=card,
        needed=-(-needed // 2**20),
    )
    if free >= needed:
        yield Finding(_MEMORY, Health.OK, detail)
    else:
        cure = Sentence("Close other programs that use the card, or use a smaller model.")
        yield Finding(_MEMORY, Health.NOTE, detail, cure)


def needed_bytes(models: list[InstalledModel], folder: Path) -> int:
    """The least memory that a card needs for one swapper and all that goes with it.

    Args:
        models: The installed ones.
        folder: Of the plans.
    """
    sizes: dict[str, dict[str, int]] = {}
    for model in models:
        of_role = sizes.setdefault(model.spec.role.value, {})
        plan = _plan_of(model, folder)
        size = (plan or model.path).stat().st_size
        of_role[model.spec.name] = min(size, of_role.get(model.spec.name, size))
    # One of each role runs at a time: the largest.
    return _OVERHEAD_BYTES + sum(max(of_role.values()) for of_role in sizes.values())


def free_memory() -> list[str]:
    """How much of the first card's memory nobody has taken, in bytes; for a child process."""
    from mirror_app.runtime.cuda import Card

    try:
        card = Card()
        with card.current():
            return [str(card.free_bytes())]
    except MirrorError as error:
        # The parent shows the last line.
        raise SystemExit(str(error)) from error


def _plan_of(model: InstalledModel, folder: Path) -> Path | None:
    from mirror_app.runtime.model_scan import PRECISIONS
    from mirror_app.runtime.plan_file import plan_path

    paths = (plan_path(folder, model.spec.name, precision) for precision in PRECISIONS)
    # Path's own `exists` raises where the folder may not be looked into.
    return next((path for path in paths if os.path.exists(path)), None)  # noqa: PTH110


def _state(store: ModelStore, model: InstalledModel, place: BuildPlace, folder: Path) -> Finding | None:
    """How the plan of a model is; None where none was built.

    Raises:
        ImportError: A library that converts networks is missing.
    """
    path = _plan_of(model, folder)
    if path is None:
        return None
    name = model.spec.name
    again = Sentence("Run `{command}`.", command=f"{_PREPARE} {name}")
    try:
        why = _trouble(store, model, place, path)
    # The recipe or the file that the plan was made of is gone, or the plan is damaged or somebody else's.
    except ModelError as error:
        return Finding(_PLANS, Health.NOTE, error.sentence, again)
    if why:
        return Finding(_PLANS, Health.NOTE, Sentence("{name}: {why}", name=name, why=why), again)
    return Finding(_PLANS, Health.OK, name)


def _trouble(store: ModelStore, model: InstalledModel, place: BuildPlace, path: Path) -> str:
    """Why a plan is not of use as it is; "" when it is.

    Raises:
        ModelError: It is damaged, may be somebody else's, or nothing is left of what it was made of.
    """
    from mirror_app.runtime.build_source import source_file
    from mirror_app.runtime.plan_file import read_plan, staleness
    from mirror_app.runtime.plan_store import Wanted
    from mirror_app.runtime.recipe import load_recipe
    from mirror_app.runtime.verdict import is_proven, read_verdict

    plan = read_plan(path)
    precision = plan.facts.precision
    source = source_file(store, model.spec.name, precision)
    wanted = Wanted(source, precision, load_recipe(recipes_dir(), model.spec), place)
    why = staleness(plan.facts, wanted.facts())
    if why:
        return Sentence("its plan must be built again: {why}", why=why)
    if not is_proven(read_verdict(path), plan, place):
        return Sentence("its plan was not yet compared with ONNX Runtime, which happens when it is first used")
    return ""
