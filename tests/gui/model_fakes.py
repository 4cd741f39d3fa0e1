"""Room: tests. A shop of models that does what a test tells it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from mirror_app.domain.errors import ModelError
from mirror_app.runtime.catalogue import Licence, ModelFile, ModelSpec, Role
from mirror_app.runtime.plan_file import Plan, PlanFacts
from mirror_app.tools.models.plan_rows import BuildStep, Outcome, PlanRow, Standing, Survey
from mirror_app.tools.models.rows import CheckedStage, Fetch, ModelRow, TakenIn

MIT = Licence("MIT", "https://example.org/mit", "Any use, with the authors named.", "注明作者即可任意使用。")
CLOSED = Licence("Not published", "", "Ask its authors.", "请询问作者。")


def spec(name: str, title: str, role: Role, licence: Licence = MIT, **contract: object) -> ModelSpec:
    file = ModelFile(f"{name}.onnx", "fp32", 1000, "", ())
    return ModelSpec(name, title, role, "family", licence, (file,), (), (), (), contract)


ARC = spec("arc", "Arc 50", Role.RECOGNISER, CLOSED)
SWAP = spec("swap_128", "Swap 128", Role.SWAPPER, side=128)
DETECT = spec("detect", "Detect 10", Role.DETECTOR)
GHOST = spec("ghost", "Ghost", Role.SWAPPER, side=256)


BOTH = (Fetch(SWAP, 550_000_000), Fetch(ARC, 170_000_000))


def first_rows() -> list[ModelRow]:
    return [
        ModelRow(DETECT, ("fp32",), 5_000_000),
        ModelRow(ARC, (), 170_000_000, fetches=(Fetch(ARC, 170_000_000),)),
        ModelRow(
            SWAP, (), 550_000_000, missing=("Arc 50",), fetches=(Fetch(SWAP, 550_000_000), Fetch(ARC, 170_000_000))
        ),
        ModelRow(GHOST, (), 0),
    ]


@dataclass
class FakeShop:
    """A shop in memory. `get` reports half, then waits for `gate`; whatever is in `trouble` is raised."""

    models: dict[str, ModelRow] = field(default_factory=lambda: {row.spec.name: row for row in first_rows()})
    gate: threading.Event = field(default_factory=threading.Event)
    begun: list[str] = field(default_factory=list)
    imported: list[tuple[str, str | None]] = field(default_factory=list)
    stages: list[CheckedStage] = field(default_factory=lambda: [CheckedStage("loads", True, "")])
    trouble: Exception | None = None
    ignores_stop: bool = False

    def rows(self) -> list[ModelRow]:
        return list(self.models.values())

    def get(self, name: str, progress: Callable[[str, int, int], None], stop: Callable[[], bool]) -> bool:
        self.begun.append(name)
        title = self.models[name].spec.title
        progress(title, 50, 100)
        while not self.gate.wait(0.005):
            if stop() and not self.ignores_stop:
                return False
        self._raise()
        progress(title, 100, 100)
        self._install(name)
        return True

    def import_file(self, path: Path, name: str | None) -> TakenIn:
        self._raise()
        self.imported.append((path.name, name))
        if name is None and path.stem == "twins":
            return TakenIn("", choices=("swap_128", "ghost"))
        chosen = name or path.stem
        if chosen not in self.models:
            raise ModelError("The file {name} is no model that the app knows.", name=path.name)
        self._install(chosen)
        return TakenIn(self.models[chosen].spec.title, "It is not the published file." if name else "")

    def remove(self, name: str) -> None:
        self._raise()
        row = self.models[name]
        self.models[name] = replace(row, installed=(), fetches=(Fetch(row.spec, row.size_bytes),))

    def check(self, name: str, stop: Callable[[], bool]) -> list[CheckedStage]:
        self._raise()
        return self.stages

    def _install(self, name: str) -> None:
        self.models[name] = replace(self.models[name], installed=("fp32",), fetches=(), missing=())

    def _raise(self) -> None:
        if self.trouble is not None:
            raise self.trouble


GPU = "NVIDIA GeForce RTX 3060"


def plans_of(**standings: Standing) -> Survey:
    """A computer with a card and these models' plans."""
    titles = {one.spec.name: one.spec.title for one in first_rows()}
    rows = tuple(PlanRow(name, titles[name], kind, "" if kind is Standing.READY else "its recipe has changed")
                 for name, kind in standings.items())  # fmt: skip
    return Survey(GPU, rows=rows, has_models=True)


@dataclass
class FakePlans:
    """Plans in memory. A build says half, then waits for `gate`; models in `failing` fail, `trouble` is raised."""

    found: Survey = field(default_factory=Survey)
    gate: threading.Event = field(default_factory=threading.Event)
    begun: list[str] = field(default_factory=list)
    failing: dict[str, ModelError] = field(default_factory=dict)
    trouble: ModelError | None = None
    ignores_stop: bool = False
    surveys: int = 0
    threads: set[str] = field(default_factory=set)

    def has_plans(self) -> bool:
        return bool(self.found.rows)

    def survey(self) -> Survey:
        self.surveys += 1
        self.threads.add(threading.current_thread().name)
        return self.found

    def prepare(
        self, names: Sequence[str], tell: Callable[[BuildStep], None], stop: Callable[[], bool]
    ) -> list[Outcome]:
        self.threads.add(threading.current_thread().name)
        if self.trouble is not None:
            raise self.trouble
        titles = {row.name: row.title for row in self.found.rows}
        done: list[Outcome] = []
        for number, name in enumerate(names, 1):
            self.begun.append(name)
            step = BuildStep(name, titles[name], "fp16", number, len(names), 0.0, None)
            tell(step)
            while not self.gate.wait(0.005):
                if stop() and not self.ignores_stop:
                    return done
                tell(replace(step, share=0.5, left_s=125.0))
            error = self.failing.get(name)
            done.append(Outcome(name, titles[name], "fp16", None if error else PLAN, error))
            if error is None:
                rows = (replace(row, standing=Standing.READY) if row.name == name else row for row in self.found.rows)
                self.found = replace(self.found, rows=tuple(rows))
        return done


PLAN = Plan(PlanFacts("swap_128", "fp16", "", "", "11", GPU, "8.6", "", {}), "", 5, 1, 1.0, "13.0")
