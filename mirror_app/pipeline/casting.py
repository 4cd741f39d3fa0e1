"""Room: pipeline. Who wears which target in this frame, and what hides those who wear none. Lets nothing out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Final

import numpy as np

from mirror_app.compose.pixelate import pixelate
from mirror_app.domain.assignment import Assignment
from mirror_app.domain.cast import Wearers
from mirror_app.domain.face import TrackedFace, TrackState
from mirror_app.domain.frame import RenderedFrame
from mirror_app.domain.target import TargetFace
from mirror_app.pipeline.result import MirrorControls, Unsafe
from mirror_app.render.fades import box_to_hide

LEAST_CONFIDENCE: Final = 0.5
"""Below this nobody can say that a mesh lies on its face: nothing is put there, and the guard decides."""
MOST_FOLLOWED: Final = 6
"""So many faces are followed with a mesh where more than one may wear a target."""


class Bare(Enum):
    """Why a face wears nothing."""

    OTHER = auto()
    """It is not its turn: another one is the one, or this person was not chosen."""
    UNKNOWN = auto()
    """Only chosen people wear something, and who this is, is not sure."""
    NO_MESH = auto()
    """It was seen but is not followed."""
    UNSURE = auto()
    """Where it is in this frame is not sure."""
    NO_TARGET = auto()
    """The swap is off, or no target was picked."""

    @property
    def can_be_hidden(self) -> bool:
        """Whether it is known where the face is, so that pixels may cover it instead of a target."""
        return self in (Bare.OTHER, Bare.UNKNOWN, Bare.NO_MESH)


@dataclass(frozen=True, slots=True, eq=False)
class Casting:
    """What becomes of the faces of one frame; each of them is in exactly one of both.

    Attributes:
        assignments: The faces that wear a target, in the order of the faces.
        bare: By track_id, why the others wear none.
    """

    assignments: tuple[Assignment, ...]
    bare: Mapping[int, Bare]

    def complaint(self, wearers: Wearers, covered_ids: frozenset[int]) -> Unsafe | None:
        """What to tell the user where a face stays bare; None = what the guard says of its own accord."""
        if wearers is Wearers.ONE:
            return None
        left = {why for track_id, why in self.bare.items() if track_id not in covered_ids}
        return Unsafe.NOT_CHOSEN if left & {Bare.OTHER, Bare.UNKNOWN} else Unsafe.NOT_COVERED

    def to_hide(self, faces: Sequence[TrackedFace]) -> tuple[TrackedFace, ...]:
        """Those of the faces that are not meant to wear a target, where pixels may cover them instead."""
        return tuple(face for face in faces if (why := self.bare.get(face.track_id)) and why.can_be_hidden)

    def worn(self, rendered: RenderedFrame) -> dict[int, str]:
        """By track_id, the name of the target that covers the face in this frame."""
        return {
            one.live_face.track_id: one.target.name
            for one in self.assignments
            if one.live_face.track_id in rendered.covered_ids
        }


def followed_by(wearers: Wearers) -> int:
    """How many faces have to be followed with a mesh."""
    return 1 if wearers is Wearers.ONE else MOST_FOLLOWED


def cast_faces(faces: Sequence[TrackedFace], controls: MirrorControls) -> Casting:
    """Give each face its target, or a reason why it wears none.

    Args:
        faces: All that were found, the leader first, see `FaceTracker.faces`.
        controls: What the user chose.
    """
    # Nobody is in two places: where two faces count as one person, or one track, one of them is somebody else.
    persons = Counter(face.person for face in faces if face.person is not None)
    tracks = Counter(face.track_id for face in faces)
    assignments: list[Assignment] = []
    bare: dict[int, Bare] = {}
    for place, face in enumerate(faces):
        if tracks[face.track_id] > 1:
            bare[face.track_id] = Bare.UNSURE
            continue
        is_known = face.person is not None and persons[face.person] == 1 and face.state is not TrackState.TENTATIVE
        part = _part_of(face, controls, leads=place == 0, is_known=is_known)
        if isinstance(part, Bare):
            bare[face.track_id] = part
        else:
            assignments.append(Assignment(face, part, controls.likeness, controls.glasses, controls.kept))
    return Casting(tuple(assignments), bare)


def _part_of(face: TrackedFace, controls: MirrorControls, *, leads: bool, is_known: bool) -> TargetFace | Bare:
    if why_against(controls) is not None:
        return Bare.NO_TARGET
    if face.mesh is None:
        return Bare.NO_MESH
    # Asked this way round, a confidence that is no number counts as none.
    if not face.confidence >= LEAST_CONFIDENCE:
        return Bare.UNSURE
    cast = controls.cast
    if cast.wearers is Wearers.CHOSEN:
        if face.person is None or not is_known:
            return Bare.UNKNOWN
        return cast.targets.get(face.person, Bare.OTHER)
    if cast.wearers is Wearers.ONE and not leads:
        return Bare.OTHER
    return controls.target or Bare.NO_TARGET


def with_others_hidden(rendered: RenderedFrame, hidden: Sequence[TrackedFace], wearers: Wearers) -> RenderedFrame:
    """The frame with everybody pixelated who is not meant to wear a target.

    While nobody wears one it stays as it is, and the guard holds it back; unless people were chosen by hand, of whom
    none may be there.

    Args:
        rendered: Drawn on.
        hidden: Who is to be pixelated. Whoever of them wore a target just before may still be covered: the renderer
            takes that away step by step.
        wearers: How the people are picked.
    """
    if not rendered.covered_ids and wearers is not Wearers.CHOSEN:
        return rendered
    added = set()
    for face in hidden:
        box = box_to_hide(face)
        # Where neither box nor mesh says where the face is, pixels hide nothing.
        is_somewhere = bool(np.isfinite(box).all() and (box[2:] > box[:2]).all())
        if is_somewhere and face.track_id not in rendered.covered_ids:
            pixelate(rendered.image_bgr, box)
            added.add(face.track_id)
    return replace(rendered, covered_ids=rendered.covered_ids | added) if added else rendered


def why_against(controls: MirrorControls) -> Unsafe | None:
    """Why no frame may leave, whoever is in it; None = it depends on the faces."""
    if not controls.swap_on:
        return Unsafe.SWAP_OFF
    cast = controls.cast
    has_target = bool(cast.targets) if cast.wearers is Wearers.CHOSEN else controls.target is not None
    return None if has_target else Unsafe.NO_TARGET
