"""Room: imaging. Fills a picture in from the few places where its values are known. Knows no faces, keeps no state."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

_SMALLEST_SIDE: Final = 2
# A coarser cell is known for sure from a quarter of its weight on: four known pixels make one known cell.
_CELL_PIXELS: Final = 4.0
# Where fewer pixels of a coarser cell are fixed than this, it is free to move.
_FIXED_SHARE: Final = 0.2
_FEW: Final = np.float32(1e-9)
_NEIGHBOURS: Final = np.array([[0, 0.25, 0], [0.25, 0, 0.25], [0, 0.25, 0]], np.float32)


def spread(
    values: NDArray[np.float32], weights: NDArray[np.float32], reach_px: float | None = None
) -> NDArray[np.float32]:
    """Spread known values smoothly over the whole picture, coarse to fine (pull-push pyramid).

    Args:
        values: (h, w, 3) float32.
        weights: (h, w) float32, 0..1, how well each value is known.
        reach_px: Away from known places the values fade to zero over about so many px; None = they never fade.

    Returns:
        (h, w, 3) float32; all zeros where nothing is known at all.
    """
    pull = 0.0 if reach_px is None else reach_px**-2
    return _pushed(_times(values, weights), weights, pull)


def _pushed(weighted: NDArray[np.float32], weights: NDArray[np.float32], pull: float) -> NDArray[np.float32]:
    height, width = weights.shape
    if min(height, width) <= _SMALLEST_SIDE:
        mean = weighted.sum((0, 1)) / (weights.sum() + pull * weights.size + _FEW)
        return np.broadcast_to(mean, weighted.shape).astype(np.float32)
    below, weights_below = _halved(weighted), _halved(weights)
    sure = np.minimum(weights_below * np.float32(_CELL_PIXELS), 1)
    below = _times(below, sure / np.maximum(weights_below, _FEW))
    # A cell of twice the side feels four times the pull toward zero.
    coarse = _pushed(below, sure, 4 * pull)
    filled = _times(_doubled(coarse, (width, height)), (1 - weights) / np.float32(1 + pull))
    return np.asarray(weighted + filled, np.float32)


def _times(image: NDArray[np.float32], weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """(h, w, 3) by (h, w); several times faster than NumPy does it with `weights[..., None]`."""
    return np.asarray(cv2.multiply(image, cv2.merge((weights, weights, weights))), np.float32)


def harmonic(values: NDArray[np.float32], fixed: NDArray[np.bool_], steps: int) -> NDArray[np.float32]:
    """The smoothest picture with given values at some places: each other pixel is the mean of its neighbours.

    Laplace's equation, solved from coarse to fine with a few Jacobi steps at each size (cascadic multigrid).

    Args:
        values: (h, w, 3) float32; counts where `fixed`.
        fixed: (h, w) bool.
        steps: Jacobi steps at each size; ten leave an error of a few per cent of the values' range.

    Returns:
        (h, w, 3) float32; zeros when nothing is fixed.
    """
    known = fixed.astype(np.float32)
    height, width = fixed.shape
    if min(height, width) <= 2 * _SMALLEST_SIDE:
        return spread(values, known)
    below, share = _halved(_times(values, known)), _halved(known)
    coarse = harmonic(_times(below, np.reciprocal(np.maximum(share, _FEW))), share > _FIXED_SHARE, steps)
    field = _doubled(coarse, (width, height))
    where = fixed.view(np.uint8)
    cv2.copyTo(values, where, field)
    for _ in range(steps):
        field = np.asarray(cv2.filter2D(field, -1, _NEIGHBOURS, borderType=cv2.BORDER_REPLICATE), np.float32)
        cv2.copyTo(values, where, field)
    return field


def _halved(image: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(cv2.pyrDown(image), np.float32)


def _doubled(image: NDArray[np.float32], size_wh: tuple[int, int]) -> NDArray[np.float32]:
    return np.asarray(cv2.pyrUp(image, dstsize=size_wh), np.float32)
