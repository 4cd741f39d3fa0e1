"""Room: tests. The live mesh moves part of the way toward the target's shape; pose and expression stay live."""

from __future__ import annotations

from typing import Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.swap.likeness import LikenessShaper
from tests.faces.scripted import mesh_at
from tests.portrait import FRAME_NS

LIVE: Final = mesh_at((320, 240), 200).points
PX_PER_CM: Final = 200 / float(np.ptp(topology.CANONICAL[:, 1]))
EYES: Final = {"left": topology.IMAGE_LEFT_EYE, "right": topology.IMAGE_RIGHT_EYE}


def long_nosed() -> NDArray[np.float32]:
    shape = topology.CANONICAL.copy()
    shape[topology.NOSE_TIP] += (0, 0.8, -0.5)
    return shape


def rolled(points: NDArray[np.float32], angle: float) -> NDArray[np.float32]:
    turn = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]], np.float32)
    return points @ turn.T


def with_open_mouth(points: NDArray[np.float32], gap_px: float) -> NDArray[np.float32]:
    """The lower lip and the chin moved down; the higher up a cheek's point, the less."""
    lowered = points.copy()
    lip_y = points[topology.UPPER_LIP_INNER, 1]
    lower = np.isin(np.arange(468), (14, 317, 402, 318, 324, 87, 178, 88, 95, 17, 152, 199, 200, 18, 16, 15))
    lower |= points[:, 1] > lip_y + 1.2 * PX_PER_CM
    lowered[lower, 1] += gap_px
    return lowered


def opening(points: NDArray[np.float32]) -> float:
    return float(np.linalg.norm(points[topology.LOWER_LIP_INNER] - points[topology.UPPER_LIP_INNER]))


def moves(points: NDArray[np.float32], target: NDArray[np.float32], likeness: float) -> NDArray[np.float32]:
    return LikenessShaper().moves(points, 1, target, likeness, 0)


def watched(shaper: LikenessShaper, points: NDArray[np.float32], seconds: float, begin_s: float = 0.0) -> int:
    """The shaper looks at one mesh for a while at 30 frames/s; returns the time of the next frame, ns."""
    frames = range(round(begin_s * 30), round((begin_s + seconds) * 30))
    for index in frames:
        shaper.moves(points, 1, topology.CANONICAL, 1.0, index * FRAME_NS)
    return frames.stop * FRAME_NS


@pytest.mark.parametrize("likeness", [0, 0.0])
@pytest.mark.parametrize("target", [long_nosed(), topology.CANONICAL * np.float32(2)])
def test_without_likeness_nothing_moves_at_all(likeness: float, target: NDArray[np.float32]) -> None:
    found = moves(LIVE, target, likeness)
    assert found.shape == (468, 3)
    assert found.dtype == np.float32
    assert not found.any()


@pytest.mark.parametrize("likeness", [0.3, 1.0])
def test_a_target_of_the_live_faces_own_shape_moves_nothing(likeness: float) -> None:
    assert np.abs(moves(LIVE, topology.CANONICAL, likeness)).max() < 0.1


def test_a_long_nose_grows_with_the_likeness() -> None:
    down = [float(moves(LIVE, long_nosed(), likeness)[topology.NOSE_TIP, 1]) for likeness in (0.25, 0.5, 1.0)]
    assert 0 < down[0] < down[1] < down[2]
    assert down[2] == pytest.approx(0.8 * PX_PER_CM, rel=0.2)
    assert down[1] == pytest.approx(down[2] / 2, rel=0.05)


@pytest.mark.parametrize("shift", [(50, 0, 0), (3, -4, 5), (0, 0, -1000)])
def test_no_point_moves_far_even_toward_a_shape_that_is_nonsense(shift: tuple[int, int, int]) -> None:
    found = moves(LIVE, topology.CANONICAL + np.array(shift, np.float32), 1.0)
    assert np.linalg.norm(found, axis=1).max() < 1.5 * PX_PER_CM


