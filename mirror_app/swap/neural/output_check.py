"""Room: swap. Whether a network's output can be a face at all. Says nothing about how good it looks."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

# Side of the grid of pixels that is looked at.
_GRID: Final = 32
# Grey levels: a picture flatter than this shows nothing, unless what the network saw is as flat: a very dark room.
_LEAST_CONTRAST: Final = 2.0
_LEAST_SHARE_OF_CONTRAST: Final = 0.3
# A picture darker than this share of what the network saw is black.
_LEAST_LIGHT: Final = 0.1
# Grey levels by which a picture must differ from what went in on average, or this share of the contrast of a dark room:
# a network that gives back what it sees shows the real face. Rounding to FP16 and back makes half a level.
_LEAST_CHANGE: Final = 1.5
_LEAST_SHARE_OF_CHANGE: Final = 0.1
# Pixels at either end of the range: a face under a lamp has a few, numbers that left the range are nearly all there.
_MOST_CLIPPED: Final = 0.5


def is_finite(planes: NDArray[np.float32]) -> bool:
    """Whether no number of an array is NaN, infinite or so large that its square is.

    The sum of squares, because BLAS reads an array twice as fast as NumPy tests it; contiguous arrays only.
    """
    flat = planes.reshape(-1)
    with np.errstate(over="ignore", invalid="ignore"):
        return bool(np.isfinite(np.dot(flat, flat)))


def could_be_a_face(generated_bgr: NDArray[np.uint8], live_bgr: NDArray[np.uint8]) -> bool:
    """Whether a generated picture is not black, not constant, not at the ends of its range, and not what went in.

    Args:
        generated_bgr: (side, side, 3) uint8, what came out.
        live_bgr: (side, side, 3) uint8, the crop that went in.
    """
    generated, live = _sampled(generated_bgr), _sampled(live_bgr)
    mean, contrast = (float(one[0, 0]) for one in cv2.meanStdDev(cv2.cvtColor(generated, cv2.COLOR_BGR2GRAY)))
    live_mean, live_contrast = (float(one[0, 0]) for one in cv2.meanStdDev(cv2.cvtColor(live, cv2.COLOR_BGR2GRAY)))
    if contrast == 0 or contrast < min(_LEAST_CONTRAST, _LEAST_SHARE_OF_CONTRAST * live_contrast):
        return False
    if mean < _LEAST_LIGHT * live_mean:
        return False
    if cv2.norm(generated, live, cv2.NORM_L1) / live.size < min(_LEAST_CHANGE, _LEAST_SHARE_OF_CHANGE * live_contrast):
        return False
    # Half of what the live picture has is allowed on top: it may be overexposed itself.
    return _clipped(generated) <= _MOST_CLIPPED * (1 + _clipped(live))


def _sampled(image_bgr: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.asarray(cv2.resize(image_bgr, (_GRID, _GRID), interpolation=cv2.INTER_NEAREST), np.uint8)


def _clipped(image_bgr: NDArray[np.uint8]) -> float:
    """Share of single colour values that are 0 or 255."""
    # 0 wraps round to 255 and 255 to 254.
    return float(np.count_nonzero((image_bgr - np.uint8(1)) >= 254)) / image_bgr.size
