"""Room: tests. The motion filter: straight on at constant speed, still at rest, silent where it cannot know."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.faces.motion import MotionFilter

FRAME_NS = 33_333_333
AHEAD_NS = 2 * FRAME_NS
HEIGHT_PX = 300.0
PX_PER_CM = HEIGHT_PX / float(np.ptp(topology.CANONICAL[:, 1]))

Floats = NDArray[np.float32]


def face(
    xy: tuple[float, float] = (400.0, 300.0),
    turn: tuple[float, float, float] = (0.0, 0.0, 0.0),
    growth: float = 1.0,
) -> Floats:
    """The average face, 300 px high, turned by a rotation vector and put somewhere."""
    rotation, _ = cv2.Rodrigues(np.array(turn))
    points = topology.CANONICAL @ rotation.T * (PX_PER_CM * growth)
    return np.asarray(points + np.array([*xy, 0.0]), np.float32)


def filled(poses: list[Floats], step_ns: int = FRAME_NS) -> MotionFilter:
    motion = MotionFilter()
    for index, points in enumerate(poses):
        motion.update(points, index * step_ns)
    return motion


def error_px(points: Floats | None, truth: Floats) -> float:
    assert points is not None
    return float(np.linalg.norm((points - truth)[:, :2], axis=1).mean())


speeds = st.floats(-0.05, 0.05)


@settings(deadline=None)
@given(speeds, speeds, st.tuples(speeds, speeds, speeds), st.floats(-0.02, 0.02))
def test_a_face_at_constant_speed_is_where_it_was_predicted(
    x: float, y: float, turn: tuple[float, float, float], growth: float
) -> None:
    def at(index: int) -> Floats:
        return face(
            (400 + x * HEIGHT_PX * index, 300 + y * HEIGHT_PX * index),
            (turn[0] * index, turn[1] * index, turn[2] * index),
            math.exp(growth * index),
        )

    motion = filled([at(index) for index in range(10)])
    away = error_px(motion.predicted(9 * FRAME_NS + AHEAD_NS), at(11))
    # A turn about two axes at once is not constant about either; the filter itself lags a little at slow speeds.
    assert away <= max(0.2 * error_px(at(9), at(11)), 0.006 * HEIGHT_PX)


@given(st.lists(st.integers(1, 100_000_000), min_size=1, max_size=12), st.integers(0, 200_000_000))
def test_a_still_face_is_predicted_where_it_is_whatever_the_clock_does(steps_ns: list[int], ahead_ns: int) -> None:
    motion, still, now = MotionFilter(), face(), 0
    for step in [0, *steps_ns]:
        now += step
        motion.update(still, now)
    predicted = motion.predicted(now + ahead_ns)
    assert predicted is not None
    np.testing.assert_allclose(predicted, still, atol=1e-2)


@settings(deadline=None)
@given(st.floats(0.3, 3.0), st.floats(-500, 2000), st.floats(-500, 2000))
def test_a_scaled_and_shifted_past_has_the_scaled_and_shifted_future(scale: float, x: float, y: float) -> None:
    rng = np.random.default_rng(3)
    past = [
        face((400 + 9 * i, 300 - 4 * i), (0.01 * i, 0.03 * i, 0.0)) + rng.normal(0, 0.3, (468, 3)) for i in range(8)
    ]
    there = [np.asarray(p * scale + np.array([x, y, 0.0]), np.float32) for p in past]
    here = filled([np.asarray(p, np.float32) for p in past]).predicted(7 * FRAME_NS + AHEAD_NS)
    moved = filled(there).predicted(7 * FRAME_NS + AHEAD_NS)
    assert here is not None
    assert moved is not None
    np.testing.assert_allclose(moved, here * scale + np.array([x, y, 0.0]), atol=0.05 * max(scale, 1.0))


def test_jitter_about_a_face_at_rest_is_not_taken_for_motion() -> None:
    rng = np.random.default_rng(0)
    motion, ratios = MotionFilter(), []
    poses = [face((400 + dx, 300 + dy), (pitch, yaw, 0.0)) for dx, dy, pitch, yaw in rng.normal(0, 1, (60, 4)) * 0.005]
    for index, points in enumerate(poses[:-2]):
        motion.update(points, index * FRAME_NS)
        truth = poses[index + 2]
        ratios.append((error_px(motion.predicted((index + 2) * FRAME_NS), truth), error_px(points, truth)))
    predicted, held = np.array(ratios[5:]).sum(0)
    assert predicted <= 1.1 * held


def test_a_fast_turn_is_predicted_better_than_by_holding() -> None:
    def at(index: int) -> Floats:
        phase = math.tau * index * FRAME_NS * 1e-9 / 1.0
        return face((400 + 40 * math.sin(phase), 300), (0.0, 0.4 * math.sin(phase), 0.0))

    motion, errors = MotionFilter(), []
    for index in range(60):
        motion.update(at(index), index * FRAME_NS)
        errors.append(
            (error_px(motion.predicted((index + 2) * FRAME_NS), at(index + 2)), error_px(at(index), at(index + 2)))
        )
    predicted, held = np.array(errors[10:]).sum(0)
    assert predicted <= 0.6 * held


def test_times_that_jitter_do_not_change_the_speed() -> None:
    rng = np.random.default_rng(1)
    motion, now = MotionFilter(), 0
    for step in [0, *rng.integers(8_000_000, 60_000_000, 20).tolist()]:
        now += step
        motion.update(face((400 + 300 * now * 1e-9, 300)), now)
    truth = face((400 + 300 * (now + AHEAD_NS) * 1e-9, 300))
    assert error_px(motion.predicted(now + AHEAD_NS), truth) < 2


def test_far_ahead_the_face_slows_down_and_nothing_flies_off() -> None:
    poses = [face((400 + 10 * index, 300)) for index in range(10)]
    motion = filled(poses)
    centres = []
    for ahead_ms in range(0, 300, 10):
        predicted = motion.predicted(9 * FRAME_NS + ahead_ms * 1_000_000)
        assert predicted is not None
        centres.append(float(predicted[:, 0].mean()))
    steps = np.diff(centres)
    assert (steps >= -1e-3).all()
    assert steps[-1] < 0.3 * steps[0]
    assert centres[-1] - centres[0] < 300 * 0.25


@pytest.mark.parametrize(
    ("name", "ahead_ns"),
    [("the past", -1), ("a moment far away", 300_000_001)],
)
def test_nothing_is_said_about(name: str, ahead_ns: int) -> None:
    assert filled([face(), face()]).predicted(FRAME_NS + ahead_ns) is None, name


def test_an_empty_filter_says_nothing_and_one_update_holds_the_face() -> None:
    motion = MotionFilter()
    assert motion.predicted(0) is None
    motion.update(face(), 5)
    predicted = motion.predicted(5 + AHEAD_NS)
    assert predicted is not None
    np.testing.assert_allclose(predicted, face(), atol=1e-3)
    motion.reset()
    assert motion.predicted(5) is None


@pytest.mark.parametrize(
    ("name", "next_ns"), [("back in time", 3 * FRAME_NS), ("after a long gap", 9 * FRAME_NS + 300_000_001)]
)
def test_speed_is_forgotten_when_the_next_mesh_comes(name: str, next_ns: int) -> None:
    motion = filled([face((400 + 10 * index, 300)) for index in range(10)])
    motion.update(face(), next_ns)
    predicted = motion.predicted(next_ns + AHEAD_NS)
    assert predicted is not None, name
    np.testing.assert_allclose(predicted, face(), atol=1e-3)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, 1e30])
def test_points_that_make_no_sense_are_forgotten_with_all_before_them(bad: float) -> None:
    motion = filled([face((400 + 10 * index, 300)) for index in range(5)])
    broken = face()
    broken[17, 1] = bad
    motion.update(broken, 5 * FRAME_NS)
    predicted = motion.predicted(5 * FRAME_NS)
    assert predicted is None or np.isfinite(predicted).all()
    motion.update(face(), 6 * FRAME_NS)
    after = motion.predicted(8 * FRAME_NS)
    assert after is not None
    if not math.isfinite(bad):
        np.testing.assert_allclose(after, face(), atol=1e-3)


def test_points_that_all_coincide_are_no_face() -> None:
    motion = MotionFilter()
    motion.update(np.full((468, 3), 7, np.float32), 0)
    assert motion.predicted(0) is None


def test_what_is_returned_is_not_what_is_kept() -> None:
    points = face()
    motion = MotionFilter()
    motion.update(points, 0)
    points += 100
    first = motion.predicted(0)
    assert first is not None
    np.testing.assert_allclose(first, face(), atol=1e-3)
    first += 100
    second = motion.predicted(0)
    assert second is not None
    np.testing.assert_allclose(second, face(), atol=1e-3)
