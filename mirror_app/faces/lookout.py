"""Room: faces. Two detectors, one for near faces and one for small ones: which looks where. No tracking."""

from __future__ import annotations

from enum import Enum, auto
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.face import Detection
from mirror_app.faces.detect import detect_in_tiles, same_faces_once
from mirror_app.faces.protocol import FaceDetector

# Every second glance is for small faces.
_FAR_EVERY: Final = 2


class Parts(Enum):
    """Which parts of the picture get a closer look besides the whole."""

    NONE = auto()
    ONE = auto()
    """One quarter; four searches in a row go through all."""
    ALL = auto()


class Lookout:
    """Finds faces, closely or at a glance."""

    def __init__(self, near: FaceDetector, far: FaceDetector) -> None:
        self._near, self._far = near, far

    def glance(self, image_bgr: NDArray[np.uint8], turn: int) -> list[Detection]:
        """What the detector sees whose turn it is."""
        detector = self._far if turn % _FAR_EVERY == 0 else self._near
        return detector.detect(image_bgr)

    def search(self, image_bgr: NDArray[np.uint8], turn: int, parts: Parts) -> list[Detection]:
        """What both detectors see, each face once: neither sees all that the other sees."""
        found = self._far.detect(image_bgr)
        if self._near is not self._far:
            found = found + self._near.detect(image_bgr)
        if parts is not Parts.NONE:
            found += detect_in_tiles(self._far, image_bgr, only=turn if parts is Parts.ONE else None)
        return same_faces_once(found)
