"""Room: tests. The drawn outline reaches the jaw, and nothing else moves."""

from __future__ import annotations

import numpy as np
import pytest

from mirror_app.domain import mesh_topology as topology
from mirror_app.swap.outline import out_to_the_jaw

POINTS = topology.CANONICAL * np.float32(20) + np.float32(300)


def moved_by(index: int) -> float:
    return float(np.linalg.norm((out_to_the_jaw(POINTS) - POINTS)[index]))


@pytest.mark.parametrize("index", [topology.CHIN, 150, 379])
def test_the_jaw_goes_outward(index: int) -> None:
    nose = POINTS[topology.NOSE_TIP, :2]
    before, after = (np.linalg.norm(points[index, :2] - nose) for points in (POINTS, out_to_the_jaw(POINTS)))
    assert 1.02 < after / before < 1.04


@pytest.mark.parametrize(
    "ring", [topology.IMAGE_LEFT_EYE, topology.IMAGE_RIGHT_EYE, topology.LIPS_INNER, (topology.FOREHEAD_TOP,)]
)
def test_eyes_mouth_and_forehead_stay(ring: tuple[int, ...]) -> None:
    assert max(moved_by(index) for index in ring) < 0.002 * float(np.ptp(POINTS[:, 1]))


def test_depth_stays() -> None:
    np.testing.assert_array_equal(out_to_the_jaw(POINTS)[:, 2], POINTS[:, 2])
