"""Room: tests. A pixelated face is a few even blocks, wherever it lies, and nothing far from it changes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirror_app.compose.pixelate import pixelate

RNG = np.random.default_rng(3)
NOISE = RNG.integers(0, 256, (120, 160, 3), dtype=np.uint8)


def test_a_face_becomes_six_blocks_across() -> None:
    image = NOISE.copy()
    pixelate(image, np.array([50, 30, 100, 90], np.float32))
    row = image[60, 50:100].reshape(-1, 3)
    changes = (np.diff(row.astype(int), axis=0) != 0).any(1).sum()
    assert changes <= 6
    assert np.array_equal(image[:, :25], NOISE[:, :25])
    assert np.array_equal(image[:5], NOISE[:5])


@given(st.lists(st.floats(-1e4, 1e4), min_size=4, max_size=4))
def test_a_box_may_lie_anywhere(box: list[float]) -> None:
    pixelate(NOISE.copy(), np.array(box, np.float32))


@pytest.mark.parametrize("box", [[0, 0, 160, 120], [-50, -50, 30, 30], [140, 100, 900, 700]])
def test_no_pixel_of_the_face_keeps_its_neighbourhood(box: list[int]) -> None:
    image = NOISE.copy()
    pixelate(image, np.array(box, np.float32))
    x0, y0, x1, y1 = np.clip(box, 0, [160, 120, 160, 120])
    inside = image[y0:y1, x0:x1].astype(int)
    assert (np.diff(inside, axis=1) == 0).all(-1).mean() > 0.6


@pytest.mark.parametrize("box", [[np.nan] * 4, [5, 5, 5, 5], [200, 10, 300, 20]])
def test_what_is_no_box_in_the_picture_changes_at_most_a_spot(box: list[float]) -> None:
    image = NOISE.copy()
    pixelate(image, np.array(box, np.float32))
    assert (image != NOISE).any(-1).sum() <= 4
