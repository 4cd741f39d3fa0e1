"""Room: render. Leaves what is in front of a face where it was: the face is swapped beneath it. Decides nothing."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.patch import FacePatch

# Around a patch the surroundings were reshaped: a thing that reaches out of the patch goes over into them this softly,
# as a share of the patch's longer side.
_SOFT: Final = 0.06


class InFront:
    """What was to be seen over a patch before it was joined, to be laid back over it.

    Taken from the picture as it is then: another face that was covered before stays covered.
    """

    def __init__(self, image_bgr: NDArray[np.uint8], patch: FacePatch, visible: NDArray[np.float32]) -> None:
        """Keep what matters.

        Args:
            image_bgr: (H, W, 3) uint8, the picture before the patch is joined.
            patch: What will be joined.
            visible: (h, w) float32 over the patch, 0..1: 1 = the face itself is seen, 0 = something in front of it.
        """
        x, y = patch.origin_xy
        height, width = visible.shape
        left, top, right, bottom = x, y, x + width, y + height
        share = 1 - visible
        if patch.backdrop is not None:
            (bx, by), (bh, bw) = patch.backdrop.origin_xy, patch.backdrop.image_bgr.shape[:2]
            left, top = min(left, bx), min(top, by)
            right, bottom = max(right, bx + bw), max(bottom, by + bh)
            share = _faded_out(share, (y - top, bottom - y - height, x - left, right - x - width))
        self._share = share
        self._place = np.s_[top:bottom, left:right]
        self._before = image_bgr[self._place].copy()

    def lay_back(self, image_bgr: NDArray[np.uint8]) -> None:
        """Show it again, in place, in the picture with the patch joined."""
        window = image_bgr[self._place]
        window[:] = cv2.blendLinear(self._before, np.ascontiguousarray(window), self._share, 1 - self._share)


def _faded_out(share: NDArray[np.float32], margins: tuple[int, int, int, int]) -> NDArray[np.float32]:
    """A share (h, w) with margins above, below, left and right, into which it fades from where it meets them."""
    wide = cv2.copyMakeBorder(share, *margins, cv2.BORDER_REPLICATE)
    inner = np.zeros_like(wide)
    top, left = margins[0], margins[2]
    inner[top : top + share.shape[0], left : left + share.shape[1]] = 1
    soft = _SOFT * max(share.shape)
    far = np.asarray(cv2.distanceTransform((inner == 0).astype(np.uint8), cv2.DIST_L2, 3), np.float32)
    return np.asarray(wide * np.clip(1 - far / np.float32(2 * soft), 0, 1), np.float32)
