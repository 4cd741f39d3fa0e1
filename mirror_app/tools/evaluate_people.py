"""Room: tools. Judges how well several people are followed: the tracker alone, against the truth. Prints nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from mirror_app.capture.demo_people import PersonTruth
from mirror_app.domain.face import TrackedFace
from mirror_app.domain.frame import Frame
from mirror_app.domain.geometry import box_around
from mirror_app.pipeline.casting import LEAST_CONFIDENCE, MOST_FOLLOWED
from mirror_app.tools.people_clips import PeopleClip
from mirror_app.tools.people_match import FoundBox, MatchFigures, PeopleMatch

LEAST_VISIBLE: Final = 0.5
"""Who shows less of her face than this need not be found."""


class Tracker(Protocol):
    """What of `FaceTracker` is used here."""

    follows: int

    @property
    def faces(self) -> tuple[TrackedFace, ...]:
        """Those of the last frame."""

    def follow(self, frame: Frame) -> None:
        """First call of a frame."""

    def scan(self, frame: Frame) -> None:
        """Second call of a frame."""


@dataclass(frozen=True, slots=True)
class PeopleFigures:
    """How well the people of one clip were followed.

    Attributes:
        clip: Name of the clip.
        people: How many there are.
        frames: Frames run.
        match: Who was found, and under which number.
        mesh_error: Mean distance of the found mesh's points to the true ones that can be seen, as a share of the face's
            height; None = nobody was found.
        lost: Share of faces to be found that had no mesh on them.
    """

    clip: str
    people: int
    frames: int
    match: MatchFigures
    mesh_error: float | None
    lost: float


def follow_people(clip: PeopleClip, progress: Callable[[], None], tracker: Tracker) -> PeopleFigures:
    """Follow the people of one clip.

    Args:
        clip: What to look at.
        progress: Called after every frame.
        tracker: Fresh; its `follows` is set here.

    Raises:
        MirrorError: The clip cannot be read, or a network failed.
    """
    tracker.follows = MOST_FOLLOWED
    match, errors = PeopleMatch(), list[float]()
    people = frames = to_find = 0
    for shot in clip.shots():
        tracker.follow(shot.frame)
        tracker.scan(shot.frame)
        found = [face for face in tracker.faces if face.mesh is not None and face.confidence >= LEAST_CONFIDENCE]
        seen = {number: one for number, one in shot.people.items() if one.visible >= LEAST_VISIBLE}
        hidden = [
            one.box_xyxy for number, one in shot.people.items() if number not in seen and one.box_xyxy is not None
        ]
        truths = {number: one.box_xyxy for number, one in seen.items() if one.box_xyxy is not None}
        boxes = [FoundBox(face.person, box_of(face)) for face in found]
        pairs = match.add(truths, boxes, hidden)
        errors += [mesh_error(found[place], seen[number]) for number, place in pairs.items()]
        people, frames, to_find = len(shot.people), frames + 1, to_find + len(truths)
        progress()
    lost = 1 - len(errors) / to_find if to_find else 0.0
    return PeopleFigures(clip.name, people, frames, match.figures, float(np.mean(errors)) if errors else None, lost)


def box_of(face: TrackedFace) -> NDArray[np.float32]:
    """The box around the mesh, which is what the truth's boxes are around; without one, the face's own."""
    return face.box_xyxy if face.mesh is None else box_around(face.mesh.points)


def mesh_error(face: TrackedFace, truth: PersonTruth) -> float:
    """Mean distance of the mesh to the true one over the points that can be seen, as a share of the face's height."""
    if face.mesh is None or truth.mesh_points is None or truth.box_xyxy is None or not truth.visible_points.any():
        return 0.0
    apart = np.linalg.norm(face.mesh.points[:, :2] - truth.mesh_points[:, :2], axis=1)
    height = float(truth.box_xyxy[3] - truth.box_xyxy[1])
    return float(apart[truth.visible_points].mean()) / height
