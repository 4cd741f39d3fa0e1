"""Room: swap. The part of an unrolled face's light that falls on one half only. No frames, no photos.

A face is nearly the same left and right; light and cast shadows are not. A step of brightness that the mirrored side
does not show is light, however sharp it is; one that both sides show is the face.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.imaging.gradients import integrated, mirrored, steps_of
from mirror_app.imaging.resample import blurred
from mirror_app.swap.wide_light import wide_light

# Features lie up to this far from where they are mirrored, as a share of the side.
_SLACK: Final = 0.006
# Light has no detail narrower than about this share of the side.
_NARROWEST: Final = 0.04
# Smaller steps are none.
_NO_STEP: Final = 1e-9


def one_sided_light(tones: NDArray[np.float32], features: NDArray[np.float32]) -> NDArray[np.float32]:
    """Find the light that differs between the two halves.

    Args:
        tones: (side, side, channels) float32, logarithms of brightness and colour ratios, without holes.
        features: (side, side) float32, 0..1, 1 where steps are the face's own even if only one half has them.

    Returns:
        (side, side, channels) float32 to take away; mean near 0.
    """
    right, down = steps_of(blurred(tones, max(tones.shape[0] * _SLACK, 0.5)))
    other_right, other_down = mirrored((right, down))
    foreign = (1 - features)[..., None]
    lone = (right - _common(right, other_right)) * foreign, (down - _common(down, other_down)) * foreign
    return wide_light(integrated(lone), tones, _NARROWEST)


def _common(own: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.float32]:
    """The step that both sides show: the harmonic mean of two of one sign, none of two of opposite signs.

    It is at most twice the smaller one: van Leer's limiter (1974), which keeps what both agree on and drops jumps.
    """
    total = own + other
    product = np.maximum(own * other, 0)
    return np.asarray(2 * product / np.where(np.abs(total) < _NO_STEP, np.float32(1), total), np.float32)
