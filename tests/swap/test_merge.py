"""Room: tests. Views of one face and their mirrored sides become one whole face."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.swap.merge import View, merge
from tests.imaging.pictures import soft_noise

SIDE = 64


def even_picture(seed: int = 1) -> NDArray[np.float32]:
    """(SIDE, SIDE, 3): a picture that is its own mirror image."""
    picture = np.dstack([soft_noise((SIDE, SIDE), 0.2, seed + channel) for channel in range(3)])
    return np.asarray((picture + picture[:, ::-1]) / 2 + 4, np.float32)


def trust(first: int, last: int) -> NDArray[np.float32]:
    weights = np.zeros((SIDE, SIDE), np.float32)
    weights[:, first:last] = 1
    return weights


def test_a_view_that_is_trusted_everywhere_stays() -> None:
    picture = even_picture()
    whole = merge([View(picture, trust(0, SIDE))])
    np.testing.assert_allclose(whole.log_bgr, picture, atol=2e-3)
    assert whole.shown.min() == 1
    assert whole.both_seen.min() == 1


def test_what_a_view_does_not_show_comes_from_the_mirrored_side() -> None:
    picture = even_picture()
    damaged = picture.copy()
    damaged[:, : SIDE // 2 - 4] = 9
    whole = merge([View(damaged, trust(SIDE // 2 - 4, SIDE))])
    np.testing.assert_allclose(whole.log_bgr, picture, atol=5e-3)
    assert whole.shown.min() == 1
    assert whole.both_seen.mean() == pytest.approx(8 / SIDE)


def test_what_nothing_shows_grows_smoothly_out_of_what_is_shown() -> None:
    picture = np.full((SIDE, SIDE, 3), 4, np.float32)
    damaged = picture.copy()
    damaged[20:30, 20:44] = 0
    seen = trust(0, SIDE)
    seen[20:30, 20:44] = 0
    whole = merge([View(damaged, seen)])
    np.testing.assert_allclose(whole.log_bgr, picture, atol=5e-3)
    assert whole.shown[25, 30] == 0


def test_views_of_different_brightness_and_colour_join_without_a_seam() -> None:
    picture = even_picture()
    other = picture + np.array([0.5, -0.3, 0.2], np.float32)
    whole = merge([View(picture, trust(0, 40)), View(other, trust(24, SIDE))])
    difference = whole.log_bgr - picture
    np.testing.assert_allclose(difference - difference.mean((0, 1)), 0, atol=5e-3)


def test_the_better_view_decides() -> None:
    good, poor = even_picture(1), even_picture(7)
    whole = merge([View(poor, np.float32(0.4) * trust(0, SIDE)), View(good, trust(0, SIDE))])
    difference = whole.log_bgr - good
    assert (difference - difference.mean((0, 1))).std() < 0.1 * (poor - good).std()


def test_views_that_show_nothing_give_a_plain_picture() -> None:
    picture = even_picture()
    whole = merge([View(picture, trust(0, 0))])
    np.testing.assert_allclose(whole.log_bgr, np.broadcast_to(picture.mean((0, 1)), picture.shape), atol=1e-4)
