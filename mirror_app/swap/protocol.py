"""Room: swap. The seam behind which a face is generated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

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

    @property
    def trouble(self) -> str:
        """A sentence about why the way of swapping that was taken is out of use; "" while it is not."""

    @property
    def aside(self) -> str:
        """A sentence about why another way covers a face of the last frame though nothing is out of use; else ""."""

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


class Recogniser(Protocol):
    """Tells people apart: what a swapping network learns who the target is from."""

    def embed(self, image_bgr: NDArray[np.uint8], landmarks: NDArray[np.float32]) -> NDArray[np.float32]:
        """(512,) float32 of length 1: `raw`, normalised."""

    def raw(self, image_bgr: NDArray[np.uint8], landmarks: NDArray[np.float32]) -> NDArray[np.float32]:
        """(512,) float32, as the network gives it.

        Args:
            image_bgr: (h, w, 3) uint8.
            landmarks: (5, 2) float32, px of that picture, in the order of `domain.templates`.

        Raises:
            ModelError: The network failed.
        """
