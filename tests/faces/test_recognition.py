"""Room: tests. With a recogniser people keep their number in another light; it is asked seldom, believed with care."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.domain.face import FaceMesh
from mirror_app.domain.frame import Frame
from mirror_app.domain.templates import five_landmarks
from mirror_app.faces.mesh import MeshCrop
from mirror_app.faces.people import Identity, People
from mirror_app.faces.protocol import Recogniser
from mirror_app.faces.recogniser_desk import RecogniserDesk
from mirror_app.faces.signature import ALIKE, UNLIKE, Signature, distance
from mirror_app.faces.track import FaceTracker
from tests.faces.recognisers import Giving, Later, NoseReader, like, unit
from tests.faces.scripted import STUDIO_HW, ScriptedDetector, ScriptedMeshNet, detection_at, mesh_at
from tests.portrait import FRAME_NS

HIGH = 130.0


@dataclass
class Actor:
    """Somebody; `look` is what she looks like in this light, `who` what a recogniser would say."""

    who: int
    look: int
    x: float
    y: float = 180.0
    high: float = HIGH


class Studio:
    """A tracker that follows six, in a room with painted people."""

    def __init__(self, recogniser: Recogniser | None, *actors: Actor, executor: Later | None = None) -> None:
        self.actors = list(actors)
        self.eyes, self.net = ScriptedDetector(), ScriptedMeshNet()
        self.net.answer = self._answer
        self.desk = None if recogniser is None else RecogniserDesk(lambda: recogniser, executor)
        self.tracker = FaceTracker(self.eyes, self.eyes, self.net, recogniser=self.desk)
        self.tracker.follows = 6
        self.now_ns = 0
        self.executor, self.is_at_work = executor, False

    def _answer(self, crop: MeshCrop) -> FaceMesh | None:
        away = [float(np.hypot(one.x - crop.centre_xy[0], one.y - crop.centre_xy[1])) for one in self.actors]
        if not away or min(away) > HIGH / 2:
            return None
        return _mesh(self.actors[int(np.argmin(away))])

    def turn(self, frames: int = 1) -> list[int | None]:
        """The numbers, from left to right, after so many frames."""
        for _ in range(frames):
            if self.executor is not None and self.is_at_work:
                self.executor.work()
            self.now_ns += FRAME_NS
            self.eyes.found = [detection_at((one.x, one.y), one.high) for one in self.actors]
            frame = Frame(_picture(self.actors), 0, self.now_ns)
            self.tracker.follow(frame)
            self.tracker.scan(frame)
        return [face.person for face in sorted(self.tracker.faces, key=lambda one: float(one.box_xyxy[0]))]


def _mesh(one: Actor) -> FaceMesh:
    return mesh_at((one.x, one.y), one.high)


def _picture(actors: list[Actor]) -> NDArray[np.uint8]:
    image = np.full((*STUDIO_HW, 3), 90, np.uint8)
    for one in sorted(actors, key=lambda each: each.high):
        x0, y0 = round(one.x - one.high / 2), round(one.y - one.high / 2)
        side = round(one.high)
        skin = np.random.default_rng(one.look).integers(30, 226, (8, 8, 3)).astype(np.uint8)
        image[y0 : y0 + side, x0 : x0 + side] = cv2.resize(skin, (side, side), interpolation=cv2.INTER_CUBIC)
        nose = five_landmarks(_mesh(one).points)[2]
        x, y = np.rint(nose).astype(int)
        image[y - 2 : y + 3, x - 2 : x + 3, 0] = one.who
    return image


def leaves_and_returns(studio: Studio, changed: Callable[[Actor], Actor]) -> tuple[list[int | None], list[int | None]]:
    """The numbers before the first one leaves for three seconds, and after she is back, changed."""
    before = studio.turn(25)
    gone = studio.actors.pop(0)
    studio.turn(100)
    studio.actors.insert(0, changed(gone))
    return before, studio.turn(40)


def in_another_light(one: Actor) -> Actor:
    return replace(one, look=one.look + 100)


def test_who_comes_back_in_another_light_has_her_number_with_a_recogniser_and_a_new_one_without() -> None:
    people = Actor(1, 1, 150), Actor(2, 2, 480)
    assert leaves_and_returns(Studio(None, *people), in_another_light) == ([1, 2], [3, 2])
    assert leaves_and_returns(Studio(NoseReader(), *people), in_another_light) == ([1, 2], [1, 2])


def test_another_person_who_looks_the_same_gets_a_number_of_her_own_with_a_recogniser() -> None:
    people = Actor(1, 1, 150), Actor(2, 2, 480)
    before, after = leaves_and_returns(Studio(NoseReader(), *people), lambda one: replace(one, who=9))
    assert (before, after) == ([1, 2], [3, 2])


def test_a_light_that_changes_while_she_is_followed_leaves_her_number() -> None:
    studio = Studio(NoseReader(), Actor(1, 1, 150), Actor(2, 2, 480))
    assert studio.turn(40) == [1, 2]
    studio.actors[0] = in_another_light(studio.actors[0])
    shown = [studio.turn()[0] for _ in range(60)]
    assert set(shown) <= {1, None}
    assert shown[15:] == [1] * 45, "the recogniser is asked within a fifth of a second"


def test_whoever_the_mesh_goes_over_to_is_not_shown_under_the_number() -> None:
    studio = Studio(NoseReader(), Actor(1, 1, 150), Actor(2, 2, 480))
    studio.turn(40)
    studio.actors[0] = Actor(9, 9, 150)
    shown = [studio.turn()[0] for _ in range(90)]
    assert shown.count(1) <= 10, "looks are taken three times a second"
    assert shown[-1] == 3


def test_people_who_are_known_are_shown_to_it_once_a_second_each() -> None:
    reader = NoseReader()
    studio = Studio(reader, Actor(1, 1, 110), Actor(2, 2, 320), Actor(3, 3, 530))
    assert studio.turn(45) == [1, 2, 3]
    reader.asked.clear()
    studio.turn(120)
    counted = Counter(reader.asked)
    assert set(counted) == {1, 2, 3}
    assert max(counted.values()) <= 4
    assert min(counted.values()) >= 3


def test_whoever_cannot_be_named_is_soon_asked_about_less() -> None:
    reader = NoseReader()
    studio = Studio(reader, Actor(1, 1, 150), Actor(2, 2, 480))
    assert studio.turn(25) == [1, 2]
    # Neither the one nor the other, nor surely somebody new.
    reader.says = lambda number: like(1, 0.35) if number == 9 else unit(number)
    studio.actors[0] = Actor(9, 9, 150)
    studio.tracker.reset()
    reader.asked.clear()
    assert studio.turn(70) == [None, 2]
    asked = reader.asked.count(9)
    studio.turn(90)
    assert (asked, reader.asked.count(9) - asked) == (10, 3)


def test_without_anybody_to_tell_apart_it_is_not_even_opened() -> None:
    opened = []

    def open_it() -> Recogniser:
        opened.append(1)
        return NoseReader()

    studio = Studio(None, Actor(1, 1, 150))
    studio.tracker = FaceTracker(studio.eyes, studio.eyes, studio.net, recogniser=RecogniserDesk(open_it))
    studio.turn(30)
    assert not opened
    studio.tracker.follows = 6
    studio.turn()
    assert opened


def test_small_faces_are_not_shown_to_it_and_numbered_as_without_one() -> None:
    reader = NoseReader()
    studio = Studio(reader, Actor(1, 1, 150, high=50), Actor(2, 2, 480))
    assert studio.turn(40) == [1, 2]
    assert 2 in reader.asked
    assert 1 not in reader.asked


def test_who_stands_behind_a_nearer_face_is_not_shown_to_it() -> None:
    reader = NoseReader()
    studio = Studio(reader, Actor(1, 1, 200), Actor(2, 2, 420, high=150))
    assert studio.turn(40) == [1, 2]
    reader.asked.clear()
    studio.actors[1] = replace(studio.actors[1], x=310)
    studio.turn(40)
    assert 2 in reader.asked
    assert 1 not in reader.asked


@pytest.mark.parametrize(
    "answer", [RuntimeError("boom"), np.full(512, np.nan, np.float32), np.ones((1, 7), np.float32)]
)
@pytest.mark.parametrize("good", [0, 2])
def test_a_recogniser_that_breaks_leaves_what_is_without_one_and_is_told(answer: object, good: int) -> None:
    people = Actor(1, 1, 150), Actor(2, 2, 480)
    studio = Studio(Giving(answer, good), *people)
    assert leaves_and_returns(studio, lambda one: one) == ([1, 2], [1, 2])
    assert studio.desk is not None
    assert "because the recogniser cannot be used" in studio.desk.trouble


def test_a_recogniser_that_breaks_later_leaves_the_numbers_it_gave() -> None:
    reader = NoseReader()
    studio = Studio(reader, Actor(1, 1, 150), Actor(2, 2, 480))
    assert studio.turn(25) == [1, 2]
    reader.says = lambda number: np.full(512, np.inf, np.float32)
    assert leaves_and_returns(studio, lambda one: one) == ([1, 2], [1, 2])
    assert studio.desk is not None
    assert "because the recogniser cannot be used" in studio.desk.trouble


def test_beside_the_picture_people_are_numbered_as_without_it_until_it_is_open() -> None:
    reader = NoseReader()
    studio = Studio(reader, Actor(1, 1, 150), Actor(2, 2, 480), executor=Later())
    assert studio.turn(20) == [1, 2]
    assert not reader.asked
    studio.is_at_work = True
    assert [studio.turn() for _ in range(20)] == [[1, 2]] * 20
    assert leaves_and_returns(studio, in_another_light) == ([1, 2], [1, 2])


def test_an_answer_about_a_face_that_looks_otherwise_by_now_names_nobody() -> None:
    reader, later = NoseReader(), Later()
    studio = Studio(reader, Actor(1, 1, 150), Actor(2, 2, 480), executor=later)
    studio.is_at_work = True
    assert studio.turn(40) == [1, 2]
    reader.says = lambda number: unit(1 if number == 7 else number)
    for look in range(40, 70):
        # Whoever was asked about went, and another is in the same place when the answer comes.
        studio.actors[0] = Actor(7, look, 150)
        assert studio.turn()[0] is None or look < 52, "known ones are looked at three times a second"
    assert reader.asked.count(7) > 2


@pytest.mark.parametrize(
    ("cosine", "named", "kept"),
    [(0.9, True, True), (0.5, True, True), (0.43, False, True), (0.3, False, True), (0.15, False, False)],
)
def test_a_name_is_given_at_a_cosine_of_045_and_kept_by_whoever_was_followed_at_028(
    cosine: float, named: bool, kept: bool
) -> None:
    people = People()
    alice = people.welcome(_said(unit(1)))
    people.welcome(_said(unit(2)))
    seen = _said(like(1, cosine))
    assert (people.who(seen, ()) == alice) == named
    assert people.still_is(alice, seen) == kept


@pytest.mark.parametrize(("cosine", "least", "most"), [(1, 0, 0), (0.45, ALIKE, ALIKE), (0.2, UNLIKE, UNLIKE)])
def test_cosines_stand_for_distances(cosine: float, least: float, most: float) -> None:
    apart = distance(_said(unit(1)), _said(like(1, cosine)))
    assert apart is not None
    assert least - 1e-6 <= apart <= most + 1e-6


def test_embeddings_of_two_kinds_are_not_compared() -> None:
    one, other = _said(unit(1)), _said(unit(1)[:128])
    assert distance(one, other) == distance(replace(one, embedding=None), other)


def test_a_mere_look_takes_nothing_back_that_the_recogniser_said() -> None:
    people, identity = People(), Identity()
    for _ in range(3):
        identity.see(_said(unit(1)), people, ())
    assert (identity.person, identity.is_vouched) == (1, True)
    identity.see(_said(unit(9)), people, ())
    assert number_of(identity) is None
    assert identity.glance(_said(None), people, ())
    assert number_of(identity) is None, "it looks like her, but the recogniser says that it is another"
    identity.see(_said(unit(1)), people, ())
    assert number_of(identity) == 1


def test_a_newcomer_whom_it_does_not_know_is_numbered_as_soon_as_without_it() -> None:
    people, identity = People(), Identity()
    identity.see(_said(unit(1)), people, ())
    for _ in range(4):
        assert not identity.glance(_said(None), people, ())
    assert not identity.glance(_said(None), people, (), is_clear=False)
    assert number_of(identity) is None
    assert identity.glance(_said(None), people, ())
    assert number_of(identity) == 1
    assert people.who(_said(unit(2)), ()) == 0, "her embedding is known, too"


def test_whoever_it_did_not_speak_of_or_who_may_be_another_by_now_is_not_numbered_by_a_mere_look() -> None:
    people, unasked, doubted = People(), Identity(), Identity()
    doubted.see(_said(unit(1)), people, ())
    doubted.doubt()
    for _ in range(20):
        assert not unasked.glance(_said(None), people, ())
        assert not doubted.glance(_said(None), people, ())


def test_a_doubt_makes_a_question_urgent_and_the_look_of_a_moment_ago_counts() -> None:
    people, identity = People(), Identity()
    for _ in range(3):
        identity.see(_said(unit(1)), people, ())
    identity.doubt()
    assert number_of(identity) is None
    vouched = [identity.is_vouched]
    lit = replace(_said(unit(1)), pattern=-_said(None).pattern)
    assert identity.see(lit, people, ())
    assert [*vouched, identity.is_vouched] == [False, True]
    assert identity.glance(replace(lit, embedding=None), people, ())
    assert identity.person == 1


def test_only_what_is_surely_hers_is_learned_of_what_it_says() -> None:
    people = People()
    alice = people.welcome(_said(unit(1)))
    for _ in range(40):
        people.learn(alice, _said(like(1, 0.3)))
    apart = distance(people._looks[alice], _said(unit(1)))
    assert apart == pytest.approx(0, abs=1e-5)


def number_of(identity: Identity) -> int | None:
    """Her number now; it may be another after the next look."""
    return identity.person


def _said(embedding: NDArray[np.float32] | None) -> Signature:
    pattern = np.random.default_rng(1).normal(0, 1, (400, 3)).astype(np.float32)
    return Signature(pattern, np.ones(400, np.float32), np.zeros(3, np.float32), embedding)
