"""Room: tests. Who wears what: nobody by mistake, nobody twice, and whoever is not surely known wears nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import nan
from typing import Any, Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirror_app.domain.assignment import Glasses, LivePart, Others
from mirror_app.domain.cast import Cast, Wearers, with_target, without
from mirror_app.domain.face import TrackedFace, TrackState
from mirror_app.domain.frame import RenderedFrame
from mirror_app.pipeline.casting import (
    LEAST_CONFIDENCE,
    MOST_FOLLOWED,
    Bare,
    cast_faces,
    followed_by,
    why_against,
    with_others_hidden,
)
from mirror_app.pipeline.result import MirrorControls, MirrorState, Unsafe
from tests.pipeline.scripted import BARE_BGR, CONTROLS, SEATS, TARGET, Studio, a_face, room_with, shows

ANNA: Final = replace(TARGET, name="anna")
BERT: Final = replace(TARGET, name="bert")
CHOSEN: Final = replace(CONTROLS, cast=with_target(with_target(Cast(), 1, ANNA), 2, BERT))
ALL: Final = replace(CONTROLS, cast=Cast(Wearers.ALL))


def known(track_id: int, person: int | None, seat: int = 0, **changes: Any) -> TrackedFace:
    """A face of a person who is followed."""
    return replace(a_face(track_id, seat), person=person, **changes)


def worn(faces: list[TrackedFace], controls: MirrorControls) -> dict[int, str]:
    """The target's name by track."""
    return {one.live_face.track_id: one.target.name for one in cast_faces(faces, controls).assignments}


@pytest.mark.parametrize(
    ("controls", "expected"),
    [
        (CONTROLS, {7: TARGET.name}),
        (ALL, {7: TARGET.name, 8: TARGET.name, 9: TARGET.name}),
        (CHOSEN, {8: "bert", 9: "anna"}),
        (replace(CHOSEN, target=None), {8: "bert", 9: "anna"}),
        (replace(ALL, target=None), {}),
        (replace(CONTROLS, swap_on=False), {}),
        (replace(CHOSEN, swap_on=False), {}),
        (replace(CHOSEN, cast=Cast(Wearers.CHOSEN)), {}),
        # Whoever was chosen wears the picked face like everybody else while everybody wears one.
        (replace(CHOSEN, cast=replace(CHOSEN.cast, wearers=Wearers.ALL)), dict.fromkeys((7, 8, 9), TARGET.name)),
    ],
)
def test_who_wears_what(controls: MirrorControls, expected: dict[int, str]) -> None:
    assert worn([known(7, 3), known(8, 2, 1), known(9, 1, 2)], controls) == expected


@pytest.mark.parametrize("controls", [CONTROLS, ALL, CHOSEN])
@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"mesh": None}, Bare.NO_MESH),
        ({"confidence": LEAST_CONFIDENCE - 0.01}, Bare.UNSURE),
        ({"confidence": nan}, Bare.UNSURE),
    ],
)
def test_nothing_is_put_where_no_face_is_sure_to_be(
    controls: MirrorControls, changes: dict[str, Any], why: Bare
) -> None:
    casting = cast_faces([known(4, 1, **changes)], controls)
    assert (casting.assignments, casting.bare) == ((), {4: why})


@pytest.mark.parametrize(
    ("face", "why"),
    [
        (known(4, None), Bare.UNKNOWN),
        (known(4, 1, state=TrackState.TENTATIVE), Bare.UNKNOWN),
        (known(4, 3), Bare.OTHER),
    ],
)
def test_of_chosen_people_only_those_who_are_surely_recognised_wear_something(face: TrackedFace, why: Bare) -> None:
    casting = cast_faces([face], CHOSEN)
    assert (casting.assignments, casting.bare) == ((), {4: why})


@pytest.mark.parametrize("state", [TrackState.CONFIRMED, TrackState.COASTING])
def test_a_chosen_person_is_covered_while_her_face_is_carried_on(state: TrackState) -> None:
    assert worn([known(4, 1, state=state, confidence=LEAST_CONFIDENCE)], CHOSEN) == {4: "anna"}


