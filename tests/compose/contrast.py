"""Room: tests. The contrast of white letters against what is right around them, by WCAG 2.2. No assertions."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.compose.label import Label

_RING_SHARE = 0.004
"""How far "right around" reaches beyond the softened edge, of the short side: about a stroke's width."""


def luminance(bgr: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Relative luminance by WCAG, 0..1."""
    level = bgr.astype(np.float64) / 255
    linear = np.where(level <= 0.04045, level / 12.92, ((level + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ np.array([0.0722, 0.7152, 0.2126]))


def worst_contrast(marked_bgr: NDArray[np.uint8], label: Label, corner_xy: tuple[int, int]) -> float:
    """The lowest contrast between any letter pixel and any pixel right around the letters.

    Args:
        marked_bgr: (H, W, 3) uint8 with the mark.
        label: It drew it.
        corner_xy: The mark's top-left pixel.
    """
    height, width = marked_bgr.shape[:2]
    ink = label.layers(width, height)[0][:, :, 0]
    (x, y), (high, wide) = corner_xy, ink.shape
    light = luminance(marked_bgr[y : y + high, x : x + wide])
    reach = max(round(min(height, width) * _RING_SHARE), 1)
    near = cv2.dilate(ink, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)) > 0
    letters, around = light[ink >= 250], light[near & (ink == 0)]
    return float((letters.min() + 0.05) / (around.max() + 0.05))
