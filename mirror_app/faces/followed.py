"""Room: faces. One face that is followed: its mesh from frame to frame, also where the network loses it."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.face import Detection, FaceMesh, TrackedFace, TrackState
from mirror_app.domain.frame import Frame
from mirror_app.domain.geometry import box_around
from mirror_app.domain.templates import five_landmarks
from mirror_app.faces.ahead import Ahead
from mirror_app.faces.behind import Outline, outline_of, shown_share
from mirror_app.faces.carrier import Carrier
from mirror_app.faces.key_shape import KeyShape
from mirror_app.faces.match import apart, inside_frame, is_beside, lies_on, surprise
from mirror_app.faces.mesh import FaceMeshNet, crop_around_mesh
from mirror_app.faces.motion import MotionFilter
from mirror_app.faces.people import Identity
from mirror_app.faces.placing import LEAST_MESH_SCORE, in_reach, locate
from mirror_app.faces.rigid import HeadPose, head_pose
from mirror_app.faces.steady import Steadier
from mirror_app.faces.whole import UNKNOWN

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
# Of a face of which less is to be seen, flow carries whoever is in front along.
_LEAST_CARRIED: Final = 0.7
# Of a face of which less is to be seen, or whose mesh shrinks so far onto what is left of it, the mesh lies beside it.
_LEAST_SHOWN: Final = 0.35
_LEAST_OF_WHOLE: Final = 0.82
_ALL_SHOWN: Final = 0.9
# The speed of whoever went behind somebody is that over so many frames before; half hidden, a mesh slides.
_FREE_STEPS: Final = 6
# Flow that fewer points agree on does not stand in for the network; or does not say how the head moved.
_GOOD_TRUST: Final = 0.7
_FAIR_TRUST: Final = 0.4


class FollowedFace:
    """A face with a mesh."""

    def __init__(self, track_id: int) -> None:
        self.track_id = track_id
        self.identity = Identity()
        self.has_jumped = False
        """The mesh lies where it was not to be expected: the detectors must see a face there."""
        self.is_coasting = False
        """Not found in this frame: flow carried the mesh."""
        self._steady, self._motion, self._carrier = Steadier(), MotionFilter(), Carrier()
        # Where another thread looks, and in which frame.
        self._mesh_begun: tuple[Frame, Callable[[FaceMeshNet], FaceMesh | None]] | None = None
        self._key = KeyShape()
        self._is_stood_in = False
        self._raw: FaceMesh | None = None
        self._shown: TrackedFace | None = None
        self._frames_seen = 0
        self._seen_ns = 0
        self._score = self._trust = 1.0
        self.expected_xyxy = np.zeros(4, np.float32)
        """(4,) float32, px: where it was expected in the last frame that was looked at."""
        # Where it was lately while nobody stood in front of it, with the times.
        self._free: deque[tuple[int, NDArray[np.float32]]] = deque(maxlen=_FREE_STEPS)
        self.is_cut_off = False
        """The mesh lay on what is left of a face that somebody hides: it does not say where the face is."""
        self.whole = UNKNOWN
        """Its size when nobody stood in front of it."""
        self.is_alone = True
        """Nobody else is followed: there is time for the head to be steadied by flow."""
        self.surprise = 0.0
        """How far from there it was found, in faces; see `match.surprise`."""

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

    @property
    def outline(self) -> Outline:
        """What it hides of others."""
        assert self._raw is not None
        return outline_of(self._raw.points)

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

    def place_behind(self, now_ns: int) -> NDArray[np.float32]:
        """(4,) float32, px: where it should be by now behind whoever hides it, at the speed it had before."""
        if len(self._free) < 2:
            return self.place_now(now_ns)
        (first_ns, first), (last_ns, last) = self._free[0], self._free[-1]
        shift = (last[:2] + last[2:] - first[:2] - first[2:]) / 2
        steps = np.float32((now_ns - last_ns) / max(last_ns - first_ns, 1))
        return np.asarray(last + np.tile(shift * steps, 2), np.float32)

    def is_astray(self, detections: list[Detection]) -> bool:
        """Whether the mesh is not where the detectors see its face; after a jump they must see it."""
        own = [found.box_xyxy for found in detections if lies_on(found.box_xyxy, self.box_xyxy)]
        if not own:
            return self.has_jumped
        # What is in front draws the detectors to the rest of the face, as it did the network.
        if self._is_stood_in:
            return False
        return min(apart(box, self.box_xyxy) for box in own) > _MOST_BESIDE

    def leaves(self, frame: Frame) -> bool:
        """Whether it was walking out of the picture when it was seen last."""
        return inside_frame(self.place_now(frame.captured_ns + _SOON_NS), frame.image_bgr.shape) < _LEAST_INSIDE

    def accept(self, mesh: FaceMesh, frame: Frame) -> None:
        """The network sees the face here."""
        self.is_coasting, self._trust = False, 1.0
        self._frames_seen += 1
        self._seen_ns, self._score = frame.captured_ns, mesh.score
        pose = head_pose(mesh.points)
        self._move(mesh, frame, mesh.score, pose)
        self._motion.update(mesh.points, frame.captured_ns, pose)

    def look_ahead(self, frame: Frame, ahead: Ahead, *, by_flow: bool) -> None:
        """Begin in another thread what `follow` will ask for in this frame.

        Args:
            frame: The next frame.
            ahead: The other thread.
            by_flow: Carry the mesh by flow; otherwise the network looks, as if nobody stood in front.
        """
        if self._raw is None:
            return
        expected = self._expected(frame)
        if by_flow:
            self._carrier.begin(frame, expected.points, ahead)
        else:
            self._mesh_begun = frame, ahead.locate(frame.image_bgr, crop_around_mesh(expected))

    def follow(
        self,
        frame: Frame,
        net: FaceMeshNet,
        fronts: Sequence[Outline] = (),
        *,
        may_rest: bool = False,
        is_behind: bool = False,
    ) -> bool:
        """Find the face in the next frame.

        Args:
            frame: The next frame.
            net: Places the mesh.
            fronts: Outlines of nearer faces in that frame.
            may_rest: Flow may stand in for the network, where it is sure of itself.
            is_behind: Something that is no face was in front of it a frame ago.

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
            mesh = self._located(frame, net, expected, fronts)
            if mesh is not None and mesh.score >= LEAST_MESH_SCORE and self.is_confirmed and not fronts:
                mesh = self._key.corrected(mesh, expected.points, frame, is_behind=is_behind)
        self._is_stood_in = False
        if (mesh is None or mesh.score < LEAST_MESH_SCORE) and is_behind and self.is_confirmed and not fronts:
            mesh = self._stood_in(frame, expected)
        if mesh is None or mesh.score < LEAST_MESH_SCORE:
            is_hidden = bool(fronts) and shown_share(self.expected_xyxy, fronts) < _LEAST_CARRIED
            return not is_hidden and self._coast(frame, net, expected)
        now = box_around(mesh.points)
        self.is_cut_off = not self._is_whole(now, fronts, frame.captured_ns)
        if self.is_cut_off:
            return False
        self.surprise = surprise(self.expected_xyxy, now)
        self.has_jumped = min(apart(before, now), apart(self.expected_xyxy, now)) > _JUMP
        self.accept(mesh, frame)
        return True

    def _is_whole(self, box_xyxy: NDArray[np.float32], fronts: Sequence[Outline], now_ns: int) -> bool:
        """Whether a mesh in this box can be the face's, as much of it is to be seen."""
        shown = shown_share(box_xyxy, fronts) if fronts else 1.0
        # Between two others a mesh shrinks onto what is left of the face, and looks whole there.
        is_squeezed = any(is_beside(box_xyxy, box_around(front)) for front in fronts)
        if shown > _ALL_SHOWN:
            self.whole = self.whole.seen(box_xyxy, is_squeezed=is_squeezed)
            if self.whole.is_shown_by(box_xyxy):
                self._free.append((now_ns, box_xyxy))
        return shown >= _LEAST_SHOWN and not self.whole.is_only_part(box_xyxy, _LEAST_OF_WHOLE)

    def _expected(self, frame: Frame) -> FaceMesh:
        assert self._raw is not None
        points = self._motion.predicted(frame.captured_ns)
        if points is None or self.is_coasting:
            return self._raw
        stirs = apart(box_around(points), box_around(self._raw.points)) > _STIR
        return FaceMesh(points, self._raw.score) if stirs else self._raw

    def _stood_in(self, frame: Frame, expected: FaceMesh) -> FaceMesh | None:
        points = self._key.stood_in(expected.points, frame)
        self._is_stood_in = points is not None
        return None if points is None else FaceMesh(points, LEAST_MESH_SCORE)

    def _located(
        self, frame: Frame, net: FaceMeshNet, expected: FaceMesh, fronts: Sequence[Outline]
    ) -> FaceMesh | None:
        crop, begun = crop_around_mesh(expected), self._mesh_begun
        self._mesh_begun = None
        if begun is not None and begun[0] is frame and not in_reach(crop, fronts):
            return begun[1](net)
        return locate(net, frame.image_bgr, crop, fronts)

    def _carried_in_place(self, frame: Frame, expected: FaceMesh) -> FaceMesh | None:
        if not self.is_confirmed:
            return None
        carried = self._carrier.carried(frame, expected.points)
        return None if carried is None or carried.trust < _GOOD_TRUST else FaceMesh(carried.points, self._score)

    def _coast(self, frame: Frame, net: FaceMeshNet, expected: FaceMesh) -> bool:
        """Carry the mesh by flow, look once more where it leads, and go on with less confidence."""
        self.has_jumped = False
        carried = self._carrier.carried(frame, expected.points)
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
        self._move(FaceMesh(carried.points, confidence), frame, confidence, None)
        return True

    def _move(self, mesh: FaceMesh, frame: Frame, confidence: float, pose: HeadPose | None) -> None:
        carried = self._carrier.carried(frame, mesh.points) if self.is_alone else None
        by_flow = None if carried is None or carried.trust < _FAIR_TRUST else carried.points
        points = self._steady(mesh.points, by_flow, frame.captured_ns, pose)
        self._raw = mesh
        self._carrier.remember(frame, mesh.points)
        if self.is_coasting:
            state = TrackState.COASTING
        else:
            state = TrackState.CONFIRMED if self.is_confirmed else TrackState.TENTATIVE
        self._shown = TrackedFace(
            self.track_id, FaceMesh(points, mesh.score), box_around(points), five_landmarks(points), state, confidence
        )
