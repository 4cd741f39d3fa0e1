"""Room: tests. Whatever becomes of the chosen engine, somebody covers the face."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.domain.assignment import Assignment
from mirror_app.domain.errors import ModelError
from mirror_app.domain.frame import Frame
from mirror_app.domain.patch import FacePatch
from mirror_app.domain.sentence import Sentence
from mirror_app.swap.failover import FailoverSwapper
from tests.swap.neural import networks

FRAME = networks.frame_of(networks.picture(64, 64))
HERE = networks.landmarks_at((32, 32), 30)
PHOTO, PAINTED = networks.target(networks.view(1)), networks.target(name="mona-lisa")
GOOD, BAD = True, False


class Scripted:
    """Answers each face with a patch whose only pixel says who made it; `act` may say otherwise."""

    device = "Test card"
    trouble = aside = ""

    def __init__(self, engine: str, grey: int, act: Callable[[int], bool] = lambda turn: GOOD) -> None:
        self.engine, self.grey, self.act = engine, grey, act
        self.turn = 0
        self.asked: list[int] = []

    def generate(self, frame: Frame, assignments: Sequence[Assignment]) -> list[FacePatch]:
        self.asked.append(len(assignments))
        valid = self.act(self.turn)
        self.turn += 1
        image, alpha = np.full((1, 1, 3), self.grey, np.uint8), np.ones((1, 1), np.float32)
        return [FacePatch(image, alpha, (0, 0), valid=valid) for _ in assignments]


def failing(error: Exception) -> Callable[[int], bool]:
    def act(turn: int) -> bool:
        if turn >= 2:
            raise error
        return GOOD

    return act


def run(swapper: FailoverSwapper, *assignments: Assignment) -> list[tuple[int, bool]]:
    return [(int(patch.image_bgr[0, 0, 0]), patch.valid) for patch in swapper.generate(FRAME, assignments)]


def neural_and_mesh(act: Callable[[int], bool] = lambda turn: GOOD) -> tuple[FailoverSwapper, Scripted, Scripted]:
    first, rest = Scripted("neural", 1, act), Scripted("mesh", 2)
    return FailoverSwapper(first, rest, "Neural 1"), first, rest


def test_while_all_is_well_the_first_does_everything() -> None:
    swapper, _, rest = neural_and_mesh()
    assert run(swapper, networks.wear(HERE, PHOTO, 1), networks.wear(HERE, PHOTO, 2)) == [(1, True), (1, True)]
    assert (swapper.engine, swapper.trouble, swapper.aside) == ("neural", "", "")
    assert rest.asked == []


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (ModelError("The network {name} failed: {why}", name="plain", why="no memory"), "no memory"),
        (ValueError("secret"), "ValueError"),
        (MemoryError(), "MemoryError"),
    ],
)
def test_an_engine_that_throws_is_out_of_use_at_once_and_the_same_frame_is_covered(error: Exception, why: str) -> None:
    swapper, first, _ = neural_and_mesh(failing(error))
    one = networks.wear(HERE, PHOTO)
    made = [run(swapper, one) for _ in range(6)]
    assert made == [[(1, True)]] * 2 + [[(2, True)]] * 4
    assert len(first.asked) == 3
    assert (swapper.engine, swapper.device) == ("mesh", "Test card")
    assert isinstance(swapper.trouble, Sentence)
    assert why in swapper.trouble
    assert swapper.trouble.startswith("Neural 1 failed")
    assert "secret" not in swapper.trouble


def test_painted_targets_are_covered_by_the_other_without_that_being_trouble() -> None:
    swapper, first, _ = neural_and_mesh()
    assert run(swapper, networks.wear(HERE, PAINTED)) == [(2, True)]
    assert (swapper.engine, swapper.trouble, first.asked) == ("mesh", "", [])
    assert "Neural 1 needs a photo" in swapper.aside
    assert isinstance(swapper.aside, Sentence)
    assert run(swapper, networks.wear(HERE, PHOTO)) == [(1, True)]
    assert (swapper.engine, swapper.aside) == ("neural", "")


def test_patches_keep_their_order_when_both_work() -> None:
    swapper, first, rest = neural_and_mesh()
    faces = [networks.wear(HERE, worn, number) for number, worn in enumerate((PAINTED, PHOTO, PAINTED, PHOTO))]
    assert run(swapper, *faces) == [(2, True), (1, True), (2, True), (1, True)]
    assert (first.asked, rest.asked, swapper.engine) == ([2], [2], "neural")


def test_a_frame_without_a_patch_stays_so_and_from_the_tenth_on_the_other_covers_until_the_first_can() -> None:
    swapper, _, _ = neural_and_mesh(lambda turn: turn >= 15)
    made = [run(swapper, networks.wear(HERE, PHOTO))[0] for _ in range(18)]
    assert made == [(1, False)] * 9 + [(2, True)] * 6 + [(1, True)] * 3
    assert (swapper.trouble, swapper.aside, swapper.engine) == ("", "", "neural")


def test_while_the_other_covers_it_is_said() -> None:
    swapper, _, _ = neural_and_mesh(lambda turn: BAD)
    for _ in range(10):
        run(swapper, networks.wear(HERE, PHOTO))
    assert swapper.engine == "mesh"
    assert "Neural 1 cannot show" in swapper.aside
    assert isinstance(swapper.aside, Sentence)


def test_now_and_then_a_frame_without_a_patch_changes_nothing() -> None:
    swapper, _, rest = neural_and_mesh(lambda turn: turn % 10 == 9)
    for _ in range(40):
        run(swapper, networks.wear(HERE, PHOTO))
    assert rest.asked == []


@pytest.mark.parametrize(
    "landmarks", [None, np.full((5, 2), np.nan, np.float32), HERE + np.float32(500)], ids=["none", "nan", "outside"]
)
def test_a_face_that_is_not_there_is_not_missed(landmarks: NDArray[np.float32] | None) -> None:
    swapper, _, rest = neural_and_mesh(lambda turn: BAD)
    for _ in range(20):
        run(swapper, networks.wear(landmarks, PHOTO))
    assert rest.asked == []


def test_faces_are_counted_each_for_itself() -> None:
    swapper, _, rest = neural_and_mesh(lambda turn: BAD)
    for turn in range(20):
        run(swapper, networks.wear(HERE, PHOTO, track_id=turn // 5))
    assert rest.asked == []


def test_nobody_to_cover_asks_nobody() -> None:
    swapper, first, rest = neural_and_mesh()
    assert run(swapper) == []
    assert first.asked == rest.asked == []
    assert swapper.engine == "neural"
