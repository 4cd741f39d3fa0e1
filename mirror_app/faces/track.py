"""Room: faces. Follows faces over frames and keeps watch for others. No threads, no drawing."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.face import Detection, FaceMesh, TrackedFace, TrackState
from mirror_app.domain.frame import Frame
from mirror_app.domain.geometry import box_around
from mirror_app.faces.absent import Absence, Absent
from mirror_app.faces.behind import Outline, shown_share
from mirror_app.faces.bystanders import Bystanders
from mirror_app.faces.followed import FollowedFace
from mirror_app.faces.lookout import Lookout, Parts
from mirror_app.faces.match import height, is_same_face, own_detections, surprise
from mirror_app.faces.mesh import FaceMeshNet
from mirror_app.faces.people import People
from mirror_app.faces.placing import place, place_on
from mirror_app.faces.protocol import FaceDetector, Recogniser
from mirror_app.faces.recognition import Recognition

# A detection this sure counts as a face even if the mesh network cannot place a mesh on it (strong profiles).
_SURE_DETECTION: Final = 0.8
# Of a crowd, or where a broken detector sees faces everywhere, so many get the mesh network's look; the rest count as
# faces without one.
_MOST_PLACED: Final = 32
# While a face is followed, a detector looks around this often; every second look is for small faces too. A newcomer is
# noticed within one look if both detectors can see him, within two if only one can.
_LOOK_EVERY_NS: Final = 115_000_000
# Whoever is behind another face comes out at any moment: both detectors look this often.
_AWAITED_EVERY_NS: Final = 60_000_000
# While nobody is known to be behind another, somebody is looked for beside one of the faces at one frame of so many.
_AWAIT_EVERY: Final = 4
# A thorough tracker looks at every frame, and into tiles while nobody or somebody else is in view, else this often.
_TILES_EVERY: Final = 6
# Whoever is lost where a face that is no smaller than this share of his covers a part of him went behind it.
_NEARER: Final = 0.9
_PARTLY_HIDDEN: Final = 0.85
# Of two meshes on one face the one that lies where it was expected stays, if the other is off by so many faces more.
_CLEAR: Final = 0.1


class FaceTracker:
    """Follows the largest faces with the mesh network alone; the detectors run when one is lost and now and then.

    Call `follow`, then `scan`, once per frame; then read `faces`.
    """

    def __init__(
        self,
        near: FaceDetector,
        far: FaceDetector,
        mesh_net: FaceMeshNet,
        *,
        thorough: bool = False,
        recogniser: Recogniser | None = None,
    ) -> None:
        """Join the networks.

        Args:
            near: Detector for large faces, cheap.
            far: Detector for small faces as well; may be the same one.
            mesh_net: Places the mesh.
            thorough: Run both detectors on every frame, and on parts of it (files, where latency is no matter).
            recogniser: Tells people apart; without one, what the mesh shows of them does.
        """
        self._lookout, self._mesh_net = Lookout(near, far), mesh_net
        self._thorough = thorough
        self._recognition = Recognition(recogniser)
        self._next_id = 0
        self._looked_ns: int | None = None
        self._looks = self._frames = 0
        self._scanned_ns = self._frame_ns = 0
        self._followed: list[FollowedFace] = []
        self._others: tuple[TrackedFace, ...] = ()
        self._bystanders, self._absent = Bystanders(), Absent()
        self._is_alarmed = False
        self.follows = 1
        """So many faces are followed with a mesh at most; with more than one, people are recognised, too."""
        self.mesh_every = 1
        """The mesh network looks at each face in every frame of so many; in between, flow carries the mesh."""
        self.look_every_ns = _LOOK_EVERY_NS
        """While all is well, a detector looks around this often."""
        self.behind_things: frozenset[int] = frozenset()
        """Track ids of the faces that a hand or a thing was in front of in the frame before."""
        self.minds_others = False
        """Look at every frame with all detectors, into a quarter of it too: somebody wants to know where others are."""
        self.minds_empty = False
        """Look into parts of the frame while nobody is in view: somebody wants to be sure of it."""
        self.empty_frames = 0
        """So many scanned frames in a row, each fully looked at, held nobody."""

    @property
    def faces(self) -> tuple[TrackedFace, ...]:
        """The followed faces (with a mesh), the leader first; then others seen at the last scan (without one)."""
        followed = (_named(one) for one in self._followed)
        return (*followed, *self._others, *self._absent.coming(self._scanned_ns))

    @property
    def misses_one(self) -> bool:
        """Whether a followed face went out of sight while others were in view, and may well still be there."""
        return self._absent.misses_one

    @property
    def people(self) -> People:
        """Whom it knows by number; a tracker that takes another one's place gets that one's, so that numbers last."""
        return self._recognition.people

    @people.setter
    def people(self, people: People) -> None:
        self._recognition.people = people

    def reset(self) -> None:
        """Forget all faces, but not the people: the next frame comes from elsewhere."""
        self._followed, self._others = [], ()
        self._is_alarmed = False
        self._bystanders.forget()
        self._absent.forget()
        self._looked_ns = None
        self.empty_frames = 0

    def follow(self, frame: Frame) -> None:
        """Move the followed faces' meshes on to this frame, or lose them.

        Raises:
            ModelError: A network failed.
        """
        self._frames += 1
        if len(self._followed) > max(self.follows, 1):
            del self._followed[max(self.follows, 1) :]
            self._is_alarmed = True
        fronts: list[Outline] = []
        lost = []
        # The nearer ones first: what they hide of the others is known then.
        for turn, one in enumerate(sorted(self._followed, key=lambda each: -height(each.box_xyxy))):
            may_rest = (self._frames + turn) % self.mesh_every != 0
            is_behind = one.track_id in self.behind_things
            one.is_alone = len(self._followed) == 1
            if one.follow(frame, self._mesh_net, fronts, may_rest=may_rest, is_behind=is_behind):
                fronts.append(one.outline)
            else:
                lost.append(one)
        for one in lost:
            self._lose(one, frame)
        for one, other in list(combinations(self._followed, 2)):
            if one in self._followed and other in self._followed and is_same_face(one.box_xyxy, other.box_xyxy):
                self._part(one, other, frame)

    def scan(self, frame: Frame) -> None:
        """Run the detectors if a face is lost or a look around is due; then see who is who.

        Raises:
            ModelError: A network failed.
        """
        self._frame_ns = max(frame.captured_ns - self._scanned_ns, 0)
        self._scanned_ns = frame.captured_ns
        if self.follows > 1 and self._followed:
            self._await(frame)
        if not self._followed or self._is_watched or self._rested(frame, self._look_every()):
            self._look(frame)
        self._is_alarmed = False
        for one in self._followed:
            one.has_jumped = False
        self._absent.expire(frame.captured_ns)
        if self.follows > 1:
            self._recognise(frame)
        self.empty_frames = 0 if self.faces else self.empty_frames + 1

    def use_spare_time(self, frame: Frame) -> None:
        """Look around now if a look would fall due at the next frame; `frame` is the last one scanned.

        Raises:
            ModelError: A network failed.
        """
        if self._followed and self._rested(frame, self._look_every() - self._frame_ns):
            self._look(frame)

    @property
    def _is_watched(self) -> bool:
        in_doubt = self._is_alarmed or any(one.has_jumped or one.is_coasting for one in self._followed)
        return self._thorough or self.minds_others or in_doubt

    def _look_every(self) -> int:
        return min(self.look_every_ns, _AWAITED_EVERY_NS) if self._absent.awaits_one else self.look_every_ns

    def _recognise(self, frame: Frame) -> None:
        others = [other.box_xyxy for other in self._others]
        is_crowded = self._absent.awaits_one or self._absent.misses_one
        for one in self._recognition.look(frame, self._followed, others, is_crowded=is_crowded):
            one.renumber(self._new_id())
        self._absent.recognised({one.identity.person for one in self._followed})

    def _rested(self, frame: Frame, enough_ns: int) -> bool:
        """Whether the last look is so long ago; also when the clock went back."""
        return self._looked_ns is None or not 0 <= frame.captured_ns - self._looked_ns < enough_ns

    def _look(self, frame: Frame) -> None:
        self._looked_ns = frame.captured_ns
        self._looks += 1
        detections = self._detect(frame, not self._followed)
        astray = [
            one
            for one in self._followed
            if one.is_astray(detections) and not self._lookout.sees(frame.image_bgr, one.box_xyxy)
        ]
        if astray:
            for one in astray:
                self._lose(one, frame)
            detections = self._detect(frame, True)
        self._find(frame, detections)
        self._watch(frame, detections)

    def _lose(self, one: FollowedFace, frame: Frame) -> None:
        led = one is self._followed[0]
        self._followed.remove(one)
        self._is_alarmed = True
        if led:
            self._followed.sort(key=lambda other: -height(other.box_xyxy))
        now = one.place_now(frame.captured_ns)
        nearer = [other.outline for other in self._followed if height(other.box_xyxy) > _NEARER * height(now)]
        if nearer and shown_share(now, nearer) < _PARTLY_HIDDEN:
            self._absent.lost(one, self._new_id(), frame.captured_ns, is_hidden=True)
        elif self._others or (self._followed and one.is_confirmed and not one.leaves(frame)):
            self._absent.lost(one, self._new_id(), frame.captured_ns, is_hidden=False)

    def _part(self, one: FollowedFace, other: FollowedFace, frame: Frame) -> None:
        """Two meshes lie on one face: whose it is stays; the other went behind it."""
        stays, goes = sorted((one, other), key=lambda each: surprise(each.expected_xyxy, each.box_xyxy))
        margin = surprise(goes.expected_xyxy, goes.box_xyxy) - surprise(stays.expected_xyxy, stays.box_xyxy)
        self._followed.remove(goes)
        self._is_alarmed = True
        if goes.is_confirmed:
            self._absent.lost(goes, self._new_id(), frame.captured_ns, is_hidden=True)
        stays.identity.doubt()
        if margin < _CLEAR and goes.is_confirmed:
            stays.identity.disown()
            stays.renumber(self._new_id())

    def _await(self, frame: Frame) -> None:
        """Look for those who are out of sight where they should be, and for anybody beside one of those in front."""
        now_ns = frame.captured_ns
        for absence in self._absent.all:
            found = self._seek(frame, absence.place(now_ns), absence.one.whole_px)
            if found is not None:
                self._absent.came_out(absence)
                self._welcome_back(found, absence, now_ns)
        if self._absent.awaits_one or self._frames % _AWAIT_EVERY == 0:
            self._seek_beside(self._followed[self._frames // _AWAIT_EVERY % len(self._followed)], frame)
        self._absent.cover([one.outline for one in self._followed], now_ns)

    def _seek_beside(self, front: FollowedFace, frame: Frame) -> None:
        """Somebody may stand behind her who was never seen."""
        found = self._seek(frame, front.box_xyxy)
        if found is not None:
            gone = self._absent.found(found.box_xyxy, frame.captured_ns)
            self._welcome_back(found, gone, frame.captured_ns)

    def _welcome_back(self, found: FollowedFace, absence: Absence | None, now_ns: int) -> None:
        if absence is not None and absence.is_due_back(now_ns):
            found.whole_px = absence.one.whole_px
            found.identity.expect(absence.person)

    def _seek(self, frame: Frame, place_xyxy: NDArray[np.float32], whole_px: float = 0.0) -> FollowedFace | None:
        """Follow whoever is at or near a place and not followed yet, however little is to be seen beside the others."""
        if len(self._followed) >= self.follows:
            return None
        fronts = [one.outline for one in self._followed]
        mesh = self._lookout.seek(self._mesh_net, frame.image_bgr, place_xyxy, fronts, whole_px)
        if mesh is None or any(is_same_face(box_around(mesh.points), one.box_xyxy) for one in self._followed):
            return None
        return self._begin(mesh, frame)

    def _begin(self, mesh: FaceMesh, frame: Frame) -> FollowedFace:
        found = FollowedFace(self._new_id())
        found.accept(mesh, frame)
        self._followed.append(found)
        return found

    def _detect(self, frame: Frame, lost: bool) -> list[Detection]:
        is_wide = lost or self._is_watched or bool(self._others) or self._absent.awaits_one
        if not is_wide:
            return self._lookout.glance(frame.image_bgr, self._looks)
        matters = lost or bool(self._others) or self._looks % _TILES_EVERY == 0
        if (self._thorough and matters) or (self.minds_empty and lost):
            parts = Parts.ALL
        else:
            parts = Parts.ONE if self.minds_others else Parts.NONE
        return self._lookout.search(frame.image_bgr, self._looks, parts)

    def _find(self, frame: Frame, detections: list[Detection]) -> None:
        """Find those that coast again, and follow the largest faces, or rather those that were missed."""
        self._find_coasting(frame, detections)
        if len(self._followed) >= self.follows:
            return
        ordered = sorted(self._not_followed(detections), key=lambda one: -height(one.box_xyxy))
        ordered.sort(key=lambda one: -self._absent.nearness(one.box_xyxy))
        for detection in ordered[:_MOST_PLACED]:
            nearer = [one.outline for one in self._followed if height(one.box_xyxy) > height(detection.box_xyxy)]
            mesh = place_on(self._mesh_net, frame.image_bgr, detection, nearer)
            if mesh is None:
                continue
            box = box_around(mesh.points)
            if any(is_same_face(box, one.box_xyxy) for one in self._followed):
                continue
            gone = self._absent.found(box, frame.captured_ns)
            self._welcome_back(self._begin(mesh, frame), gone, frame.captured_ns)
            if len(self._followed) >= self.follows:
                return

    def _find_coasting(self, frame: Frame, detections: list[Detection]) -> None:
        own = own_detections([one.box_xyxy for one in self._followed], [found.box_xyxy for found in detections])
        for index, one in enumerate(self._followed):
            if one.is_coasting and index in own:
                mesh = place_on(self._mesh_net, frame.image_bgr, detections[own[index]])
                if mesh is not None:
                    one.accept(mesh, frame)

    def _watch(self, frame: Frame, detections: list[Detection]) -> None:
        """Keep in mind who else is there; a detection without a mesh counts if it is sure, or if nobody is followed."""
        seen = tuple(
            TrackedFace(self._new_id(), None, detection.box_xyxy, _five_points(detection))
            for index, detection in enumerate(self._not_followed(detections))
            if not self._followed
            or detection.score >= _SURE_DETECTION
            or index >= _MOST_PLACED
            or place(self._mesh_net, frame.image_bgr, detection) is not None
        )
        boxes = np.array([one.box_xyxy for one in self._followed], np.float32).reshape(-1, 4)
        self._others = self._bystanders.remember(seen, boxes, frame.captured_ns) if self.minds_others else seen

    def _not_followed(self, detections: list[Detection]) -> list[Detection]:
        """All but, for each followed face, the one detection that shows it."""
        own = own_detections([one.box_xyxy for one in self._followed], [found.box_xyxy for found in detections])
        taken = set(own.values())
        return [found for index, found in enumerate(detections) if index not in taken]

    def _new_id(self) -> int:
        self._next_id += 1
        return self._next_id


def _named(one: FollowedFace) -> TrackedFace:
    """The face with its person's number; who is surely recognised is surely a face."""
    face, person = one.face, one.identity.person
    if person is not None and face.state is TrackState.TENTATIVE:
        return replace(face, person=person, state=TrackState.CONFIRMED)
    return replace(face, person=person)


def _five_points(detection: Detection) -> NDArray[np.float32] | None:
    """The points for aligned crops, if the detector is one that sees them."""
    return detection.keypoints if len(detection.keypoints) == 5 else None
