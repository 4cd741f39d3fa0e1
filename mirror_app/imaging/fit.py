"""Room: imaging. Small weighted least squares in one thread. A matrix product's own threads would cost more."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

_NOTHING: Final = np.zeros((0, 0), np.float32)


def weighted_fit(
    terms: NDArray[np.float32],
    values: NDArray[np.float32],
    weights: NDArray[np.float32],
    stiffness: NDArray[np.float32],
) -> NDArray[np.float32]:
    """The factors that make sums of terms nearest to values.

    Args:
        terms: (k, n) float32.
        values: (m, n) float32: m rows fitted at once.
        weights: (n,) float32, >= 0, not all zero.
        stiffness: (k, k) float32: pull of the factors toward zero, per unit of weight.

    Returns:
        (m, k) float32.
    """
    weighted = terms * weights
    normal = cv2.gemm(weighted, terms, 1, stiffness, float(weights.sum()), flags=cv2.GEMM_2_T)
    _, factors = cv2.solve(normal, cv2.gemm(weighted, values, 1, _NOTHING, 0, flags=cv2.GEMM_2_T), flags=cv2.DECOMP_SVD)
    return np.asarray(factors, np.float32).T


def evaluated(factors: NDArray[np.float32], terms: NDArray[np.float32]) -> NDArray[np.float32]:
    """(m, n) float32: the sums of terms (k, n) with factors (m, k)."""
    return np.asarray(cv2.gemm(factors, terms, 1, _NOTHING, 0), np.float32)
