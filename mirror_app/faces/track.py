"""Room: faces. Follows faces over frames and keeps watch for others. No threads, no drawing."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.face import Detection, TrackedFace, TrackState
from mirror_app.domain.frame import Frame
from mirror_app.domain.geometry import box_around
from mirror_app.faces.ahead import Ahead
from mirror_app.faces.bystanders import Bystanders
from mirror_app.faces.company import Company
from mirror_app.faces.followed import FollowedFace
from mirror_app.faces.lookout import Lookout, Parts
from mirror_app.faces.match import height, is_same_face, own_detections
from mirror_app.faces.mesh import FaceMeshNet
from mirror_app.faces.people import People
from mirror_app.faces.placing import place, place_on
from mirror_app.faces.protocol import FaceDetector
from mirror_app.faces.recogniser_desk import RecogniserDesk
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
# A thorough tracker looks at every frame, and into tiles while nobody or somebody else is in view, else this often.
_TILES_EVERY: Final = 6


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
        recogniser: RecogniserDesk | None = None,
        ahead: Ahead | None = None,
    ) -> None:
        """Join the networks.

        Args:
            near: Detector for large faces, cheap.
            far: Detector for small faces as well; may be the same one.
            mesh_net: Places the mesh.
            thorough: Run both detectors on every frame, and on parts of it (files, where latency is no matter).
            recogniser: Tells people apart; without one, what the mesh shows of them does.
            ahead: Looks at several faces at once; without it, at one after the other.
        """
        self._lookout, self._mesh_net = Lookout(near, far), mesh_net
        self._thorough = thorough
        self._recognition = Recognition(recogniser)
        self._looked_ns: int | None = None
        self._looks = self._frames = 0
        self._scanned_ns = self._frame_ns = 0
        self._company = Company(self._lookout, mesh_net, ahead)
        self._company.is_thorough = thorough
        self._others: tuple[TrackedFace, ...] = ()
        self._bystanders = Bystanders()
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
    def follows(self) -> int:
        """So many faces are followed with a mesh at most; with more than one, people are recognised, too."""
        return self._company.most

    @follows.setter
    def follows(self, most: int) -> None:
        self._company.most = most

    @property
    def faces(self) -> tuple[TrackedFace, ...]:
        """The followed faces (with a mesh), the leader first; then others seen at the last scan (without one)."""
        followed = (_named(one) for one in self._company.faces)
        return (*followed, *self._others, *self._company.absent.coming(self._scanned_ns))

    @property
    def misses_one(self) -> bool:
        """Whether a followed face went out of sight while others were in view, and may well still be there."""
        return self._company.absent.misses_one

    @property
    def people(self) -> People:
        """Whom it knows by number; a tracker that takes another one's place gets that one's, so that numbers last."""
        return self._recognition.people

    @people.setter
    def people(self, people: People) -> None:
        self._recognition.people = people

    def reset(self) -> None:
        """Forget all faces, but not the people: the next frame comes from elsewhere."""
        self._others = ()
        self._company.forget()
        self._bystanders.forget()
        self._looked_ns = None
        self.empty_frames = 0

    def follow(self, frame: Frame) -> None:
        """Move the followed faces' meshes on to this frame, or lose them.

        Raises:
            ModelError: A network failed.
        """
        self._frames += 1
        self._company.follow(frame, self._frames, mesh_every=self.mesh_every, behind_things=self.behind_things)

    def scan(self, frame: Frame) -> None:
        """Run the detectors if a face is lost or a look around is due; then see who is who.

        Raises:
            ModelError: A network failed.
        """
        self._frame_ns = max(frame.captured_ns - self._scanned_ns, 0)
        self._scanned_ns = frame.captured_ns
        if self.follows > 1 and self._company.faces:
            self._company.look_for_absent(frame, self._frames)
        if not self._company.faces or self._is_watched or self._rested(frame, self._look_every()):
            self._look(frame)
        self._company.calm_down(frame.captured_ns)
        if self.follows > 1:
            self._recognise(frame)
        self.empty_frames = 0 if self.faces else self.empty_frames + 1

    def use_spare_time(self, frame: Frame) -> bool:
        """Look around now if a look would fall due at the next frame; `frame` is the last one scanned.

        Returns:
            Whether it looked.

        Raises:
            ModelError: A network failed.
        """
        is_due = bool(self._company.faces) and self._rested(frame, self._look_every() - self._frame_ns)
        if is_due:
            self._look(frame)
        return is_due

    @property
    def _is_watched(self) -> bool:
        in_doubt = self._company.is_alarmed or any(one.has_jumped or one.is_coasting for one in self._company.faces)
        return self._thorough or self.minds_others or in_doubt

    def _look_every(self) -> int:
        return min(self.look_every_ns, _AWAITED_EVERY_NS) if self._company.absent.awaits_one else self.look_every_ns

    def _recognise(self, frame: Frame) -> None:
        others = [other.box_xyxy for other in self._others]
        absent = self._company.absent
        hidden = absent.hidden_at(frame.captured_ns)
        for one in self._recognition.look(
            frame, self._company.faces, others, hidden, is_crowded=self.misses_one, awaits_known=absent.awaits_known
        ):
            one.renumber(self._company.new_id())
        absent.recognised(self._company.faces)

    def _rested(self, frame: Frame, enough_ns: int) -> bool:
        """Whether the last look is so long ago; also when the clock went back."""
        return self._looked_ns is None or not 0 <= frame.captured_ns - self._looked_ns < enough_ns

    def _look(self, frame: Frame) -> None:
        self._looked_ns = frame.captured_ns
        self._looks += 1
        detections = self._detect(frame, not self._company.faces)
        astray = [
            one
            for one in self._company.faces
            if one.is_astray(detections) and not self._lookout.sees(frame.image_bgr, one.box_xyxy)
        ]
        if astray:
            for one in astray:
                self._company.lose(one, frame)
            detections = self._detect(frame, True)
        self._find(frame, detections)
        self._watch(frame, detections)

    def _detect(self, frame: Frame, lost: bool) -> list[Detection]:
        is_wide = lost or self._is_watched or bool(self._others) or self._company.absent.awaits_one
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
        if len(self._company.faces) >= self.follows:
            return
        ordered = sorted(self._not_followed(detections), key=lambda one: -height(one.box_xyxy))
        ordered.sort(key=lambda one: -self._company.absent.nearness(one.box_xyxy))
        for detection in ordered[:_MOST_PLACED]:
            nearer = [one.outline for one in self._company.faces if height(one.box_xyxy) > height(detection.box_xyxy)]
            mesh = place_on(self._mesh_net, frame.image_bgr, detection, nearer)
            if mesh is None:
                continue
            box = box_around(mesh.points)
            is_followed = any(is_same_face(box, one.box_xyxy) for one in self._company.faces)
            if is_followed or self._company.is_remnant(box, frame.captured_ns):
                continue
            gone = self._company.absent.found(box, frame.captured_ns)
            self._company.welcome_back(self._company.begin(mesh, frame), gone, frame.captured_ns)
            if len(self._company.faces) >= self.follows:
                return

    def _find_coasting(self, frame: Frame, detections: list[Detection]) -> None:
        own = own_detections([one.box_xyxy for one in self._company.faces], [found.box_xyxy for found in detections])
        for index, one in enumerate(self._company.faces):
            if one.is_coasting and index in own:
                mesh = place_on(self._mesh_net, frame.image_bgr, detections[own[index]])
                if mesh is not None:
                    one.accept(mesh, frame)

    def _watch(self, frame: Frame, detections: list[Detection]) -> None:
        """Keep in mind who else is there; a detection without a mesh counts if it is sure, or if nobody is followed."""
        seen = tuple(
            TrackedFace(self._company.new_id(), None, detection.box_xyxy, _five_points(detection))
            for index, detection in enumerate(self._not_followed(detections))
            if not self._company.faces
            or detection.score >= _SURE_DETECTION
            or index >= _MOST_PLACED
            or place(self._mesh_net, frame.image_bgr, detection) is not None
        )
        boxes = np.array([one.box_xyxy for one in self._company.faces], np.float32).reshape(-1, 4)
        self._others = self._bystanders.remember(seen, boxes, frame.captured_ns) if self.minds_others else seen
        self._company.has_others = bool(self._others)

    def _not_followed(self, detections: list[Detection]) -> list[Detection]:
        """All but, for each followed face, the one detection that shows it."""
        own = own_detections([one.box_xyxy for one in self._company.faces], [found.box_xyxy for found in detections])
        taken = set(own.values())
        return [found for index, found in enumerate(detections) if index not in taken]


def _named(one: FollowedFace) -> TrackedFace:
    """The face with its person's number; who is surely recognised is surely a face."""
    face, person = one.face, one.identity.person
    if person is not None and face.state is TrackState.TENTATIVE:
        return replace(face, person=person, state=TrackState.CONFIRMED)
    return replace(face, person=person)


def _five_points(detection: Detection) -> NDArray[np.float32] | None:
    """The points for aligned crops, if the detector is one that sees them."""
    return detection.keypoints if len(detection.keypoints) == 5 else None
