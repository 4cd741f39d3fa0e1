"""Room: tests. Pictures become the numbers a network was trained on, and come back."""

from __future__ import annotations

import numpy as np
import pytest

from mirror_app.swap.neural.colour_planes import ColourPlanes

NORMS = [
    ((0.0, 0.0, 0.0), (1.0, 1.0, 1.0)),
    ((0.5, 0.5, 0.5), (0.5, 0.5, 0.5)),
    ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
]
PICTURE = np.random.default_rng(0).integers(0, 256, (16, 16, 3), np.uint8)


@pytest.mark.parametrize(("mean", "std"), NORMS)
def test_planes_are_red_green_blue_normalised(
    mean: tuple[float, float, float], std: tuple[float, float, float]
) -> None:
    planes = np.empty((3, 16, 16), np.float32)
    ColourPlanes(16, mean, std).fill(planes, PICTURE)
    expected = (PICTURE[..., ::-1] / 255 - mean) / std
    np.testing.assert_allclose(planes, expected.transpose(2, 0, 1), atol=1e-6)


@pytest.mark.parametrize(("mean", "std"), NORMS)
def test_a_picture_comes_back_from_its_planes(
    mean: tuple[float, float, float], std: tuple[float, float, float]
) -> None:
    converter, planes, back = ColourPlanes(16, mean, std), np.empty((3, 16, 16), np.float32), np.empty_like(PICTURE)
    converter.fill(planes, PICTURE)
    converter.draw(back, planes)
    np.testing.assert_array_equal(back, PICTURE)


@pytest.mark.parametrize(
    ("value", "level"), [(-0.4, 0), (-1e6, 0), (0.0, 0), (99.9 / 255, 99), (100 / 255, 100), (1.0, 255), (1.7, 255)]
)
def test_values_are_cut_off_to_a_level_within_the_range(value: float, level: int) -> None:
    drawn = np.empty((16, 16, 3), np.uint8)
    ColourPlanes(16, *NORMS[0]).draw(drawn, np.full((3, 16, 16), value, np.float32))
    assert (drawn == level).all()
