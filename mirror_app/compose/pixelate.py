"""Room: compose. Makes a face unrecognisable. Knows nobody and decides nothing."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

# People recognise familiar faces at 16 blocks across and fail at about 8 (Harmon and Julesz, Science 180, 1973, on
# block portraits); networks need more, as every block is one even colour here.
_BLOCKS_ACROSS: Final = 6
_MARGIN: Final = 0.35
"""Of the box's size, on each side: hair and chin say who it is, and a face moves between two looks."""


def pixelate(image_bgr: NDArray[np.uint8], box_xyxy: NDArray[np.float32]) -> None:
    """Turn a face and what is around it into a few even blocks, in place.

    Args:
        image_bgr: (H, W, 3) uint8.
        box_xyxy: (4,) float32, px; may reach out of the picture.
    """
    height, width = image_bgr.shape[:2]
    left, top, right, bottom = np.nan_to_num(box_xyxy).astype(float)
    margin_x, margin_y = (right - left) * _MARGIN, (bottom - top) * _MARGIN
    x0, y0 = int(max(left - margin_x, 0)), int(max(top - margin_y, 0))
    x1, y1 = int(min(right + margin_x + 1, width)), int(min(bottom + margin_y + 1, height))
    if x1 <= x0 or y1 <= y0:
        return
    window = image_bgr[y0:y1, x0:x1]
    side = max((right - left) * (1 + 2 * _MARGIN) / _BLOCKS_ACROSS, 1)
    blocks = (max(round((x1 - x0) / side), 1), max(round((y1 - y0) / side), 1))
    even = cv2.resize(window, blocks, interpolation=cv2.INTER_AREA)
    cv2.resize(even, (x1 - x0, y1 - y0), dst=window, interpolation=cv2.INTER_NEAREST)
