"""Room: imaging. Text as a grey mask, drawn by OpenCV's own font engine, which needs no system font for Chinese."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

# Built-in font with Latin and Chinese glyphs.
_FONT: Final = "uni"
_PROBE_SIZE: Final = 100
_KEPT: Final = 16


# Kept: OpenCV unpacks its font anew in every thread that draws text, which would hold up the window's first picture.
@lru_cache(maxsize=_KEPT)
def text_mask(text: str, cap_height: int) -> NDArray[np.uint8]:
    """Draw one line of text.

    Args:
        text: Any mix of Latin and Chinese.
        cap_height: Height of a capital letter, px, at least this much.

    Returns:
        (h, w) uint8, 255 = ink, cut to the ink; read-only.
    """
    probe = _draw("H", _PROBE_SIZE)
    size = int(np.ceil(cap_height * _PROBE_SIZE / probe.shape[0]))
    while _draw("H", size).shape[0] < cap_height:
        size += 1
    mask = _draw(text, size)
    mask.flags.writeable = False
    return mask


def _draw(text: str, size: int) -> NDArray[np.uint8]:
    canvas = np.zeros((size * 3, size * (len(text) + 3), 3), np.uint8)
    cv2.putText(canvas, text, (size, size * 2), (255, 255, 255), cv2.FontFace(_FONT), size)
    ink = canvas[:, :, 0]
    rows, columns = np.flatnonzero(ink.max(1)), np.flatnonzero(ink.max(0))
    if not len(rows):
        return np.zeros((1, 1), np.uint8)
    return np.ascontiguousarray(ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
