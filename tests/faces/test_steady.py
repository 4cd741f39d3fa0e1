"""Room: tests. The shown mesh goes as the picture does: jitter is gone, motion, expression and corrections are not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.faces.steady import Steadier
from tests.faces.test_rigid import head

Floats = NDArray[np.float32]

FRAME_NS = 33_333_333
HEIGHT_PX = float(np.ptp(topology.CANONICAL[:, 1])) * 10
LIPS = [*topology.LIPS_INNER, *topology.LIPS_OUTER]


def jittery(count: int, seed: int = 1) -> list[Floats]:
    """A head at rest as a jittery network sees it."""
    random = np.random.default_rng(seed)
    shifts, turns = random.normal(0, 0.2, (count, 2)), random.normal(0, 0.01, (count, 3))
    return [head(tuple(turn.tolist()), (300 + x, 200 + y)) for (x, y), turn in zip(shifts.tolist(), turns, strict=True)]


def shown_of(meshes: list[Floats], shifts: list[float] | None) -> list[Floats]:
    """What is shown; flow says by how many px the head moved since the last frame, or nothing."""
    steady, shown = Steadier(), []
    for index, points in enumerate(meshes):
        carried = None
        if index and shifts is not None:
            carried = meshes[index - 1] + np.array([shifts[index], 0, 0], np.float32)
        shown.append(steady(points, carried, index * FRAME_NS))
    return shown


def unrest(meshes: list[Floats]) -> float:
    """Mean distance of each mesh from the middle of its neighbours, px."""
    three = np.array(meshes[10:])[..., :2]
    return float(np.abs(three[1:-1] - (three[:-2] + three[2:]) / 2).mean())


def test_the_first_mesh_is_shown_as_it_is() -> None:
    (points,) = jittery(1)
    np.testing.assert_array_equal(Steadier()(points, None, 0), points)


def test_a_head_that_rests_in_the_picture_is_shown_at_rest() -> None:
    meshes = jittery(90)
    shown = shown_of(meshes, [0.0] * 90)
    assert unrest(shown) < 0.3 * unrest(meshes)
    np.testing.assert_allclose(np.mean(shown[10:], 0), np.mean(meshes, 0), atol=0.5)


def test_without_flow_a_resting_head_is_still_steadier_than_the_network_sees_it() -> None:
    meshes = jittery(90)
    assert unrest(shown_of(meshes, None)) < 0.75 * unrest(meshes)


@pytest.mark.parametrize("faces_per_s", [0.1, 0.5, 2.0])
def test_a_moving_head_is_followed_without_lag_and_without_jitter(faces_per_s: float) -> None:
    step_px = faces_per_s * HEIGHT_PX / 30
    moves = [np.array([step_px * index, 0, 0], np.float32) for index in range(60)]
    meshes = [points + move for points, move in zip(jittery(60), moves, strict=True)]
    shown = shown_of(meshes, [step_px] * 60)
    still = [points - move for points, move in zip(shown, moves, strict=True)]
    assert unrest(shown) < 0.3 * unrest(meshes)
    assert abs(float(np.mean(still[20:], 0)[:, 0].mean()) - 300) < 0.5


@pytest.mark.parametrize("faces_per_s", [0.5, 2.0])
def test_without_flow_a_moving_head_is_shown_hardly_behind(faces_per_s: float) -> None:
    step_px = faces_per_s * HEIGHT_PX / 30
    meshes = [head((0, 0, 0), (300 + step_px * index, 200.0)) for index in range(40)]
    behind = float((meshes[-1] - shown_of(meshes, None)[-1])[:, 0].mean())
    assert behind < 0.005 * HEIGHT_PX


def test_flow_that_drifts_is_held_near_what_the_network_sees() -> None:
    meshes = [head((0, 0, 0))] * 90
    off = float((shown_of(meshes, [0.3] * 90)[-1] - meshes[-1])[:, 0].mean())
    assert 0 < off < 2.0


def test_a_mouth_that_opens_opens_at_once() -> None:
    shut = head((0, 0, 0))
    wide = shut.copy()
    wide[LIPS, 1] += 12
    meshes = [*[shut] * 10, *[wide] * 3]
    moved = (shown_of(meshes, [0.0] * 13)[-1] - shut)[LIPS, 1].mean()
    assert moved > 11


def test_a_face_found_elsewhere_is_shown_there() -> None:
    near, far = head((0, 0, 0)), head((0.3, 0.2, 0), (500.0, 100.0), 14.0)
    steady = Steadier()
    for index in range(10):
        steady(near, near, index * FRAME_NS)
    np.testing.assert_allclose(steady(far, None, 10 * FRAME_NS)[:, :2], far[:, :2], atol=0.02 * HEIGHT_PX)


def test_after_a_long_gap_the_head_is_where_the_network_sees_it() -> None:
    meshes = jittery(2)
    steady = Steadier()
    steady(meshes[0], None, 0)
    shown = steady(meshes[1], meshes[0], 10**9)
    np.testing.assert_allclose(shown.mean(0), meshes[1].mean(0), atol=1e-2)


def test_a_mesh_that_makes_no_sense_passes_and_is_forgotten() -> None:
    meshes, steady = jittery(3), Steadier()
    steady(meshes[0], None, 0)
    broken = np.full_like(meshes[0], np.nan)
    np.testing.assert_array_equal(steady(broken, None, FRAME_NS), broken)
    np.testing.assert_array_equal(steady(meshes[2], meshes[1], 2 * FRAME_NS), meshes[2])


@given(st.integers(0, 2**32 - 1), st.lists(st.integers(-(10**9), 10**9), min_size=2, max_size=8))
@settings(max_examples=30)
def test_whatever_flow_and_clock_say_the_mesh_stays_on_the_face(seed: int, steps_ns: list[int]) -> None:
    random, steady, time_ns = np.random.default_rng(seed), Steadier(), 0
    points = head((0, 0, 0))
    for step in steps_ns:
        time_ns += step
        wild = points + random.normal(0, 100, 3).astype(np.float32) if random.random() < 0.7 else None
        shown = steady(points, wild, time_ns)
        assert np.isfinite(shown).all()
        assert float(np.abs(shown - points)[:, :2].mean()) < 0.1 * HEIGHT_PX
