"""Room: tests. A recogniser is asked about a copy of the face, rests, and breaks without breaking anything else."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.domain.errors import ModelError
from mirror_app.domain.templates import crop_from_landmarks
from mirror_app.faces.protocol import Recogniser
from mirror_app.faces.recogniser_desk import RecogniserDesk
from mirror_app.faces.signature import Signature
from tests.faces.recognisers import Giving, Later, unit

LOOKED = Signature(np.zeros((4, 3), np.float32), np.ones(4, np.float32), np.zeros(3, np.float32))
POINTS = np.array([[138, 152], [174, 152], [156, 172], [142, 192], [171, 192]], np.float32)
PICTURE = np.random.default_rng(1).integers(0, 256, (480, 640, 3)).astype(np.uint8)


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def answers(desk: RecogniserDesk) -> bool:
    """Whether it is ready now; it may be otherwise a moment later."""
    return desk.is_ready


def opened(recogniser: Recogniser) -> RecogniserDesk:
    desk = RecogniserDesk(lambda: recogniser)
    assert desk.is_ready
    return desk


def test_nothing_is_opened_until_it_is_wanted_and_then_once() -> None:
    count = []

    def open_it() -> Recogniser:
        count.append(1)
        return Giving(unit(7))

    desk = RecogniserDesk(open_it)
    assert not count
    assert desk.is_ready
    assert desk.is_ready
    assert len(count) == 1


class Cropper:
    """Keeps what ArcFace's crop of the face would be; says who the last one was."""

    def __init__(self) -> None:
        self.crops: list[NDArray[np.uint8]] = []
        self.pixels = 0

    def embed(self, image_bgr: NDArray[np.uint8], landmarks: NDArray[np.float32]) -> NDArray[np.float32]:
        self.pixels = image_bgr.size
        crop = cv2.warpAffine(image_bgr, crop_from_landmarks(landmarks, "arcface_112_v2", 112), (112, 112))
        self.crops.append(np.asarray(crop, np.uint8))
        return unit(len(self.crops))


@pytest.mark.parametrize("shift", [(0, 0), (-130, -140), (440, 270)])
@pytest.mark.parametrize("roll", [0.0, 0.8])
def test_what_is_copied_of_the_picture_holds_the_whole_crop(shift: tuple[int, int], roll: float) -> None:
    turn = np.array([[np.cos(roll), np.sin(roll)], [-np.sin(roll), np.cos(roll)]], np.float32)
    middle = POINTS.mean(0)
    points = ((POINTS - middle) @ turn + middle + np.array(shift)).astype(np.float32)
    cropper = Cropper()
    desk = opened(cropper)
    desk.ask(1, LOOKED, PICTURE, points)
    wanted = Cropper()
    wanted.embed(PICTURE, points)
    assert np.abs(cropper.crops[-1].astype(int) - wanted.crops[0]).max() <= 24, "within the noise of interpolation"
    assert cropper.pixels < PICTURE.size


def test_the_answer_comes_once_with_the_track_and_the_look_that_were_asked_about() -> None:
    desk = opened(Giving(unit(7)))
    desk.ask(31, LOOKED, PICTURE, POINTS)
    answer = desk.take_answer()
    assert answer is not None
    assert (answer.track_id, answer.looked) == (31, LOOKED)
    np.testing.assert_array_equal(answer.embedding, unit(7))
    assert desk.take_answer() is None


BROKEN: list[tuple[Any, str]] = [
    (ModelError("The network failed."), "The network failed."),
    (RuntimeError("boom"), "RuntimeError"),
    (np.full(512, np.nan, np.float32), "no vector of length 1"),
    (np.zeros(512, np.float32), "no vector of length 1"),
    (unit(1) * 3, "no vector of length 1"),
    (unit(1)[None], "no vector of length 1"),
    (None, "AttributeError"),
]


