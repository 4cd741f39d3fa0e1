"""Room: swap. A crop fades out before its border: no network is right there. Looks at no pixels."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.assignment import Assignment
from mirror_app.domain.frame import Frame
from mirror_app.swap.facing import smooth_step
from mirror_app.swap.neural.aligned_crop import AlignedCrop

# Of the crop's side, from its border: nothing shows before the first, all shows from the second on. Narrow, because the
# chin of a long face lies 6 % from the border in ArcFace's templates.
_FADE: Final = (0.01, 0.07)


class BoxMask:
    """The same soft-edged square for every face; drawn once per size."""

    def __init__(self) -> None:
        self._mask = np.zeros((0, 0), np.uint8)

    def mask(self, frame: Frame, crop: AlignedCrop, assignment: Assignment) -> NDArray[np.uint8]:
        """Draw the mask; see `MaskMaker.mask`."""
        if self._mask.shape[0] != crop.side:
            self._mask = _square(crop.side)
        return self._mask


def _square(side: int) -> NDArray[np.uint8]:
    places = np.arange(side, dtype=np.float32)
    from_border = np.minimum(places, side - 1 - places) / side
    shown = smooth_step(np.asarray(from_border, np.float32), *_FADE)
    return np.asarray(np.rint(255 * np.outer(shown, shown)), np.uint8)
