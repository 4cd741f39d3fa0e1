"""Room: tests. The target takes the live face's light: the right way round, slowly, and whatever the colours are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.domain.face import MESH_POINTS
from mirror_app.swap.light import GRID_SIDE, LightFollower, sample_colours
from tests.portrait import FRAME_NS

ALL_SEEN = np.ones(MESH_POINTS, np.float32)
GREY = np.full((MESH_POINTS, 3), 128, np.float32)


def lit(
    live: NDArray[np.floating], visible: NDArray[np.float32] = ALL_SEEN, colour_follow: float = 1.0
) -> NDArray[np.float32]:
    """The light that is there at once for a grey target."""
    return followed(LightFollower(), live, 0, visible=visible, colour_follow=colour_follow)


def followed(
    follower: LightFollower,
    live: NDArray[np.floating],
    time_ns: int,
    target: NDArray[np.float32] = GREY,
    visible: NDArray[np.float32] = ALL_SEEN,
    colour_follow: float = 1.0,
) -> NDArray[np.float32]:
    """One frame in which the light is estimated."""
    follower.estimate(live.astype(np.float32), target, visible, colour_follow, time_ns)
    return follower.settle(time_ns)


def gains(light: NDArray[np.float32]) -> NDArray[np.float32]:
    """The factors in the middle of the face, where there is skin all around."""
    low, high = GRID_SIDE // 4, GRID_SIDE * 3 // 4
    return light[low:high, low:high, :3]


def test_a_target_in_the_live_faces_own_colours_is_left_as_it_is() -> None:
    light = lit(GREY)
    assert light.shape == (GRID_SIDE, GRID_SIDE, 4)
    assert light.dtype == np.float32
    np.testing.assert_allclose(light, 1, atol=1e-3)


@pytest.mark.parametrize("live", [(60, 60, 60), (70, 100, 160), (200, 190, 180)])
def test_a_photo_takes_the_live_faces_colour(live: tuple[int, int, int]) -> None:
    live_colours = np.broadcast_to(np.array(live, np.float32), (MESH_POINTS, 3)).copy()
    found = gains(lit(live_colours)) * 128
    np.testing.assert_allclose(found, np.broadcast_to(live, found.shape), rtol=0.1)


@pytest.mark.parametrize("colour_follow", [0.0, 0.5, 1.0])
def test_the_side_that_is_lit_on_the_live_face_is_lit_on_the_target(colour_follow: float) -> None:
    live = GREY * (0.6 + 0.8 * topology.UV[:, :1])
    middle = gains(lit(live, colour_follow=colour_follow)).mean((0, 2))
    assert middle[-1] > middle[0] * 1.1


def near_the_brows() -> NDArray[np.bool_]:
    """(468,) bool: skin, and no brow's own vertex, that a painter's broad brows darken."""
    brows = [*topology.IMAGE_LEFT_BROW, *topology.IMAGE_RIGHT_BROW]
    gaps = np.linalg.norm(topology.CANONICAL[:, None] - topology.CANONICAL[None, brows], axis=-1).min(1)
    near = gaps < 1.2
    near[brows] = False
    return np.asarray(near, np.bool_)


@pytest.mark.parametrize("level", [10, 40, 60])
def test_a_targets_dark_brows_and_sockets_do_not_brighten_its_skin(level: int) -> None:
    dark = GREY.copy()
    dark[near_the_brows()] = level
    plain, found = (gains(followed(LightFollower(), GREY, 0, target=target)) for target in (GREY, dark))
    assert near_the_brows().sum() > 12
    assert np.abs(found / plain - 1).max() < 0.1


def test_a_targets_bright_paint_does_not_darken_its_skin() -> None:
    painted = GREY.copy()
    painted[near_the_brows()] = 250
    found = gains(followed(LightFollower(), GREY, 0, target=painted))
    assert np.abs(found - 1).max() < 0.1


def test_a_targets_gentle_shading_is_still_evened_out() -> None:
    shaded = GREY * (0.8 + 0.4 * topology.UV[:, :1])
    middle = gains(followed(LightFollower(), GREY, 0, target=shaded)).mean((0, 2))
    assert middle[0] > middle[-1] * 1.03


def test_a_painted_mask_keeps_its_colours_in_coloured_light() -> None:
    live = GREY * np.array([0.5, 0.8, 1.4], np.float32)
    found = gains(lit(live, colour_follow=0.0))
    np.testing.assert_allclose(found[..., 0], found[..., 2], rtol=1e-3)


def test_a_painted_mask_dims_with_the_room() -> None:
    bright = gains(lit(GREY * 1.5, colour_follow=0.0)).mean()
    dark = gains(lit(GREY * 0.2, colour_follow=0.0)).mean()
    assert dark < 0.8 * bright


def test_the_light_settles_over_a_few_frames_instead_of_flickering() -> None:
    follower = LightFollower()
    followed(follower, GREY, 0)
    bright = GREY * np.float32(1.6)
    first = gains(followed(follower, bright, FRAME_NS)).mean()
    assert 1.0 < first < 1.3
    for index in range(2, 60):
        last = gains(followed(follower, bright, index * FRAME_NS)).mean()
    assert last == pytest.approx(1.6, rel=0.15)


def test_after_a_reset_the_light_is_there_at_once() -> None:
    follower, fresh = LightFollower(), LightFollower()
    followed(follower, GREY * 0.3, 0)
    follower.reset()
    np.testing.assert_array_equal(follower.settle(0), 1)
    bright = GREY * 1.5
    np.testing.assert_array_equal(followed(follower, bright, FRAME_NS), followed(fresh, bright, 0))


def test_between_two_estimates_the_light_goes_on_settling_and_never_past_what_was_estimated() -> None:
    follower = LightFollower()
    followed(follower, GREY, 0)
    levels = [float(gains(followed(follower, GREY * 1.6, FRAME_NS)).mean())]
    levels += [float(gains(follower.settle(index * FRAME_NS)).mean()) for index in range(2, 90)]
    assert (np.diff(levels) > -1e-4).all()
    assert levels[1] > levels[0] + 0.01
    assert levels[-1] == pytest.approx(gains(lit(GREY * 1.6)).mean(), rel=1e-3)


@pytest.mark.parametrize("steps", [2, 6, 24])
def test_the_light_settles_as_fast_at_any_frame_rate(steps: int) -> None:
    at_once, in_steps = LightFollower(), LightFollower()
    span_ns = 240_000_000
    for follower in (at_once, in_steps):
        followed(follower, GREY, 0)
        followed(follower, GREY * 1.6, 0)
    for step in range(1, steps + 1):
        light = in_steps.settle(span_ns * step // steps)
    np.testing.assert_allclose(light, at_once.settle(span_ns), rtol=1e-4)


def test_before_the_first_estimate_and_after_a_reset_an_estimate_is_due_at_any_time() -> None:
    follower = LightFollower()
    assert follower.due(-(10**9))
    assert follower.due(10**9)
    followed(follower, GREY, 10**9)
    assert not follower.due(10**9)
    follower.reset()
    assert follower.due(10**9)


@pytest.mark.parametrize(
    ("later_ms", "due"), [(0, False), (33, False), (67, False), (100, True), (400, True), (-1, True)]
)
def test_an_estimate_is_due_at_every_third_frame_and_when_the_clock_went_back(later_ms: int, due: bool) -> None:
    follower = LightFollower()
    followed(follower, GREY, 10**9)
    follower.settle(10**9 + 30_000_000)
    assert follower.due(10**9 + later_ms * 1_000_000) == due


ALL_OF_IT = np.full((MESH_POINTS, 1), 1.5, np.float32)
WARMER = np.broadcast_to(np.array([0.8, 1.0, 1.25], np.float32), (MESH_POINTS, 3))
ONE_HALF = 1 + np.clip(1.6 * (topology.UV[:, :1] - 0.5), 0, 1)
A_PART = np.where(topology.UV[:, :1] > 0.7, np.float32(0.4), np.float32(1))
UNNOTICED = np.full((MESH_POINTS, 1), 1.04, np.float32)


def after_a_change(factors: NDArray[np.float32], frames_before: int) -> tuple[list[float], list[bool]]:
    """What is left of a change of light, frame by frame, and whether the next estimate was due in each."""
    follower = LightFollower()
    left, due = [], []
    start, end = (np.log(gains(lit(GREY * factor))) for factor in (np.ones_like(factors), factors))
    for index in range(frames_before + 24):
        now_ns = index * FRAME_NS
        is_due = follower.due(now_ns)
        if is_due:
            follower.estimate(GREY * (factors if index >= frames_before else 1), GREY, ALL_SEEN, 1.0, now_ns)
        light = np.log(gains(follower.settle(now_ns)))
        if index >= frames_before:
            left.append(float(((light - end) * (start - end)).sum() / ((start - end) ** 2).sum()))
            due.append(is_due)
    return left, due


@pytest.mark.parametrize("frames_before", [30, 31, 32])
@pytest.mark.parametrize(
    ("factors", "settled_ms"), [(ALL_OF_IT, 300), (WARMER, 300), (ONE_HALF, 480)], ids=["all", "warmer", "one half"]
)
def test_a_switched_lamp_is_settled_within_half_a_second_and_not_overshot(
    factors: NDArray[np.float32], settled_ms: int, frames_before: int
) -> None:
    left, _ = after_a_change(factors, frames_before)
    assert max(left[settled_ms * 1_000_000 // FRAME_NS :]) < 0.05
    assert min(left) > -0.02


@pytest.mark.parametrize(
    ("factors", "at_every_frame"),
    [(ALL_OF_IT, True), (WARMER, True), (A_PART, False), (UNNOTICED, False)],
    ids=["all", "warmer", "a part", "unnoticed"],
)
def test_only_a_lamp_that_changes_most_of_the_face_is_looked_at_in_every_frame(
    factors: NDArray[np.float32], at_every_frame: bool
) -> None:
    _, due = after_a_change(factors, 30)
    first = due.index(True)
    assert all(due[first : first + 4]) == at_every_frame
    # And as seldom as before once it is settled.
    assert sum(due[-9:]) == 3


def test_a_lamp_that_goes_on_changing_after_it_was_switched_is_not_looked_at_in_every_frame_for_long() -> None:
    follower, due = LightFollower(), []
    for index in range(60):
        factor = np.float32(1.5 * 1.01 ** (index - 30) if index >= 30 else 1.0)
        now_ns = index * FRAME_NS
        due.append(follower.due(now_ns))
        if due[-1]:
            follower.estimate(GREY * factor, GREY, ALL_SEEN, 1.0, now_ns)
        follower.settle(now_ns)
    assert sum(due[30:42]) > 8
    assert sum(due[-12:]) == 4


def test_a_few_strange_points_do_not_change_the_light() -> None:
    strange = GREY.copy()
    strange[::25] = 3
    plain, found = gains(lit(GREY)), gains(lit(strange))
    assert np.abs(found / plain - 1).mean() < 0.1


def test_where_nothing_is_seen_the_target_stays_as_it_is() -> None:
    light = lit(GREY * 0.1, np.zeros(MESH_POINTS, np.float32))
    np.testing.assert_allclose(light, 1)


@given(st.integers(0, 2**32 - 1), st.floats(0, 1), st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=4))
@settings(max_examples=25)
def test_the_factors_are_finite_and_positive_for_any_colours_and_clock(
    seed: int, colour_follow: float, steps_ns: list[int]
) -> None:
    random, follower, time_ns = np.random.default_rng(seed), LightFollower(), 0
    for step in steps_ns:
        time_ns += step
        live, target = (random.integers(0, 256, (MESH_POINTS, 3)).astype(np.float32) for _ in range(2))
        seen = random.choice(np.array([0, 0.3, 1], np.float32), MESH_POINTS)
        if random.random() < 0.7:
            follower.estimate(live, target, seen, colour_follow, time_ns)
        light = follower.settle(time_ns)
        assert np.isfinite(light).all()
        assert (light > 0).all()
        assert light.max() < 50
        np.testing.assert_array_equal(light[..., 3], 1)


def test_colours_are_sampled_between_pixels_and_repeat_the_border_outside() -> None:
    image = np.array([[[0, 0, 0], [100, 50, 10]], [[0, 0, 0], [100, 50, 10]]], np.uint8)
    found = sample_colours(image, np.array([[0.5, 0], [1, 1], [9, 0], [-4, 1]], np.float32))
    np.testing.assert_allclose(found, [[50, 25, 5], [100, 50, 10], [100, 50, 10], [0, 0, 0]], atol=0.6)
