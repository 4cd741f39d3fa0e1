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
    assert 0.02 < ((alpha > 0) & (alpha < 255)).mean() < 0.3
    assert (alpha == 255).mean() > 0.3
    assert np.abs(alpha.astype(int) - alpha[:, ::-1]).mean() < 2


@pytest.mark.parametrize("side", [256, 512, 1024])
def test_the_cover_fades_in_steadily_from_nothing_at_the_outline(side: int) -> None:
    alpha, middle = coverage_alpha(side), topology.UV[topology.NOSE_TIP]
    for vertex in (topology.FOREHEAD_TOP, topology.CHIN, 234, 454, 288, 58):
        outline = topology.UV[vertex]
        inward = [at(alpha, outline + (middle - outline) * share) for share in np.linspace(-0.05, 0.15, 60)]
        assert max(inward[:16]) < 56
        assert (np.diff(inward) > -16).all()
        assert max(np.diff(inward)) < 150, "no hard edge"
        assert at(alpha, outline + (middle - outline) * 0.3) == 255


@pytest.mark.parametrize("side", [256, 1024])
@pytest.mark.parametrize("eye", [topology.IMAGE_LEFT_EYE, topology.IMAGE_RIGHT_EYE])
def test_the_lids_edge_is_the_targets_and_the_eye_inside_it_is_live(side: int, eye: tuple[int, ...]) -> None:
    alpha, middle = coverage_alpha(side), topology.UV[list(eye)].mean(0)
    lids = topology.UV[[vertex for vertex in eye if vertex not in (33, 133, 263, 362)]]
    assert np.mean([at(alpha, place) for place in lids]) > 150
    assert max(at(alpha, middle + 0.5 * (place - middle)) for place in lids) < 60


@pytest.mark.parametrize("side", [128, 256])
def test_the_cover_fades_at_the_sides_of_small_textures_too(side: int) -> None:
    alpha = coverage_alpha(side)
    for edge in (alpha[0], alpha[-1], alpha[:, 0], alpha[:, -1]):
        assert edge.max() < 100


def test_a_shrunk_ring_keeps_its_middle_and_loses_area() -> None:
    whole, half = np.zeros((400, 400), np.uint8), np.zeros((400, 400), np.uint8)
    fill_ring(whole, topology.FACE_OVAL, 255)
    fill_ring(half, topology.FACE_OVAL, 255, 0.5)
    assert half.sum() == pytest.approx(whole.sum() / 4, rel=0.03)
    assert (whole[half > 0] > 0).all()


def test_a_filled_ring_is_the_polygon_of_its_vertices() -> None:
    mask = np.zeros((400, 400), np.uint8)
    fill_ring(mask, topology.FACE_OVAL, 255)
    x, y = uv_ring(topology.FACE_OVAL, 400).astype(np.float64).T
    area = abs((x * np.roll(y, -1) - y * np.roll(x, -1)).sum()) / 2
    assert mask.sum() / 255 == pytest.approx(area, rel=0.01)
