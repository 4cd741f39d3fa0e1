"""Room: tools. The plans as the window sees them: over the workshop, opened when it is needed. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from mirror_app.resources import engines_dir, has_models, recipes_dir
from mirror_app.tools.models.plan_rows import BuildStep, Outcome, Survey

if TYPE_CHECKING:
    from mirror_app.runtime.models import ModelStore
    from mirror_app.tools.models.prepare import PlanWorkshop

# The workshop is imported where it is needed: it loads `onnx`, half a second that no start of the window should pay.


class PlanShop:
    """Opens store and workshop anew for every call, so that what another process changed is seen."""

    def __init__(self, open_store: Callable[[], ModelStore], folder: Callable[[], Path] = engines_dir) -> None:
        """Open nothing yet.

        Args:
            open_store: Opens the models.
            folder: Gives the folder of plans.
        """
        self._open_store, self._folder = open_store, folder

    def has_plans(self) -> bool:
        """Whether there are models and plans at all: a look into folders, quick at every start."""
        with suppress(OSError):
            return has_models() and any(self._folder().glob("*.plan"))
        return False

    def survey(self) -> Survey:
        """How the plans of all installed models stand."""
        return self._workshop().survey()

    def prepare(
        self, names: Sequence[str], tell: Callable[[BuildStep], None], stop: Callable[[], bool]
    ) -> list[Outcome]:
        """Build what is missing or stale of some models; see `PlanWorkshop.prepare`.

        Raises:
            MissingLibraryError: There is no card, no driver or no TensorRT.
        """
        return list(self._workshop().prepare(names, tell, stop=stop))

    def _workshop(self) -> PlanWorkshop:
        from mirror_app.runtime.build_process import look_around
        from mirror_app.runtime.plan_store import PlanStore
        from mirror_app.tools.models.prepare import PlanWorkshop

        return PlanWorkshop(self._open_store(), PlanStore(self._folder()), recipes_dir(), look_around)
