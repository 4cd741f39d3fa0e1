"""Room: tests. Judging how people are followed, chosen and lit, with trackers and mirrors that are scripted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.capture.demo_people import PeopleFrame, PersonTruth
from mirror_app.domain.cast import Wearers
from mirror_app.domain.face import FaceMesh, TrackedFace
from mirror_app.domain.frame import Frame, PendingFrame
from mirror_app.domain.geometry import box_around
from mirror_app.pipeline.result import MirrorControls, MirrorResult
from mirror_app.tools.evaluate_lamp import follow_lamp, lamp_figures, mean_colour
from mirror_app.tools.evaluate_people import PeopleFigures, follow_people
from mirror_app.tools.evaluate_strangers import StrangerFigures, wear_among_strangers
from mirror_app.tools.people_clips import FPS, LAMP, LAMP_EVERY_S, PeopleClip, demo_clip, lamp_at, lamp_held
from mirror_app.tools.people_limits import people_limits_broken
from tests.fakes import result_of
from tests.portrait import plain_target

_FRAMES = 40
_OVAL = np.random.default_rng(3).uniform(-1, 1, (468, 3)).astype(np.float32)
_PICTURE = np.zeros((90, 160, 3), np.uint8)
_HIDES_FROM, _HIDES_TO = 20, 30


def _points(x: float, y: float = 45.0) -> NDArray[np.float32]:
    return _OVAL * np.float32(10) + np.array([x, y, 0], np.float32)


def _truth(x: float | None, visible: float = 1.0) -> PersonTruth:
    if x is None:
        return PersonTruth(None, None, 0.0, np.zeros(468, np.bool_))
    points = _points(x)
    return PersonTruth(points, box_around(points), visible, np.arange(468) < 468 * visible)


def _shots() -> Iterator[PeopleFrame]:
    """One stands at 40; from frame 20 to 29 a stranger stands before her, who else is at 110."""
    for index in range(_FRAMES):
        is_hidden = _HIDES_FROM <= index < _HIDES_TO
        people = {1: _truth(40, 0.1 if is_hidden else 1.0), 2: _truth(42 if is_hidden else 110)}
        yield PeopleFrame(Frame(_PICTURE, index, index * 33_000_000), people)


_CLIP = PeopleClip("two", _FRAMES, _shots)


def _face(track_id: int, x: float, person: int | None, *, confidence: float = 1.0) -> TrackedFace:
    points = _points(x)
    return TrackedFace(track_id, FaceMesh(points, 1.0), box_around(points), confidence=confidence, person=person)


Script = Callable[[int], Sequence[TrackedFace]]


class ScriptedTracker:
    """Says what a script says."""

    def __init__(self, script: Script) -> None:
        self.follows = 1
        self.faces: tuple[TrackedFace, ...] = ()
        self._script = script

    def follow(self, frame: Frame) -> None:
        self.faces = tuple(self._script(frame.index))

    def scan(self, frame: Frame) -> None:
        assert self.follows == 6


def _right(index: int) -> list[TrackedFace]:
    hidden = _HIDES_FROM <= index < _HIDES_TO
    return [_face(5, 42, 2)] if hidden else [_face(4, 40, 1), _face(5, 110, 2)]


def _followed(script: Script) -> PeopleFigures:
    return follow_people(_CLIP, lambda: None, ScriptedTracker(script))


def test_a_tracker_that_is_right_has_no_faults_and_a_hidden_face_need_not_be_found() -> None:
    figures = _followed(_right)
    assert (figures.people, figures.frames, figures.match.truths) == (2, _FRAMES, 2 * _FRAMES - 10)
    assert figures.match.mota == figures.match.idf1 == 1
    assert figures.mesh_error == pytest.approx(0)
    assert figures.lost == 0


def test_numbers_that_are_taken_over_lost_faces_and_a_mesh_beside_are_each_noticed() -> None:
    def taken_over(index: int) -> list[TrackedFace]:
        return [replace(face, person=face.person if index < 35 else 6) for face in _right(index)]

    switched = _followed(taken_over)
    assert switched.match.switches == 2
    unsure = _followed(lambda index: [replace(face, confidence=0.4) for face in _right(index)])
    assert unsure.lost == 1
    assert unsure.mesh_error is None
    beside = _followed(lambda index: [_face(face.track_id, face.box_xyxy[[0, 2]].mean() + 1, face.person)
                                      for face in _right(index)])  # fmt: skip
    assert beside.mesh_error is not None
    assert beside.mesh_error == pytest.approx(0.05, rel=0.1), "one px of about twenty"


class ScriptedMirror:
    """Sees what a script says, and swaps whoever is in the cast, or whomever another script says."""

    def __init__(self, script: Script, worn: Callable[[int], Mapping[int, str]] | None = None) -> None:
        self.controls = MirrorControls()
        self._script, self._worn = script, worn

    def reset(self) -> None:
        """Nothing to forget."""

    def process(self, pending: PendingFrame, /) -> MirrorResult:
        frame = pending.decode()
        cast, faces = self.controls.cast, tuple(self._script(frame.index))
        assert cast.wearers is Wearers.CHOSEN
        worn = {face.track_id: "target" for face in faces if face.person in cast.targets}
        return replace(result_of(frame), faces=faces, worn=worn if self._worn is None else self._worn(frame.index))


def _worn(script: Script, worn: Callable[[int], Mapping[int, str]] | None = None) -> StrangerFigures:
    return wear_among_strangers(_CLIP, ScriptedMirror(script, worn), plain_target(), lambda: None)


def test_the_chosen_one_is_swapped_whenever_she_can_be_seen_and_nobody_else() -> None:
    figures = _worn(_right)
    assert figures.wrong == 0
    assert figures.frames == _FRAMES - 1, "in the first frame she is chosen"
    assert figures.visible == figures.swapped == figures.recognised == _FRAMES - 11
    assert figures.with_strangers == _FRAMES - 1
    assert figures.swapped_share == 1


@pytest.mark.parametrize(
    ("worn", "wrong"),
    [
        (lambda _: {5: "target"}, _FRAMES - 1),
        (lambda index: {4: "target"} if index < _HIDES_FROM else {5: "target"}, 20),
        (lambda _: {}, 0),
    ],
    ids=["always the stranger", "whoever stands in front", "nobody"],
)
def test_a_stranger_who_wears_the_target_is_counted(worn: Callable[[int], Mapping[int, str]], wrong: int) -> None:
    figures = _worn(_right, worn)
    assert figures.wrong == wrong
    assert figures.swapped < figures.visible


def test_a_target_that_stays_where_she_is_hidden_is_on_the_stranger() -> None:
    def stuck(index: int) -> list[TrackedFace]:
        return [_face(4, 40, 1)]

    assert _worn(stuck).wrong == _HIDES_TO - _HIDES_FROM


def _lamp(settle: float, overshoot: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Colours after a switch from 100 to 50: what goes on comes near with a time constant in seconds."""
    every = round(LAMP_EVERY_S * FPS)
    time = np.arange(every) / FPS
    late = np.exp(-time / settle) if settle else np.zeros(every)
    after = 50 + 50 * late - 50 * overshoot * (time < 0.1)
    going, known = np.concatenate([np.full(every, 100.0), after]), np.repeat([100.0, 50.0], every)
    return np.repeat(going[:, None], 3, 1), np.repeat(known[:, None], 3, 1)


