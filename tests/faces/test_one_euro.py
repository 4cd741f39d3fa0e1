"""Room: tests. The filter is still when the face is still, follows when it moves, and forgets when told."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirror_app.faces.one_euro import OneEuroFilter

FRAME_NS = 33_333_333
SIZE_PX = 200.0


def points(value: float) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    return np.full((5, 3), value, np.float32)


def a_filter() -> OneEuroFilter:
    return OneEuroFilter(min_cutoff_hz=0.5, beta=20.0)


@given(st.floats(-4000, 4000, width=32), st.lists(st.integers(0, 10**9), max_size=20))
def test_a_constant_stays_the_constant_whatever_the_clock_does(value: float, steps_ns: list[int]) -> None:
    steady, time_ns = a_filter(), 0
    for step in [0, *steps_ns, -FRAME_NS]:
        time_ns += step
        np.testing.assert_array_equal(steady(points(value), time_ns, SIZE_PX), points(value))


@given(st.lists(st.floats(-1000, 1000, width=32), min_size=1, max_size=30), st.integers(-(10**9), 10**9))
def test_the_output_never_leaves_the_range_of_what_came_in(values: list[float], step_ns: int) -> None:
    steady = a_filter()
    for index, value in enumerate(values):
        out = steady(points(value), index * step_ns, SIZE_PX)
        seen = values[: index + 1]
        assert min(seen) - 1e-3 <= float(out.min())
        assert float(out.max()) <= max(seen) + 1e-3


def test_small_noise_is_damped_strongly() -> None:
    steady, random = a_filter(), np.random.default_rng(1)
    noise = random.normal(0, 0.5, (200, 5, 3)).astype(np.float32)
    out = np.array([steady(100 + noise[index], index * FRAME_NS, SIZE_PX) for index in range(200)])
    assert out[50:].std() < 0.5 * noise[50:].std()


@pytest.mark.parametrize("speed_px_per_s", [50, 400, 2000])
def test_a_moving_face_is_followed_with_bounded_lag(speed_px_per_s: float) -> None:
    steady = a_filter()
    for index in range(60):
        truth = speed_px_per_s * index / 30
        out = steady(points(truth), index * FRAME_NS, SIZE_PX)
    lag_s = (truth - float(out.mean())) / speed_px_per_s
    assert 0 <= lag_s < 0.06


def test_a_near_face_is_steadied_as_much_as_a_far_one() -> None:
    far, near = a_filter(), a_filter()
    wobble = np.random.default_rng(2).normal(0, 1, (30, 5, 3)).astype(np.float32)
    for index in range(30):
        far_out = far(wobble[index], index * FRAME_NS, SIZE_PX)
        near_out = near(wobble[index] * 4, index * FRAME_NS, SIZE_PX * 4)
    np.testing.assert_allclose(near_out, far_out * 4, rtol=1e-4, atol=1e-4)


def test_after_a_reset_the_next_value_passes_as_it_is() -> None:
    steady = a_filter()
    steady(points(0), 0, SIZE_PX)
    steady(points(500), FRAME_NS, SIZE_PX)
    steady.reset()
    np.testing.assert_array_equal(steady(points(-77), 2 * FRAME_NS, SIZE_PX), points(-77))


def test_a_reset_forgets_the_speed_too() -> None:
    fresh, reset = a_filter(), a_filter()
    reset(points(0), 0, SIZE_PX)
    reset(points(900), FRAME_NS, SIZE_PX)
    reset.reset()
    for index, value in enumerate([10.0, 11.0, 10.5]):
        expected = fresh(points(value), index * FRAME_NS, SIZE_PX)
        np.testing.assert_array_equal(reset(points(value), index * FRAME_NS, SIZE_PX), expected)


def test_a_time_that_jumps_back_does_not_make_the_output_jump() -> None:
    steady = a_filter()
    steady(points(0), 10**9, SIZE_PX)
    assert np.isfinite(steady(points(1), 0, SIZE_PX)).all()


def test_the_caller_keeps_its_array_and_gets_one_of_its_own() -> None:
    steady, value = a_filter(), points(1)
    first = steady(value, 0, SIZE_PX)
    first += 1000
    value += 1000
    np.testing.assert_array_equal(steady(points(1), FRAME_NS, SIZE_PX), points(1))
