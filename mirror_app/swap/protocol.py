"""Room: swap. The seam behind which a face is generated."""

from __future__ import annotations

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

    def generate(self, frame: Frame, assignment: Assignment) -> FacePatch:
        """Make a patch; `patch.valid` is False when the swapper cannot vouch for it.

        Args:
            frame: The camera picture.
            assignment: Whom to cover, with whose face, and how.
        """
