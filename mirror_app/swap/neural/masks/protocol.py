"""Room: swap. The seam behind which it is decided how much of a generated crop shows."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.assignment import Assignment
from mirror_app.domain.frame import Frame
from mirror_app.swap.neural.aligned_crop import AlignedCrop


class MaskMaker(Protocol):
    """Draws a mask over a face's crop. For one thread."""

    def mask(self, frame: Frame, crop: AlignedCrop, assignment: Assignment) -> NDArray[np.uint8]:
        """Draw the mask.

        Args:
            frame: The camera picture.
            crop: The live face's part of it, as the swapper saw it.
            assignment: Who is worn there, and how.

        Returns:
            (side, side) uint8, 255 = generated, 0 = live; read-only, valid until the next call.

        Raises:
            ModelError: A network failed.
        """
