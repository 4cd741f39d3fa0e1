"""Room: tests. Filling in: known places keep their values, the rest is smooth and stays within them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mirror_app.imaging.spread import harmonic, spread

SHAPES = st.tuples(st.integers(1, 40), st.integers(1, 40))


def some(shape: tuple[int, int], seed: int, share: float) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    random = np.random.default_rng(seed)
    return random.uniform(-200, 200, (*shape, 3)).astype(np.float32), random.random(shape) < share


@settings(deadline=None)
@given(SHAPES, st.integers(0, 2**32 - 1), st.floats(0, 1), st.sampled_from([None, 0.5, 4.0]))
def test_what_is_filled_in_stays_finite_and_within_what_is_known(
    shape: tuple[int, int], seed: int, share: float, reach_px: float | None
) -> None:
    values, known = some(shape, seed, share)
    for filled in (spread(values, known.astype(np.float32), reach_px), harmonic(values, known, 3)):
        assert filled.shape == values.shape
        assert np.isfinite(filled).all()
        bounds = np.abs(values[known]).max(initial=0)
        assert np.abs(filled).max() <= bounds * 1.001 + 1e-3


@settings(deadline=None)
@given(SHAPES, st.integers(0, 2**32 - 1))
def test_fixed_places_keep_their_values(shape: tuple[int, int], seed: int) -> None:
    values, known = some(shape, seed, 0.3)
    if min(shape) > 4:
        np.testing.assert_allclose(harmonic(values, known, 5)[known], values[known])
    if min(shape) > 2:
        np.testing.assert_allclose(spread(values, known.astype(np.float32))[known], values[known], rtol=1e-4, atol=1e-3)


@pytest.mark.parametrize("reach_px", [None, 3.0])
def test_one_value_everywhere_stays_one_value_unless_it_fades(reach_px: float | None) -> None:
    known = np.zeros((48, 48), np.float32)
    known[0] = known[-1] = known[:, 0] = known[:, -1] = 1
    filled = spread(np.full((48, 48, 3), 30, np.float32), known, reach_px)
    assert filled[0, 10, 0] == pytest.approx(30, abs=0.1)
    if reach_px is None:
        np.testing.assert_allclose(filled, 30, atol=0.1)
    else:
        assert abs(filled[24, 24, 0]) < 3
        assert 5 < filled[2, 24, 0] < 30


@pytest.mark.parametrize("side", [33, 64, 150])
def test_the_harmonic_picture_of_a_slope_on_the_border_is_the_slope(side: int) -> None:
    y, x = np.mgrid[:side, :side].astype(np.float32) / side
    slope = np.stack([100 * x, 100 * y, 50 * x - 50 * y], axis=2)
    border = np.zeros((side, side), bool)
    border[0] = border[-1] = border[:, 0] = border[:, -1] = True
    solved = harmonic(np.where(border[..., None], slope, 0).astype(np.float32), border, 12)
    assert np.abs(solved - slope).max() < 6


def test_nothing_known_gives_zeros() -> None:
    values = np.ones((20, 20, 3), np.float32)
    assert not spread(values, np.zeros((20, 20), np.float32)).any()
    assert not harmonic(values, np.zeros((20, 20), bool), 3).any()
