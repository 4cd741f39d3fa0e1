"""Room: tests. Resizing, looking up and blurring keep type and range."""

from __future__ import annotations

import numpy as np
import pytest

from mirror_app.imaging.resample import blurred, looked_up, reduced, resized
from tests.imaging.pictures import checkerboard


@pytest.mark.parametrize("channels", [(), (2,), (3,), (4,)])
def test_every_function_keeps_type_and_channels(channels: tuple[int, ...]) -> None:
    whole, real = np.full((20, 30, *channels), 9, np.uint8), np.full((20, 30, *channels), 9, np.float32)
    x, y = (np.zeros((5, 7), np.float32) for _ in range(2))
    results = (
        (resized(whole, (10, 40)), resized(real, (10, 40)), (40, 10, *channels)),
        (reduced(whole, (6, 4)), reduced(real, (6, 4)), (4, 6, *channels)),
        (looked_up(whole, x, y), looked_up(real, x, y), (5, 7, *channels)),
        (blurred(whole, 1.5), blurred(real, 1.5), (20, 30, *channels)),
    )
    for of_whole, of_real, shape in results:
        assert of_whole.shape == of_real.shape == shape
        assert of_whole.dtype == np.uint8
        assert of_real.dtype == np.float32
        assert (of_whole == 9).all()
        np.testing.assert_allclose(of_real, 9, rtol=1e-6)


@pytest.mark.parametrize("size_wh", [(128, 96), (97, 61), (40, 30), (7, 300), (1, 1), (641, 481)])
def test_a_reduced_picture_has_the_size_asked_for_and_shows_everything_in_its_place(size_wh: tuple[int, int]) -> None:
    image = np.zeros((481, 641, 3), np.float32)
    image[..., 0], image[..., 1] = np.linspace(0, 255, 641)[None], np.linspace(0, 255, 481)[:, None]
    small = reduced(image, size_wh)
    assert small.shape == (size_wh[1], size_wh[0], 3)
    for channel, count in enumerate(size_wh):
        middles = (np.arange(count) + 0.5) / count * 255
        seen = small[..., channel].mean(channel)
        # Halving an odd number of pixels moves the picture by less than one of the new ones.
        np.testing.assert_allclose(seen, middles, atol=255 * max(1 / count, 0.004) * 0.6)


def test_a_pattern_finer_than_the_reduced_pixels_comes_out_grey() -> None:
    fine = checkerboard((480, 640), 2)
    small = reduced(fine, (128, 96)).astype(float)
    assert np.ptp(small) < 0.2 * np.ptp(fine.astype(float))
    assert small.mean() == pytest.approx(fine.mean(), abs=2)


def test_looking_up_every_pixels_own_place_gives_the_picture_back() -> None:
    image = checkerboard((30, 40))
    x, y = np.meshgrid(np.arange(40, dtype=np.float32), np.arange(30, dtype=np.float32))
    np.testing.assert_array_equal(looked_up(image, x, y), image)


def test_places_outside_show_the_border() -> None:
    image = np.arange(12, dtype=np.float32).reshape(3, 4)
    x, y = np.array([[-9, 99, 1.5]], np.float32), np.array([[0, 99, -5]], np.float32)
    np.testing.assert_allclose(looked_up(image, x, y), [[0, 11, 1.5]])


def test_a_blur_keeps_the_mean_and_reaches_as_far_as_its_sigma_says() -> None:
    point = np.zeros((41, 41), np.float32)
    point[20, 20] = 1
    soft = blurred(point, 3.0)
    assert soft.sum() == pytest.approx(1, rel=1e-3)
    offsets = np.arange(41) - 20
    assert np.sqrt((soft.sum(0) * offsets**2).sum()) == pytest.approx(3, rel=0.05)
