"""Room: tests. What is given on the strips is painted where the strips lie."""

from __future__ import annotations

import numpy as np
import pytest

from mirror_app.domain import mesh_topology as topology
from mirror_app.swap.glasses_strips import ACROSS, ALONG, BRIDGE, SIDE, STRIPS, StripPainter, strips_uv


@pytest.mark.parametrize("strip", range(STRIPS))
@pytest.mark.parametrize("along", [8, 20, 31])
@pytest.mark.parametrize("across", [8, 20])
def test_a_place_of_a_strip_is_painted_at_its_own_texel(strip: int, along: int, across: int) -> None:
    strips = np.zeros((STRIPS, ALONG, ACROSS), np.uint8)
    strips[strip, along - 1 : along + 2, across - 1 : across + 2] = 255
    rows, columns = np.nonzero(StripPainter().paint(strips) > 100)
    u, v = strips_uv()[strip, along, across]
    assert len(rows) > 0
    np.testing.assert_allclose([(columns.mean() + 0.5) / SIDE, (rows.mean() + 0.5) / SIDE], [u, v], atol=0.012)


def test_the_strips_are_mirror_images_and_the_bridge_is_in_the_middle() -> None:
    strips = strips_uv()
    np.testing.assert_allclose(strips[0, ..., 0] + strips[1, ..., 0], 1, atol=1e-5)
    np.testing.assert_allclose(strips[3, ..., 0] + strips[4, ..., 0], 1, atol=1e-5)
    assert abs(strips[BRIDGE, ..., 0].mean() - 0.5) < 1e-5


def test_no_strip_reaches_the_mouth_or_the_pupils() -> None:
    painted = StripPainter().paint(np.full((STRIPS, ALONG, ACROSS), 255, np.uint8)) > 0
    for ring in (topology.LIPS_OUTER, topology.IMAGE_LEFT_EYE, topology.IMAGE_RIGHT_EYE):
        column, row = (topology.UV[list(ring)].mean(0) * SIDE).astype(int)
        assert not painted[row, column]
