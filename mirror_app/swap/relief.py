"""Room: swap. Strengthens the relief of an unrolled face: folds, lids, nostrils. No frames.

A worn face has fewer pixels than its photo had, and the even light takes some of its modelling: what makes a face that
face is a little stronger in its texture than in its photo.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.imaging.resample import blurred, reduced, resized
from mirror_app.swap.skin import depth_inside
from mirror_app.swap.wide_light import guided

_SIDE: Final = 256
# Relief is finer than this share of the side, and coarser than a texel at that side.
_REACH: Final = 0.03
# Higher steps (log), as at brows and lips, are sharp enough: strengthened they get halos.
_STEP: Final = 0.2
# By how much it grows. Measured with an independent face embedding on worn paintings: more gains nothing.
_GAIN: Final = 0.6
# No texel changes by more than this (log): shadows do not turn black.
_LARGEST: Final = 0.15
# Reaches this share of the way in from the outline in full.
_RIM: Final = 0.5


def strengthened(log_bgr: NDArray[np.float32]) -> NDArray[np.float32]:
    """Strengthen brightness between grain and shading; colour ratios stay.

    Args:
        log_bgr: (side, side, 3) float32, logarithms of the colours.
    """
    side = log_bgr.shape[0]
    brightness = reduced(log_bgr, (_SIDE, _SIDE)).mean(-1)
    fine = blurred(brightness, 1.0)
    relief = fine - guided(fine, fine, _REACH * _SIDE, _STEP)
    added = _LARGEST * np.tanh(relief * np.float32(_GAIN / _LARGEST)) * np.minimum(depth_inside(_SIDE) / _RIM, 1)
    return log_bgr + resized(np.asarray(added, np.float32), (side, side))[..., None]
