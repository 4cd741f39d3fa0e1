"""Room: tests. A photo unrolled into the UV layout, and how well it shows each texel."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.swap.facing import facing
from mirror_app.swap.unroll import unroll
from tests.faces.scripted import mesh_at
from tests.imaging.pictures import checkerboard
from tests.swap.synthetic_faces import photo_of, synthetic_face
from tests.swap.test_facing import turned


def at_vertices(image: NDArray[np.generic], vertices: list[int] | NDArray[np.bool_]) -> NDArray[np.float32]:
    side = image.shape[0]
    x, y = np.round(topology.UV[vertices] * side - 0.5).astype(int).clip(0, side - 1).T
    return np.asarray(image[y, x], np.float32)


def position_picture(width: int, height: int) -> NDArray[np.uint8]:
    """A picture whose blue rises from left to right and whose green rises from top to bottom."""
    image = np.zeros((height, width, 3), np.uint8)
    image[..., 0] = np.linspace(0, 255, width)[None]
    image[..., 1] = np.linspace(0, 255, height)[:, None]
    return image


@pytest.mark.parametrize("side", [200, 256, 512])
def test_a_texture_has_its_size_and_types(side: int) -> None:
    shown = unroll(position_picture(300, 300), mesh_at((150, 150), 200).points, side)
    assert shown.texture_bgr.shape == (side, side, 3)
    assert shown.texture_bgr.dtype == np.uint8
    assert shown.confidence.shape == (side, side)
    assert shown.confidence.dtype == np.float32
    assert 0 <= shown.confidence.min() < shown.confidence.max() <= 1


def test_each_vertex_takes_its_colour_from_where_it_lies_in_the_photo() -> None:
    image, points = position_picture(400, 400), mesh_at((200, 200), 300).points
    seen = facing(points) > 0.3
    seen[list(topology.FACE_OVAL)] = False
    found = at_vertices(unroll(image, points, 512).texture_bgr, seen)
    wanted = points[seen, :2] * 255 / 399
    assert seen.sum() > 100
    assert np.abs(found[:, :2] - wanted).max() < 6


def test_what_a_turned_face_turns_away_is_not_trusted() -> None:
    left, right = [50, 101, 117], [280, 330, 346]
    for yaw, seen, hidden in ((-0.8, left, right), (0.8, right, left)):
        confidence = unroll(*_arguments(yaw), 256).confidence
        assert at_vertices(confidence, seen).min() > 0.8
        assert at_vertices(confidence, hidden).max() < 0.1


@pytest.mark.parametrize(("yaw", "cheek"), [(-0.5, 371), (-0.6, 371), (0.5, 142), (0.6, 142)])
def test_the_cheek_behind_the_nose_is_not_trusted_though_it_faces_the_camera(yaw: float, cheek: int) -> None:
    assert facing(turned(yaw))[cheek] > 0.35
    assert at_vertices(unroll(*_arguments(yaw), 256).confidence, [cheek]).max() < 0.1


def test_what_lies_outside_the_photo_is_not_trusted() -> None:
    view = photo_of(synthetic_face())
    middle = view.image_bgr.shape[1] // 2
    confidence = unroll(np.ascontiguousarray(view.image_bgr[:, :middle]), view.points, 256).confidence
    assert at_vertices(confidence, [50, 101]).min() > 0.8
    assert at_vertices(confidence, [280, 330]).max() < 0.1


def test_a_photo_finer_than_the_texture_is_averaged() -> None:
    image = checkerboard((1200, 1200), 2)
    shown = unroll(image, mesh_at((600, 600), 1100).points, 128)
    assert at_vertices(shown.texture_bgr, [50, 280, 9, 199]).std(0).max() < 10


def _arguments(yaw: float) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    view = photo_of(synthetic_face(), yaw_rad=yaw)
    return view.image_bgr, view.points
