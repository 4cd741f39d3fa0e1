"""Room: tests. Only the pixels of a frame, and only near its line, show through a patch."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.swap.glasses_matte import frame_matte, show_glasses

HEIGHT, WIDTH = 240, 200
SKIN = (110, 140, 190)
Maps = tuple[NDArray[np.float32], NDArray[np.float32]]


def skin(noise: float = 0.0, level: float = 1.0) -> NDArray[np.uint8]:
    smooth = np.full((HEIGHT, WIDTH, 3), SKIN, np.float32) * np.linspace(0.8, 1.1, WIDTH)[None, :, None] * level
    grain = np.random.default_rng(3).normal(0, noise, smooth.shape) if noise else 0
    return np.clip(smooth + grain, 0, 255).astype(np.uint8)


def wire(image: NDArray[np.uint8], colour: tuple[int, int, int], thick_px: int = 2) -> NDArray[np.uint8]:
    return np.asarray(cv2.line(image, (20, 102), (180, 102), colour, thick_px, cv2.LINE_AA), np.uint8)


def flat_maps() -> Maps:
    """u and v of a patch that shows the whole UV square."""
    rows, columns = np.mgrid[:60, :50].astype(np.float32)
    return (columns + np.float32(0.5)) / 50, (rows + np.float32(0.5)) / 60


def band() -> NDArray[np.uint8]:
    around = np.zeros((160, 160), np.uint8)
    around[60:76] = 255
    return around


@pytest.mark.parametrize("colour", [(20, 20, 20), (220, 225, 225), (150, 150, 150)])
@pytest.mark.parametrize("thick_px", [2, 5])
def test_a_frame_shows_and_the_skin_beside_it_does_not(colour: tuple[int, int, int], thick_px: int) -> None:
    alpha = np.ones((HEIGHT, WIDTH), np.float32)
    show_glasses(alpha, band(), flat_maps(), wire(skin(), colour, thick_px), 240.0)
    assert alpha[102, 60:140].mean() < 0.35
    assert alpha[94, 60:140].mean() > 0.9
    assert alpha[112, 60:140].mean() > 0.9


@pytest.mark.parametrize(("noise", "level"), [(0.0, 1.0), (3.0, 1.0), (3.0, 0.25)])
def test_bare_skin_stays_covered(noise: float, level: float) -> None:
    alpha = np.ones((HEIGHT, WIDTH), np.float32)
    show_glasses(alpha, band(), flat_maps(), skin(noise, level), 240.0)
    assert alpha[:, 12:-12].mean() > 0.97


def test_what_lies_off_the_band_is_not_touched() -> None:
    alpha = np.full((HEIGHT, WIDTH), 0.75, np.float32)
    picture = skin()
    picture[20:30] = 0
    show_glasses(alpha, band(), flat_maps(), wire(picture, (0, 0, 0)), 240.0)
    np.testing.assert_array_equal(alpha[:80], 0.75)
    np.testing.assert_array_equal(alpha[125:], 0.75)


def test_an_empty_band_changes_nothing() -> None:
    alpha = np.full((HEIGHT, WIDTH), 0.75, np.float32)
    show_glasses(alpha, np.zeros((160, 160), np.uint8), flat_maps(), wire(skin(), (0, 0, 0)), 240.0)
    np.testing.assert_array_equal(alpha, 0.75)


def test_the_matte_of_a_small_face_is_as_large_as_the_picture() -> None:
    assert frame_matte(skin()[:9, :7], 10.0).shape == (9, 7)
