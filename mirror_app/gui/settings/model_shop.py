"""Room: gui. What the models page needs of the models on this computer. An interface and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from mirror_app.tools.models.rows import CheckedStage, ModelRow, TakenIn


class ModelShop(Protocol):
    """Gets, takes in, removes and examines models. All of it is slow, and none of it is called in the window's thread.

    `get` may run in one thread while another method runs in a second one.
    """

    def rows(self) -> list[ModelRow]:
        """Every model of the catalogue."""

    def get(self, name: str, progress: Callable[[str, int, int], None], stop: Callable[[], bool]) -> bool:
        """Download a model and what it needs.

        Args:
            name: The model.
            progress: Called with the title of the model in work, its bytes so far, and all of them (0 = unknown).
            stop: Asked often; True ends it, and the part that is there is gone on with the next time.

        Returns:
            Whether it is here now; False when it was stopped.

        Raises:
            MirrorError: It could not be downloaded.
        """

    def import_file(self, path: Path, name: str | None) -> TakenIn:
        """Copy a file into the app's folder; without a name it is recognised.

        Raises:
            MirrorError: It is no such model, or cannot be copied.
        """

    def remove(self, name: str) -> None:
        """Delete a model's files from the app's folder.

        Raises:
            MirrorError: They cannot be deleted.
        """

    def check(self, name: str, stop: Callable[[], bool]) -> list[CheckedStage]:
        """Run a model on known input, step by step; `stop` is asked after each.

        Raises:
            MirrorError: It cannot be run at all.
        """
