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
    rest = 1 - patch.alpha
    joined = cv2.blendLinear(patch.image_bgr, np.ascontiguousarray(window), patch.alpha, rest)
    # blendLinear divides by the sum of weights and may round; where nothing is generated the frame stays bit-exact.
    cv2.copyTo(joined, (patch.alpha > 0).view(np.uint8), window)
