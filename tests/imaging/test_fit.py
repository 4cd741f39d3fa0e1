"""Room: tests. Small weighted least squares find the factors that made the values."""

from __future__ import annotations

import numpy as np

from mirror_app.imaging.fit import evaluated, weighted_fit

X = np.linspace(-1, 1, 50, dtype=np.float32)
TERMS = np.stack([np.ones_like(X), X, X * X])
FACTORS = np.array([[1, -2, 3], [0.5, 0, -1]], np.float32)
FREE = np.zeros((3, 3), np.float32)


def test_values_made_of_the_terms_give_their_factors_back() -> None:
    values = evaluated(FACTORS, TERMS)
    np.testing.assert_allclose(values[0], 1 - 2 * X + 3 * X * X, atol=1e-5)
    np.testing.assert_allclose(weighted_fit(TERMS, values, np.ones_like(X), FREE), FACTORS, atol=1e-4)


def test_values_without_weight_say_nothing() -> None:
    values = evaluated(FACTORS, TERMS)
    values[:, 10:20] += 100
    weights = np.ones_like(X)
    weights[10:20] = 0
    np.testing.assert_allclose(weighted_fit(TERMS, values, weights, FREE), FACTORS, atol=1e-3)


def test_a_stiff_factor_stays_near_zero() -> None:
    stiff = np.diag([0, 0, 1000]).astype(np.float32)
    factors = weighted_fit(TERMS, evaluated(FACTORS, TERMS), np.ones_like(X), stiff)
    assert np.abs(factors[:, 2]).max() < 0.01
    np.testing.assert_allclose(factors[0, 1], FACTORS[0, 1], atol=1e-3)
