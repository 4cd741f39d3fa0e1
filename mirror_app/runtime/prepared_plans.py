"""Room: runtime. The plan of an installed model, if one was built and is of use here. Builds none, loads none."""

from __future__ import annotations

import contextlib
import os
from functools import partial
from pathlib import Path
from typing import Final

from mirror_app.domain.errors import ModelError, OutputError
from mirror_app.domain.system_reason import system_reason
from mirror_app.runtime.build_place import BuildPlace
from mirror_app.runtime.catalogue import Role
from mirror_app.runtime.models import InstalledModel, ModelStore
from mirror_app.runtime.parity_gate import Parity
from mirror_app.runtime.plan_file import Plan, plan_path, read_plan, staleness
from mirror_app.runtime.recipe import load_recipe
from mirror_app.runtime.trt_door import Preparation, Prepared, TrtDoor
from mirror_app.runtime.verdict import is_proven, read_verdict, verdict_of, write_verdict

_FASTEST_FIRST: Final = ("fp16", "fp32", "int8")
"""On a card; INT8 comes last because it costs quality, though somebody who built no other wants that."""


class PreparedPlans:
    """The folder of plans, as those see it who want to run one."""

    def __init__(self, folder: Path, recipes: Path, store: ModelStore, door: TrtDoor) -> None:
        """Look at nothing yet.

        Args:
            folder: Of the plans.
            recipes: Of the recipes.
            store: Of the models.
            door: The way to TensorRT.
        """
        self._folder, self._recipes, self._store, self._door = folder, recipes, store, door

    def find(self, model: InstalledModel) -> Preparation | None:
        """What reads the plan of a model, of whatever precision; None where none was built."""
        paths = (plan_path(self._folder, model.spec.name, precision) for precision in _FASTEST_FIRST)
        there = next((path for path in paths if os.path.isfile(path)), None)  # noqa: PTH113 - says no where it may not look
        return None if there is None else partial(self._prepared, there, model)

    def _prepared(self, path: Path, model: InstalledModel) -> Prepared:
        """The plan of a file.

        Raises:
            MirrorError: It is damaged, of somebody else, or of no use here; or TensorRT does not work.
        """
        # They bring in onnx, which takes a third of a second: only for those who have a plan.
        from mirror_app.runtime.build_samples import recipe_samples
        from mirror_app.runtime.build_source import reference, source_file
        from mirror_app.runtime.plan_store import Wanted

        plan = read_plan(path)
        found = self._door.place()
        place = BuildPlace(found.card, found.tensorrt)
        recipe = load_recipe(self._recipes, model.spec)
        source = source_file(self._store, model.spec.name, plan.facts.precision)
        why = staleness(plan.facts, Wanted(source, plan.facts.precision, recipe, place).facts())
        if why:
            raise ModelError("Its plan must be built again: {why}. Run `{command}`.", why=why, command=_command(model))
        proven = is_proven(read_verdict(path), plan, place)
        return Prepared(
            plan=_content(path),
            source=reference(source.path, source.precision),
            samples=None if proven else partial(recipe_samples, recipe),
            is_embedding=model.spec.role is Role.RECOGNISER,
            remember=partial(_remember, path, plan, place),
        )


def _command(model: InstalledModel) -> str:
    return f"mirror-app models prepare {model.spec.name}"


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ModelError("{path} is damaged: {why}. Build it again.", path=path, why=system_reason(error)) from error


def _remember(path: Path, plan: Plan, place: BuildPlace, found: Parity) -> None:
    # Where it cannot be kept, the next start compares again.
    with contextlib.suppress(OutputError):
        write_verdict(path, verdict_of(found, plan, place.card.cuda))
