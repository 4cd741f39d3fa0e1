"""Room: faces. Two detectors, one for near faces and one for small ones: which looks where. No tracking."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.face import Detection, FaceMesh
from mirror_app.domain.geometry import box_around
from mirror_app.faces.behind import Outline, reaching, shown_share, without
from mirror_app.faces.detect import detect_in_tiles, same_faces_once
from mirror_app.faces.match import apart
from mirror_app.faces.mesh import FaceMeshNet
from mirror_app.faces.placing import place_partly_hidden
from mirror_app.faces.protocol import FaceDetector
from mirror_app.faces.whole import UNKNOWN, Whole

# Every second glance is for small faces.
_FAR_EVERY: Final = 2


class Parts(Enum):
    """Which parts of the picture get a closer look besides the whole."""

    NONE = auto()
    ONE = auto()
    """One quarter; four searches in a row go through all."""
    ALL = auto()


# A hidden face is sought so many times its size to each side of its place.
_REACH: Final = 1.25
# Less of a face than this is not believed to be one.
_LEAST_SHOWN: Final = 0.38
# A face lies just where it was looked for, if its middle is so near, in faces.
_JUST_HERE: Final = 0.15


class Lookout:
    """Finds faces, closely or at a glance."""

    def __init__(self, near: FaceDetector, far: FaceDetector) -> None:
        self._near, self._far = near, far

    def glance(self, image_bgr: NDArray[np.uint8], turn: int) -> list[Detection]:
        """What the detector sees whose turn it is."""
        detector = self._far if turn % _FAR_EVERY == 0 else self._near
        return detector.detect(image_bgr)

    def seek(
        self,
        net: FaceMeshNet,
        image_bgr: NDArray[np.uint8],
        place_xyxy: NDArray[np.float32],
        fronts: Sequence[Outline],
        whole: Whole = UNKNOWN,
    ) -> FaceMesh | None:
        """A face that is partly hidden, at or near a place where it is expected.

        Of a face of which half is to be seen, the near detector finds 19 of 20 in a part of the picture from which
        whoever is in front was taken out; in the whole picture one of five (demo people).

        Args:
            net: Places the mesh.
            image_bgr: (H, W, 3) uint8.
            place_xyxy: (4,), px: where the face should be.
            fronts: Outlines of those in front; whoever is found behind them does not count.
            whole: Size of the face, as far as it is known.
        """
        found = self._near_place(image_bgr, place_xyxy, fronts)
        shown = [one for one in found if shown_share(one.box_xyxy, fronts) >= _LEAST_SHOWN]
        for one in sorted(shown, key=lambda each: apart(each.box_xyxy, place_xyxy)):
            mesh = place_partly_hidden(net, image_bgr, one, fronts, whole)
            if mesh is not None and shown_share(box_around(mesh.points), fronts) >= _LEAST_SHOWN:
                return mesh
        return None

    def sees(self, image_bgr: NDArray[np.uint8], face_xyxy: NDArray[np.float32]) -> bool:
        """Whether a closer look shows a face just here."""
        found = self._near_place(image_bgr, face_xyxy, ())
        return any(apart(one.box_xyxy, face_xyxy) < _JUST_HERE for one in found)

    def _near_place(
        self, image_bgr: NDArray[np.uint8], place_xyxy: NDArray[np.float32], fronts: Sequence[Outline]
    ) -> list[Detection]:
        middle = (place_xyxy[:2] + place_xyxy[2:]) / 2
        reach = np.float32(_REACH * float((place_xyxy[2:] - place_xyxy[:2]).max()))
        around = np.concatenate([middle - reach, middle + reach])
        part, corner = without(image_bgr, around, reaching(around, fronts))
        return [_moved(one, corner) for one in self._near.detect(part)]

    def search(self, image_bgr: NDArray[np.uint8], turn: int, parts: Parts) -> list[Detection]:
        """What both detectors see, each face once: neither sees all that the other sees."""
        found = self._far.detect(image_bgr)
        if self._near is not self._far:
            found = found + self._near.detect(image_bgr)
        if parts is not Parts.NONE:
            found += detect_in_tiles(self._far, image_bgr, only=turn if parts is Parts.ONE else None)
        return same_faces_once(found)


def _moved(one: Detection, by_xy: NDArray[np.float32]) -> Detection:
    return Detection(one.box_xyxy + np.tile(by_xy, 2), one.keypoints + by_xy, one.score)
