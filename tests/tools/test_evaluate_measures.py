"""Room: tests. The formulas of the evaluation on pictures whose answer is known."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.tools import evaluate_measures as measures
from tests.portrait import demo_frame

_CENTRE = np.array([160.0, 130.0, 0.0], np.float32)


def _face(scale: float = 10.0) -> NDArray[np.float32]:
    """The average face from the front, about 150 px wide in a picture of 320 x 260."""
    return np.ascontiguousarray(topology.CANONICAL * np.float32(scale) + _CENTRE, np.float32)


def _turned(points: NDArray[np.float32], degrees: float) -> NDArray[np.float32]:
    turn = np.radians(degrees)
    x, z = (points - _CENTRE)[:, 0], (points - _CENTRE)[:, 2]
    turned = points.copy()
    turned[:, 0] = _CENTRE[0] + np.cos(turn) * x - np.sin(turn) * z
    return turned


def _skin(level: int = 150) -> NDArray[np.uint8]:
    """An even picture with a little pattern, so that something is there to be sharp."""
    image = np.full((260, 320, 3), level, np.int16)
    image[::4] += 6
    return image.astype(np.uint8)


def _oval(points: NDArray[np.float32]) -> NDArray[np.bool_]:
    mask = np.zeros((260, 320), np.uint8)
    cv2.fillPoly(mask, [np.rint(points[list(topology.FACE_OVAL), :2]).astype(np.int32)], 1)
    return mask > 0


@given(scale=st.floats(4, 40), x=st.floats(-500, 500), y=st.floats(-500, 500))
def test_features_do_not_depend_on_place_and_size(scale: float, x: float, y: float) -> None:
    moved = (topology.CANONICAL * np.float32(scale) + np.array([x, y, 0], np.float32)).astype(np.float32)
    np.testing.assert_allclose(measures.features(moved), measures.features(_face()), atol=2e-3)


def test_features_follow_mouth_lids_and_yaw() -> None:
    rest = measures.features(_face())
    assert abs(rest[4]) < 0.01
    opened = _face()
    opened[14, 1] += 20
    opened[145, 1] += 5
    change = measures.features(opened) - rest
    assert change[0] > 0.1
    assert change[2] > 0.03
    assert np.abs(change[[1, 3, 4]]).max() < 0.01
    right, left = (measures.features(_turned(_face(), degrees))[4] for degrees in (10, -10))
    assert right * left < 0
    assert 0.05 < abs(right) < 0.2


def test_kept_is_a_correlation_none_where_nothing_moves_and_0_where_nothing_follows() -> None:
    wave = np.sin(np.arange(40) / 3).astype(np.float32)
    assert measures.kept(wave, 0.3 * wave + 2) == pytest.approx(1, abs=1e-5)
    assert measures.kept(wave, -wave) == pytest.approx(-1, abs=1e-5)
    assert measures.kept(wave * np.float32(1e-3), wave) is None
    assert measures.kept(wave, np.zeros_like(wave)) == 0
    assert measures.kept(wave[:2], wave[:2]) is None


def test_landmark_error_is_a_share_of_the_distance_of_the_eyes() -> None:
    apart = float(np.linalg.norm(_face()[33, :2] - _face()[263, :2]))
    assert measures.landmark_error(_face() + np.array([3, 4, 99], np.float32), _face()) == pytest.approx(
        5 / apart, rel=1e-4
    )


def test_motion_of_the_head_is_no_flicker_and_flicker_is() -> None:
    frames = [demo_frame(index) for index in (30, 31, 32)]
    faces = [measures.stabilised(demo.frame.image_bgr, demo.mesh_points) for demo in frames]
    at_rest = measures.restlessness(*faces)
    flash = measures.stabilised(
        cv2.convertScaleAbs(frames[1].frame.image_bgr, alpha=0.9).astype(np.uint8), frames[1].mesh_points
    )
    assert faces[0].shape == (95, 78, 3)
    assert measures.restlessness(faces[0], flash, faces[2]) > at_rest + 5


def test_a_face_off_the_middle_of_its_neighbours_is_restless_by_just_that() -> None:
    flat = np.full((4, 5, 3), 100, np.float32)
    assert measures.restlessness(flat, flat + 10, flat + 20) == 0
    assert measures.restlessness(flat, flat + 10, flat) == 10


def test_a_blurred_face_is_less_sharp_and_what_is_round_about_does_not_count() -> None:
    demo = demo_frame(0)
    image, points = demo.frame.image_bgr, demo.mesh_points
    blurred = np.asarray(cv2.GaussianBlur(image, (0, 0), 2.0), np.uint8)
    assert measures.sharpness(blurred, points) < 0.5 * measures.sharpness(image, points)
    noisy = _skin()
    inside = _oval(_face())
    noisy[~inside] = np.random.default_rng(0).integers(0, 255, (int((~inside).sum()), 3))
    assert measures.sharpness(noisy, _face()) == pytest.approx(measures.sharpness(_skin(), _face()), abs=0.2)


def test_a_coloured_spot_on_the_cheek_is_a_blotch_and_a_shadow_is_none() -> None:
    spotted, shaded = _skin(), _skin()
    x, y = np.rint(_face()[205, :2]).astype(int).tolist()
    cv2.circle(spotted, (x, y), 12, (110, 110, 190), -1)
    cv2.circle(shaded, (x, y), 12, (110, 110, 110), -1)
    even = measures.blotches(_skin(), _face())
    assert measures.blotches(spotted, _face()) > even + 2
    assert measures.blotches(shaded, _face()) < even + 1


def test_a_face_of_another_shade_has_a_seam_and_one_that_fades_out_hardly_any() -> None:
    inside = _oval(_face())
    original = _skin()
    assert measures.seam(original, original, _face()) == 0
    pasted = original.copy()
    pasted[inside] -= 40
    fade = cv2.GaussianBlur(cv2.erode(inside.astype(np.float32), np.ones((41, 41))), (0, 0), 9)[..., None]
    faded = (original - 40 * fade).astype(np.uint8)
    hard, soft = (measures.seam(original, image, _face()) for image in (pasted, faded))
    assert hard > 2 * soft > 0


def test_only_what_changes_far_from_the_face_is_background() -> None:
    original, changed = _skin(), _skin()
    changed[_oval(_face())] = 0
    assert measures.background_changed(original, changed, _face()) == 0
    changed[:20, :20] = 0
    assert 0 < measures.background_changed(original, changed, _face()) < 0.05
    slightly = original + np.uint8(20)
    assert measures.background_changed(original, slightly, _face()) == 0


def test_light_is_measured_for_each_side_and_colour() -> None:
    skin = _oval(_face()).astype(np.uint8) * 255
    plain = np.full((260, 320, 3), 100, np.uint8)
    lit = plain.copy()
    lit[:, :160, 2] = 200
    lit[:, 160:, 0] = 50
    change = measures.sides_light(lit, skin, _face()) - measures.sides_light(plain, skin, _face())
    expected = np.log(np.array([[1, 1, 2], [0.5, 1, 1]]))
    np.testing.assert_allclose(change, expected, atol=0.03)
