"""Room: tools. Counts whose face carries a target when one person is chosen and strangers are about. Prints nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from mirror_app.capture.demo_people import PeopleFrame, PersonTruth
from mirror_app.domain.assignment import Others
from mirror_app.domain.cast import Cast, Wearers, with_target
from mirror_app.domain.face import TrackedFace
from mirror_app.domain.frame import PendingFrame
from mirror_app.domain.target import TargetFace
from mirror_app.faces.detect import overlap
from mirror_app.pipeline.result import MirrorControls, MirrorResult
from mirror_app.tools.evaluate_people import LEAST_VISIBLE, box_of
from mirror_app.tools.people_clips import PeopleClip

# A target on a face of which so little can be seen is on whoever hides it.
_LEAST_SHOWN: Final = 0.25
_LEAST_OVERLAP: Final = 0.4
_CHOSEN: Final = 1


class CastMirror(Protocol):
    """What of `MirrorPipeline` is used here."""

    controls: MirrorControls

    def process(self, pending: PendingFrame, /) -> MirrorResult:
        """Turn one frame into a result; never raises for a bad frame."""

    def reset(self) -> None:
        """Forget the frames before."""


@dataclass(frozen=True, slots=True)
class StrangerFigures:
    """Who wore the target.

    Attributes:
        frames: Frames since the person was chosen.
        with_strangers: Those in which a stranger could be seen.
        wrong: Faces of strangers that carried the target.
        visible: Frames in which the chosen one could be seen.
        recognised: Those in which she was found under her number.
        swapped: Those in which she carried the target.
    """

    frames: int
    with_strangers: int
    wrong: int
    visible: int
    recognised: int
    swapped: int

    @property
    def swapped_share(self) -> float:
        """Share of the frames in which she could be seen and carried it."""
        return self.swapped / max(self.visible, 1)


def wear_among_strangers(
    clip: PeopleClip, mirror: CastMirror, target: TargetFace, progress: Callable[[], None]
) -> StrangerFigures:
    """Choose the first person as soon as she has a number, and count who wears the target from then on.

    Args:
        clip: What the mirror sees; person 1 is to wear the target.
        mirror: Its controls are set here.
        target: What she wears.
        progress: Called after every frame.
    """
    mirror.reset()
    cast, chosen = Cast(Wearers.CHOSEN), None
    counts = dict.fromkeys(("frames", "with_strangers", "wrong", "visible", "recognised", "swapped"), 0)
    for shot in clip.shots():
        mirror.controls = MirrorControls(target, cast, label_on=False, others=Others.BLUR)
        result = mirror.process(shot.frame)
        if chosen is None:
            chosen = next((face.person for face in result.faces if whose(face, shot.people) == _CHOSEN), None)
            cast = cast if chosen is None else with_target(cast, chosen, target)
        else:
            for name, number in _counted(shot, result, chosen).items():
                counts[name] += number
        progress()
    return StrangerFigures(**counts)


def _counted(shot: PeopleFrame, result: MirrorResult, chosen: int) -> dict[str, int]:
    owners = {face.track_id: whose(face, shot.people) for face in result.faces}
    is_visible = shot.people[_CHOSEN].visible >= LEAST_VISIBLE
    hers = [face for face in result.faces if owners[face.track_id] == _CHOSEN]
    return {
        "frames": 1,
        "with_strangers": any(one.visible > 0 for number, one in shot.people.items() if number != _CHOSEN),
        "wrong": sum(owners[track_id] != _CHOSEN for track_id in result.worn if track_id in owners),
        "visible": is_visible,
        "recognised": is_visible and any(face.person == chosen for face in hers),
        "swapped": is_visible and any(face.track_id in result.worn for face in hers),
    }


def whose(face: TrackedFace, people: Mapping[int, PersonTruth]) -> int | None:
    """The number of the person on whose face this is; None = on nobody who can be seen."""
    box = box_of(face)
    shared = {
        number: overlap(box, one.box_xyxy)
        for number, one in people.items()
        if one.box_xyxy is not None and one.visible >= _LEAST_SHOWN
    }
    best = max(shared, key=lambda number: shared[number], default=None)
    return best if best is not None and shared[best] >= _LEAST_OVERLAP else None
