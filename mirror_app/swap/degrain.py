"""Room: swap. Film grain, canvas, cracks of old paint and JPEG blocks leave an unrolled face's skin. No frames."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.imaging.resample import blurred, reduced, resized
from mirror_app.swap.skin import depth_inside, features_mask
from mirror_app.swap.wide_light import guided

# Grain of large photos is fine, of small ones coarse in the texture: it is looked for at these sides.
_SIDES: Final = (512, 256)
# Cracks are narrower than this many texels at each of those.
_CRACK: Final = 5
# The edge-keeping filter's reach (texels) and the step (log) that it begins to keep.
_REACH_PX: Final = 4.0
_STEP: Final = 0.06
# Standard deviation (log) of the grain that skin keeps: less looks like plastic.
GRAIN: Final = 0.025
# In brows, lips and lids this share of the grain stays, and much larger steps.
_KEPT_IN_FEATURES: Final = 0.8
_LARGEST_HAIR: Final = 6.0
# Grain further from the middle than this many deviations is a crack or a speck.
_LARGEST: Final = 2.2


def degrained(log_bgr: NDArray[np.float32], shown: NDArray[np.float32]) -> NDArray[np.float32]:
    """Limit the grain of skin, and give what was made up as much; brows, lids and lips keep more.

    Args:
        log_bgr: (side, side, 3) float32, logarithms of the colours.
        shown: (side, side) float32, 0..1, where the face is seen and not made up.
    """
    for side in _SIDES:
        log_bgr = _calmed(log_bgr, shown, side)
    return log_bgr


def _calmed(log_bgr: NDArray[np.float32], shown: NDArray[np.float32], side: int) -> NDArray[np.float32]:
    """Limit the grain that shows at this side, and what is finer by as much."""
    full = log_bgr.shape[0]
    small = reduced(log_bgr, (side, side))
    seen, skin = reduced(shown, (side, side)), 1 - features_mask(side)
    grain = small - np.dstack([_without_grain(np.ascontiguousarray(small[..., k])) for k in range(3)])
    level = _deviation(grain[(depth_inside(side) > 0.2) & (skin > 0.9) & (seen > 0.8)])
    keep = np.minimum(1, GRAIN / np.maximum(level, np.float32(1e-6)))
    # A hair of a brow is no crack.
    largest = level * (_LARGEST + _LARGEST_HAIR * (1 - skin))[..., None]
    kept = np.clip(grain, -largest, largest) * keep
    made_up = (1 - seen)[..., None] * _noise(side, float(min(level.mean(), GRAIN)) / len(_SIDES))
    change = ((kept - grain + made_up) * (1 - _KEPT_IN_FEATURES * (1 - skin))[..., None]).astype(np.float32)
    fine = log_bgr - resized(small, (full, full))
    fine *= ((1 - keep.min()) * (1 - np.float32(_KEPT_IN_FEATURES) * features_mask(full)))[..., None]
    return np.asarray(log_bgr + resized(change, (full, full)) - fine, np.float32)


def _without_grain(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    smooth = np.asarray(cv2.medianBlur(plane, _CRACK), np.float32)
    return guided(smooth, smooth, _REACH_PX, _STEP)


def _deviation(grain: NDArray[np.float32]) -> NDArray[np.float32]:
    """(3,): the standard deviation of each channel, not counting the few largest values."""
    if len(grain) < 20:
        return np.zeros(3, np.float32)
    return np.asarray(1.4826 * np.median(np.abs(grain), axis=0), np.float32)


def _noise(side: int, deviation: float) -> NDArray[np.float32]:
    """(side, side, 1): grain of skin, the same every time."""
    raw = blurred(np.random.default_rng(1).normal(size=(side, side)).astype(np.float32), 1.2)
    return (raw * np.float32(deviation / max(float(raw.std()), 1e-6)))[..., None]
