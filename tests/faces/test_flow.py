"""Room: tests. The flow: known motions of a textured picture come back; what is covered or bare of texture does not."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.domain.geometry import box_around
from mirror_app.faces.flow import Carried, PointFlow

SIZE_WH = (640, 480)
CENTRE = np.array([320.0, 240.0])

Floats = NDArray[np.float32]
Picture = NDArray[np.uint8]


def textured(seed: int = 0) -> Picture:
    """Blobs of all sizes from 4 px up."""
    rng = np.random.default_rng(seed)
    whole = np.zeros((SIZE_WH[1], SIZE_WH[0], 3), np.float32)
    for blob in (4, 8, 16, 32):
        coarse = rng.normal(0, 1, (SIZE_WH[1] // blob + 1, SIZE_WH[0] // blob + 1, 3)).astype(np.float32)
        whole += cv2.resize(coarse, SIZE_WH, interpolation=cv2.INTER_CUBIC)
    return np.clip(whole * 25 + 128, 0, 255).astype(np.uint8)


def face(height_px: float = 200.0) -> Floats:
    px_per_cm = height_px / float(np.ptp(topology.CANONICAL[:, 1]))
    return np.asarray(topology.CANONICAL * px_per_cm + np.array([*CENTRE, 0.0]), np.float32)


def about_centre(x: float, y: float, turn: float, growth: float) -> NDArray[np.float64]:
    matrix = cv2.getRotationMatrix2D((float(CENTRE[0]), float(CENTRE[1])), math.degrees(turn), growth)
    return np.asarray(matrix + np.array([[0, 0, x], [0, 0, y]]), np.float64)


def moved(picture: Picture, matrix: NDArray[np.float64]) -> Picture:
    return np.asarray(cv2.warpAffine(picture, matrix, SIZE_WH, borderMode=cv2.BORDER_REFLECT), np.uint8)


def carried(before: Picture, after: Picture, points: Floats, guess: Floats | None = None) -> Carried | None:
    flow = PointFlow()
    flow.remember(before, points)
    return flow.carried(after, guess)


def worst_px(result: Carried | None, points: Floats, matrix: NDArray[np.float64]) -> float:
    assert result is not None
    truth = points[:, :2] @ matrix[:, :2].T + matrix[:, 2]
    return float(np.linalg.norm(result.points[:, :2] - truth, axis=1).max())


@settings(deadline=None, max_examples=40)
@given(
    st.floats(-20, 20),
    st.floats(-20, 20),
    st.floats(-0.12, 0.12),
    st.floats(0.93, 1.08),
    st.sampled_from([120, 200, 300]),
)
def test_shift_turn_and_growth_of_a_picture_are_found(
    x: float, y: float, turn: float, growth: float, height: int
) -> None:
    picture, points, matrix = textured(), face(height), about_centre(x, y, turn, growth)
    result = carried(picture, moved(picture, matrix), points)
    assert worst_px(result, points, matrix) < 0.01 * height
    assert result is not None
    assert result.trust > 0.8


def test_a_guess_helps_where_the_face_moved_far() -> None:
    picture, points, matrix = textured(), face(), about_centre(110, -60, 0.0, 1.0)
    after = moved(picture, matrix)
    guess = points + np.array([100, -54, 0], np.float32)
    assert worst_px(carried(picture, after, points, guess), points, matrix) < 2
    without = carried(picture, after, points)
    assert without is None or without.trust < 0.5


@pytest.mark.parametrize("side", ["left", "right", "upper", "lower"])
def test_where_half_the_face_is_covered_trust_sinks_and_the_rest_stays_right(side: str) -> None:
    picture, points, matrix = textured(), face(), about_centre(12, -7, 0.05, 1.02)
    after = moved(picture, matrix)
    x, y = int(CENTRE[0] + 12), int(CENTRE[1] - 7)
    left, top, right, bottom = {
        "left": (0, 0, x, SIZE_WH[1]),
        "right": (x, 0, SIZE_WH[0], SIZE_WH[1]),
        "upper": (0, 0, SIZE_WH[0], y),
        "lower": (0, y, SIZE_WH[0], SIZE_WH[1]),
    }[side]
    noise = np.random.default_rng(1).integers(0, 256, after.shape).astype(np.uint8)
    after[top:bottom, left:right] = noise[top:bottom, left:right]
    result = carried(picture, after, points)
    bare = carried(picture, moved(picture, matrix), points)
    assert result is not None
    assert bare is not None
    assert result.trust < 0.75 < bare.trust
    truth = points[:, :2] @ matrix[:, :2].T + matrix[:, 2]
    away = np.linalg.norm(result.points[:, :2] - truth, axis=1)
    column, value, sign = {"left": (0, x, 1), "right": (0, x, -1), "upper": (1, y, 1), "lower": (1, y, -1)}[side]
    seen = (truth[:, column] - value) * sign > 0
    assert away[seen].mean() < 2
    assert away.max() < 12, "what is covered goes along with the rest"


def test_a_part_that_moves_by_itself_is_followed_there_and_nowhere_else() -> None:
    picture, points = textured(), face()
    lower = points[[topology.LOWER_LIP_INNER, 17, 18, 200], :2].mean(0)
    rows, columns = (np.asarray(axis, np.float32) for axis in np.indices(picture.shape[:2]))
    bump = 7 * np.exp(-((columns - lower[0]) ** 2 + (rows - lower[1]) ** 2) / (2 * 30.0**2))
    after = np.asarray(cv2.remap(picture, columns, np.asarray(rows - bump, np.float32), cv2.INTER_LINEAR), np.uint8)
    result = carried(picture, after, points)
    assert result is not None
    step = result.points - points
    assert step[17, 1] > 3.5
    assert np.abs(step[topology.FOREHEAD_TOP, :2]).max() < 1.5


def test_a_turn_about_the_upright_axis_turns_the_mesh_in_depth_too() -> None:
    points = face()
    turn, _ = cv2.Rodrigues(np.array([0.0, 0.12, 0.0]))
    truth = np.asarray((points - face().mean(0)) @ turn.T + face().mean(0), np.float32)
    picture, depth_map = textured(), np.zeros((SIZE_WH[1], SIZE_WH[0]), np.float32)
    for corners in points[topology.TRIANGLES]:
        cv2.fillConvexPoly(depth_map, corners[:, :2].round().astype(np.int32), float(corners[:, 2].mean()))
    depth_map = np.asarray(cv2.GaussianBlur(depth_map, (0, 0), 3), np.float32)
    rows, columns = (np.asarray(axis, np.float32) for axis in np.indices(depth_map.shape))
    step = math.sin(0.12) * (depth_map - float(points[:, 2].mean()))
    after = np.asarray(cv2.remap(picture, columns - step, rows, cv2.INTER_LINEAR), np.uint8)
    result = carried(picture, after, points)
    assert result is not None
    held = np.linalg.norm((points - truth)[:, :2], axis=1).mean()
    assert np.linalg.norm((result.points - truth)[:, :2], axis=1).mean() < 0.35 * held
    depth = result.points[:, 2] - result.points[:, 2].mean() - (points[:, 2] - points[:, 2].mean())
    wanted = truth[:, 2] - truth[:, 2].mean() - (points[:, 2] - points[:, 2].mean())
    assert np.corrcoef(depth, wanted)[0, 1] > 0.9


@pytest.mark.parametrize("grey", [0, 90, 255])
def test_a_uniform_picture_says_nothing(grey: int) -> None:
    uniform = np.full((480, 640, 3), grey, np.uint8)
    assert carried(uniform, uniform.copy(), face()) is None
    assert carried(textured(), uniform, face()) is None
    assert carried(uniform, textured(), face()) is None


def test_another_picture_altogether_is_not_trusted() -> None:
    result = carried(textured(0), textured(1), face())
    assert result is None or result.trust < 0.4


def test_nothing_is_known_before_the_first_picture_and_after_a_senseless_mesh() -> None:
    flow = PointFlow()
    assert flow.carried(textured()) is None
    flow.remember(textured(), face())
    assert flow.carried(textured()) is not None
    broken = face()
    broken[0, 0] = np.nan
    flow.remember(textured(), broken)
    assert flow.carried(textured()) is None


def test_a_picture_of_another_size_says_nothing() -> None:
    assert carried(textured(), np.zeros((240, 320, 3), np.uint8), face()) is None


@pytest.mark.parametrize("away", [(-320, 0), (320, 0), (0, -240), (0, 240), (-5000, 3000)])
def test_a_face_at_the_border_or_beyond_it_is_carried_or_given_up(away: tuple[int, int]) -> None:
    picture, matrix = textured(), about_centre(5, 3, 0.0, 1.0)
    points = face() + np.array([*away, 0], np.float32)
    result = carried(picture, moved(picture, matrix), points)
    assert result is None or np.isfinite(result.points).all()


@pytest.mark.parametrize("height", [0.0, 1.0, 5.0, 30.0, 2000.0])
def test_a_face_of_any_size_is_carried_or_given_up(height: float) -> None:
    picture, matrix = textured(), about_centre(3, 2, 0.0, 1.0)
    result = carried(picture, moved(picture, matrix), face(height))
    assert result is None or np.isfinite(result.points).all()


@settings(deadline=None, max_examples=15)
@given(st.integers(-60, 60), st.integers(-60, 60))
def test_a_shifted_world_gives_the_shifted_answer(x: int, y: int) -> None:
    picture, points = textured(), face()
    after = moved(picture, about_centre(6, -4, 0.03, 1.0))
    there = np.array([[1, 0, x], [0, 1, y]], np.float64)
    here = carried(picture, after, points)
    other = carried(
        moved(picture, there),
        moved(after, there),
        points + np.array([x, y, 0], np.float32),
    )
    assert here is not None
    assert other is not None
    np.testing.assert_allclose(other.points, here.points + np.array([x, y, 0], np.float32), atol=0.5)
    assert box_around(other.points) - box_around(here.points) == pytest.approx([x, y, x, y], abs=0.5)