@pytest.mark.parametrize(("answer", "why"), BROKEN, ids=[why for _, why in BROKEN])
def test_a_recogniser_that_breaks_gives_no_answer_and_is_out_of_use_after_three_with_a_sentence(
    answer: Any, why: str
) -> None:
    desk = opened(Giving(answer))
    for _ in range(3):
        assert desk.is_ready
        assert not desk.trouble
        desk.ask(1, LOOKED, PICTURE, POINTS)
        assert desk.take_answer() is None
    assert not desk.is_ready
    assert why in desk.trouble


@pytest.mark.parametrize(("answer", "why"), BROKEN, ids=[why for _, why in BROKEN])
def test_a_recogniser_that_is_broken_from_the_start_is_never_asked_about_anybody(answer: Any, why: str) -> None:
    desk = RecogniserDesk(lambda: Giving(answer, good=1))
    assert not desk.is_ready
    assert not desk.is_free(is_urgent=True)
    assert why in desk.trouble


def test_a_network_that_says_the_same_of_everything_is_not_believed() -> None:
    desk = RecogniserDesk(lambda: Giving(unit(4), good=0))
    assert not desk.is_ready
    assert "says the same of every picture" in desk.trouble


def test_one_failure_between_answers_is_forgiven() -> None:
    giving = Giving(unit(1))
    desk = opened(giving)
    for broken in (True, True, False, True, True, False):
        giving.answer = RuntimeError() if broken else unit(1)
        desk.ask(1, LOOKED, PICTURE, POINTS)
        assert (desk.take_answer() is None) == broken
    assert desk.is_ready


def test_landmarks_that_are_no_numbers_are_not_shown_to_it() -> None:
    giving = Giving(unit(1))
    desk = opened(giving)
    desk.ask(1, LOOKED, PICTURE, POINTS * np.float32(np.nan))
    assert giving.calls == 2
    assert desk.is_ready


def test_beside_the_picture_nobody_waits_for_it_and_it_rests_longer_than_it_works() -> None:
    clock, later = Clock(), Later()

    class Slow(Giving):
        def embed(self, image_bgr: NDArray[np.uint8], landmarks: NDArray[np.float32]) -> NDArray[np.float32]:
            clock.now += 0.3
            return super().embed(image_bgr, landmarks)

    desk = RecogniserDesk(lambda: Slow(unit(7)), later, clock)
    assert not answers(desk)
    later.work()
    assert answers(desk)
    desk.ask(1, LOOKED, PICTURE, POINTS)
    assert desk.take_answer() is None
    assert not desk.is_free(is_urgent=True)
    later.work()
    assert desk.take_answer() is not None
    frees = []
    for seconds in (0.2, 0.15, 0.75, 0.15):
        clock.now += seconds
        frees.append((desk.is_free(is_urgent=True), desk.is_free(is_urgent=False)))
    assert frees == [(False, False), (True, False), (True, False), (True, True)]


def test_where_an_answer_does_not_come_the_mirror_goes_on_without_until_it_does() -> None:
    clock, later = Clock(), Later()
    desk = RecogniserDesk(lambda: Giving(unit(7)), later, clock)
    assert not answers(desk)
    later.work()
    assert answers(desk)
    desk.ask(1, LOOKED, PICTURE, POINTS)
    clock.now += 1.9
    assert answers(desk)
    clock.now += 0.2
    assert not answers(desk)
    later.work()
    assert desk.take_answer() is not None
    assert answers(desk)


def test_it_works_in_another_thread_and_lets_go_of_it() -> None:
    with ThreadPoolExecutor(1) as executor:
        desk = RecogniserDesk(lambda: Giving(unit(7)), executor)
        while not answers(desk):
            assert not desk.trouble
        desk.ask(1, LOOKED, PICTURE, POINTS)
        answer = None
        while answer is None:
            answer = desk.take_answer()
    np.testing.assert_array_equal(answer.embedding, unit(7))
