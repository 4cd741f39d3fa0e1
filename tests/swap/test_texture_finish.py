"""Room: tests. Grain, openings, relief and extremes of an unrolled face."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.swap.degrain import GRAIN, degrained
from mirror_app.swap.extremes import dark_tints, deep_shade, highlights
from mirror_app.swap.openings import close_openings
from mirror_app.swap.relief import strengthened
from mirror_app.swap.uv_layout import fill_ring
from tests.imaging.pictures import soft_noise
from tests.swap.synthetic_faces import synthetic_face

SIDE = 512
SHOWN = np.ones((SIDE, SIDE), np.float32)


def plain(level: float = 5.0) -> NDArray[np.float32]:
    return np.full((SIDE, SIDE, 3), level, np.float32)


def patch_at(vertex: int, reach: int = 20) -> tuple[slice, slice]:
    x, y = (int(value) for value in topology.UV[vertex] * SIDE)
    return slice(y - reach, y + reach), slice(x - reach, x + reach)


@pytest.mark.parametrize("strength", [0.06, 0.12])
def test_strong_grain_of_skin_is_tamed_but_not_gone(strength: float) -> None:
    noise = soft_noise((SIDE, SIDE), strength)[..., None]
    cheek = patch_at(50)
    left = degrained(plain() + noise, SHOWN)[cheek].std()
    assert 0.3 * GRAIN < left < 0.6 * strength


def test_skin_without_grain_stays() -> None:
    texture = np.log(synthetic_face(SIDE, grain=0.0).astype(np.float32) + 6)
    change = np.abs(degrained(texture, SHOWN) - texture)
    assert change.mean() < 0.01


def test_a_crack_fades_and_an_edge_stays() -> None:
    cheek, forehead = patch_at(50), patch_at(151)
    texture = plain() + soft_noise((SIDE, SIDE), 0.03)[..., None]
    texture[cheek][20] -= 0.4
    texture[forehead][:, 20:] -= 0.6
    found = degrained(texture, SHOWN)
    assert (5 - found[cheek][20]).mean() < 0.2
    edge = found[forehead].mean((0, 2))
    assert edge[:16].mean() - edge[24:].mean() > 0.5


def test_what_is_made_up_gets_grain_too() -> None:
    noise = soft_noise((SIDE, SIDE), 0.05)[..., None]
    shown = SHOWN.copy()
    shown[:, : SIDE // 2] = 0
    texture = plain() + noise * shown[..., None]
    assert degrained(texture, shown)[patch_at(50)].std() > 0.15 * GRAIN


def test_lids_and_lips_are_carried_on_into_their_openings() -> None:
    texture = plain()
    mask = np.zeros((SIDE, SIDE), np.uint8)
    for ring in (topology.IMAGE_LEFT_EYE, topology.IMAGE_RIGHT_EYE, topology.LIPS_INNER):
        fill_ring(mask, ring, 1, 0.75)
    texture[mask > 0] = 3
    closed = close_openings(texture)
    np.testing.assert_allclose(closed, 5, atol=0.15)
    np.testing.assert_array_equal(closed[patch_at(50)], texture[patch_at(50)])


def test_relief_grows_and_flat_skin_stays() -> None:
    np.testing.assert_allclose(strengthened(plain()), plain(), atol=1e-4)
    fold = plain()
    fold[patch_at(50, 4)] -= 0.1
    assert (5 - strengthened(fold)[patch_at(50, 2)]).mean() > 0.11


def test_a_highlight_goes_in_part_and_shade_is_no_highlight() -> None:
    skin, brightness = SHOWN, np.full((SIDE, SIDE), 5, np.float32)
    brightness[200:220, 200:220] = 5.6
    brightness[400:420, 200:220] = 4.4
    found = highlights(brightness, skin)
    assert 0.1 < found[210, 210] < 0.5
    assert not found[410, 210]


def test_deep_shade_goes_at_the_sides_only() -> None:
    brightness = np.full((SIDE, SIDE), 5, np.float32)
    brightness[250:270] = 4
    found = deep_shade(brightness, SHOWN)
    assert found[260, 40] < -0.3
    assert not found[260, SIDE // 2]
    assert not found[100, 40]


@pytest.mark.parametrize(("tint", "stays"), [((0.4, 0.4), False), ((-0.4, 0.4), True), ((0.4, -0.4), False)])
def test_black_shade_loses_its_blue_and_keeps_its_brown(tint: tuple[float, float], stays: bool) -> None:
    tones = np.zeros((256, 256, 3), np.float32)
    tones[100:110, 100:110] = (-1.2, *tint)
    taken = dark_tints(tones, np.ones((256, 256), np.float32))[105, 105]
    assert taken[0] == pytest.approx(0 if stays else 0.4, abs=0.08)
    assert taken[1] == pytest.approx(0.4 if tint == (0.4, 0.4) else 0, abs=0.08)
