"""Room: swap. Pictures into the planes of numbers that networks take, and back. Knows no faces."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

_Colour = tuple[float, float, float]

# OpenCV rounds to the nearest; with this added a value is cut off instead, as insightface and FaceFusion do. A little
# less than a half, or numbers that are whole but for float32's last bit would lose one.
_CUT_OFF: Final = -0.4999


class ColourPlanes:
    """Turns pictures into float32 planes and back, in the caller's arrays. For one thread.

    OpenCV's weighted sum does a plane in one pass: at 256 px fifteen times faster than `cv2.dnn.blobFromImage`.
    """

    def __init__(self, side: int, mean: _Colour, std: _Colour) -> None:
        """Remember the numbers: plane = (pixel / 255 - mean) / std.

        Args:
            side: Of the pictures, px.
            mean: Red, green, blue.
            std: Red, green, blue.
        """
        self._mean, self._std = mean, std
        self._bytes = [np.empty((side, side), np.uint8) for _ in range(3)]

    def fill(self, planes: NDArray[np.float32], image_bgr: NDArray[np.uint8]) -> None:
        """Write a picture's planes.

        Args:
            planes: (3, side, side) float32, contiguous, is filled: red, green, blue.
            image_bgr: (side, side, 3) uint8.
        """
        cv2.split(image_bgr, self._bytes)
        for plane, mean, std, single in zip(planes, self._mean, self._std, self._bytes[::-1], strict=True):
            cv2.addWeighted(single, 1 / (255 * std), single, 0, -mean / std, dst=plane, dtype=cv2.CV_32F)

    def draw(self, image_bgr: NDArray[np.uint8], planes: NDArray[np.float32]) -> None:
        """Write the picture of some planes, each value cut off to a grey level within 0..255.

        Args:
            image_bgr: (side, side, 3) uint8, contiguous, is filled.
            planes: (3, side, side) float32, contiguous, finite: red, green, blue.
        """
        for plane, mean, std, single in zip(planes, self._mean, self._std, self._bytes[::-1], strict=True):
            cv2.addWeighted(plane, 255 * std, plane, 0, 255 * mean + _CUT_OFF, dst=single, dtype=cv2.CV_8U)
        cv2.merge(self._bytes, dst=image_bgr)
