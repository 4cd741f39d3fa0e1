"""Room: compose. Joins patches into frames in the way the user chose. Changes nothing outside patch and backdrop.

Measured on four clips of people with four paintings as targets, 16 frames each, 290 px faces; one thread's time:

| joining | seam | tone | flicker | identity | time |
| --- | --- | --- | --- | --- | --- |
| alpha | 10.3 | 17.2 | 0.99 | 0.514 | 0.4 ms |
| multi-band | 8.7 | 16.5 | 0.97 | 0.509 | 2.5 ms |
| membrane (default) | 6.3 | 13.5 | 0.99 | 0.524 | 1.1 ms |
| poisson | 2.4 | 17.8 | 1.23 | 0.529 | 4.9 ms |

Seam: what the gradient across the rim has more than the live face's, grey levels over 5 % of the face. Tone: how far
the step from skin outside to skin inside is from the live one, levels. Flicker: against the live face's. Identity:
distance of dlib's descriptors to the target photo's. The membrane takes two fifths off the seam and is as steady as
alpha; Poisson takes the colours at the rim exactly, so hair and background bleed into the face and tremble there.
"""

from __future__ import annotations

import logging

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.compose.blend import AlphaBlend, window_under
from mirror_app.compose.membrane import Membrane
from mirror_app.compose.multi_band import multi_band_joined
from mirror_app.compose.poisson import poisson_corrected
from mirror_app.domain.assignment import Assignment, Joining
from mirror_app.domain.patch import FacePatch

_LOG = logging.getLogger(__name__)


class Joiner:
    """Joins one patch after the other; keeps what makes the join steady from frame to frame. For one thread."""

    def __init__(self) -> None:
        self._membrane = Membrane()
        self._alpha = AlphaBlend()
        self._has_failed = False

    def join(
        self, image_bgr: NDArray[np.uint8], patch: FacePatch, joining: Joining, assignment: Assignment, time_ns: int
    ) -> None:
        """Join a patch, in place.

        Every way shows the live face's detail at most as much as alpha does: where alpha is one, none of it. Where
        alpha is zero the frame, or the patch's backdrop, stays bit for bit. A way that fails is replaced by alpha.

        Args:
            image_bgr: (H, W, 3) uint8; the patch lies inside it.
            patch: What to join.
            joining: How.
            assignment: Whose patch it is.
            time_ns: Time of the frame.
        """
        window = window_under(image_bgr, patch)
        generated, alpha = patch.image_bgr, patch.alpha
        try:
            if joining is Joining.MULTI_BAND:
                window[:] = multi_band_joined(patch, window)
                return
            if joining is Joining.MEMBRANE:
                track_id = assignment.live_face.track_id
                generated = self._membrane.corrected(patch, window, assignment.target, track_id, time_ns)
            elif joining is Joining.POISSON:
                generated = poisson_corrected(patch, window, assignment.target.colour_follow)
        except cv2.error:
            self._report(joining)
        self._alpha.blend(window, generated, alpha)

    def _report(self, joining: Joining) -> None:
        if not self._has_failed:
            self._has_failed = True
            _LOG.exception("joining by %s failed; alpha takes its place", joining.value)
