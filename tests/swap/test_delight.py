"""Room: tests. A photo's own light leaves its texture; an evenly lit face keeps its looks."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.swap.delight import delight
from mirror_app.swap.uv_layout import fill_ring
from tests.imaging.pictures import soft_noise

SKIN_BGR = (120, 150, 200)
# Vertices of the cheeks, in the middle of each half of the face.
LEFT_CHEEK, RIGHT_CHEEK = (117, 50, 118, 101), (346, 280, 347, 330)


def synthetic_face(side: int = 256) -> NDArray[np.uint8]:
    """Skin of one colour with a faint grain, darker brows and red lips, in UV layout."""
    texture = np.empty((side, side, 3), np.uint8)
    texture[:] = SKIN_BGR
    for ring, colour in (
        (topology.IMAGE_LEFT_BROW, (50, 60, 70)),
        (topology.IMAGE_RIGHT_BROW, (50, 60, 70)),
        (topology.LIPS_OUTER, (80, 70, 180)),
    ):
        mask = np.zeros((side, side), np.uint8)
        fill_ring(mask, ring, 255)
        texture[mask > 127] = colour
    grainy = texture + soft_noise((side, side), 3.0)[..., None]
    return np.asarray(np.clip(grainy, 0, 255), np.uint8)


def lit_from(texture: NDArray[np.uint8], gains: NDArray[np.floating]) -> NDArray[np.uint8]:
    return np.asarray(np.clip(texture * gains[..., None], 0, 255), np.uint8)


def brightness_at(texture: NDArray[np.uint8], vertices: tuple[int, ...]) -> float:
    x, y = np.round(topology.UV[list(vertices)] * texture.shape[0]).astype(int).T
    around = [texture[b - 3 : b + 4, a - 3 : a + 4].mean() for a, b in zip(x, y, strict=True)]
    return float(np.mean(around))


def inside(side: int) -> NDArray[np.bool_]:
    mask = np.zeros((side, side), np.uint8)
    fill_ring(mask, topology.FACE_OVAL, 255)
    return mask > 0


@pytest.mark.parametrize("side", [128, 256, 600])
def test_size_and_type_stay(side: int) -> None:
    even = delight(synthetic_face(side))
    assert even.shape == (side, side, 3)
    assert even.dtype == np.uint8


def test_an_evenly_lit_face_stays_nearly_the_same() -> None:
    texture = synthetic_face()
    difference = np.abs(delight(texture).astype(int) - texture)[inside(256)]
    assert difference.mean() < 3
    assert np.percentile(difference, 99) < 15


@pytest.mark.parametrize("darkest", [0.45, 0.65])
def test_a_light_from_one_side_is_taken_out_by_half_at_least(darkest: float) -> None:
    gains = np.linspace(1, darkest, 256)[None].repeat(256, 0)
    texture = lit_from(synthetic_face(), gains)
    before = brightness_at(texture, LEFT_CHEEK) - brightness_at(texture, RIGHT_CHEEK)
    even = delight(texture)
    after = brightness_at(even, LEFT_CHEEK) - brightness_at(even, RIGHT_CHEEK)
    assert before > 20
    assert abs(after) < before / 2


def test_lips_and_brows_are_not_washed_out() -> None:
    even = delight(synthetic_face())
    lips = topology.UV[[17, 0]].mean(0) * 256
    x, y = (int(value) for value in lips + np.array([0, 6]))
    blue, green, red = even[y, x].astype(int)
    assert red - green > 60
    assert red - blue > 60
    assert brightness_at(even, (105, 66)) < 110


def test_what_is_not_skin_is_covered_with_skin() -> None:
    texture = synthetic_face()
    hair = np.zeros((256, 256), np.uint8)
    x, y = (topology.UV[54] * 256).astype(int)
    hair[max(y - 25, 0) : y + 25, max(x - 25, 0) : x + 25] = 1
    patch = (hair > 0) & inside(256)
    texture[patch] = (200, 60, 20)
    even = delight(texture)
    skin_distance = np.abs(even.astype(int) - np.array(SKIN_BGR)).sum(-1)
    before = np.abs(texture.astype(int) - np.array(SKIN_BGR)).sum(-1)
    assert np.median(skin_distance[patch]) < 0.25 * np.median(before[patch])


def test_a_black_texture_gives_finite_dark_pixels() -> None:
    assert delight(np.zeros((256, 256, 3), np.uint8)).max() < 40


@pytest.mark.parametrize("seed", range(4))
def test_noise_does_not_crash(seed: int) -> None:
    noise = np.random.default_rng(seed).integers(0, 256, (64, 64, 3)).astype(np.uint8)
    assert delight(noise).shape == (64, 64, 3)
