"""Room: compose. Joins a patch into the frame by its alpha. Changes nothing outside the patch."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.patch import FacePatch


def window_under(image_bgr: NDArray[np.uint8], patch: FacePatch) -> NDArray[np.uint8]:
    """The part of a frame that a patch lies on, (h, w, 3) uint8, as a view; the patch's backdrop is in place.

    Args:
        image_bgr: (H, W, 3) uint8, changed where the patch brings a backdrop; both lie inside it.
        patch: What is to be joined.
    """
    if patch.backdrop is not None:
        window_of(image_bgr, patch.backdrop.origin_xy, patch.backdrop.image_bgr)[:] = patch.backdrop.image_bgr
    return window_of(image_bgr, patch.origin_xy, patch.image_bgr)


def window_of(
    image_bgr: NDArray[np.uint8], origin_xy: tuple[int, int], part_bgr: NDArray[np.uint8]
) -> NDArray[np.uint8]:
    """The pixels of a picture that a part with this top-left pixel lies on, as a view."""
    x, y = origin_xy
    height, width = part_bgr.shape[:2]
    return image_bgr[y : y + height, x : x + width]


def blend_by_alpha(window: NDArray[np.uint8], generated_bgr: NDArray[np.uint8], alpha: NDArray[np.float32]) -> None:
    """Weighted mean of two pictures (h, w, 3) uint8 by alpha (h, w) float32, 1 = generated; into `window`."""
    # Where alpha is zero the frame stays bit-exact: the quotient of weights differs from 1 by 1e-5, less than rounding.
    cv2.blendLinear(generated_bgr, window, alpha, 1 - alpha, dst=window)
