"""Room: swap. The seam behind which a face is generated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from mirror_app.domain.assignment import Assignment
from mirror_app.domain.frame import Frame
from mirror_app.domain.patch import FacePatch


class Swapper(Protocol):
    """Makes the pixels of the target face where the live face is."""

    @property
    def engine(self) -> str:
        """Name of the way of swapping, as in `--engine`."""

    @property
    def device(self) -> str:
        """Where it runs, for people."""

    def generate(self, frame: Frame, assignments: Sequence[Assignment]) -> list[FacePatch]:
        """Make a patch for each face; `patch.valid` is False when the swapper cannot vouch for it.

        Args:
            frame: The camera picture.
            assignments: Whom to cover, with whose face, and how.

        Returns:
            As many patches as assignments, in their order.

        Raises:
            ModelError: A network failed.
        """
