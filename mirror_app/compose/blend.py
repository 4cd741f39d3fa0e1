"""Room: compose. Joins a patch into the frame. Changes nothing outside the patch."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.patch import FacePatch


def join_patch(image_bgr: NDArray[np.uint8], patch: FacePatch) -> None:
    """Blend a patch over the picture by its alpha, in place.

    Args:
        image_bgr: (H, W, 3) uint8; the patch lies inside it.
        patch: What to join.
    """
    x, y = patch.origin_xy
    height, width = patch.alpha.shape
    window = image_bgr[y : y + height, x : x + width]
    # Where alpha is zero the frame stays bit-exact: the quotient of weights differs from 1 by 1e-5, less than rounding.
    cv2.blendLinear(patch.image_bgr, window, patch.alpha, 1 - patch.alpha, dst=window)
