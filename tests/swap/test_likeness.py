"""Room: tests. The live mesh moves part of the way toward the target's shape, and only where it may."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.swap.likeness import LikenessShaper
from tests.faces.scripted import mesh_at
from tests.portrait import FRAME_NS

LIVE = mesh_at((320, 240), 200).points
PX_PER_CM = 200 / float(np.ptp(topology.CANONICAL[:, 1]))
FIXED = list({*topology.FACE_OVAL, *topology.IMAGE_LEFT_EYE, *topology.IMAGE_RIGHT_EYE, *topology.LIPS_INNER})


def long_nosed() -> NDArray[np.float32]:
    shape = topology.CANONICAL.copy()
    shape[topology.NOSE_TIP] += (0, 0.8, -0.5)
    return shape


def shaped(points: NDArray[np.float32], target: NDArray[np.float32], likeness: float) -> NDArray[np.float32]:
    return LikenessShaper().shape(points, 1, target, likeness, 0)


def test_without_likeness_the_mesh_stays_as_it_is() -> None:
    np.testing.assert_array_equal(shaped(LIVE, long_nosed(), 0.0), LIVE)


@pytest.mark.parametrize("likeness", [0.3, 1.0])
def test_a_target_of_the_live_faces_own_shape_changes_nothing(likeness: float) -> None:
    np.testing.assert_allclose(shaped(LIVE, topology.CANONICAL, likeness), LIVE, atol=0.1)


def test_a_long_nose_grows_with_the_likeness() -> None:
    moves = [
        float((shaped(LIVE, long_nosed(), likeness) - LIVE)[topology.NOSE_TIP, 1]) for likeness in (0.25, 0.5, 1.0)
    ]
    assert 0 < moves[0] < moves[1] < moves[2]
    assert moves[2] == pytest.approx(0.8 * PX_PER_CM, rel=0.2)
    assert moves[1] == pytest.approx(moves[2] / 2, rel=0.05)


def test_points_that_touch_live_pixels_do_not_move() -> None:
    target = topology.CANONICAL * np.float32(1.1) + np.random.default_rng(1).normal(0, 0.3, (468, 3)).astype(np.float32)
    moved = shaped(LIVE, target, 1.0) - LIVE
    assert np.abs(moved[FIXED]).max() < 0.01
    assert np.abs(moved).max() > 1


@pytest.mark.parametrize("far_cm", [0.5, 1.0, 1.5])
def test_toward_a_much_wider_face_no_point_crosses_the_live_outline(far_cm: float) -> None:
    outward = topology.CANONICAL[:, :2] / np.linalg.norm(topology.CANONICAL[:, :2], axis=1, keepdims=True)
    wide = topology.CANONICAL.copy()
    wide[:, :2] += np.float32(far_cm) * outward
    moved = shaped(LIVE, wide, 1.0)
    oval = LIVE[list(topology.FACE_OVAL), :2]
    before, after = (
        np.array([cv2.pointPolygonTest(oval, place, True) for place in points[:, :2].tolist()])
        for points in (LIVE, moved)
    )
    inside = before > 1
    assert inside.sum() > 400
    assert after[inside].min() > 0
    assert np.linalg.norm(moved - LIVE, axis=1).max() > 0.4 * far_cm * PX_PER_CM, "the rest moves"


def test_no_point_moves_far_even_toward_a_shape_that_is_nonsense() -> None:
    moved = shaped(LIVE, topology.CANONICAL + np.float32(50), 1.0) - LIVE
    assert np.linalg.norm(moved, axis=1).max() < 1.5 * PX_PER_CM


def test_the_shape_turns_with_the_head() -> None:
    angle = 0.4
    turn = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]], np.float32)
    turned = LIVE @ turn.T
    moved = shaped(turned, long_nosed(), 1.0) - turned
    np.testing.assert_allclose(moved, (shaped(LIVE, long_nosed(), 1.0) - LIVE) @ turn.T, atol=0.2)


def test_an_expression_is_kept_once_the_neutral_face_is_known() -> None:
    shaper, talking = LikenessShaper(), LIVE.copy()
    for index in range(60):
        shaper.shape(LIVE, 1, topology.CANONICAL, 1.0, index * FRAME_NS)
    raised = [70, 63, 105, 66, 107]
    talking[raised, 1] -= 10
    out = shaper.shape(talking, 1, topology.CANONICAL, 1.0, 60 * FRAME_NS)
    assert np.mean((out - LIVE)[raised, 1]) < -7


def test_another_face_is_learnt_anew() -> None:
    wide = LIVE * np.array([1.3, 1, 1], np.float32)
    shaper = LikenessShaper()
    shaper.shape(LIVE, 1, long_nosed(), 1.0, 0)
    second = shaper.shape(wide, 2, long_nosed(), 1.0, FRAME_NS)
    np.testing.assert_array_equal(second, LikenessShaper().shape(wide, 2, long_nosed(), 1.0, 0))


@given(st.integers(0, 2**32 - 1), st.floats(0, 1), st.lists(st.integers(-(10**9), 10**10), min_size=1, max_size=5))
@settings(max_examples=30)
def test_any_live_mesh_and_clock_give_a_finite_mesh(seed: int, likeness: float, steps_ns: list[int]) -> None:
    random, shaper, time_ns = np.random.default_rng(seed), LikenessShaper(), 0
    for step in steps_ns:
        time_ns += step
        points = (LIVE * random.uniform(0.01, 20) + random.normal(0, 50, (468, 3))).astype(np.float32)
        out = shaper.shape(points, 1, long_nosed(), likeness, time_ns)
        assert out.shape == (468, 3)
        assert out.dtype == np.float32
        assert np.isfinite(out).all()
