"""Room: tests. A pattern for bare skin that is found again in any picture, at any size, cut, faded or compressed."""

from __future__ import annotations

from functools import cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

_TILE: Final = 12
"""Side of what repeats, px of the camera picture."""
# Red against green, in blocks of three pixels; every row and column has its own order, so that nothing else is like it.
_SIGNS: Final = np.kron(
    np.array([[1, -1, -1, 1], [-1, 1, -1, 1], [1, 1, -1, -1], [-1, -1, 1, 1]], np.float32), np.ones((3, 3), np.float32)
)
_SWING: Final = 170.0
"""How far red and green lie apart, levels; no other thing in a test picture is half as red or green."""
FOUND: Final = 0.3
"""`strength` from which bare skin counts as shown."""


def skin(height: int, width: int) -> NDArray[np.uint8]:
    """(h, w, 3) uint8 BGR: bare skin."""
    signs = np.tile(_SIGNS, (height // _TILE + 1, width // _TILE + 1))[:height, :width]
    levels = 128 + signs * _SWING / 2
    return np.stack([np.full_like(signs, 120), 256 - levels, levels], -1).astype(np.uint8)


def strength(image_bgr: NDArray[np.uint8], scale: float = 1.0) -> float:
    """How plainly a tile of bare skin is to be seen anywhere: 1 = as in the camera, 0 = not at all.

    Args:
        image_bgr: (H, W, 3) uint8.
        scale: Of the picture against the camera's.
    """
    opposed = image_bgr[..., 2].astype(np.float32) - image_bgr[..., 1]
    template, full = _template(round(_TILE * scale, 2))
    if min(opposed.shape[:2]) < template.shape[0]:
        return 0.0
    return float(np.abs(cv2.matchTemplate(opposed, template, cv2.TM_CCOEFF)).max()) / full


@cache
def _template(side: float) -> tuple[NDArray[np.float32], float]:
    small = max(round(side), 4)
    template = np.asarray(cv2.resize(_SIGNS * _SWING, (small, small), interpolation=cv2.INTER_AREA), np.float32)
    return template, float(((template - template.mean()) ** 2).sum())
