"""Room: imaging. Weighs a picture band by band: fine detail by one weight, coarse detail by another. Knows no faces."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray


def weighed_by_band(
    image: NDArray[np.float32], weights: NDArray[np.float32], gains: Sequence[float]
) -> NDArray[np.float32]:
    """Multiply each band of a Laplacian pyramid by its own weights.

    Burt and Adelson, "A multiresolution spline with application to image mosaics" (1983): two pictures joined band by
    band are the second one plus their difference weighed by band; so one pyramid is enough.

    Args:
        image: (h, w, c) float32.
        weights: (h, w) float32, 0..1; reduced along with the bands.
        gains: One per band, finest first; a band's weights are multiplied by it and cut at 1.

    Returns:
        (h, w, c) float32; equal to `image` where all weights are 1 around.
    """
    levels, shares = [image], [weights]
    for _ in gains[1:]:
        levels.append(np.asarray(cv2.pyrDown(levels[-1]), np.float32))
        shares.append(np.asarray(cv2.pyrDown(shares[-1]), np.float32))
    joined = levels[-1] * _gained(shares[-1], gains[-1])
    for index in range(len(gains) - 2, -1, -1):
        level = levels[index]
        size_wh = (level.shape[1], level.shape[0])
        detail = cv2.subtract(level, cv2.pyrUp(levels[index + 1], dstsize=size_wh))
        joined = cv2.pyrUp(joined, dstsize=size_wh) + detail * _gained(shares[index], gains[index])
    return np.asarray(joined, np.float32)


def _gained(weights: NDArray[np.float32], gain: float) -> NDArray[np.float32]:
    return np.asarray(np.minimum(weights * np.float32(gain), 1)[..., None], np.float32)
