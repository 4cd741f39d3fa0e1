"""Room: imaging. Resizing, looking up and blurring that keep the array's type. No faces, no threads."""

from __future__ import annotations

from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

Scalar = TypeVar("Scalar", np.uint8, np.float32)


def resized(image: NDArray[Scalar], size_wh: tuple[int, int], how: int = cv2.INTER_LINEAR) -> NDArray[Scalar]:
    """The picture at another size; `how` is one of OpenCV's `INTER_` constants."""
    return np.asarray(cv2.resize(image, size_wh, interpolation=how), image.dtype)


def reduced(image: NDArray[Scalar], size_wh: tuple[int, int]) -> NDArray[Scalar]:
    """The picture made smaller without aliasing: halved as often as it goes, then interpolated.

    OpenCV averages pixels ten times faster at a factor of two than at an odd one; the result looks the same.
    """
    while image.shape[1] >= 2 * size_wh[0] and image.shape[0] >= 2 * size_wh[1]:
        image = resized(image, (image.shape[1] // 2, image.shape[0] // 2), cv2.INTER_AREA)
    return resized(image, size_wh)


def looked_up(
    image: NDArray[Scalar], x: NDArray[np.float32], y: NDArray[np.float32], how: int = cv2.INTER_LINEAR
) -> NDArray[Scalar]:
    """The picture's values at pixel positions x, y (each (h, w)); the border's value outside the picture."""
    return np.asarray(cv2.remap(image, x, y, how, borderMode=cv2.BORDER_REPLICATE), image.dtype)


def blurred(image: NDArray[Scalar], sigma_px: float) -> NDArray[Scalar]:
    """The picture under a Gaussian of this standard deviation."""
    return np.asarray(cv2.GaussianBlur(image, (0, 0), sigma_px), image.dtype)
