"""Room: tests. Similarity transforms and turned crops, for any numbers a face can give."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from mirror_app.domain.geometry import box_around, fit_similarity, square_crop

seeds = st.integers(0, 2**32 - 1)
dimensions = st.sampled_from([2, 3])
scales = st.floats(0.01, 100)
angles = st.floats(-np.pi, np.pi)
positions = st.tuples(st.floats(-4000, 4000), st.floats(-4000, 4000))


def random_rotation(random: np.random.Generator, size: int) -> NDArray[np.float64]:
    rotation, _ = np.linalg.qr(random.normal(size=(size, size)))
    if np.linalg.det(rotation) < 0:
        rotation[:, 0] *= -1
    return rotation


@given(seeds, dimensions, scales)
def test_a_similarity_is_found_again(seed: int, size: int, scale: float) -> None:
    random = np.random.default_rng(seed)
    moving = random.normal(size=(12, size)) * 10
    rotation, shift = random_rotation(random, size), random.normal(size=size) * 100
    found_scale, found_rotation, found_shift = fit_similarity(moving, scale * moving @ rotation.T + shift)
    assert found_scale == pytest.approx(scale, rel=1e-6)
    np.testing.assert_allclose(found_rotation, rotation, atol=1e-6)
    np.testing.assert_allclose(found_shift, shift, atol=1e-5 * max(scale, 1))


@given(seeds, dimensions)
def test_a_mirrored_shape_is_turned_never_reflected(seed: int, size: int) -> None:
    random = np.random.default_rng(seed)
    moving = random.normal(size=(12, size))
    fixed = moving * np.array([-1.0, *[1.0] * (size - 1)])
    _, rotation, _ = fit_similarity(moving, fixed)
    assert np.linalg.det(rotation) == pytest.approx(1, abs=1e-6)
    np.testing.assert_allclose(rotation @ rotation.T, np.eye(size), atol=1e-6)


@given(seeds, dimensions)
def test_the_fit_is_no_worse_than_its_neighbours(seed: int, size: int) -> None:
    random = np.random.default_rng(seed)
    moving, fixed = random.normal(size=(8, size)), random.normal(size=(8, size))
    scale, rotation, shift = fit_similarity(moving, fixed)

    def error(scale: float, shift: NDArray[np.float64]) -> float:
        return float(((scale * moving @ rotation.T + shift - fixed) ** 2).sum())

    best = error(scale, shift)
    for step in (-1e-3, 1e-3):
        assert error(scale + step, shift) >= best
        assert error(scale, shift + step) >= best


@given(seeds, dimensions)
def test_a_point_of_no_weight_does_not_count(seed: int, size: int) -> None:
    random = np.random.default_rng(seed)
    moving = random.normal(size=(10, size))
    rotation = random_rotation(random, size)
    fixed = 3 * moving @ rotation.T + 5
    fixed[4] += 1000
    weights = np.ones(10)
    weights[4] = 0
    scale, found, _ = fit_similarity(moving, fixed, weights)
    assert scale == pytest.approx(3, rel=1e-6)
    np.testing.assert_allclose(found, rotation, atol=1e-6)


@pytest.mark.parametrize(
    ("moving", "fixed"),
    [
        (np.zeros((4, 2)), np.zeros((5, 2))),
        (np.zeros((4, 2)), np.zeros((4, 3))),
        (np.zeros(4), np.zeros(4)),
        (np.full((4, 2), 7.0), np.zeros((4, 2))),
    ],
)
def test_points_that_fix_no_transform_are_refused(moving: NDArray[np.float64], fixed: NDArray[np.float64]) -> None:
    with pytest.raises(ValueError, match="expected"):
        fit_similarity(moving, fixed)


@pytest.mark.parametrize("weights", [np.zeros(4), -np.ones(4), np.array([1.0, -1, 0, 0]), np.full(4, np.nan)])
def test_weights_without_a_positive_sum_are_refused(weights: NDArray[np.float64]) -> None:
    points = np.arange(8.0).reshape(4, 2) ** 2
    with pytest.raises(ValueError, match="expected weights with a positive sum"):
        fit_similarity(points, points, weights)


@given(positions, st.floats(8, 4000), angles, st.sampled_from([128, 192, 256]), st.floats(0.5, 1.5))
def test_a_crops_two_transforms_undo_each_other(
    centre: tuple[float, float], side: float, roll: float, crop_side: int, squeeze: float
) -> None:
    crop_from_frame, frame_from_crop = square_crop(np.array(centre), side, roll, crop_side, squeeze)
    corners = np.array([[0, 0], [crop_side, 0], [0, crop_side], [crop_side, crop_side]], np.float64)
    in_frame = corners @ frame_from_crop[:, :2].T + frame_from_crop[:, 2]
    again = in_frame @ crop_from_frame[:, :2].T.astype(np.float64) + crop_from_frame[:, 2]
    # The transforms are float32: their rounding grows with the distance from the frame's corner.
    np.testing.assert_allclose(again, corners, atol=1e-3 * max(1, crop_side / side * 8))
    np.testing.assert_allclose(in_frame.mean(0), centre, atol=0.01)
    assert np.linalg.norm(in_frame[1] - in_frame[0]) == pytest.approx(side, rel=1e-4, abs=1e-2)
    assert np.linalg.norm(in_frame[2] - in_frame[0]) == pytest.approx(side / squeeze, rel=1e-4, abs=1e-2)


def test_a_positive_roll_turns_the_square_clockwise_on_screen() -> None:
    _, frame_from_crop = square_crop(np.array([100.0, 100.0]), 50, 0.1, 192)
    along_the_crops_top = frame_from_crop[:, 0]
    assert along_the_crops_top[0] > 0
    assert along_the_crops_top[1] > 0, "y points down, so clockwise means that the right end of the top edge sinks"


@given(seeds, dimensions, st.integers(1, 20))
def test_a_box_reaches_to_the_outermost_points_and_no_further(seed: int, size: int, count: int) -> None:
    points = np.random.default_rng(seed).normal(0, 100, (count, size)).astype(np.float32)
    box = box_around(points)
    assert box.dtype == np.float32
    np.testing.assert_array_equal(box, [*points[:, :2].min(0), *points[:, :2].max(0)])
