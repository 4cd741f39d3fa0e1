"""Room: tools. Plans for the NVIDIA card: which installed models want one, how they stand, and building them. No Qt."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from mirror_app.domain.errors import MirrorError, MissingLibraryError, ModelError
from mirror_app.domain.sentence import Sentence
from mirror_app.runtime.build_process import BuildPlace
from mirror_app.runtime.build_progress import seconds_left
from mirror_app.runtime.build_source import source_file
from mirror_app.runtime.catalogue import ModelSpec
from mirror_app.runtime.child import ask_child
from mirror_app.runtime.driver_probe import CARD, look_at_driver
from mirror_app.runtime.model_scan import PRECISIONS
from mirror_app.runtime.models import ModelStore
from mirror_app.runtime.plan_file import plan_path
from mirror_app.runtime.plan_store import PlanStore, Wanted
from mirror_app.runtime.recipe import load_recipe
from mirror_app.runtime.verdict import read_verdict
from mirror_app.tools.models.plan_rows import BuildStep, Outcome, PlanRow, Standing, Survey


class PlanWorkshop:
    """Looks at the plans of the installed models and builds them, one after the other."""

    def __init__(self, store: ModelStore, plans: PlanStore, recipes: Path, look: Callable[[], BuildPlace]) -> None:
        """Look at nothing yet.

        Args:
            store: The models.
            plans: Where plans go.
            recipes: The folder of recipes.
            look: `build_process.look_around`, or what finds another card and library; raises MissingLibraryError.
        """
        self.store, self.plans = store, plans
        self._recipes, self._look = recipes, look

    def names(self, asked: Sequence[str] = ()) -> list[str]:
        """The models that were asked for, each once; all that are installed where none was named.

        Raises:
            ModelError: One of them is not installed, or none at all.
        """
        if asked:
            return [self.store.require(name).spec.name for name in dict.fromkeys(asked)]
        specs = self._installed()
        if not specs:
            raise ModelError("No model is installed. See `mirror-app models list`.")
        return [spec.name for spec in specs]

    def survey(self) -> Survey:
        """How the plans of all installed models stand; where no model is installed no card is looked for."""
        specs = self._installed()
        if not specs:
            return Survey()
        try:
            place = self._look()
        except MissingLibraryError as error:
            return Survey(_card_without_tensorrt(), error.sentence, has_models=True)
        return Survey(place.card.name, rows=tuple(self._row(spec, place) for spec in specs), has_models=True)

    def wanted(self, name: str, place: BuildPlace, precision: str = "") -> Wanted:
        """A plan of a model.

        Args:
            name: The model.
            place: For which card, by which library.
            precision: Of the plan; "" for the one in the recipe.

        Raises:
            ModelError: There is no recipe, or the file it is made of is not there.
        """
        recipe = load_recipe(self._recipes, self.store.catalogue.find(name))
        chosen = precision or recipe.precision
        return Wanted(source_file(self.store, name, chosen), chosen, recipe, place)

    def prepare(
        self,
        names: Sequence[str],
        tell: Callable[[BuildStep], None],
        *,
        precision: str = "",
        is_forced: bool = False,
        stop: Callable[[], bool] = lambda: False,
    ) -> Iterator[Outcome]:
        """Compare or build what is missing or stale, one after the other; one that fails does not stop the rest.

        Args:
            names: The models.
            tell: Called often with how far it is; what it raises ends the build and is raised again.
            precision: Of the plans; "" for the plans that are there, and the one in the recipe where there is none.
            is_forced: Build also where a good plan is there.
            stop: Asked often; True ends it. What was built so far stays, nothing half-written does.

        Yields:
            What became of each, when that is known; nothing for the one that was stopped and those after it.

        Raises:
            MissingLibraryError: There is no card, no driver or no TensorRT.
        """
        place = self._look()
        jobs = [(name, kind) for name in names for kind in ([precision] if precision else self._kinds(name))]
        for number, (name, kind) in enumerate(jobs, 1):
            step = BuildStep(name, self.store.catalogue.find(name).title, kind, number, len(jobs), 0.0, None)
            try:
                yield self._prepared(step, place, tell, stop, is_forced=is_forced)
            except MirrorError as error:
                yield Outcome(name, step.title, kind, error=error)
            except _StoppedError:
                return

    def _prepared(
        self,
        step: BuildStep,
        place: BuildPlace,
        tell: Callable[[BuildStep], None],
        stop: Callable[[], bool],
        *,
        is_forced: bool,
    ) -> Outcome:
        if stop():
            raise _StoppedError
        wanted = self.wanted(step.name, place, step.precision)
        named = replace(step, precision=wanted.precision)
        teller = _Teller(named, tell, stop)
        is_good = not is_forced and not self.plans.trouble(wanted) and not self.plans.disproof(wanted, teller)
        plan = None if is_good else self.plans.build(wanted, teller)
        return Outcome(named.name, named.title, named.precision, plan)

    def _trouble(self, wanted: Wanted) -> str:
        """Why a plan must be built or at least compared again, a `Sentence`; else ""."""
        trouble = self.plans.trouble(wanted)
        if trouble:
            return trouble
        verdict = read_verdict(plan_path(self.plans.folder, wanted.source.spec.name, wanted.precision))
        is_known = verdict is None or verdict.cuda == wanted.place.card.cuda
        return "" if is_known else Sentence("the driver is another one than when it was checked")

    def _kinds(self, name: str) -> list[str]:
        """Precisions of the plans that are there, good or not; the recipe's, called "", where there is none."""
        return [kind for kind in PRECISIONS if plan_path(self.plans.folder, name, kind).exists()] or [""]

    def _installed(self) -> list[ModelSpec]:
        return list({model.spec.name: model.spec for model in self.store.installed()}.values())

    def _row(self, spec: ModelSpec, place: BuildPlace) -> PlanRow:
        kinds = self._kinds(spec.name)
        try:
            troubles = [self._trouble(self.wanted(spec.name, place, kind)) for kind in kinds]
        except MirrorError as error:
            return PlanRow(spec.name, spec.title, Standing.IMPOSSIBLE, error.sentence)
        if kinds == [""]:
            return PlanRow(spec.name, spec.title, Standing.MISSING)
        trouble = next(filter(None, troubles), "")
        return PlanRow(spec.name, spec.title, Standing.STALE if trouble else Standing.READY, trouble)


class _StoppedError(Exception):
    """Nobody wants the plan any more."""


class _Teller:
    """Turns shares of one plan's work into steps, and ends that work when it is to stop."""

    def __init__(self, step: BuildStep, tell: Callable[[BuildStep], None], stop: Callable[[], bool]) -> None:
        self._step, self._tell, self._stop = step, tell, stop
        self._begun_s = time.monotonic()
        tell(step)

    def __call__(self, share: float) -> None:
        if self._stop():
            raise _StoppedError
        left_s = seconds_left(share, time.monotonic() - self._begun_s)
        self._tell(replace(self._step, share=share, left_s=left_s))


def _card_without_tensorrt() -> str:
    """The card's name where TensorRT is what is missing; "" where there is no card."""
    said = ask_child(look_at_driver).lines
    return said[1] if said[:1] == (CARD,) else ""
