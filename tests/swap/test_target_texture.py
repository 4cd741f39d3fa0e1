"""Room: tests. From photos of one face to its texture: light, hidden halves, hair and grain against a known skin."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.swap.target_texture import PhotoView, make_texture
from mirror_app.swap.unroll import unroll
from tests.imaging.pictures import soft_noise
from tests.swap.synthetic_faces import (
    SKIN_BGR,
    clipped,
    colour_at,
    error_of,
    inside_face,
    photo_of,
    synthetic_face,
)

SIDE = 256


@cache
def known() -> NDArray[np.uint8]:
    return synthetic_face(SIDE)


def raw(view: PhotoView) -> NDArray[np.uint8]:
    return unroll(view.image_bgr, view.points, SIDE).texture_bgr


def shaded(darkest: float, tint: tuple[float, float, float] = (1, 1, 1)) -> NDArray[np.uint8]:
    """The known face in a half-shadow with a sharp edge."""
    across = (np.arange(SIDE) + 0.5) / SIDE
    light = darkest + (1 - darkest) / (1 + np.exp((0.45 - across) / 0.005))
    return clipped(known() * light[None, :, None] ** np.array(tint))


@pytest.mark.parametrize(
    ("yaw_rad", "tint"),
    [(0.0, (1.0, 1.0, 1.0)), (0.0, (1.5, 1.2, 0.9)), (0.5, (1.0, 1.0, 1.0)), (-0.4, (1.0, 1.0, 1.0))],
)
def test_a_photo_in_a_half_shadow_gives_nearly_the_known_skin(yaw_rad: float, tint: tuple[float, float, float]) -> None:
    view = photo_of(shaded(0.45, tint), yaw_rad=yaw_rad)
    where = inside_face(SIDE)
    assert error_of(make_texture([view], SIDE), known(), where) < 0.6 * error_of(raw(view), known(), where)


@pytest.mark.parametrize("yaw_rad", [0.8, -0.8])
def test_the_hidden_half_of_a_turned_face_is_filled(yaw_rad: float) -> None:
    view = photo_of(known(), yaw_rad=yaw_rad)
    where = inside_face(SIDE)
    found = error_of(make_texture([view], SIDE), known(), where)
    assert found < 0.02
    assert found < 0.5 * error_of(raw(view), known(), where)


def test_two_sides_in_different_light_join_without_a_seam() -> None:
    left, right = photo_of(known(), yaw_rad=0.6), photo_of(known(), yaw_rad=-0.6)
    darker = PhotoView(clipped(right.image_bgr * np.array([0.8, 0.6, 0.5])), right.points)
    texture = make_texture([left, darker], SIDE)
    assert error_of(texture, known(), inside_face(SIDE)) < 0.03


def test_hair_over_the_temple_becomes_skin() -> None:
    hairy = known().copy()
    x, y = (int(value) for value in topology.UV[54] * SIDE)
    hairy[max(y - 25, 0) : y + 25, max(x - 25, 0) : x + 25] = (12, 16, 22)
    texture = make_texture([photo_of(hairy)], SIDE)
    where = inside_face(SIDE) & (hairy.max(-1) < 40) & (known().max(-1) > 120)
    assert where.sum() > 200
    level = texture[where].mean(0) / colour_at(texture, (9,))
    np.testing.assert_allclose(level, np.array(SKIN_BGR) / colour_at(known(), (9,)), rtol=0.12)


def test_the_photos_eyes_do_not_show_at_the_lids() -> None:
    texture = make_texture([photo_of(known())], SIDE)
    for ring in (topology.IMAGE_LEFT_EYE, topology.IMAGE_RIGHT_EYE):
        x, y = topology.UV[list(ring)].mean(0) * SIDE
        assert colour_at(known(), ring)[0] > 170
        assert texture[int(y), int(x), 0] < 170


def test_grain_goes_and_edges_stay() -> None:
    view = photo_of(known(), face_px=SIDE)
    size_hw = view.image_bgr.shape[:2]
    grainy = PhotoView(clipped(view.image_bgr + 3 * soft_noise(size_hw, 4.0)[..., None]), view.points)
    texture, before = make_texture([grainy], SIDE), raw(grainy)
    cheek = tuple(slice(int(v * SIDE) - 12, int(v * SIDE) + 12) for v in topology.UV[50][::-1])
    grain_before, grain_after = (
        (picture[cheek] / cv2.GaussianBlur(picture[cheek], (0, 0), 4)).std() for picture in (before, texture)
    )
    assert grain_after < 0.7 * grain_before
    brow, above = colour_at(texture, (105, 66)).mean(), colour_at(texture, (9,)).mean()
    assert brow < 0.65 * above


def test_the_same_photo_gives_the_same_texture_and_is_left_as_it_was() -> None:
    view = photo_of(shaded(0.5), yaw_rad=0.3)
    image, points = view.image_bgr.copy(), view.points.copy()
    first, second = make_texture([view], SIDE), make_texture([view], SIDE)
    np.testing.assert_array_equal(first, second)
    np.testing.assert_array_equal(view.image_bgr, image)
    np.testing.assert_array_equal(view.points, points)


@pytest.mark.parametrize("side", [128, 250, 512])
def test_a_texture_has_its_side_and_type(side: int) -> None:
    texture = make_texture([photo_of(known())], side)
    assert texture.shape == (side, side, 3)
    assert texture.dtype == np.uint8


@pytest.mark.parametrize("level", [0, 128, 255])
def test_a_photo_without_a_picture_gives_a_texture_without_one(level: int) -> None:
    view = photo_of(known())
    texture = make_texture([PhotoView(np.full_like(view.image_bgr, level), view.points)], SIDE)
    assert np.abs(texture.astype(int) - level).max() <= 12


@pytest.mark.parametrize("seed", range(3))
def test_noise_and_a_face_outside_the_photo_give_some_texture(seed: int) -> None:
    noise = np.random.default_rng(seed).integers(0, 256, (60, 80, 3)).astype(np.uint8)
    points = photo_of(known()).points + np.array([seed * 200, 0, 0], np.float32)
    assert make_texture([PhotoView(noise, points)], 128).shape == (128, 128, 3)
