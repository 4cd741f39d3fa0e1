"""Room: imaging. A small square picture of a part of a large one."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

_SIDE_PX: Final = 256
_MARGIN: Final = 0.35
"""Part of the box's longer side that is shown around the box."""


def square_thumbnail(image_bgr: NDArray[np.uint8], box_xyxy: NDArray[np.float32] | None = None) -> NDArray[np.uint8]:
    """Cut out a box with some room around it, or the middle of the picture, and scale it to 256 x 256.

    Args:
        image_bgr: (H, W, 3) uint8, BGR.
        box_xyxy: (4,) px; may reach past the border.

    Returns:
        (256, 256, 3) uint8, BGR.
    """
    height, width = image_bgr.shape[:2]
    shorter = float(min(width, height))
    left, top, right, bottom = (0, 0, width, height) if box_xyxy is None else (float(edge) for edge in box_xyxy)
    side = shorter if box_xyxy is None else max(right - left, bottom - top, 1.0) * (1 + 2 * _MARGIN)
    n = max(int(min(side, shorter)), 1)
    x = int(min(max((left + right - n) / 2, 0), width - n))
    y = int(min(max((top + bottom - n) / 2, 0), height - n))
    square = cv2.resize(image_bgr[y : y + n, x : x + n], (_SIDE_PX, _SIDE_PX), interpolation=cv2.INTER_AREA)
    return np.asarray(square, np.uint8)
