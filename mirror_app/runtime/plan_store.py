"""Room: runtime. The folder of built plans: which are there, whether they are of use, and how a new one gets in."""

from __future__ import annotations

import contextlib
import platform
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from mirror_app.domain.errors import ModelError
from mirror_app.domain.sentence import Sentence, joined
from mirror_app.runtime.build import PLAN_NAME, TIMING_NAME, BuildOrder, builder_flags
from mirror_app.runtime.build_process import BuildPlace, check_in_child
from mirror_app.runtime.build_source import converter_name
from mirror_app.runtime.catalogue import Role
from mirror_app.runtime.models import InstalledModel
from mirror_app.runtime.plan_check import CheckOrder
from mirror_app.runtime.plan_file import Plan, PlanFacts, plan_path, read_plan, staleness, write_sidecar
from mirror_app.runtime.plan_making import Made, make_plan
from mirror_app.runtime.recipe import Recipe
from mirror_app.runtime.verdict import forget_verdict, is_proven, read_verdict, verdict_of, write_verdict
from mirror_app.whole_file import cannot_write

_WORK: Final = ".build-"
_LEFT_BEHIND_S: Final = 24 * 3600
# A quarter of the card for one step: the rest is for the network's own numbers and for what else runs.
_WORKSPACE_SHARE: Final = 4


@dataclass(frozen=True, slots=True)
class Wanted:
    """A plan that is to be there.

    Attributes:
        source: The installed file that it is made of.
        precision: That of the plan.
        recipe: How.
        place: For which card, by which library.
    """

    source: InstalledModel
    precision: str
    recipe: Recipe
    place: BuildPlace

    @property
    def is_embedding(self) -> bool:
        """Of the output only the direction counts."""
        return self.source.spec.role is Role.RECOGNISER

    def facts(self) -> PlanFacts:
        """What a new plan would be made of and for."""
        return PlanFacts(
            model=self.source.spec.name,
            precision=self.precision,
            model_sha256=self.source.sha256,
            converter=converter_name(self.source.precision, self.precision),
            tensorrt=self.place.tensorrt,
            gpu=self.place.card.name,
            compute_capability=self.place.card.compute_capability,
            system=f"{platform.system()} {platform.machine()}",
            flags=builder_flags(self.recipe),
        )


class PlanStore:
    """The plans in one folder. Two processes may build at once; whichever ends last wins."""

    def __init__(self, folder: Path) -> None:
        """Look after a folder."""
        self.folder = folder

    def paths(self) -> list[Path]:
        """The files that should be plans, by name."""
        return sorted(self.folder.glob("*.plan"))

    def trouble(self, wanted: Wanted) -> str:
        """Why a plan must be built, a `Sentence`; "" when the one that is there can be used."""
        facts = wanted.facts()
        try:
            return staleness(read_plan(plan_path(self.folder, facts.model, facts.precision)).facts, facts)
        except ModelError as error:
            return error.sentence

    def disproof(self, wanted: Wanted, tell: Callable[[float], None]) -> str:
        """Why a plan without `trouble` must be built again all the same, a `Sentence`; "" when it can be used.

        A plan that was compared with its file under this driver is believed; another one is compared now.

        Args:
            wanted: Which.
            tell: Called with how much is done, 0..1; what it raises ends the comparison.

        Raises:
            ModelError: The plan is not there, or damaged.
            OutputError: What was found cannot be written down.
        """
        path = plan_path(self.folder, wanted.source.spec.name, wanted.precision)
        plan = read_plan(path)
        if is_proven(read_verdict(path), plan, wanted.place):
            return ""
        order = CheckOrder(
            name=plan.facts.model,
            plan=path,
            model=wanted.source.path,
            source=wanted.source.precision,
            recipe=wanted.recipe,
            is_embedding=wanted.is_embedding,
            library=wanted.place.library,
        )
        try:
            checked = check_in_child(order, tell)
        # It fails, or ends the process in which it runs.
        except ModelError as error:
            return error.sentence
        if checked.found is None:
            return ""
        if not checked.why:
            write_verdict(path, verdict_of(checked.found, plan, wanted.place.card.cuda))
        return checked.why

    def build(self, wanted: Wanted, tell: Callable[[float], None]) -> Plan:
        """Build a plan in child processes; it replaces an older one when it is whole and right, and not before.

        Args:
            wanted: Which.
            tell: Called with how much is done, 0..1; starts over where the plan was not exact enough and is built with
                more layers in FP32. What it raises ends the build.

        Returns:
            The plan; its `remark` is for the user.

        Raises:
            MirrorError: It cannot be built or written, or says something else than ONNX Runtime; an older plan is as
                it was.
        """
        facts, card = wanted.facts(), wanted.place.card
        timing = self.folder / f"timing-{wanted.place.library}-{facts.tensorrt}-{facts.compute_capability}.cache"
        most = wanted.recipe.workspace_mb * 2**20
        with self._work() as work:
            order = BuildOrder(
                name=facts.model,
                model=wanted.source.path,
                source=wanted.source.precision,
                precision=wanted.precision,
                recipe=wanted.recipe,
                workspace_bytes=min(most, card.memory_bytes // _WORKSPACE_SHARE or most),
                timing_cache=timing,
                work=work,
                library=wanted.place.library,
            )
            made = make_plan(order, facts, card.cuda, is_embedding=wanted.is_embedding, tell=tell)
            self._keep(work, made, timing)
        if not made.unseen:
            return made.plan
        unseen = Sentence("not compared with ONNX Runtime, which the app does when it starts: {why}", why=made.unseen)
        return replace(made.plan, remark=joined([made.plan.remark, unseen]))

    def _keep(self, work: Path, made: Made, timing: Path) -> None:
        """Give plan and timings their places; stopped in between, the sidecar does not fit the plan: it is noticed."""
        path = plan_path(self.folder, made.plan.facts.model, made.plan.facts.precision)
        try:
            (work / PLAN_NAME).chmod(0o600)
            (work / PLAN_NAME).replace(path)
            write_sidecar(path, made.plan)
            if made.verdict is None:
                forget_verdict(path)
            else:
                write_verdict(path, made.verdict)
            with contextlib.suppress(FileNotFoundError):
                (work / TIMING_NAME).replace(timing)
        except OSError as error:
            raise cannot_write(path, error) from error

    @contextmanager
    def _work(self) -> Iterator[Path]:
        """A folder on the same disk, gone afterwards; those that a killed process left are removed too."""
        for old in self.folder.glob(f"{_WORK}*"):
            with contextlib.suppress(OSError):
                if time.time() - old.stat().st_mtime > _LEFT_BEHIND_S:
                    shutil.rmtree(old)
        try:
            work = tempfile.TemporaryDirectory(prefix=_WORK, dir=self.folder, ignore_cleanup_errors=True)
        except OSError as error:
            raise cannot_write(self.folder, error) from error
        with work as folder:
            yield Path(folder)
