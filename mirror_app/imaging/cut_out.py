"""Room: imaging. Cuts a turned rectangle out of a picture. Knows no faces."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.imaging.scratch import Scratch

# Interpolation reads one pixel past the rectangle.
_MARGIN: Final = 2


class CutOut:
    """Does what `cv2.warpAffine` does for three channels, in half its time: OpenCV is fast with four. For one thread.

    That is so where the rectangle is larger in the picture than in what comes out by less than three times.
    """

    def __init__(self) -> None:
        self._near, self._cut = Scratch(np.uint8), Scratch(np.uint8)

    def cut(
        self,
        image_bgr: NDArray[np.uint8],
        cut_from_image: NDArray[np.floating],
        out: NDArray[np.uint8],
        *,
        rgb: bool = False,
        border: int = cv2.BORDER_CONSTANT,
    ) -> None:
        """Cut, into `out`.

        Args:
            image_bgr: (H, W, 3) uint8.
            cut_from_image: (2, 3), invertible.
            out: (h, w, 3) uint8, contiguous, is filled.
            rgb: Fill it in this order of colours.
            border: What shows past the picture's edge: one of OpenCV's `BORDER_` constants; the constant is black.
        """
        height, width = out.shape[:2]
        x0, y0, x1, y1 = region_shown(cut_from_image, (height, width), image_bgr.shape)
        # Where nothing is shown the nearest pixel says what lies past the edge.
        x0, y0 = min(x0, image_bgr.shape[1] - 1), min(y0, image_bgr.shape[0] - 1)
        x1, y1 = max(x1, x0 + 1), max(y1, y0 + 1)
        near = self._near.array(y1 - y0, x1 - x0, 4)
        cut = self._cut.array(height, width, 4)
        cv2.cvtColor(image_bgr[y0:y1, x0:x1], cv2.COLOR_BGR2BGRA, dst=near)
        cut_from_near = cut_from_image.astype(np.float64)
        cut_from_near[:, 2] += cut_from_near[:, :2] @ (x0, y0)
        cv2.warpAffine(near, cut_from_near, (width, height), dst=cut, flags=cv2.INTER_LINEAR, borderMode=border)
        cv2.cvtColor(cut, cv2.COLOR_BGRA2RGB if rgb else cv2.COLOR_BGRA2BGR, dst=out)


def region_shown(
    cut_from_image: NDArray[np.floating], size_hw: tuple[int, int], image_shape: tuple[int, ...]
) -> tuple[int, int, int, int]:
    """The part of a picture that shows in a cut, with what interpolation reads around it.

    Args:
        cut_from_image: (2, 3), invertible.
        size_hw: Height and width of the cut.
        image_shape: Height and width of the picture first.

    Returns:
        x0, y0, x1, y1 within the picture; x1 <= x0 or y1 <= y0 when none of it shows.
    """
    (a, b, shift_x), (c, d, shift_y) = cut_from_image.tolist()
    determinant = a * d - b * c
    corners = [(x - shift_x, y - shift_y) for x in (0, size_hw[1]) for y in (0, size_hw[0])]
    x0, x1 = _whole([(d * x - b * y) / determinant for x, y in corners], image_shape[1])
    y0, y1 = _whole([(a * y - c * x) / determinant for x, y in corners], image_shape[0])
    return x0, y0, x1, y1


def _whole(places: list[float], size: int) -> tuple[int, int]:
    return int(min(max(min(places) - _MARGIN, 0), size)), int(min(max(max(places) + _MARGIN + 1, 0), size))
