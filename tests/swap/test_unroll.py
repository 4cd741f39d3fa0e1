"""Room: tests. A photo unrolled into the UV layout."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.swap.facing import facing
from mirror_app.swap.unroll import unroll_photo
from tests.faces.scripted import mesh_at
from tests.portrait import placed_portrait
from tests.swap.test_facing import turned


def colours_at(image: NDArray[np.uint8], places: NDArray[np.float32]) -> NDArray[np.float32]:
    x, y = np.round(places).astype(int).T
    return np.asarray(image[y.clip(0, image.shape[0] - 1), x.clip(0, image.shape[1] - 1)], np.float32)


def position_picture(width: int, height: int) -> NDArray[np.uint8]:
    """A picture whose blue rises from left to right and whose green rises from top to bottom."""
    image = np.zeros((height, width, 3), np.uint8)
    image[..., 0] = np.linspace(0, 255, width)[None]
    image[..., 1] = np.linspace(0, 255, height)[:, None]
    return image


@pytest.mark.parametrize("side", [256, 512])
def test_a_texture_has_its_size_and_type(side: int) -> None:
    texture = unroll_photo(position_picture(300, 300), mesh_at((150, 150), 200).points, side)
    assert texture.shape == (side, side, 3)
    assert texture.dtype == np.uint8


def test_each_vertex_takes_its_colour_from_where_it_lies_in_the_photo() -> None:
    side, image = 512, position_picture(400, 400)
    points = mesh_at((200, 200), 300).points
    # Surface that the photo shows well: the rest is mixed with the mirrored side.
    seen = facing(points) > 0.6
    seen[list(topology.FACE_OVAL)] = False
    texture = unroll_photo(image, points, side)
    found = colours_at(texture, topology.UV[seen] * side - 0.5)
    wanted = colours_at(image, points[seen, :2])
    assert seen.sum() > 100
    assert np.abs(found - wanted)[:, :2].max() < 6


def test_the_hidden_side_of_a_turned_face_is_filled_from_the_side_that_is_seen() -> None:
    for yaw in (0.9, -0.9):
        points = turned(yaw) * np.float32(20) + np.array([250, 250, 0], np.float32)
        image = np.full((500, 500, 3), 90, np.uint8)
        # Behind the face's outline there is a background that must not be smeared over the hidden cheek.
        low, high = points[:, 0].min(), points[:, 0].max()
        image[:, : int(low) + 2] = (0, 255, 0)
        image[:, int(high) - 2 :] = (0, 255, 0)
        texture = unroll_photo(image, points, 256).astype(int)
        cheeks = np.concatenate([colours_at(texture.astype(np.uint8), topology.UV[[v]] * 256) for v in (117, 346)])
        np.testing.assert_allclose(cheeks, 90, atol=6)


def test_the_portraits_two_halves_look_alike_once_unrolled() -> None:
    image, points = placed_portrait((640, 480), 300, (320, 240))
    mesh = np.column_stack([points, topology.CANONICAL[:, 2] * 15]).astype(np.float32)
    texture = unroll_photo(image, mesh, 256).astype(np.float32)
    skin = [117, 346, 50, 280, 9, 199]
    assert colours_at(texture.astype(np.uint8), topology.UV[skin] * 256).min() > 40
