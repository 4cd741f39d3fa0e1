"""Room: tools. What is to be said about plans for the NVIDIA card, for a window or a terminal. Data only."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mirror_app.domain.errors import MirrorError
    from mirror_app.runtime.plan_file import Plan


class Standing(Enum):
    """How the plan of a model stands on this computer."""

    READY = "ready"
    STALE = "stale"
    """One is there, and it must be built again."""
    MISSING = "missing"
    IMPOSSIBLE = "impossible"
    """None can be built as things are."""


@dataclass(frozen=True, slots=True)
class PlanRow:
    """The plan of one installed model.

    Attributes:
        name: The model's, in the catalogue.
        title: The model's, for people.
        standing: How it stands.
        why: A `Sentence`: why it must be built again or cannot be built; else "".
    """

    name: str
    title: str
    standing: Standing
    why: str = ""


@dataclass(frozen=True, slots=True)
class Survey:
    """All plans that this computer wants.

    Attributes:
        card: Name of the NVIDIA card; "" where there is none, or no model that could use it.
        trouble: A `Sentence`: why nothing can be built here at all; else "".
        rows: The installed models' plans; empty where there is a trouble.
        has_models: Whether any model is installed.
    """

    card: str = ""
    trouble: str = ""
    rows: tuple[PlanRow, ...] = ()
    has_models: bool = False

    @property
    def waiting(self) -> list[PlanRow]:
        """What a build would build."""
        return [row for row in self.rows if row.standing in (Standing.STALE, Standing.MISSING)]

    def with_ready(self, names: Container[str]) -> Survey:
        """The same where these models are ready."""
        rows = (PlanRow(row.name, row.title, Standing.READY) if row.name in names else row for row in self.rows)
        return replace(self, rows=tuple(rows))

    @property
    def stale(self) -> list[PlanRow]:
        """What was built once and must be built again."""
        return [row for row in self.rows if row.standing is Standing.STALE]


@dataclass(frozen=True, slots=True)
class BuildStep:
    """How far the building of several plans is.

    Attributes:
        name: The model in work.
        title: The same, for people.
        precision: Of its plan.
        number: Which of them it is, counted from 1.
        count: How many there are.
        share: How much of its plan is done, 0..1.
        left_s: Seconds that its plan still takes; None while nobody can tell.
    """

    name: str
    title: str
    precision: str
    number: int
    count: int
    share: float
    left_s: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What became of one model's plan.

    Attributes:
        name: The model.
        title: The same, for people.
        precision: Of its plan; "" where that is not known.
        plan: The new plan; None where there was a good one, or none was built.
        error: Why none was built; None when all is well.
    """

    name: str
    title: str
    precision: str
    plan: Plan | None = None
    error: MirrorError | None = None
