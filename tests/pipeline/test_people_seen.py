"""Room: tests. Who was seen in a file is told by number, with where and when first, and what was worn."""

from __future__ import annotations

from dataclasses import replace

from mirror_app.domain.cast import Cast, with_target
from mirror_app.domain.face import TrackedFace
from mirror_app.domain.frame import Frame
from mirror_app.pipeline.people_seen import PeopleSeen
from tests.pipeline.scripted import CONTROLS, TARGET, Studio, a_face, room_with


def turn(seen: PeopleSeen, stage: Studio, index: int, *faces: TrackedFace) -> None:
    stage.tracker.now = faces
    seen.process(Frame(room_with(faces), index, index * 40_000_000))


def person(number: int | None, seat: int) -> TrackedFace:
    return replace(a_face(10 + seat, seat), person=number)


def test_everybody_is_listed_by_number_with_her_first_place_and_her_target() -> None:
    stage = Studio(replace(CONTROLS, cast=with_target(Cast(), 2, TARGET)))
    seen = PeopleSeen(stage.mirror)
    turn(seen, stage, 0, person(None, 0))
    turn(seen, stage, 1, person(2, 1))
    turn(seen, stage, 2, person(2, 0), person(1, 2))
    turn(seen, stage, 3, person(2, 2))
    assert [(one.person, one.first_ns, one.first_xy, one.frames) for one in seen.people] == [
        (1, 80_000_000, (132.5, 30.0), 1),
        (2, 40_000_000, (77.5, 60.0), 3),
    ]
    # A frame that was held back shows nobody in anything.
    assert [dict(one.worn) for one in seen.people] == [{}, {TARGET.name: 2}]
    assert seen.most_at_once == 2


def test_a_reset_reaches_the_mirror() -> None:
    stage = Studio()
    PeopleSeen(stage.mirror).reset()
    assert stage.tracker.resets == 1
