"""Room: tests. Which way each vertex looks, for the average face in any pose."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.swap.facing import facing, smooth_step


def turned(yaw_rad: float) -> NDArray[np.float32]:
    """The average face turned about the vertical axis; positive = toward image right."""
    cos, sin = np.cos(yaw_rad), np.sin(yaw_rad)
    return np.asarray(topology.CANONICAL @ np.array([[cos, 0, sin], [0, 1, 0], [-sin, 0, cos]]).T, np.float32)


def test_a_frontal_face_looks_at_the_camera() -> None:
    cosines = facing(topology.CANONICAL)
    assert np.median(cosines) > 0.5
    assert cosines[topology.NOSE_TIP] > 0.8
    assert cosines[topology.FOREHEAD_TOP] > 0.3


def test_a_turned_face_shows_one_side_and_hides_the_other() -> None:
    image_left, image_right = topology.CANONICAL[:, 0] < -4, topology.CANONICAL[:, 0] > 4
    for yaw, near, far in ((1.0, image_left, image_right), (-1.0, image_right, image_left)):
        cosines = facing(turned(yaw))
        assert abs(cosines[near].mean() - cosines[far].mean()) > 0.5
    assert facing(turned(1.0))[image_left].mean() == pytest.approx(facing(turned(-1.0))[image_right].mean(), abs=0.02)


def test_the_back_of_the_face_looks_away() -> None:
    np.testing.assert_allclose(facing(turned(np.pi)), -facing(topology.CANONICAL), atol=1e-4)


@given(st.floats(0.01, 1000), st.floats(-3000, 3000))
def test_size_and_place_do_not_matter(scale: float, shift: float) -> None:
    moved = (topology.CANONICAL * scale + shift).astype(np.float32)
    # A face of 0.15 px at 3000 px has lost its shape in float32 already.
    np.testing.assert_allclose(facing(moved), facing(topology.CANONICAL), atol=1e-3 + 2e-3 * abs(shift) / scale)


def test_points_that_all_coincide_give_finite_numbers() -> None:
    assert np.isfinite(facing(np.zeros((468, 3), np.float32))).all()


def test_smooth_step_is_0_below_1_above_and_rises_between() -> None:
    values = smooth_step(np.linspace(-1, 2, 301, dtype=np.float32), 0.2, 0.8)
    assert values.dtype == np.float32
    assert (values[:120] == 0).all()
    assert (values[181:] == 1).all()
    assert (np.diff(values) >= 0).all()
    assert values[150] == pytest.approx(0.5, abs=1e-3)
