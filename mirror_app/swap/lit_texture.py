"""Room: swap. A target's texture in the live face's light, made anew only when one of them changed visibly."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.imaging.resample import resized

# Light that moved by less than this factor everywhere changes no pixel by more than half a grey level.
_SAME_LIGHT: Final = 0.5 / 255


class LitTexture:
    """Keeps the last one."""

    def __init__(self) -> None:
        self._texture: NDArray[np.uint8] | None = None
        self._light = np.zeros((0, 0, 4), np.float32)
        self._lit = np.zeros((0, 0, 4), np.uint8)

    def lit(self, texture_bgra: NDArray[np.uint8], light: NDArray[np.float32]) -> NDArray[np.uint8]:
        """The texture with its colours multiplied.

        Args:
            texture_bgra: (side, side, 4) uint8; compared by identity.
            light: (n, n, 4) float32 over the UV square, factors for blue, green, red and alpha.

        Returns:
            (side, side, 4) uint8, not changed later.
        """
        if self._texture is not texture_bgra or cv2.norm(light, self._light, cv2.NORM_INF) >= _SAME_LIGHT:
            side = texture_bgra.shape[0]
            lit = cv2.multiply(texture_bgra, resized(light, (side, side)), dtype=cv2.CV_8U)
            self._texture, self._light, self._lit = texture_bgra, light, np.asarray(lit, np.uint8)
        return self._lit
