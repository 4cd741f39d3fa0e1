"""Room: tests. The membrane's correction: where it comes from, how far it reaches, how it moves in time."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.compose.membrane import Membrane
from mirror_app.compose.rim import inside, rim_difference
from mirror_app.domain.target import TargetFace
from tests.compose.patches import flat, oval_alpha, patch
from tests.portrait import plain_target

SIZE_WH = (240, 300)
SKIN, PAINT, HAIR = (110, 140, 190), (130, 120, 170), (20, 20, 20)
FRAME_NS = 33_333_333
TARGET = plain_target(colour_follow=1.0, side=64)
RIM_ROW = 150


def run(
    membrane: Membrane,
    live: NDArray[np.uint8],
    time_ns: int,
    track_id: int = 1,
    target: TargetFace = TARGET,
    alpha: NDArray[np.float32] | None = None,
) -> NDArray[np.float32]:
    """What the membrane adds to the patch, (h, w, 3)."""
    one = patch(flat(SIZE_WH, PAINT), oval_alpha(SIZE_WH) if alpha is None else alpha)
    return membrane.corrected(one, live, target, track_id, time_ns).astype(np.float32) - one.image_bgr


def at_rim(added: NDArray[np.float32]) -> float:
    """Levels added to red where alpha is a half, at mid height on the left."""
    column = int(np.argmax(oval_alpha(SIZE_WH)[RIM_ROW] > 0.5))
    return float(added[RIM_ROW, column, 2])


def test_the_whole_difference_is_added_at_the_rim_and_little_of_it_in_the_middle() -> None:
    added = run(Membrane(), flat(SIZE_WH, SKIN), 0)
    assert at_rim(added) == pytest.approx(20, abs=5)
    assert abs(added[RIM_ROW, 120, 2]) < 7


def test_hair_over_a_part_of_the_rim_does_not_darken_the_face() -> None:
    live = flat(SIZE_WH, SKIN)
    live[:90] = HAIR
    added = run(Membrane(), live, 0)
    assert added.min() > -25
    assert at_rim(added) == pytest.approx(20, abs=5)


def test_the_rims_of_eyes_and_mouth_have_no_say() -> None:
    alpha = oval_alpha(SIZE_WH)
    filled = inside(alpha)
    assert filled[126, 88], "an eye's middle lies inside"
    assert not filled[0, 0]
    live = flat(SIZE_WH, PAINT)
    live[100:150, 50:190] = SKIN  # skin around the eyes only: the rim agrees with the patch
    _, weights = rim_difference(live, flat(SIZE_WH, PAINT), alpha)
    eyes = cv2.resize((alpha < 1).astype(np.uint8), weights.shape[::-1], interpolation=cv2.INTER_NEAREST)[16:25, 14:34]
    assert eyes.any()
    assert weights[16:25, 14:34].max() == 0


def test_a_rim_that_is_cut_by_the_frame_is_followed_where_it_is_there() -> None:
    whole = oval_alpha((2 * SIZE_WH[0], SIZE_WH[1]), openings=False)
    added = run(Membrane(), flat(SIZE_WH, SKIN), 0, alpha=whole[:, : SIZE_WH[0]].copy())
    column = int(np.argmax(whole[RIM_ROW] > 0.5))
    assert added[RIM_ROW, column, 2] == pytest.approx(20, abs=5)
    assert abs(added[RIM_ROW, -1, 2]) < 8, "the frame's border is no rim"


def test_it_settles_within_half_a_second_without_a_jump() -> None:
    membrane = Membrane()
    run(membrane, flat(SIZE_WH, PAINT), 0)
    levels = [at_rim(run(membrane, flat(SIZE_WH, SKIN), index * FRAME_NS)) for index in range(1, 16)]
    assert max(np.diff([0, *levels])) < 8
    assert levels[-1] == pytest.approx(20, abs=5)


@pytest.mark.parametrize("why", ["another target", "another face", "a long pause", "time runs back"])
def test_what_belongs_to_something_else_is_forgotten(why: str) -> None:
    membrane = Membrane()
    run(membrane, flat(SIZE_WH, PAINT), 10**10)
    time_ns = {"a long pause": 2 * 10**10, "time runs back": 0}.get(why, 10**10 + FRAME_NS)
    target = plain_target(colour_follow=1.0, side=64) if why == "another target" else TARGET
    track_id = 2 if why == "another face" else 1
    added = run(membrane, flat(SIZE_WH, SKIN), time_ns, track_id, target)
    assert at_rim(added) == pytest.approx(20, abs=5)


def test_noise_on_the_rim_is_calmed() -> None:
    random = np.random.default_rng(4)
    films = [np.clip(random.normal(SKIN, 25, (*SIZE_WH[::-1], 3)), 0, 255).astype(np.uint8) for _ in range(20)]
    membrane = Membrane()
    steady = [run(membrane, live, index * FRAME_NS) for index, live in enumerate(films)]
    restless = [run(Membrane(), live, 0) for live in films]
    change, own_change = (np.abs(np.diff(np.stack(one[5:]), axis=0)).mean() for one in (steady, restless))
    assert change < own_change / 3
