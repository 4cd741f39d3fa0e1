"""Room: compose. Multi-band joining: fine detail changes over a narrow rim, coarse detail over a wide one."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.patch import FacePatch
from mirror_app.imaging.pyramid import weighed_by_band

# Finest band first. No gain is below one: no band shows more of the live face than alpha does.
_GAINS: Final = (3.0, 2.2, 1.5, 1.2)
# The pyramid reaches past the patch's outline; by this alpha the outline cuts it off.
_OUTLINE_ALPHA: Final = 0.12


def multi_band_joined(patch: FacePatch, live_bgr: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The live picture with the patch joined band by band; equal to it where alpha is zero.

    Args:
        patch: What is to be joined.
        live_bgr: (h, w, 3) uint8, the picture under it.

    Returns:
        (h, w, 3) uint8, BGR.
    """
    difference = np.asarray(cv2.subtract(patch.image_bgr, live_bgr, dtype=cv2.CV_32F), np.float32)
    change = weighed_by_band(difference, patch.alpha, _GAINS)
    change *= np.minimum(patch.alpha / np.float32(_OUTLINE_ALPHA), 1)[..., None]
    return np.asarray(cv2.add(live_bgr, change, dtype=cv2.CV_8U), np.uint8)
