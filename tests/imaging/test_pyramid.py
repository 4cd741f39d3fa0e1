"""Room: tests. Weighing by band: nothing is lost at weight one, nothing is left at zero."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mirror_app.imaging.pyramid import weighed_by_band

GAINS = (3.0, 2.0, 1.0)


@settings(deadline=None)
@given(st.tuples(st.integers(1, 40), st.integers(1, 40)), st.integers(0, 2**32 - 1), st.integers(1, 5))
def test_weights_of_one_give_the_picture_back(shape: tuple[int, int], seed: int, bands: int) -> None:
    image = np.random.default_rng(seed).uniform(-255, 255, (*shape, 3)).astype(np.float32)
    same = weighed_by_band(image, np.ones(shape, np.float32), [1.0] * bands)
    np.testing.assert_allclose(same, image, atol=1e-2)
    assert not weighed_by_band(image, np.zeros(shape, np.float32), [1.0] * bands).any()


@pytest.mark.parametrize(("period", "least", "most"), [(2, 0.9, 1.0), (64, 0.3, 0.45)])
def test_fine_stripes_are_weighed_by_the_gain_of_the_fine_band_and_coarse_ones_by_that_of_the_coarse(
    period: int, least: float, most: float
) -> None:
    stripe = np.cos(np.arange(128) * 2 * np.pi / period).astype(np.float32) * 100
    image = np.repeat(np.tile(stripe, (128, 1))[..., None], 3, 2)
    joined = weighed_by_band(image, np.full((128, 128), 1 / 3, np.float32), GAINS)
    kept = joined[40:88, 40:88].std() / image[40:88, 40:88].std()
    assert least <= kept <= most + 0.02
