"""Room: compose. Poisson blending: the patch's gradients, with the live colours along its rim. For stills: slow."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.compose.rim import inside
from mirror_app.domain.patch import FacePatch
from mirror_app.imaging.spread import harmonic

_STEPS: Final = 12
# Below this alpha a patch's pixels may be undefined.
_LEAST_ALPHA: Final = 0.05


def poisson_corrected(patch: FacePatch, live_bgr: NDArray[np.uint8], colour_follow: float) -> NDArray[np.uint8]:
    """The patch's pixels plus the harmonic field that is live minus generated just outside of where alpha is a half.

    Pérez, Gangnet, Blake, "Poisson Image Editing" (2003): a picture with the patch's gradients and the live values on a
    border is the patch plus a field without sources. Where the patch is cut by its rectangle there is no border.

    Args:
        patch: What is to be joined.
        live_bgr: (h, w, 3) uint8, the picture under it.
        colour_follow: 0..1, the share of the field that is added.

    Returns:
        (h, w, 3) uint8, BGR.
    """
    if colour_follow <= 0:
        return patch.image_bgr
    filled = inside(patch.alpha)
    near = cv2.dilate(filled.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    border = near & ~filled & (patch.alpha > _LEAST_ALPHA)
    if not border.any():
        return patch.image_bgr
    difference = np.asarray(cv2.subtract(live_bgr, patch.image_bgr, dtype=cv2.CV_32F), np.float32)
    field = harmonic(difference, border, _STEPS) * np.float32(colour_follow)
    return np.asarray(cv2.add(patch.image_bgr, field, dtype=cv2.CV_8U), np.uint8)