def test_the_leader_alone_wears_the_face_even_if_another_one_could() -> None:
    assert worn([known(4, 1, mesh=None), known(5, 2, 1)], CONTROLS) == {}
    casting = cast_faces([known(4, 1), known(5, 2, 1)], CONTROLS)
    assert casting.bare == {5: Bare.OTHER}


def test_where_two_faces_count_as_one_person_neither_wears_her_target() -> None:
    assert worn([known(4, 1), known(5, 1, 1), known(6, 2, 2)], CHOSEN) == {6: "bert"}


@pytest.mark.parametrize("controls", [CONTROLS, ALL, CHOSEN])
def test_where_two_faces_have_one_number_neither_counts_as_covered(controls: MirrorControls) -> None:
    stage = Studio(replace(controls, others=Others.BLUR))
    result = stage.turn(known(4, 1), known(4, 2, 1))
    assert result.state is MirrorState.SHIELD
    assert result.worn == {}


@st.composite
def some_faces(draw: st.DrawFn) -> list[TrackedFace]:
    """Up to eight, in any state; track numbers mostly differ."""
    made = []
    for number in range(draw(st.integers(0, 8))):
        face = a_face(draw(st.sampled_from([number, number, number, 0])), number % len(SEATS))
        made.append(
            replace(
                face,
                mesh=draw(st.sampled_from([face.mesh, face.mesh, None])),
                state=draw(st.sampled_from(list(TrackState))),
                confidence=draw(st.sampled_from([0.0, 0.49, 0.5, 1.0, nan]) | st.floats(0, 1)),
                person=draw(st.none() | st.integers(1, 5)),
            )
        )
    return made


casts = st.builds(Cast, st.sampled_from(Wearers), st.dictionaries(st.integers(1, 5), st.sampled_from([ANNA, BERT])))


@given(some_faces(), casts, st.booleans(), st.sampled_from([TARGET, None]))
def test_nobody_wears_what_nobody_gave_them(
    faces: list[TrackedFace], cast: Cast, swap_on: bool, target: object
) -> None:
    controls = MirrorControls(target=target, cast=cast, swap_on=swap_on)  # type: ignore[arg-type]
    casting = cast_faces(faces, controls)
    ids = [one.live_face.track_id for one in casting.assignments]
    assert len(ids) == len(set(ids))
    assert set(ids) | set(casting.bare) == {face.track_id for face in faces}
    assert not set(ids) & set(casting.bare)
    assert len(ids) <= 1 or cast.wearers is not Wearers.ONE
    persons = [one.live_face.person for one in casting.assignments]
    for one in casting.assignments:
        face = one.live_face
        assert swap_on
        assert face.mesh is not None
        assert face.confidence >= 0.5
        if cast.wearers is Wearers.CHOSEN:
            assert face.person is not None
            assert one.target is cast.targets[face.person]
            assert face.state is not TrackState.TENTATIVE
            assert persons.count(face.person) == 1
        else:
            assert one.target is target


@given(some_faces(), casts, st.booleans(), st.integers(0, 255))
def test_whoever_counts_as_hidden_is_hidden_and_whoever_should_wear_a_face_is_not(
    faces: list[TrackedFace], cast: Cast, has_target: bool, failing: int
) -> None:
    casting = cast_faces(faces, MirrorControls(target=TARGET if has_target else None, cast=cast))
    covered = frozenset(
        one.live_face.track_id for one in casting.assignments if not failing >> one.live_face.track_id & 1
    )
    bare = room_with(faces)
    hidden = with_others_hidden(RenderedFrame(bare, 0, 0, covered), casting.to_hide(faces), cast.wearers)
    assert casting.worn(RenderedFrame(bare, 0, 0, covered)).keys() == covered
    added = hidden.covered_ids - covered
    assert all(casting.bare[track_id].can_be_hidden for track_id in added)
    assert not added or covered or cast.wearers is Wearers.CHOSEN


