"""Room: tests. Blending by alpha: where alpha is 0 the frame stays bit for bit, where it is 1 the patch stands."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mirror_app.compose.blend import AlphaBlend, window_under
from mirror_app.domain.patch import Backdrop
from tests.compose.patches import flat, patch
from tests.imaging.pictures import checkerboard


@given(st.integers(0, 2**32 - 1), st.integers(0, 20), st.integers(0, 10), st.integers(1, 30), st.integers(1, 20))
def test_the_frame_is_kept_outside_replaced_inside_and_mixed_between(
    seed: int, x: int, y: int, width: int, height: int
) -> None:
    random = np.random.default_rng(seed)
    frame = random.integers(0, 256, (30, 50, 3)).astype(np.uint8)
    generated = random.integers(0, 256, (height, width, 3)).astype(np.uint8)
    alpha = random.choice(np.array([0, 0.25, 0.5, 1], np.float32), (height, width))
    image = frame.copy()
    AlphaBlend().blend(window_under(image, patch(generated, alpha, (x, y))), generated, alpha)

    around = np.ones((30, 50), bool)
    around[y : y + height, x : x + width] = False
    np.testing.assert_array_equal(image[around], frame[around])
    window, before = image[y : y + height, x : x + width], frame[y : y + height, x : x + width]
    np.testing.assert_array_equal(window[alpha == 0], before[alpha == 0])
    mixed = generated * alpha[..., None] + before * (1 - alpha[..., None])
    assert np.abs(window - mixed).max() <= 1


def test_an_alpha_of_one_hides_the_frame_completely() -> None:
    window = np.full((10, 10, 3), 255, np.uint8)
    AlphaBlend().blend(window, np.zeros((10, 10, 3), np.uint8), np.ones((10, 10), np.float32))
    assert window.max() <= 1


def test_a_faint_alpha_never_leaves_the_range_of_both_pictures() -> None:
    window = checkerboard((40, 40))
    before = window.copy()
    AlphaBlend().blend(window, np.full((40, 40, 3), 200, np.uint8), np.full((40, 40), 1e-6, np.float32))
    assert np.abs(window.astype(int) - before).max() <= 1


def test_a_backdrop_replaces_the_frame_where_it_lies_and_nowhere_else() -> None:
    image = flat((20, 20), (9, 9, 9))
    backdrop = Backdrop(flat((10, 8), (70, 80, 90)), (1, 2))
    window = window_under(image, patch(flat((6, 5), (1, 1, 1)), np.zeros((5, 6), np.float32), (3, 4), backdrop))
    assert np.shares_memory(window, image)
    assert window.shape == (5, 6, 3)
    assert (image[2:10, 1:11] == (70, 80, 90)).all()
    assert (image == 9).all(2).sum() == 400 - 80