@pytest.mark.parametrize(
    ("settle", "overshoot", "settled_s"), [(0.0, 0.0, 0.0), (0.1, 0.0, 0.23), (0.4, 0.0, 0.92), (0.0, 0.3, 0.1)]
)
def test_settling_and_overshoot_are_those_of_the_curve(settle: float, overshoot: float, settled_s: float) -> None:
    figures = lamp_figures(*_lamp(settle, overshoot), round(LAMP_EVERY_S * FPS))
    assert figures.switches == 1
    assert figures.settling_s == pytest.approx(settled_s, abs=0.04)
    assert figures.overshoot == pytest.approx(overshoot, abs=0.01)


def test_a_face_that_loses_its_swap_has_not_settled() -> None:
    going, known = _lamp(0.0, 0.0)
    going[-5] = np.nan
    assert lamp_figures(going, known, round(LAMP_EVERY_S * FPS)).settling_s > LAMP_EVERY_S - 0.3


class LitMirror:
    """Swaps at once in the light there is; what it has known for less than a second it shows too dark."""

    def __init__(self, late_s: float) -> None:
        self.controls = MirrorControls()
        self._late, self._frames, self._levels = round(late_s * FPS), 0, [0.0]

    def reset(self) -> None:
        self._frames, self._levels = 0, []

    def process(self, pending: PendingFrame, /) -> MirrorResult:
        frame = pending.decode()
        self._frames += 1
        self._levels.append(float(frame.image_bgr.mean()))
        level = self._levels[max(len(self._levels) - 1 - self._late, 0)] - max(FPS - self._frames, 0)
        preview = np.full_like(frame.image_bgr, round(level))
        return replace(result_of(frame), preview_bgr=preview, worn={1: "target"})


