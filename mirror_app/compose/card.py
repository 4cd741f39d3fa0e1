"""Room: compose. The card shown instead of the camera picture when a frame may not leave. Holds no camera pixel."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.imaging.resample import resized
from mirror_app.imaging.text import text_mask

CARD_TEXTS: Final = ("One moment", "请稍候")

_TOP_BGR: Final = (58, 46, 40)
_BOTTOM_BGR: Final = (34, 26, 22)
_INK_BGR: Final = (214, 206, 200)


def shield_card(size_wh: tuple[int, int]) -> NDArray[np.uint8]:
    """A calm dark card with a short text in both languages, (h, w, 3) uint8 BGR."""
    width, height = size_wh
    ramp = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
    card = (np.array(_TOP_BGR) * (1 - ramp) + np.array(_BOTTOM_BGR) * ramp).repeat(width, 1).astype(np.uint8)
    line = max(round(min(size_wh) * 0.05), 4)
    for row, text in enumerate(CARD_TEXTS):
        ink = text_mask(text, line)
        shrink = width * 0.9 / ink.shape[1]
        if shrink < 1:
            fitted = (max(int(ink.shape[1] * shrink), 1), max(int(ink.shape[0] * shrink), 1))
            ink = resized(ink, fitted, cv2.INTER_AREA)
        x, y = (width - ink.shape[1]) // 2, round(height / 2 + (row - 0.8) * line * 2)
        window = card[max(y, 0) : y + ink.shape[0], x : x + ink.shape[1]]
        share = ink[: window.shape[0], :, None].astype(np.float32) / 255
        window[:] = (window * (1 - share) + np.array(_INK_BGR) * share).astype(np.uint8)
    return card