def test_the_moves_turn_and_grow_with_the_head() -> None:
    plain = moves(LIVE, long_nosed(), 1.0)
    np.testing.assert_allclose(moves(rolled(LIVE, 0.4), long_nosed(), 1.0), rolled(plain, 0.4), atol=0.2)
    np.testing.assert_allclose(moves(LIVE * np.float32(2), long_nosed(), 1.0), 2 * plain, atol=0.2)


def test_what_one_side_of_the_target_alone_shows_sideways_is_shared_by_both() -> None:
    lopsided = topology.CANONICAL.copy()
    cheek, other = 117, int(topology.MIRRORED[117])
    lopsided[cheek, 0] += 0.6
    found = moves(LIVE, lopsided, 1.0)
    assert found[cheek, 0] == pytest.approx(-found[other, 0], abs=0.05)
    assert found[cheek, 0] == pytest.approx(0.3 * PX_PER_CM, rel=0.1)


@pytest.mark.parametrize("ring", [*EYES.values(), topology.LIPS_INNER])
def test_what_opens_and_closes_moves_up_and_down_as_one(ring: tuple[int, ...]) -> None:
    random = np.random.default_rng(3)
    target = topology.CANONICAL + random.normal(0, 0.3, (468, 3)).astype(np.float32)
    found = moves(LIVE, target, 1.0)
    assert np.ptp(found[list(ring), 1]) < 0.05
    assert np.ptp(found[list(ring), 0]) > 1, "sideways they differ"


@pytest.mark.parametrize("gap_cm", [0.3, 1.0, 2.5])
@pytest.mark.parametrize("likeness", [0.5, 1.0])
@pytest.mark.parametrize("seen_s", [0.0, 3.0])
def test_an_open_mouth_stays_open_at_first_sight_and_later(gap_cm: float, likeness: float, seen_s: float) -> None:
    talking = with_open_mouth(LIVE, gap_cm * PX_PER_CM)
    shaper = LikenessShaper()
    now_ns = watched(shaper, talking, seen_s)
    for target in (topology.CANONICAL, long_nosed(), topology.CANONICAL * np.float32(1.05)):
        moved = talking + shaper.moves(talking, 1, target, likeness, now_ns)
        assert opening(moved) > 0.9 * opening(talking)


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("share", [0.05, 0.3, 1.5])
def test_lids_stay_as_far_open_as_they_are(eye: str, share: float) -> None:
    ring = list(EYES[eye])
    blinking = LIVE.copy()
    middle = blinking[ring, 1].mean()
    blinking[ring, 1] = middle + share * (blinking[ring, 1] - middle)
    wide_eyed = topology.CANONICAL.copy()
    wide_eyed[ring, 1] += 0.6 * (wide_eyed[ring, 1] - wide_eyed[ring, 1].mean())
    moved = blinking + moves(blinking, wide_eyed, 1.0)
    assert np.ptp(moved[ring, 1]) == pytest.approx(np.ptp(blinking[ring, 1]), abs=0.1)


def test_an_expression_is_kept_once_the_neutral_face_is_known() -> None:
    shaper, surprised = LikenessShaper(), LIVE.copy()
    now_ns = watched(shaper, LIVE, 2)
    raised = [*topology.IMAGE_LEFT_BROW, *topology.IMAGE_RIGHT_BROW]
    surprised[raised, 1] -= 10
    moved = surprised + shaper.moves(surprised, 1, topology.CANONICAL, 1.0, now_ns)
    assert np.mean((moved - LIVE)[raised, 1]) < -8


