"""Room: swap. Lets a slow engine work at some frames only, and has its patches carried through the others."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from mirror_app.domain.assignment import Assignment
from mirror_app.domain.face import TrackState
from mirror_app.domain.frame import Frame
from mirror_app.domain.patch import FacePatch
from mirror_app.swap.carry import CarriedPatch
from mirror_app.swap.key_change import FaceLook
from mirror_app.swap.protocol import Swapper
from mirror_app.swap.wrapped import WrappedSwapper

# A mesh less sure than this may lie beside its face, and a patch carried by it too.
_LEAST_CONFIDENCE: Final = 0.5
# Whatever is older shows another moment.
_OLDEST_NS: Final = 500_000_000


class KeyFrameSwapper(WrappedSwapper):
    """Has the inner engine make a face anew at every n-th frame, and whenever it changed too much to be carried.

    Between these key frames the last patch moves with the mesh: each pixel comes from where its skin was in the key
    frame, brightened or dimmed as the live skin is. Where that cannot be vouched for the inner engine works.

    Attributes:
        every: n; 1 = the inner engine makes every patch. May be changed between frames.
        made: How many patches the inner engine made for the last frame.
    """

    def __init__(self, inner: Swapper) -> None:
        """Work as the swapper inside does."""
        super().__init__(inner)
        self.every = 1
        self.made = 0
        self._keys: dict[int, _Key] = {}
        self._resting: list[CarriedPatch] = []

    def generate(self, frame: Frame, assignments: Sequence[Assignment]) -> list[FacePatch]:
        """Make or carry the patches; see `Swapper.generate`."""
        self._forget_all_but({one.live_face.track_id for one in assignments} if self.every > 1 else set())
        if self.every <= 1:
            self.made = len(assignments)
            return self._inner.generate(frame, assignments)
        looks = [_look(frame, one) for one in assignments]
        carried = self._carried(frame, assignments, looks)
        places = [place for place in range(len(assignments)) if place not in carried]
        self.made = len(places)
        fresh = self._made(frame, assignments, looks, places) if places else {}
        return [carried[place] if place in carried else fresh[place] for place in range(len(assignments))]

    def _carried(
        self, frame: Frame, assignments: Sequence[Assignment], looks: Sequence[FaceLook | None]
    ) -> dict[int, FacePatch]:
        """The patches, by place, that need not be made."""
        ages: dict[int, int] = {}
        for place, (one, look) in enumerate(zip(assignments, looks, strict=True)):
            key = self._keys.get(one.live_face.track_id)
            if key is not None and look is not None and key.serves(frame, one, look):
                key.age += 1
                ages[place] = key.age
        # Among several faces the oldest come first, no more in one frame than it takes to have them all in n frames.
        turns = math.ceil(len(assignments) / self.every) - (len(assignments) - len(ages))
        due = sorted((place for place in ages if ages[place] >= self.every), key=lambda place: -ages[place])
        for place in due[: max(turns, 0)]:
            del ages[place]
        found = {place: self._keys[assignments[place].live_face.track_id].at(frame, looks[place]) for place in ages}
        return {place: patch for place, patch in found.items() if patch is not None}

    def _made(
        self,
        frame: Frame,
        assignments: Sequence[Assignment],
        looks: Sequence[FaceLook | None],
        places: Sequence[int],
    ) -> dict[int, FacePatch]:
        """New patches, by place, from the inner engine."""
        chosen = [assignments[place] for place in places]
        for one in chosen:
            self._forget(one.live_face.track_id)
        patches = self._inner.generate(frame, chosen)
        for place, one, patch in zip(places, chosen, patches, strict=True):
            look = looks[place]
            # Where the mesh is a guess, the patch may lie beside it.
            is_seen = one.live_face.state is not TrackState.COASTING
            if look is not None and is_seen and patch.valid and patch.backdrop is None:
                room = self._resting.pop() if self._resting else CarriedPatch()
                self._keys[one.live_face.track_id] = _Key(room, frame, one, look, patch)
        return dict(zip(places, patches, strict=True))

    def _forget_all_but(self, track_ids: set[int]) -> None:
        for track_id in self._keys.keys() - track_ids:
            self._forget(track_id)

    def _forget(self, track_id: int) -> None:
        key = self._keys.pop(track_id, None)
        if key is not None:
            self._resting.append(key.patch)


class _Key:
    """The last patch that was made for a track, and for what."""

    def __init__(
        self, room: CarriedPatch, frame: Frame, assignment: Assignment, look: FaceLook, patch: FacePatch
    ) -> None:
        room.remember(patch, look.points)
        self.patch, self.age = room, 0
        self._look, self._assignment, self._time_ns = look, assignment, frame.captured_ns
        self._frame_shape = frame.image_bgr.shape

    def serves(self, frame: Frame, now: Assignment, look: FaceLook) -> bool:
        """Whether it is the same wish, and the face near enough."""
        then = self._assignment
        return (
            now.target is then.target
            and (now.likeness, now.glasses, now.kept) == (then.likeness, then.glasses, then.kept)
            and frame.image_bgr.shape == self._frame_shape
            and 0 <= frame.captured_ns - self._time_ns <= _OLDEST_NS
            and look.change_since(self._look) < 1
        )

    def at(self, frame: Frame, look: FaceLook | None) -> FacePatch | None:
        """The patch, carried to this frame."""
        if look is None:
            return None
        height, width = frame.image_bgr.shape[:2]
        return self.patch.at(look.points, (height, width), look.log_gain_since(self._look))


def _look(frame: Frame, assignment: Assignment) -> FaceLook | None:
    """The face as it is; None where the mesh cannot be trusted."""
    mesh = assignment.live_face.mesh
    if mesh is None or assignment.live_face.confidence < _LEAST_CONFIDENCE or not np.isfinite(mesh.points).all():
        return None
    return FaceLook(mesh.points, frame.image_bgr)
