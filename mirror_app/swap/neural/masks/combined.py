"""Room: swap. Several masks as one: what any of them hides is hidden. Draws nothing itself."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.assignment import Assignment
from mirror_app.domain.frame import Frame
from mirror_app.swap.neural.aligned_crop import AlignedCrop
from mirror_app.swap.neural.masks.box import BoxMask
from mirror_app.swap.neural.masks.live_parts import LivePartsMask
from mirror_app.swap.neural.masks.outline import OutlineMask
from mirror_app.swap.neural.masks.protocol import MaskMaker


class CombinedMask:
    """The least of some masks at every pixel."""

    def __init__(self, makers: Sequence[MaskMaker]) -> None:
        """Join one or more makers.

        Raises:
            ValueError: There is none.
        """
        if not makers:
            raise ValueError("expected at least one mask maker")
        self._makers = tuple(makers)
        self._least = np.zeros((0, 0), np.uint8)

    def mask(self, frame: Frame, crop: AlignedCrop, assignment: Assignment) -> NDArray[np.uint8]:
        """Draw the mask; see `MaskMaker.mask`."""
        if self._least.shape[0] != crop.side:
            self._least = np.empty((crop.side, crop.side), np.uint8)
        np.copyto(self._least, self._makers[0].mask(frame, crop, assignment))
        for maker in self._makers[1:]:
            cv2.min(self._least, maker.mask(frame, crop, assignment), dst=self._least)
        return self._least


def usual_mask(further: Sequence[MaskMaker] = ()) -> CombinedMask:
    """The masks that need no network, and these."""
    return CombinedMask((BoxMask(), OutlineMask(), LivePartsMask(), *further))
