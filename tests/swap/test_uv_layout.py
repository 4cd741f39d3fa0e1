"""Room: tests. What of the unrolled face covers the live face."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.swap.uv_layout import coverage_alpha, fill_ring, uv_ring


def at(image: NDArray[np.uint8], uv: NDArray[np.floating]) -> int:
    side = image.shape[0]
    x, y = (int(value) for value in np.clip(uv * side, 0, side - 1))
    return int(image[y, x])


@pytest.mark.parametrize("side", [128, 256, 1024])
def test_eyes_and_surroundings_are_open_and_skin_is_covered(side: int) -> None:
    alpha = coverage_alpha(side)
    assert alpha.shape == (side, side)
    assert alpha.dtype == np.uint8
    for eye in (topology.IMAGE_LEFT_EYE, topology.IMAGE_RIGHT_EYE):
        assert at(alpha, topology.UV[list(eye)].mean(0)) < 40
    for vertex in (topology.NOSE_TIP, 117, 346, 9, 199):
        assert at(alpha, topology.UV[vertex]) == 255
    for lip in (0, 17):
        assert at(alpha, topology.UV[lip]) > 200
    for corner in ((0.005, 0.005), (0.995, 0.005), (0.005, 0.995), (0.995, 0.995)):
        assert at(alpha, np.array(corner)) == 0


def test_the_cover_has_a_soft_edge_and_is_symmetric() -> None:
    alpha = coverage_alpha(512)
    assert 0.005 < ((alpha > 0) & (alpha < 255)).mean() < 0.08
    assert np.abs(alpha.astype(int) - alpha[:, ::-1]).mean() < 2


def test_a_filled_ring_is_the_polygon_of_its_vertices() -> None:
    mask = np.zeros((400, 400), np.uint8)
    fill_ring(mask, topology.FACE_OVAL, 255)
    x, y = uv_ring(topology.FACE_OVAL, 400).astype(np.float64).T
    area = abs((x * np.roll(y, -1) - y * np.roll(x, -1)).sum()) / 2
    assert mask.sum() / 255 == pytest.approx(area, rel=0.01)