@pytest.mark.parametrize("target", [topology.CANONICAL, long_nosed()])
def test_a_learnt_neutral_face_takes_the_targets_shape_wholly(target: NDArray[np.float32]) -> None:
    wide = LIVE * np.array([1.08, 1, 1], np.float32)
    shaper, away = LikenessShaper(), []
    for seconds in (0, 1, 4):
        now_ns = watched(shaper, wide, seconds)
        moved = wide + shaper.moves(wide, 1, target, 1.0, now_ns)
        width = np.ptp(moved[list(topology.FACE_OVAL), 0]) / np.ptp(moved[:, 1])
        away.append(abs(float(width - np.ptp(topology.CANONICAL[list(topology.FACE_OVAL), 0])
                              / np.ptp(topology.CANONICAL[:, 1]))))  # fmt: skip
    assert away[0] > away[1] > away[2]
    assert away[2] < 0.2 * away[0] + 0.005


def test_a_face_that_holds_still_soon_moves_by_the_same_in_every_frame() -> None:
    shaper = LikenessShaper()
    now_ns = watched(shaper, LIVE, 10)
    first, second = (shaper.moves(LIVE, 1, long_nosed(), 1.0, now_ns + step * FRAME_NS) for step in (0, 1))
    np.testing.assert_allclose(first, second, atol=0.01)


@pytest.mark.parametrize("rate", [10, 60])
def test_the_neutral_face_is_learnt_as_fast_at_any_frame_rate(rate: int) -> None:
    wide, found = LIVE * np.array([1.08, 1, 1], np.float32), []
    for frames_per_s in (30, rate):
        shaper, step_ns = LikenessShaper(), 10**9 // frames_per_s
        for index in range(2 * frames_per_s):
            shaper.moves(wide, 1, long_nosed(), 1.0, index * step_ns)
        found.append(shaper.moves(wide, 1, long_nosed(), 1.0, 2 * 10**9))
    np.testing.assert_allclose(found[0], found[1], atol=0.03 * PX_PER_CM)


def taught_by(points: NDArray[np.float32]) -> float:
    """How far the sides of the face move back to the average once it was seen for half a second, px."""
    shaper = LikenessShaper()
    now_ns = watched(shaper, points, 0.5)
    found = shaper.moves(points, 1, topology.CANONICAL, 1.0, now_ns)
    return float(np.linalg.norm(found[[454, 234]], axis=1).mean())


def test_a_shouting_or_turned_face_teaches_less_than_one_at_rest() -> None:
    wide = LIVE * np.array([1.08, 1, 1], np.float32)
    turn = np.array([[np.cos(1), 0, np.sin(1)], [0, 1, 0], [-np.sin(1), 0, np.cos(1)]], np.float32)
    at_rest, shouting, turned = (
        taught_by(points) for points in (wide, with_open_mouth(wide, PX_PER_CM), (wide @ turn.T))
    )
    assert shouting < 0.8 * at_rest
    assert turned < 0.8 * at_rest


def test_another_face_is_learnt_anew() -> None:
    wide = LIVE * np.array([1.3, 1, 1], np.float32)
    shaper = LikenessShaper()
    now_ns = watched(shaper, LIVE, 3)
    second = shaper.moves(wide, 2, long_nosed(), 1.0, now_ns)
    np.testing.assert_array_equal(second, LikenessShaper().moves(wide, 2, long_nosed(), 1.0, now_ns))


@given(st.integers(0, 2**32 - 1), st.floats(0, 1), st.lists(st.integers(-(10**9), 10**10), min_size=1, max_size=5))
@settings(max_examples=30)
def test_any_live_mesh_and_clock_give_finite_moves(seed: int, likeness: float, steps_ns: list[int]) -> None:
    random, shaper, time_ns = np.random.default_rng(seed), LikenessShaper(), 0
    for step in steps_ns:
        time_ns += step
        scale = random.uniform(0.01, 20)
        points = (LIVE * scale + random.normal(0, 50 * min(scale, 1), (468, 3))).astype(np.float32)
        found = shaper.moves(points, 1, long_nosed(), likeness, time_ns)
        assert found.shape == (468, 3)
        assert found.dtype == np.float32
        assert np.isfinite(found).all()