def noisy_room() -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.random.default_rng(1).integers(0, 255, (120, 160, 3), dtype=np.uint8)


@pytest.mark.parametrize("with_mesh", [True, False])
def test_pixels_hide_the_box_and_the_mesh_wherever_they_lie(with_mesh: bool) -> None:
    face = replace(a_face(5, 1, with_mesh=with_mesh), person=3)
    # A box that holds only a corner of the mesh, as while a smoothed box lags behind.
    face = replace(face, box_xyxy=face.box_xyxy[[0, 1, 0, 1]] + np.array([0, 0, 12, 12], np.float32))
    image = noisy_room()
    rendered = RenderedFrame(image.copy(), 0, 0, frozenset())
    hidden = with_others_hidden(rendered, cast_faces([face], CHOSEN).to_hide([face]), Wearers.CHOSEN)
    assert hidden.covered_ids == {5}
    points = face.box_xyxy.reshape(2, 2) if face.mesh is None else face.mesh.points[:, :2]
    x0, y0 = np.minimum(points.min(0), face.box_xyxy[:2]).astype(int)
    x1, y1 = np.maximum(points.max(0), face.box_xyxy[2:]).astype(int)
    assert (hidden.image_bgr[y0:y1, x0:x1] == image[y0:y1, x0:x1]).mean() < 0.05


@pytest.mark.parametrize("box", [(nan,) * 4, (5, 5, 5, 5), (30, 30, 10, 10), (0, 0, float("inf"), 9)])
def test_a_face_whose_place_is_no_place_does_not_count_as_hidden(box: tuple[float, ...]) -> None:
    face = replace(a_face(5, with_mesh=False), box_xyxy=np.array(box, np.float32))
    stage = Studio(replace(CHOSEN, others=Others.BLUR))
    result = stage.turn(replace(face, box_xyxy=a_face(5).box_xyxy))
    assert result.state is MirrorState.LIVE
    hidden = cast_faces([face], CHOSEN).to_hide([face])
    assert hidden == (face,)
    assert not with_others_hidden(RenderedFrame(room_with([]), 0, 0, frozenset()), hidden, Wearers.CHOSEN).covered_ids


@pytest.mark.parametrize("others", list(Others))
@pytest.mark.parametrize(
    ("people", "live", "says"),
    [
        ([known(1, 1), known(2, 2, 1)], (True, True), None),
        ([known(1, 1), known(2, 3, 1)], (False, True), Unsafe.NOT_CHOSEN),
        ([known(1, 1), known(2, None, 1)], (False, True), Unsafe.NOT_CHOSEN),
        ([known(1, None)], (False, True), Unsafe.NOT_CHOSEN),
        ([known(1, 3), known(2, None, 1), known(3, None, 2, mesh=None)], (False, True), Unsafe.NOT_CHOSEN),
        ([known(1, 1, confidence=0.4), known(2, 2, 1)], (False, False), Unsafe.NOT_COVERED),
        ([known(1, 3, confidence=0.4), known(2, 2, 1)], (False, False), Unsafe.NOT_COVERED),
        ([known(1, 1, mesh=None), known(2, 2, 1)], (False, True), Unsafe.NOT_COVERED),
    ],
    ids=["both", "stranger", "unknown", "nobody known", "crowd", "unsure", "stranger unsure", "without mesh"],
)
def test_a_picture_leaves_when_everybody_in_it_is_covered_or_hidden(
    people: list[TrackedFace], live: tuple[bool, bool], says: Unsafe | None, others: Others
) -> None:
    result = Studio(replace(CHOSEN, others=others)).turn(*people)
    may = live[list(Others).index(others)]
    assert result.state is (MirrorState.LIVE if may else MirrorState.SHIELD)
    assert result.unsafe is (None if may else says)
    assert result.state is MirrorState.LIVE or not shows(result.safe.image_bgr, BARE_BGR)
    assert set(result.worn.values()) <= {"anna", "bert"}


