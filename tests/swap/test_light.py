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


def gains(light: NDArray[np.float32]) -> NDArray[np.float32]:
    """The factors in the middle of the face, where there is skin all around."""
    low, high = GRID_SIDE // 4, GRID_SIDE * 3 // 4
    return light[low:high, low:high, :3]


def test_a_target_in_the_live_faces_own_colours_is_left_as_it_is() -> None:
    light = LightFollower().follow(GREY, GREY, ALL_SEEN, 1.0, 0)
    assert light.shape == (GRID_SIDE, GRID_SIDE, 4)
    assert light.dtype == np.float32
    np.testing.assert_allclose(light, 1, atol=1e-3)


@pytest.mark.parametrize("live", [(60, 60, 60), (70, 100, 160), (200, 190, 180)])
def test_a_photo_takes_the_live_faces_colour(live: tuple[int, int, int]) -> None:
    live_colours = np.broadcast_to(np.array(live, np.float32), (MESH_POINTS, 3)).copy()
    found = gains(LightFollower().follow(live_colours, GREY, ALL_SEEN, 1.0, 0)) * 128
    np.testing.assert_allclose(found, np.broadcast_to(live, found.shape), rtol=0.1)


@pytest.mark.parametrize("colour_follow", [0.0, 0.5, 1.0])
def test_the_side_that_is_lit_on_the_live_face_is_lit_on_the_target(colour_follow: float) -> None:
    live = GREY * (0.6 + 0.8 * topology.UV[:, :1])
    light = LightFollower().follow(live.astype(np.float32), GREY, ALL_SEEN, colour_follow, 0)
    middle = gains(light).mean((0, 2))
    assert middle[-1] > middle[0] * 1.2


def test_a_painted_mask_keeps_its_colours_in_coloured_light() -> None:
    live = GREY * np.array([0.5, 0.8, 1.4], np.float32)
    found = gains(LightFollower().follow(live.astype(np.float32), GREY, ALL_SEEN, 0.0, 0))
    np.testing.assert_allclose(found[..., 0], found[..., 2], rtol=1e-3)


def test_a_painted_mask_dims_with_the_room() -> None:
    bright = gains(LightFollower().follow(GREY * np.float32(1.5), GREY, ALL_SEEN, 0.0, 0)).mean()
    dark = gains(LightFollower().follow(GREY * np.float32(0.2), GREY, ALL_SEEN, 0.0, 0)).mean()
    assert dark < 0.8 * bright


def test_the_light_settles_over_a_few_frames_instead_of_flickering() -> None:
    follower = LightFollower()
    follower.follow(GREY, GREY, ALL_SEEN, 1.0, 0)
    bright = GREY * np.float32(1.6)
    first = gains(follower.follow(bright, GREY, ALL_SEEN, 1.0, FRAME_NS)).mean()
    assert 1.0 < first < 1.3
    for index in range(2, 60):
        last = gains(follower.follow(bright, GREY, ALL_SEEN, 1.0, index * FRAME_NS)).mean()
    assert last == pytest.approx(1.6, rel=0.15)


def test_after_a_reset_the_light_is_there_at_once() -> None:
    follower, fresh = LightFollower(), LightFollower()
    follower.follow(GREY * np.float32(0.3), GREY, ALL_SEEN, 1.0, 0)
    follower.reset()
    bright = GREY * np.float32(1.5)
    np.testing.assert_array_equal(
        follower.follow(bright, GREY, ALL_SEEN, 1.0, FRAME_NS), fresh.follow(bright, GREY, ALL_SEEN, 1.0, 0)
    )


def test_a_few_strange_points_do_not_change_the_light() -> None:
    strange = GREY.copy()
    strange[::25] = 3
    plain = gains(LightFollower().follow(GREY, GREY, ALL_SEEN, 1.0, 0))
    found = gains(LightFollower().follow(strange, GREY, ALL_SEEN, 1.0, 0))
    assert np.abs(found / plain - 1).mean() < 0.1


def test_where_nothing_is_seen_the_target_stays_as_it_is() -> None:
    light = LightFollower().follow(GREY * np.float32(0.1), GREY, np.zeros(MESH_POINTS, np.float32), 1.0, 0)
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
        light = follower.follow(live, target, seen, colour_follow, time_ns)
        assert np.isfinite(light).all()
        assert (light > 0).all()
        assert light.max() < 50
        np.testing.assert_array_equal(light[..., 3], 1)


def test_colours_are_sampled_between_pixels_and_repeat_the_border_outside() -> None:
    image = np.array([[[0, 0, 0], [100, 50, 10]], [[0, 0, 0], [100, 50, 10]]], np.uint8)
    found = sample_colours(image, np.array([[0.5, 0], [1, 1], [9, 0], [-4, 1]], np.float32))
    np.testing.assert_allclose(found, [[50, 25, 5], [100, 50, 10], [100, 50, 10], [0, 0, 0]], atol=0.6)
