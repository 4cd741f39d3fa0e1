"""Room: swap. Soft shapes over a crop, drawn small and enlarged. Knows no faces, no networks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.imaging.resample import resized
from mirror_app.swap.neural.aligned_crop import AlignedCrop

# Corners are drawn to 1/16 px; farther away than this from the crop they look the same from inside.
_SHIFT: Final = 4
_FAR_PX: Final = 8192.0


@cache
def everything(side: int) -> NDArray[np.uint8]:
    """The mask that hides nothing, (side, side) uint8, read-only."""
    mask = np.full((side, side), 255, np.uint8)
    mask.flags.writeable = False
    return mask


def in_crop(points: NDArray[np.float32], crop: AlignedCrop, drawn_side: int) -> NDArray[np.float32]:
    """Frame points (n, 2 or 3) in px of the crop drawn at another side, (n, 2); pixel centres lie at integers."""
    (a, b, shift_x), (c, d, shift_y) = crop.crop_from_frame.tolist()
    share = drawn_side / crop.side
    turned = np.array([[a * share, c * share], [b * share, d * share]], np.float32)
    shift = np.array([(shift_x + 0.5) * share - 0.5, (shift_y + 0.5) * share - 0.5], np.float32)
    return np.asarray(np.clip(points[:, :2] @ turned + shift, -_FAR_PX, _FAR_PX), np.float32)


def soft_shapes(rings: Sequence[NDArray[np.float32]], drawn_side: int, reach_px: int, side: int) -> NDArray[np.uint8]:
    """Filled polygons with soft edges.

    Args:
        rings: (n, 2) each, px of the drawn side.
        drawn_side: Side at which they are drawn and softened.
        reach_px: How far the softening reaches at each side of an edge, px of the drawn side; an even number.
        side: Side of what is returned.

    Returns:
        (side, side) uint8, 255 inside.
    """
    drawn = np.zeros((drawn_side, drawn_side), np.uint8)
    for ring in rings:
        corners = np.rint(ring * (1 << _SHIFT)).astype(np.int32)
        cv2.fillPoly(drawn, [corners], 255, lineType=cv2.LINE_AA, shift=_SHIFT)
    # Two boxes are nearly a Gaussian and, unlike it, end somewhere: what is pasted and joined ends there too.
    box = (reach_px + 1, reach_px + 1)
    soft = np.asarray(cv2.blur(cv2.blur(drawn, box), box), np.uint8)
    return soft if side == drawn_side else resized(soft, (side, side))
