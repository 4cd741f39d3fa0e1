"""Room: gui. What the window needs of plans for the NVIDIA card, and how far they are. No widgets, builds nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from mirror_app.tools.models.plan_rows import BuildStep, Outcome, Survey


class Preparer(Protocol):
    """Looks at plans and builds them. All of it is slow, and none of it is called in the window's thread."""

    def has_plans(self) -> bool:
        """Whether there are models and plans at all; quick."""

    def survey(self) -> Survey:
        """How the plans of all installed models stand.

        Raises:
            MirrorError: The models cannot be looked at.
        """

    def prepare(
        self, names: Sequence[str], tell: Callable[[BuildStep], None], stop: Callable[[], bool]
    ) -> list[Outcome]:
        """Build what is missing or stale of some models.

        Args:
            names: The models.
            tell: Called with how far it is, very often.
            stop: Asked often; True ends it, and what was built so far stays.

        Raises:
            MirrorError: Nothing can be built.
        """


@dataclass(frozen=True, slots=True)
class Preparing:
    """What is to be shown of the plans.

    Attributes:
        survey: How they stand; None before somebody looked.
        is_busy: Whether some are being built.
        is_stopping: Whether that was cancelled and is about to end.
        step: How far it is; None before the first word of it.
        troubles: What went wrong the last time, a line each, in the user's language.
        remarks: What else is to be said of what was built, in the same way.
    """

    survey: Survey | None = None
    is_busy: bool = False
    is_stopping: bool = False
    step: BuildStep | None = None
    troubles: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
