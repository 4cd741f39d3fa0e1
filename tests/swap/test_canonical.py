"""Room: tests. A shape moved onto the average face: the same from every photo, and the way back to the photo."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.swap.canonical import canonical_shape

poses = (st.floats(0.05, 50), st.floats(-3, 3), st.floats(-2000, 2000))


def placed(shape: NDArray[np.float32], scale: float, roll: float, shift: float) -> NDArray[np.float32]:
    cos, sin = np.cos(roll), np.sin(roll)
    turn = np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]])
    return np.asarray(scale * shape @ turn.T + shift, np.float32)


@given(*poses)
@settings(max_examples=40)
def test_a_shape_is_the_same_wherever_the_photo_shows_it(scale: float, roll: float, shift: float) -> None:
    found = canonical_shape(placed(topology.CANONICAL, scale, roll, shift)).points
    assert found.shape == (468, 3)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, topology.CANONICAL, atol=0.01 + 1e-3 * abs(shift) / scale / 10)


@given(*poses, st.integers(0, 2**32 - 1))
@settings(max_examples=40)
def test_a_difference_of_points_is_carried_back_to_the_photo(
    scale: float, roll: float, shift: float, seed: int
) -> None:
    own = topology.CANONICAL + np.random.default_rng(seed).normal(0, 0.3, (468, 3)).astype(np.float32)
    live = placed(own, scale, roll, shift)
    found = canonical_shape(live)
    assert found.frame_from_canonical.shape == (3, 3)
    assert found.frame_from_canonical.dtype == np.float32
    apart = (found.points - found.points[topology.NOSE_TIP]) @ found.frame_from_canonical.T
    np.testing.assert_allclose(apart, live - live[topology.NOSE_TIP], atol=0.01 * scale + 1e-3 * abs(shift) / 10)


def test_an_open_mouth_does_not_move_the_rest_of_the_shape() -> None:
    open_mouthed = topology.CANONICAL.copy()
    lower = [14, 87, 317, 178, 402, 17, 84, 314]
    open_mouthed[lower, 1] += 2.0
    found = canonical_shape(open_mouthed).points
    rest = np.setdiff1d(np.arange(468), topology.LIPS_OUTER + topology.LIPS_INNER)
    assert np.abs(found - topology.CANONICAL)[rest].max() < 0.1
