"""Room: tests. A face keeps the target's shape between looks, and a change of anything counts at once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.domain.assignment import Assignment
from mirror_app.domain.face import FaceMesh, TrackedFace
from mirror_app.domain.target import TargetFace
from mirror_app.swap.shape_follower import ShapeFollower
from tests.faces.scripted import mesh_at
from tests.imaging.pictures import soft_noise
from tests.portrait import as_frame, plain_target

LIVE = mesh_at((240, 180), 160).points


def picture() -> NDArray[np.uint8]:
    return np.clip(128 + 40 * soft_noise((480, 360), 3.0)[..., None] + np.zeros(3), 0, 255).astype(np.uint8)


def wide(share: float) -> TargetFace:
    shape = topology.CANONICAL * np.array([share, 1, 1], np.float32)
    return replace(plain_target(), shape=np.asarray(shape, np.float32))


def worn(points: NDArray[np.float32], target: TargetFace, track_id: int = 1, likeness: float = 1.0) -> Assignment:
    box = np.concatenate([points[:, :2].min(0), points[:, :2].max(0)])
    return Assignment(TrackedFace(track_id, FaceMesh(points, 1.0), box), target, likeness)


def widened(follower: ShapeFollower, index: int, assignment: Assignment, points: NDArray[np.float32] = LIVE) -> float:
    face = follower.follow(as_frame(picture(), index), points, assignment)
    assert face is not None
    return float(np.ptp(face.points[:, 0]) / np.ptp(points[:, 0]))


def test_between_two_looks_the_shape_moves_along_with_the_face() -> None:
    follower, target = ShapeFollower(), wide(1.08)
    first = widened(follower, 0, worn(LIVE, target))
    assert first > 1.02
    for index in (1, 2):
        moved = LIVE + np.array([3 * index, -2 * index, 0], np.float32)
        assert widened(follower, index, worn(moved, target), moved) == pytest.approx(first, abs=0.004)


@pytest.mark.parametrize(
    "other",
    [worn(LIVE, wide(0.94)), worn(LIVE, wide(1.08), track_id=2), worn(LIVE, wide(1.08), likeness=0.2)],
    ids=["another target", "another face", "another likeness"],
)
def test_a_change_counts_at_once(other: Assignment) -> None:
    follower = ShapeFollower()
    widened(follower, 0, worn(LIVE, wide(1.08)))
    fresh = widened(ShapeFollower(), 1, other)
    assert widened(follower, 1, other) == pytest.approx(fresh, abs=0.01)


def test_a_face_that_left_the_frame_and_came_back_is_shaped_again() -> None:
    follower, target = ShapeFollower(), wide(1.08)
    widened(follower, 0, worn(LIVE, target))
    gone = LIVE + np.float32(2000)
    assert follower.follow(as_frame(picture(), 1), gone, worn(gone, target)) is None
    assert widened(follower, 2, worn(LIVE, target)) > 1.02
