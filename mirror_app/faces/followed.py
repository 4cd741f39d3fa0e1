"""Room: faces. One face that is followed: its mesh from frame to frame, also where the network loses it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.face import Detection, FaceMesh, TrackedFace, TrackState
from mirror_app.domain.frame import Frame
from mirror_app.domain.geometry import box_around
from mirror_app.domain.templates import five_landmarks
from mirror_app.faces.flow import PointFlow
from mirror_app.faces.match import apart, inside_frame, lies_on
from mirror_app.faces.mesh import FaceMeshNet, crop_around_mesh
from mirror_app.faces.motion import MotionFilter
from mirror_app.faces.one_euro import OneEuroFilter
from mirror_app.faces.people import Identity
from mirror_app.faces.placing import LEAST_MESH_SCORE

LEAST_CONFIDENCE: Final = 0.5
"""A face that coasts with less is lost."""

# A face is confirmed when the mesh network saw it in so many frames.
_CONFIRMED_AFTER: Final = 3
# Share of its height by which a mesh may move within a frame before the detectors are asked whether it is on the face.
_JUMP: Final = 0.2
# A face expected to move by less than this share of its height within a frame is looked for where it was: at rest, what
# the filter expects is noise, and a slow one lies well within the crop.
_STIR: Final = 0.08
# Carried by flow alone, a face is lost after 0.3 s: 0.42 s is the time constant with which half is left by then.
_FADE_S: Final = 0.42
# Share of its height by which a mesh may lie beside what the detectors see.
_MOST_BESIDE: Final = 0.2
# Whoever walks on like this will be out of the picture in a moment.
_SOON_NS: Final = 200_000_000
_LEAST_INSIDE: Final = 0.4
# Speeds are taken from the place this much later.
_AHEAD_NS: Final = 100_000_000
# Flow that fewer points agree on does not stand in for the network.
_GOOD_TRUST: Final = 0.7


class FollowedFace:
    """A face with a mesh."""

    def __init__(self, track_id: int) -> None:
        self.track_id = track_id
        self.identity = Identity()
        self.has_jumped = False
        """The mesh lies where it was not to be expected: the detectors must see a face there."""
        self.is_coasting = False
        """Not found in this frame: flow carried the mesh."""
        # `beta` as in MediaPipe's face landmark smoothing graph; its cut-off at rest, 0.05 Hz, dulls small expressions.
        self._steady = OneEuroFilter(min_cutoff_hz=2.0, beta=80.0)
        self._motion, self._flow = MotionFilter(), PointFlow()
        self._raw: FaceMesh | None = None
        self._shown: TrackedFace | None = None
        self._frames_seen = 0
        self._seen_ns = 0
        self._score = self._trust = 1.0
        self.expected_xyxy = np.zeros(4, np.float32)
        """(4,) float32, px: where it was expected in the last frame that was looked at."""

    @property
    def face(self) -> TrackedFace:
        """The face as of the last frame.

        Raises:
            ValueError: Nothing was accepted yet.
        """
        if self._shown is None:
            raise ValueError("expected a face that was accepted")
        return self._shown

    @property
    def box_xyxy(self) -> NDArray[np.float32]:
        """(4,) float32, px: around its mesh."""
        return self.face.box_xyxy

    @property
    def is_confirmed(self) -> bool:
        """Whether it was seen often enough to be surely a face."""
        return self._frames_seen >= _CONFIRMED_AFTER

    def renumber(self, track_id: int) -> None:
        """It may be another face by now: from here on it is another track."""
        self.track_id, self._shown = track_id, replace(self.face, track_id=track_id)

    def place_now(self, now_ns: int) -> NDArray[np.float32]:
        """(4,) float32, px: where it should be by now, at the speed at which it was seen last."""
        soon = self._motion.predicted(self._seen_ns + _AHEAD_NS)
        if soon is None:
            return self.box_xyxy
        steps = np.float32((now_ns - self._seen_ns) / _AHEAD_NS)
        return np.asarray(self.box_xyxy + (box_around(soon) - self.box_xyxy) * steps, np.float32)

    def is_astray(self, detections: list[Detection]) -> bool:
        """Whether the mesh is not where the detectors see its face; after a jump they must see it."""
        own = [found.box_xyxy for found in detections if lies_on(found.box_xyxy, self.box_xyxy)]
        if not own:
            return self.has_jumped
        return min(apart(box, self.box_xyxy) for box in own) > _MOST_BESIDE

    def leaves(self, frame: Frame) -> bool:
        """Whether it was walking out of the picture when it was seen last."""
        return inside_frame(self.place_now(frame.captured_ns + _SOON_NS), frame.image_bgr.shape) < _LEAST_INSIDE

    def accept(self, mesh: FaceMesh, frame: Frame) -> None:
        """The network sees the face here."""
        self.is_coasting, self._trust = False, 1.0
        self._frames_seen += 1
        self._seen_ns, self._score = frame.captured_ns, mesh.score
        self._move(mesh, frame, mesh.score)
        self._motion.update(mesh.points, frame.captured_ns)

    def follow(self, frame: Frame, net: FaceMeshNet, *, may_rest: bool = False) -> bool:
        """Find the face in the next frame.

        Args:
            frame: The next frame.
            net: Places the mesh.
            may_rest: Flow may stand in for the network, where it is sure of itself.

        Returns:
            False when it is lost.

        Raises:
            ModelError: The network failed.
        """
        if self._raw is None:
            return False
        before, expected = box_around(self._raw.points), self._expected(frame)
        self.expected_xyxy = box_around(expected.points)
        mesh = self._carried_in_place(frame, expected) if may_rest and not self.is_coasting else None
        if mesh is None:
            mesh = net.locate(frame.image_bgr, crop_around_mesh(expected))
        if mesh is None or mesh.score < LEAST_MESH_SCORE:
            return self._coast(frame, net, expected)
        now = box_around(mesh.points)
        self.has_jumped = min(apart(before, now), apart(self.expected_xyxy, now)) > _JUMP
        self.accept(mesh, frame)
        return True

    def _expected(self, frame: Frame) -> FaceMesh:
        assert self._raw is not None
        points = self._motion.predicted(frame.captured_ns)
        if points is None or self.is_coasting:
            return self._raw
        stirs = apart(box_around(points), box_around(self._raw.points)) > _STIR
        return FaceMesh(points, self._raw.score) if stirs else self._raw

    def _carried_in_place(self, frame: Frame, expected: FaceMesh) -> FaceMesh | None:
        if not self.is_confirmed:
            return None
        carried = self._flow.carried(frame.image_bgr, expected.points)
        return None if carried is None or carried.trust < _GOOD_TRUST else FaceMesh(carried.points, self._score)

    def _coast(self, frame: Frame, net: FaceMeshNet, expected: FaceMesh) -> bool:
        """Carry the mesh by flow, look once more where it leads, and go on with less confidence."""
        self.has_jumped = False
        carried = self._flow.carried(frame.image_bgr, expected.points)
        if carried is None:
            return False
        again = net.locate(frame.image_bgr, crop_around_mesh(FaceMesh(carried.points, self._score)))
        if again is not None and again.score >= LEAST_MESH_SCORE:
            self.accept(again, frame)
            return True
        self._trust = min(self._trust, carried.trust)
        age_s = max(frame.captured_ns - self._seen_ns, 0) * 1e-9
        confidence = self._score * self._trust * math.exp(-age_s / _FADE_S)
        if confidence < LEAST_CONFIDENCE:
            return False
        self.is_coasting = True
        self._move(FaceMesh(carried.points, confidence), frame, confidence)
        return True

    def _move(self, mesh: FaceMesh, frame: Frame, confidence: float) -> None:
        self._raw = mesh
        self._flow.remember(frame.image_bgr, mesh.points)
        left, top, right, bottom = box_around(mesh.points).tolist()
        points = self._steady(mesh.points, frame.captured_ns, (right - left + bottom - top) / 2)
        if self.is_coasting:
            state = TrackState.COASTING
        else:
            state = TrackState.CONFIRMED if self.is_confirmed else TrackState.TENTATIVE
        self._shown = TrackedFace(
            self.track_id, FaceMesh(points, mesh.score), box_around(points), five_landmarks(points), state, confidence
        )