def _lit(first: int, frames: int, light: Callable[[int], int]) -> PeopleClip:
    def shots() -> Iterator[PeopleFrame]:
        for index in range(first, first + frames):
            picture = np.full((90, 160, 3), light(index), np.uint8)
            yield PeopleFrame(Frame(picture, index, index * 33_000_000), {1: _truth(40)})

    return PeopleClip("lit", frames, shots)


@pytest.mark.parametrize("late_s", [0.0, 0.3])
def test_a_lamp_is_compared_with_what_a_mirror_shows_that_has_long_known_its_light(late_s: float) -> None:
    every = round(LAMP_EVERY_S * FPS)
    levels, seconds = (200, 100, 180), list[float]()

    def held(from_s: float) -> PeopleClip:
        seconds.append(from_s)
        at = round(from_s * FPS)
        return _lit(at - every, 2 * every, lambda _: levels[at // every])

    clip = _lit(0, 3 * every, lambda index: levels[index // every])
    figures = follow_lamp(clip, held, (LitMirror(late_s), LitMirror(late_s)), plain_target(), lambda: None)
    assert seconds == [LAMP_EVERY_S, 2 * LAMP_EVERY_S]
    assert figures.switches == 2
    assert figures.settling_s == pytest.approx(late_s)


def test_a_lamp_held_shows_the_moments_around_a_change_in_the_light_that_it_brings() -> None:
    clip = lamp_held(3 * LAMP_EVERY_S)
    first = next(clip.shots())
    assert clip.frames == 2 * LAMP_EVERY_S * FPS
    assert first.frame.index == 2 * LAMP_EVERY_S * FPS
    held = first.frame.image_bgr.reshape(-1, 3).mean(0)
    usual = next(demo_clip("as ever", LAMP, 0.1, 2 * LAMP_EVERY_S).shots()).frame.image_bgr.reshape(-1, 3).mean(0)
    assert np.allclose(held / usual, lamp_at(3 * LAMP_EVERY_S).exposure_bgr, atol=0.05)


def test_the_colour_of_a_face_is_that_inside_its_oval() -> None:
    picture = np.full((90, 160, 3), 7, np.uint8)
    picture[30:60, 20:60] = (10, 20, 30)
    assert np.allclose(mean_colour(picture, _points(40)), (10, 20, 30))


def test_every_switch_of_the_lamp_changes_the_light_and_between_them_it_is_steady() -> None:
    lights = [lamp_at(index / FPS) for index in range(round(4 * LAMP_EVERY_S * FPS))]
    changes = [index for index in range(1, len(lights)) if lights[index] != lights[index - 1]]
    assert changes == [60, 120, 180]


def test_what_is_worse_than_it_must_be_is_named() -> None:
    good = _followed(_right)
    assert people_limits_broken([good], _worn(_right), None) == []
    worse = _followed(lambda index: _right(index)[:1])
    sentences = people_limits_broken(
        [worse], _worn(_right, lambda _: {5: "target"}), lamp_figures(*_lamp(0.4, 0.0), 60)
    )
    assert [sentence.split(" is ")[0] for sentence in sentences] == [
        "two: MOTA", "two: IDF1", "strangers: wrong", "strangers: swapped", "lamp: settling",
    ]  # fmt: skip
