"""Room: faces. Follows one face over frames and keeps watch for others. No threads, no drawing."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.face import Detection, FaceMesh, TrackedFace
from mirror_app.domain.frame import Frame
from mirror_app.domain.geometry import box_around
from mirror_app.domain.templates import five_landmarks
from mirror_app.faces.bystanders import Bystanders
from mirror_app.faces.detect import SAME_FACE_PART, detect_in_tiles, overlap, same_faces_once, share_inside
from mirror_app.faces.mesh import FaceMeshNet, crop_around_detection, crop_around_mesh
from mirror_app.faces.one_euro import OneEuroFilter
from mirror_app.faces.protocol import FaceDetector

# Below this score the mesh network no longer sees a face in its crop (MediaPipe face landmark graph).
_LEAST_MESH_SCORE: Final = 0.5
# A detection this sure counts as a face even if the mesh network cannot place a mesh on it (strong profiles).
_SURE_DETECTION: Final = 0.8
# Of a crowd, or where a broken detector sees faces everywhere, so many get the mesh network's look; the rest count as
# faces without one.
_MOST_PLACED: Final = 32
# While a face is followed, a detector looks around this often; every second look is for small faces too. A newcomer is
# noticed within one look if both detectors can see him, within two if only one can.
_LOOK_EVERY_NS: Final = 115_000_000
_FAR_LOOK_EVERY: Final = 2
# Share of its height by which a mesh may move within a frame before the detectors are asked whether it is still on the
# face, and by which it may lie beside what they see.
_JUMP: Final = 0.2
_MOST_BESIDE: Final = 0.2
# The same for the first mesh on a face, whose detection may be rough.
_MOST_BESIDE_AT_FIRST: Final = 0.25
# Whoever was followed and is not found again while others are in view is believed to have left after this time.
_MISSED_NS: Final = 3_000_000_000
# A thorough tracker looks at every frame, and into tiles while nobody or somebody else is in view, else this often.
_TILES_EVERY: Final = 6


class FaceTracker:
    """Follows the largest face with the mesh network alone; the detectors run when it is lost and now and then.

    Call `follow`, then `scan`, once per frame; then read `faces`.
    """

    def __init__(self, near: FaceDetector, far: FaceDetector, mesh_net: FaceMeshNet, *, thorough: bool = False) -> None:
        """Join the networks.

        Args:
            near: Detector for large faces, cheap.
            far: Detector for small faces as well; may be the same one.
            mesh_net: Places the mesh.
            thorough: Run both detectors on every frame, and on parts of it (files, where latency is no matter).
        """
        self._near, self._far, self._mesh_net = near, far, mesh_net
        self._thorough = thorough
        # `beta` as in MediaPipe's face landmark smoothing graph; its cut-off at rest, 0.05 Hz, dulls small expressions.
        self._steady = OneEuroFilter(min_cutoff_hz=2.0, beta=80.0)
        self._next_id = 0
        self._looked_ns: int | None = None
        self._looks = 0
        self._scanned_ns = self._frame_ns = 0
        self._raw_mesh: FaceMesh | None = None
        self._live_face: TrackedFace | None = None
        self._others: tuple[TrackedFace, ...] = ()
        self._bystanders = Bystanders()
        self._has_jumped = False
        self._missed: TrackedFace | None = None
        self._missed_ns = 0
        self.minds_others = False
        """Look at every frame with all detectors, into a quarter of it too: somebody wants to know where others are."""
        self.minds_empty = False
        """Look into parts of the frame while nobody is in view: somebody wants to be sure of it."""
        self.empty_frames = 0
        """So many scanned frames in a row, each fully looked at, held nobody."""

    @property
    def faces(self) -> tuple[TrackedFace, ...]:
        """The followed face first (with a mesh), then others seen at the last scan (without one)."""
        return (() if self._live_face is None else (self._live_face,)) + self._others

    @property
    def misses_one(self) -> bool:
        """Whether the followed face went out of sight while others were in view, and may well still be there."""
        return self._missed is not None

    def reset(self) -> None:
        """Forget everything: the next frame comes from elsewhere."""
        self._raw_mesh = self._live_face = self._missed = None
        self._others = ()
        self._has_jumped = False
        self._bystanders.forget()
        self._looked_ns = None
        self.empty_frames = 0

    def follow(self, frame: Frame) -> None:
        """Move the followed face's mesh on to this frame, or lose it.

        Raises:
            ModelError: A network failed.
        """
        if self._raw_mesh is None or self._live_face is None:
            return
        mesh = self._mesh_net.locate(frame.image_bgr, crop_around_mesh(self._raw_mesh))
        if mesh is None or mesh.score < _LEAST_MESH_SCORE:
            self._lose(frame)
            return
        before = box_around(self._raw_mesh.points)
        self._has_jumped = _apart(before, box_around(mesh.points)) > _JUMP
        self._accept(mesh, frame, self._live_face.track_id)

    def scan(self, frame: Frame) -> None:
        """Run the detectors if the face is lost or a look around is due.

        Raises:
            ModelError: A network failed.
        """
        self._frame_ns = max(frame.captured_ns - self._scanned_ns, 0)
        self._scanned_ns = frame.captured_ns
        is_watched = self._thorough or self.minds_others or self._has_jumped
        if self._live_face is None or is_watched or self._rested(frame, _LOOK_EVERY_NS):
            self._look(frame)
        self._has_jumped = False
        if not 0 <= frame.captured_ns - self._missed_ns <= _MISSED_NS:
            self._missed = None
        self.empty_frames = 0 if self.faces else self.empty_frames + 1

    def use_spare_time(self, frame: Frame) -> None:
        """Look around now if a look would fall due at the next frame; `frame` is the last one scanned.

        Raises:
            ModelError: A network failed.
        """
        if self._live_face is not None and self._rested(frame, _LOOK_EVERY_NS - self._frame_ns):
            self._look(frame)

    def _rested(self, frame: Frame, enough_ns: int) -> bool:
        """Whether the last look is so long ago; also when the clock went back."""
        return self._looked_ns is None or not 0 <= frame.captured_ns - self._looked_ns < enough_ns

    def _look(self, frame: Frame) -> None:
        lost = self._live_face is None
        self._looked_ns = frame.captured_ns
        self._looks += 1
        detections = self._detect(frame, lost)
        if not lost and self._is_beside(detections):
            self._lose(frame)
            lost, detections = True, self._detect(frame, True)
        if lost:
            self._find(frame, detections)
        self._watch(frame, detections)

    def _lose(self, frame: Frame) -> None:
        if self._others:
            self._missed, self._missed_ns = self._live_face, frame.captured_ns
        self._raw_mesh = self._live_face = None

    def _is_beside(self, detections: list[Detection]) -> bool:
        """Whether the mesh is not where the detectors see its face; after a jump they must see it."""
        if self._live_face is None:
            return False
        followed = self._live_face.box_xyxy
        own = [found.box_xyxy for found in detections if _lies_on(found.box_xyxy, followed)]
        if not own:
            return self._has_jumped
        return min(_apart(box, followed) for box in own) > _MOST_BESIDE

    def _detect(self, frame: Frame, lost: bool) -> list[Detection]:
        # Neither detector sees all that the other sees: where it matters, both look.
        if self._thorough or lost or self._others or self.minds_others or self._has_jumped:
            found = self._far.detect(frame.image_bgr)
            if self._near is not self._far:
                found = found + self._near.detect(frame.image_bgr)
            is_due = self._looks % _TILES_EVERY == 0
            if (self._thorough and (lost or self._others or is_due)) or (self.minds_empty and lost):
                found += detect_in_tiles(self._far, frame.image_bgr)
            elif self.minds_others:
                found += detect_in_tiles(self._far, frame.image_bgr, only=self._looks)
            return same_faces_once(found)
        detector = self._far if self._looks % _FAR_LOOK_EVERY == 0 else self._near
        return detector.detect(frame.image_bgr)

    def _find(self, frame: Frame, detections: list[Detection]) -> None:
        """Follow the largest face, or rather the one that was missed."""
        ordered = sorted(detections, key=_height, reverse=True)
        if self._missed is not None:
            missed = self._missed.box_xyxy
            ordered.sort(key=lambda detection: -overlap(detection.box_xyxy, missed))
        for detection in ordered[:_MOST_PLACED]:
            mesh = self._place(frame, detection)
            # Where it lies beside what was detected, the face itself would stay bare.
            if mesh is not None and _apart(box_around(mesh.points), detection.box_xyxy) <= _MOST_BESIDE_AT_FIRST:
                self._steady.reset()
                self._accept(mesh, frame, self._new_id())
                if self._missed is not None and overlap(box_around(mesh.points), self._missed.box_xyxy) > 0:
                    self._missed = None
                return

    def _watch(self, frame: Frame, detections: list[Detection]) -> None:
        """Keep in mind who else is there; a detection without a mesh counts if it is sure, or if nobody is followed."""
        lost = self._live_face is None
        seen = tuple(
            TrackedFace(self._new_id(), None, detection.box_xyxy, _five_points(detection))
            for index, detection in enumerate(self._without_followed(detections))
            if lost
            or detection.score >= _SURE_DETECTION
            or index >= _MOST_PLACED
            or self._place(frame, detection) is not None
        )
        followed = None if self._live_face is None else self._live_face.box_xyxy
        self._others = self._bystanders.remember(seen, followed, frame.captured_ns) if self.minds_others else seen

    def _without_followed(self, detections: list[Detection]) -> list[Detection]:
        """All but the one detection that shows the followed face."""
        if self._live_face is None:
            return detections
        followed = self._live_face.box_xyxy
        own = [index for index, found in enumerate(detections) if _lies_on(found.box_xyxy, followed)]
        if not own:
            return detections
        best = max(own, key=lambda index: overlap(detections[index].box_xyxy, followed))
        return [found for index, found in enumerate(detections) if index != best]

    def _place(self, frame: Frame, detection: Detection) -> FaceMesh | None:
        """A mesh for a detected face: placed twice, because the first crop is rough; None where there is no face."""
        mesh = self._mesh_net.locate(frame.image_bgr, crop_around_detection(detection))
        if mesh is not None:
            mesh = self._mesh_net.locate(frame.image_bgr, crop_around_mesh(mesh))
        return mesh if mesh is not None and mesh.score >= _LEAST_MESH_SCORE else None

    def _accept(self, mesh: FaceMesh, frame: Frame, track_id: int) -> None:
        self._raw_mesh = mesh
        left, top, right, bottom = box_around(mesh.points).tolist()
        points = self._steady(mesh.points, frame.captured_ns, (right - left + bottom - top) / 2)
        self._live_face = TrackedFace(
            track_id, FaceMesh(points, mesh.score), box_around(points), five_landmarks(points)
        )

    def _new_id(self) -> int:
        self._next_id += 1
        return self._next_id


def _lies_on(box_xyxy: NDArray[np.float32], followed_xyxy: NDArray[np.float32]) -> bool:
    return bool(share_inside(box_xyxy, followed_xyxy[None])[0] >= SAME_FACE_PART)


def _apart(a_xyxy: NDArray[np.float32], b_xyxy: NDArray[np.float32]) -> float:
    """How far two boxes' middles lie apart, as a share of the second one's longer side."""
    (ax, ay), (bx, by) = (a_xyxy[:2] + a_xyxy[2:]).tolist(), (b_xyxy[:2] + b_xyxy[2:]).tolist()
    return math.hypot(ax - bx, ay - by) / 2 / max(float((b_xyxy[2:] - b_xyxy[:2]).max()), 1e-6)


def _five_points(detection: Detection) -> NDArray[np.float32] | None:
    """The points for aligned crops, if the detector is one that sees them."""
    return detection.keypoints if len(detection.keypoints) == 5 else None


def _height(detection: Detection) -> float:
    return float(detection.box_xyxy[3] - detection.box_xyxy[1])