@pytest.mark.parametrize("others", list(Others))
@pytest.mark.parametrize("controls", [CONTROLS, ALL, CHOSEN])
def test_whoever_should_wear_a_face_and_does_not_is_never_shown_nor_only_pixelated(
    controls: MirrorControls, others: Others
) -> None:
    stage = Studio(replace(controls, others=others))
    stage.renderer.failing = {2}
    result = stage.turn(known(2, 1), known(3, 2, 1))
    assert result.state is MirrorState.SHIELD
    assert 2 not in result.worn


@pytest.mark.parametrize("frames", [1, 3])
@pytest.mark.parametrize(("others", "state"), [(Others.SHIELD, MirrorState.HOLD), (Others.BLUR, MirrorState.LIVE)])
def test_a_chosen_person_who_is_not_recognised_for_a_moment_is_held_or_pixelated(
    others: Others, state: MirrorState, frames: int
) -> None:
    stage = Studio(replace(CHOSEN, others=others))
    assert stage.turn(known(1, 1)).state is MirrorState.LIVE
    for _ in range(frames):
        result = stage.turn(known(1, None))
        assert (result.state, result.worn) == (state, {})
        # One even colour stays what it is in a block; what blocks do to a face is looked at above.
        assert others is Others.BLUR or not shows(result.safe.image_bgr, BARE_BGR)
    again = stage.turn(known(1, 1))
    assert (again.state, again.worn) == (MirrorState.LIVE, {1: "anna"})


@pytest.mark.parametrize(("wearers", "count"), [(Wearers.ONE, 1), (Wearers.ALL, 6), (Wearers.CHOSEN, 6)])
def test_only_as_many_faces_are_followed_as_may_wear_something(wearers: Wearers, count: int) -> None:
    stage = Studio(replace(CHOSEN, cast=replace(CHOSEN.cast, wearers=wearers)))
    stage.turn(known(1, 1))
    assert stage.tracker.follows == followed_by(wearers) == count <= MOST_FOLLOWED


@pytest.mark.parametrize(
    ("controls", "reason"),
    [
        (CHOSEN, None),
        (replace(CHOSEN, target=None), None),
        (replace(CHOSEN, cast=without(without(CHOSEN.cast, 1), 2)), Unsafe.NO_TARGET),
        (replace(CONTROLS, target=None), Unsafe.NO_TARGET),
        (replace(ALL, target=None), Unsafe.NO_TARGET),
        (replace(CHOSEN, swap_on=False), Unsafe.SWAP_OFF),
    ],
)
def test_without_a_face_to_wear_nothing_leaves(controls: MirrorControls, reason: Unsafe | None) -> None:
    assert why_against(controls) is reason
    assert Studio(controls).turn(known(1, 1)).unsafe is reason


def test_how_a_face_is_worn_goes_along() -> None:
    look = replace(ALL, likeness=0.3, glasses=Glasses.REPLACE, kept=frozenset({LivePart.EYES}))
    for one in cast_faces([known(1, 1), known(2, 2, 1)], look).assignments:
        assert (one.likeness, one.glasses, one.kept) == (0.3, Glasses.REPLACE, frozenset({LivePart.EYES}))


@pytest.mark.parametrize(
    ("change", "targets"),
    [
        (lambda cast: with_target(cast, 1, BERT), {1: "bert", 2: "bert"}),
        (lambda cast: with_target(cast, 5, ANNA), {1: "anna", 2: "bert", 5: "anna"}),
        (lambda cast: without(cast, 2), {1: "anna"}),
        (lambda cast: without(cast, 9), {1: "anna", 2: "bert"}),
    ],
)
def test_a_cast_is_changed_by_making_another_one(change: Callable[[Cast], Cast], targets: dict[int, str]) -> None:
    changed = change(CHOSEN.cast)
    assert {person: face.name for person, face in changed.targets.items()} == targets
    assert changed.wearers is Wearers.CHOSEN
    assert {person: face.name for person, face in CHOSEN.cast.targets.items()} == {1: "anna", 2: "bert"}
    with pytest.raises(TypeError):
        changed.targets[1] = ANNA  # type: ignore[index]
