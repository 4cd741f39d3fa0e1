"""Room: swap. The seam behind which a face is generated."""

from __future__ import annotations

from typing import Protocol

from mirror_app.domain.face import TrackedFace
from mirror_app.domain.frame import Frame
from mirror_app.domain.patch import FacePatch
from mirror_app.domain.target import TargetFace


class Swapper(Protocol):
    """Makes the pixels of the target face where the live face is."""

    @property
    def engine(self) -> str:
        """Name of the way of swapping, as in `--engine`."""

    @property
    def device(self) -> str:
        """Where it runs, for people."""

    def generate(self, frame: Frame, live_face: TrackedFace, target: TargetFace, likeness: float) -> FacePatch:
        """Make a patch; `patch.valid` is False when the swapper cannot vouch for it.

        Args:
            frame: The camera picture.
            live_face: Whom to cover; has a mesh.
            target: The identity to show.
            likeness: 0..1, how far the face's shape goes toward the target's.
        """
