"""Room: faces. The faces that are followed together: who hides whom, is lost, parted, found again. No recognition."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.face import FaceMesh
from mirror_app.domain.frame import Frame
from mirror_app.domain.geometry import box_around
from mirror_app.faces.absent import Absence, Absent
from mirror_app.faces.ahead import Ahead
from mirror_app.faces.behind import Outline, shown_share
from mirror_app.faces.followed import FollowedFace
from mirror_app.faces.lookout import Lookout
from mirror_app.faces.match import height, is_beside, is_same_face, lies_on, surprise
from mirror_app.faces.mesh import FaceMeshNet
from mirror_app.faces.placing import LEAST_KEPT
from mirror_app.faces.whole import UNKNOWN, Whole

# While nobody is known to be behind another, somebody is looked for beside one of the faces at one frame of so many.
_AWAIT_EVERY: Final = 4
# Whoever is lost where a face that is no smaller than this share of his covers a part of him went behind it.
_NEARER: Final = 0.9
_PARTLY_HIDDEN: Final = 0.85
# Of two meshes on one face the one that lies where it was expected stays, if the other is off by so many faces more.
_CLEAR: Final = 0.1

# Of so many, the network looks at each in one frame of two, and flow carries the mesh between: the error is the same
# (`tests/benchmarks/people.py`), and half the time is left for the others.
_MANY: Final = 3
_EVERY_OF_MANY: Final = 2


class Company:
    """Those in view, and those who were a moment ago."""

    def __init__(self, lookout: Lookout, mesh_net: FaceMeshNet, ahead: Ahead | None) -> None:
        self._lookout, self._mesh_net, self._ahead = lookout, mesh_net, ahead
        self._next_id = 0
        self.faces: list[FollowedFace] = []
        """The leader first."""
        self.absent = Absent()
        self.most = 1
        """So many are followed at most."""
        self.is_alarmed = False
        """Somebody was lost in this frame: the detectors must look."""
        self.has_others = False
        """Faces that are not followed were seen at the last look."""
        self.is_thorough = False
        """There is time for the network to look at everybody in every frame."""

    def forget(self) -> None:
        """The next frame comes from elsewhere."""
        self.faces, self.has_others, self.is_alarmed = [], False, False
        self.absent.forget()

    def new_id(self) -> int:
        """A number that no track had before."""
        self._next_id += 1
        return self._next_id

    def calm_down(self, now_ns: int) -> None:
        """The detectors have looked at this frame if they had to."""
        self.is_alarmed = False
        for one in self.faces:
            one.has_jumped = False
        self.absent.expire(now_ns)

    def follow(self, frame: Frame, turn: int, *, mesh_every: int, behind_things: frozenset[int]) -> None:
        """Move all meshes on to this frame, or lose them.

        Args:
            frame: The picture.
            turn: Its number.
            mesh_every: The network looks at each face in every frame of so many.
            behind_things: Track ids of the faces that something is in front of.

        Raises:
            ModelError: A network failed.
        """
        if len(self.faces) > max(self.most, 1):
            del self.faces[max(self.most, 1) :]
            self.is_alarmed = True
        fronts: list[Outline] = []
        lost = []
        # The nearer ones first: what they hide of the others is known then.
        ordered = sorted(self.faces, key=lambda each: -height(each.box_xyxy))
        free = {one.track_id for one in ordered if stands_free(one, ordered)}
        if len(ordered) >= _MANY and not self.is_thorough and self._is_calm:
            mesh_every = max(mesh_every, _EVERY_OF_MANY)
        # Where one may hide another, flow would carry the mesh from one to the other.
        resting = {one.track_id for place, one in enumerate(ordered) if (turn + place) % mesh_every != 0} & free
        self._look_ahead(ordered, frame, resting, free)
        for one in ordered:
            may_rest, is_behind = one.track_id in resting, one.track_id in behind_things
            if one.follow(frame, self._mesh_net, fronts, may_rest=may_rest, is_behind=is_behind):
                fronts.append(one.outline)
            else:
                lost.append(one)
        for one in lost:
            self.lose(one, frame)
        for one, other in list(combinations(self.faces, 2)):
            if one in self.faces and other in self.faces and is_same_face(one.box_xyxy, other.box_xyxy):
                self._part(one, other, frame)

    @property
    def _is_calm(self) -> bool:
        """Whether everybody is known, and nobody is awaited: recognition needs meshes of the network's own."""
        return not self.absent.all and all(one.identity.person is not None for one in self.faces)

    def _look_ahead(
        self, ordered: Sequence[FollowedFace], frame: Frame, resting: AbstractSet[int], free: AbstractSet[int]
    ) -> None:
        """Begin what can be done beside the first face's network: flow for it alone, or the others' own looks."""
        for one in ordered:
            one.is_alone = len(ordered) == 1
        if self._ahead is None:
            return
        for one in ordered if len(ordered) == 1 else ordered[1:]:
            by_flow = one.is_alone or one.track_id in resting
            if one.track_id in free:
                one.look_ahead(frame, self._ahead, by_flow=by_flow)

    def lose(self, one: FollowedFace, frame: Frame) -> None:
        """It is not where it was: it went behind somebody or out of the picture, or it is missed."""
        led = one is self.faces[0]
        self.faces.remove(one)
        self.is_alarmed = True
        if led:
            self.faces.sort(key=lambda other: -height(other.box_xyxy))
        now = one.place_now(frame.captured_ns)
        nearer = [other.outline for other in self.faces if height(other.box_xyxy) > _NEARER * height(now)]
        if one.is_cut_off or (nearer and shown_share(now, nearer) < _PARTLY_HIDDEN):
            self.absent.lost(one, self.new_id(), frame.captured_ns, is_hidden=True)
        elif one.is_confirmed and self.faces and not self.has_others and one.leaves(frame):
            self.absent.lost(one, self.new_id(), frame.captured_ns, is_leaving=True)
        elif self.has_others or (self.faces and one.is_confirmed):
            self.absent.lost(one, self.new_id(), frame.captured_ns)

    def _part(self, one: FollowedFace, other: FollowedFace, frame: Frame) -> None:
        """Two meshes lie on one face: whose it is stays; the other went behind it."""
        stays, goes = sorted((one, other), key=lambda each: surprise(each.expected_xyxy, each.box_xyxy))
        margin = surprise(goes.expected_xyxy, goes.box_xyxy) - surprise(stays.expected_xyxy, stays.box_xyxy)
        self.faces.remove(goes)
        self.is_alarmed = True
        if goes.is_confirmed:
            self.absent.lost(goes, self.new_id(), frame.captured_ns, is_hidden=True)
        stays.identity.doubt()
        if margin < _CLEAR and goes.is_confirmed:
            stays.identity.disown()
            stays.renumber(self.new_id())

    def look_for_absent(self, frame: Frame, turn: int) -> None:
        """Look for those who are out of sight where they should be, and for anybody beside one of those in front."""
        now_ns = frame.captured_ns
        for absence in self.absent.all:
            if absence.is_elsewhere and turn % 2:
                continue
            found = self._seek(frame, absence.place(now_ns), absence.one.whole)
            if found is not None:
                self.welcome_back(found, absence, now_ns)
        if self.absent.awaits_one:
            self._seek_beside(self.faces[turn % len(self.faces)], frame)
        elif turn % _AWAIT_EVERY == 0:
            self._seek_beside(self.faces[turn // _AWAIT_EVERY % len(self.faces)], frame)
        self.absent.cover([one.outline for one in self.faces], frame.image_bgr.shape, now_ns)

    def is_remnant(self, box_xyxy: NDArray[np.float32], now_ns: int) -> bool:
        """Whether a mesh in this box lies on what is to be seen of one who is hidden, beside whoever is in front."""
        gone = self.absent.found(box_xyxy, now_ns)
        if gone is None or not gone.is_hidden or gone.is_elsewhere or not lies_on(box_xyxy, gone.place(now_ns)):
            return False
        is_beside_one = any(is_beside(box_xyxy, other.box_xyxy) for other in self.faces)
        return is_beside_one and gone.one.whole.is_only_part(box_xyxy, LEAST_KEPT)

    def _seek_beside(self, front: FollowedFace, frame: Frame) -> None:
        """Somebody may stand behind her who was never seen."""
        found = self._seek(frame, front.box_xyxy)
        if found is not None:
            gone = self.absent.found(found.box_xyxy, frame.captured_ns)
            self.welcome_back(found, gone, frame.captured_ns)

    def welcome_back(self, found: FollowedFace, absence: Absence | None, now_ns: int) -> None:
        """This face is probably that one's who was out of sight, if there is one."""
        if absence is None:
            return
        self.absent.returned(absence, found)
        if absence.is_due_back(now_ns):
            found.whole = absence.one.whole if absence.is_hidden else found.whole
            found.identity.expect(absence.person)

    def _seek(self, frame: Frame, place_xyxy: NDArray[np.float32], whole: Whole = UNKNOWN) -> FollowedFace | None:
        """Follow whoever is at or near a place and not followed yet, however little is to be seen beside the others."""
        if len(self.faces) >= self.most:
            return None
        fronts = [one.outline for one in self.faces]
        mesh = self._lookout.seek(self._mesh_net, frame.image_bgr, place_xyxy, fronts, whole)
        if mesh is None:
            return None
        box = box_around(mesh.points)
        is_followed = any(is_same_face(box, one.box_xyxy) for one in self.faces)
        return None if is_followed or self.is_remnant(box, frame.captured_ns) else self.begin(mesh, frame)

    def begin(self, mesh: FaceMesh, frame: Frame) -> FollowedFace:
        """Follow a face that was found here."""
        found = FollowedFace(self.new_id())
        found.accept(mesh, frame)
        self.faces.append(found)
        return found


def stands_free(one: FollowedFace, among: Sequence[FollowedFace]) -> bool:
    """Whether nobody else is so close that one may hide a part of the other."""
    return not any(is_beside(one.box_xyxy, other.box_xyxy) for other in among if other is not one)
