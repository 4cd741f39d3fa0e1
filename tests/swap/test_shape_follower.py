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


TARGET = wide(1.08)


@pytest.mark.parametrize(
    "other",
    [worn(LIVE, TARGET, track_id=2), worn(LIVE, wide(0.94), track_id=2), worn(LIVE, TARGET, likeness=0.2)],
    ids=["another face", "another face with another target", "another likeness"],
)
def test_a_change_counts_at_once(other: Assignment) -> None:
    follower = ShapeFollower()
    widened(follower, 0, worn(LIVE, TARGET))
    fresh = widened(ShapeFollower(), 1, other)
    assert widened(follower, 1, other) == pytest.approx(fresh, abs=0.01)


def test_another_targets_shape_comes_without_a_jump() -> None:
    follower, narrow = ShapeFollower(), wide(0.94)
    widths = [widened(follower, 0, worn(LIVE, TARGET))]
    widths += [widened(follower, index, worn(LIVE, narrow)) for index in range(1, 12)]
    wanted = widened(ShapeFollower(), 0, worn(LIVE, narrow))
    assert widths[1] == pytest.approx(widths[0], abs=0.006), "the first frame still has the old shape"
    assert widths[-1] == pytest.approx(wanted, abs=0.01)
    way = widths[0] - widths[-1]
    steps = -np.diff(widths)
    assert way > 0.05
    assert steps.max() < 0.3 * way
    assert steps.min() > -0.02 * way


def test_a_target_picked_while_the_last_one_still_comes_starts_from_what_is_shown() -> None:
    follower, narrow, back = ShapeFollower(), wide(0.94), wide(1.08)
    widths = [widened(follower, 0, worn(LIVE, TARGET))]
    widths += [widened(follower, index, worn(LIVE, narrow)) for index in range(1, 6)]
    halfway = widths[-1]
    assert widths[0] - halfway > 0.02
    assert widened(follower, 6, worn(LIVE, back)) == pytest.approx(halfway, abs=0.004)


def test_a_face_that_left_the_frame_and_came_back_is_shaped_again() -> None:
    follower, target = ShapeFollower(), wide(1.08)
    widened(follower, 0, worn(LIVE, target))
    gone = LIVE + np.float32(2000)
    assert follower.follow(as_frame(picture(), 1), gone, worn(gone, target)) is None
    assert widened(follower, 2, worn(LIVE, target)) > 1.02
