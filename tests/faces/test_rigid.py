"""Room: tests. A head's pose is apart from its shape: taken away and put back, nothing is lost."""

from __future__ import annotations

import math

import cv2
import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.faces.rigid import head_pose

Floats = NDArray[np.float32]

turns = st.tuples(*[st.floats(-0.8, 0.8)] * 3)


def head(turn: tuple[float, float, float], place: tuple[float, float] = (300.0, 200.0), size: float = 10.0) -> Floats:
    """(468, 3) float32: the average head turned about x, y and z."""
    about, _ = cv2.Rodrigues(np.array(turn, np.float64))
    return np.asarray(topology.CANONICAL @ (about.T * size) + np.array([*place, 0.0]), np.float32)


@given(turns, st.floats(2, 60))
def test_a_shape_put_back_into_its_pose_is_the_mesh_again(turn: tuple[float, float, float], size: float) -> None:
    points = head(turn, size=size)
    pose = head_pose(points)
    assert pose is not None
    np.testing.assert_allclose(pose.placed(pose.shape_of(points)), points, atol=2e-3)


@given(turns, turns, st.floats(5, 40), st.floats(5, 40))
def test_a_head_has_the_same_shape_in_every_pose(
    turn: tuple[float, float, float], other: tuple[float, float, float], size: float, other_size: float
) -> None:
    meshes = head(turn, size=size), head(other, (80.0, 420.0), other_size)
    poses = [head_pose(points) for points in meshes]
    assert poses[0] is not None
    assert poses[1] is not None
    shapes = [pose.shape_of(points) for pose, points in zip(poses, meshes, strict=True) if pose is not None]
    np.testing.assert_allclose(shapes[0], shapes[1], atol=1e-3)


@given(turns, turns, st.floats(5, 40), st.floats(5, 40))
def test_a_head_carried_by_the_step_to_another_pose_is_there(
    turn: tuple[float, float, float], other: tuple[float, float, float], size: float, other_size: float
) -> None:
    points, there = head(turn, size=size), head(other, (80.0, 420.0), other_size)
    pose, goal = head_pose(points), head_pose(there)
    assert pose is not None
    assert goal is not None
    carried = pose.carry(points, pose.step_to(goal))
    np.testing.assert_allclose(carried[:, :2], there[:, :2], atol=0.05)


def test_a_turn_is_told_in_radians_and_growth_as_a_logarithm() -> None:
    first, second = head_pose(head((0, 0, 0))), head_pose(head((0, 0, 0.2), size=20.0))
    assert first is not None
    assert second is not None
    step = first.step_to(second)
    np.testing.assert_allclose(step[[2, 3, 4, 5]], [0, 0, 0.2, math.log(2)], atol=1e-4)


def test_what_has_no_size_or_no_numbers_has_no_pose() -> None:
    lost = head((0, 0, 0))
    lost[7, 1] = np.nan
    assert head_pose(lost) is None
    assert head_pose(np.full_like(lost, 5)) is None
