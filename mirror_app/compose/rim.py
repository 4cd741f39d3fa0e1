"""Room: compose. How far a patch's colours are from the live picture's along its outer rim. Joins nothing."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

RIM_SIDE: Final = 48
"""Side of the grid on which the rim is looked at, whatever the patch's size."""

# A rim pixel that differs from the rim's median by more grey levels than this is hair, background or glasses, not skin.
_OUTLIER_LEVELS: Final = 30.0
# With fewer cells than this on the rim there is no median to speak of.
_LEAST_CELLS: Final = 8
_SURE: Final = 0.3
# Openings inside a patch (eyes, mouth) have rims too; only cells this near to the outside count.
_NEAR_OUTSIDE: Final = np.ones((5, 5), np.uint8)


def inside(alpha: NDArray[np.float32]) -> NDArray[np.bool_]:
    """(h, w) bool: where the patch rules, its openings filled in; a patch cut by its rectangle is open there."""
    height, width = alpha.shape
    ground = np.zeros((height + 2, width + 2), np.uint8)
    ground[1:-1, 1:-1] = alpha > 0.5
    cv2.floodFill(ground, None, (0, 0), (2, 0, 0, 0))
    return np.asarray(ground[1:-1, 1:-1] != 2, np.bool_)


def rim_difference(
    live_bgr: NDArray[np.uint8], image_bgr: NDArray[np.uint8], alpha: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Live minus generated colour, and how much each cell says about the rim.

    Both pictures are sampled, not averaged: where alpha is one, the live picture has no say at all.

    Args:
        live_bgr: (h, w, 3) uint8, the picture under the patch.
        image_bgr: (h, w, 3) uint8, the patch.
        alpha: (h, w) float32, 0..1.

    Returns:
        (RIM_SIDE, RIM_SIDE, 3) float32 grey levels, and (RIM_SIDE, RIM_SIDE) float32 weights, 0..1: highest where
        alpha is a half.
    """
    grid_wh = (RIM_SIDE, RIM_SIDE)
    live, image = (cv2.resize(one, grid_wh, interpolation=cv2.INTER_NEAREST) for one in (live_bgr, image_bgr))
    cover = np.asarray(cv2.resize(alpha, grid_wh, interpolation=cv2.INTER_NEAREST), np.float32)
    difference = np.asarray(cv2.subtract(live, image, dtype=cv2.CV_32F), np.float32)
    outside = (~inside(cover)).view(np.uint8)
    weights = 4 * cover * (1 - cover) * cv2.dilate(outside, _NEAR_OUTSIDE)
    rim = difference[weights > _SURE]
    if len(rim) >= _LEAST_CELLS:
        middle = np.partition(rim, len(rim) // 2, axis=0)[len(rim) // 2]
        blue, green, red = cv2.split(cv2.absdiff(difference, np.full_like(difference, middle)))
        off = cv2.max(cv2.max(blue, green), red) / np.float32(_OUTLIER_LEVELS)
        weights *= np.exp(-off * off)
    return difference, weights
