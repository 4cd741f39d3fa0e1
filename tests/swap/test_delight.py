"""Room: tests. A photo's own light leaves its texture; an evenly lit face keeps its looks."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.swap.delight import even_light
from tests.swap.synthetic_faces import (
    LEFT_CHEEK,
    RIGHT_CHEEK,
    clipped,
    colour_at,
    error_of,
    inside_face,
    synthetic_face,
)

SIDE = 256


def delit(texture: NDArray[np.uint8], both_seen: float = 1.0) -> NDArray[np.uint8]:
    log_bgr = np.log(texture.astype(np.float32) + 6)
    return clipped(np.exp(even_light(log_bgr, np.full((SIDE, SIDE), both_seen, np.float32))) - 6)


def half_shadow(darkest: float, edge: float, softness: float) -> NDArray[np.float64]:
    """(1, SIDE, 1) light: `darkest` left of the edge, 1 right of it."""
    across = (np.arange(SIDE) + 0.5) / SIDE
    return np.asarray((darkest + (1 - darkest) / (1 + np.exp((edge - across) / softness)))[None, :, None], np.float64)


def test_an_evenly_lit_face_stays_nearly_the_same() -> None:
    texture = synthetic_face(SIDE)
    assert error_of(delit(texture), texture, inside_face(SIDE)) < 0.012


@pytest.mark.parametrize("darkest", [0.4, 0.6])
@pytest.mark.parametrize(("edge", "softness"), [(0.5, 0.004), (0.38, 0.004), (0.5, 0.15), (0.65, 0.02)])
def test_most_of_a_light_from_one_side_goes_however_sharp_its_edge(
    darkest: float, edge: float, softness: float
) -> None:
    known = synthetic_face(SIDE)
    lit = clipped(known * half_shadow(darkest, edge, softness))
    before, after = (error_of(picture, known, inside_face(SIDE)) for picture in (lit, delit(lit)))
    assert before > 0.1
    assert after < 0.55 * before


@pytest.mark.parametrize("vertex", [151, 4, 200])
@pytest.mark.parametrize("edge", [0.4, 0.45, 0.5])
def test_the_sharp_edge_of_a_cast_shadow_goes(vertex: int, edge: float) -> None:
    lit = clipped(synthetic_face(SIDE) * half_shadow(0.5, edge, 0.004))
    row, column = round(topology.UV[vertex, 1] * SIDE), round(edge * SIDE)

    def steepest(texture: NDArray[np.uint8]) -> float:
        return float(np.abs(np.diff(np.log(texture[row, column - 15 : column + 15].mean(-1) + 12))).max())

    assert steepest(lit) > 0.12
    assert steepest(delit(lit)) < 0.3 * steepest(lit)


def test_a_coloured_shadow_leaves_no_glow() -> None:
    tint = half_shadow(0.5, 0.5, 0.01) ** np.array([1.5, 1.1, 0.8])
    lit = clipped(synthetic_face(SIDE) * tint)

    def difference(texture: NDArray[np.uint8]) -> float:
        left, right = (np.log(colour_at(texture, cheek) + 12) for cheek in (LEFT_CHEEK, RIGHT_CHEEK))
        return float(np.ptp(left - right))

    assert difference(lit) > 0.3
    assert difference(delit(lit)) < 0.55 * difference(lit)


@pytest.mark.parametrize("both_seen", [0.0, 1.0])
def test_lips_brows_and_red_cheeks_stay(both_seen: float) -> None:
    known = synthetic_face(SIDE)
    even = delit(known, both_seen)
    for vertices in ((17, 0), (105, 66), LEFT_CHEEK):
        wanted = colour_at(known, vertices) / colour_at(known, (9,))
        found = colour_at(even, vertices) / colour_at(even, (9,))
        np.testing.assert_allclose(found, wanted, rtol=0.15)


def test_shading_that_one_half_alone_shows_goes_more_than_shading_of_both() -> None:
    across = np.abs((np.arange(SIDE) + 0.5) / SIDE - 0.5)[None, :, None]
    lit = clipped(synthetic_face(SIDE) * (1 - 0.6 / (1 + np.exp((0.28 - across) / 0.02))))
    known, where = synthetic_face(SIDE), inside_face(SIDE)
    assert error_of(delit(lit, 0.0), known, where) < 0.7 * error_of(delit(lit, 1.0), known, where)


@pytest.mark.parametrize("level", [0, 255])
def test_a_picture_of_one_level_keeps_it(level: int) -> None:
    plain = np.full((SIDE, SIDE, 3), level, np.uint8)
    assert np.abs(delit(plain).astype(int) - level).max() <= 2
