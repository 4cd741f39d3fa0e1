"""Room: tests. Joining a patch: where alpha is 0 the frame stays bit for bit, where it is 1 the patch stands."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mirror_app.compose.blend import join_patch
from mirror_app.domain.patch import FacePatch
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
    join_patch(image, FacePatch(generated, alpha, (x, y)))

    around = np.ones((30, 50), bool)
    around[y : y + height, x : x + width] = False
    np.testing.assert_array_equal(image[around], frame[around])
    window, before = image[y : y + height, x : x + width], frame[y : y + height, x : x + width]
    np.testing.assert_array_equal(window[alpha == 0], before[alpha == 0])
    mixed = generated * alpha[..., None] + before * (1 - alpha[..., None])
    assert np.abs(window - mixed).max() <= 1


def test_an_alpha_of_one_hides_the_frame_completely() -> None:
    image = np.full((20, 20, 3), 255, np.uint8)
    join_patch(image, FacePatch(np.zeros((10, 10, 3), np.uint8), np.ones((10, 10), np.float32), (5, 5)))
    assert image[5:15, 5:15].max() <= 1


def test_a_faint_alpha_never_leaves_the_range_of_both_pictures() -> None:
    image = checkerboard((40, 40))
    before = image.copy()
    alpha = np.full((40, 40), 1e-6, np.float32)
    join_patch(image, FacePatch(np.full((40, 40, 3), 200, np.uint8), alpha, (0, 0)))
    assert np.abs(image.astype(int) - before).max() <= 1
