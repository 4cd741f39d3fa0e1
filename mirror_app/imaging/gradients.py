"""Room: imaging. A picture's steps from pixel to pixel, and the picture back from steps. Knows no faces."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Steps = tuple[NDArray[np.float32], NDArray[np.float32]]
"""Steps to the right neighbour and to the one below, each (h, w[, channels]) float32; the last column and row are 0."""


def steps_of(image: NDArray[np.float32]) -> Steps:
    """The difference of each pixel to its right and lower neighbour.

    Args:
        image: (h, w) or (h, w, channels) float32.
    """
    right, down = np.zeros_like(image), np.zeros_like(image)
    right[:, :-1] = image[:, 1:] - image[:, :-1]
    down[:-1] = image[1:] - image[:-1]
    return right, down


def between(weights: NDArray[np.float32]) -> Steps:
    """How far each step can be trusted: as far as the less trusted of its two pixels.

    Args:
        weights: (h, w) float32.
    """
    right, down = np.zeros_like(weights), np.zeros_like(weights)
    right[:, :-1] = np.minimum(weights[:, 1:], weights[:, :-1])
    down[:-1] = np.minimum(weights[1:], weights[:-1])
    return right, down


def mirrored(steps: Steps, sign: float = -1.0) -> Steps:
    """The steps of the picture flipped left to right; `sign` is 1 for weights, which have no direction."""
    right, down = np.zeros_like(steps[0]), np.ascontiguousarray(steps[1][:, ::-1])
    right[:, :-1] = np.float32(sign) * steps[0][:, -2::-1]
    return right, down


def integrated(steps: Steps) -> NDArray[np.float32]:
    """The picture of mean 0 whose steps are nearest to these in the least squares sense.

    That is Poisson's equation with free borders, which the cosine transform solves exactly.

    Args:
        steps: Of a picture (h, w) or (h, w, channels).
    """
    right, down = steps
    if right.ndim == 3:
        layers = [integrated((right[..., k], down[..., k])) for k in range(right.shape[2])]
        return np.dstack(layers)
    height, width = right.shape
    # OpenCV transforms even sizes only: an odd picture gets a copy of its last row or column, no step away.
    extra_row, extra_column = height % 2, width % 2
    right = np.pad(right, ((0, extra_row), (0, 0)), mode="edge")
    right = np.pad(right, ((0, 0), (0, extra_column)))
    down = np.pad(down, ((0, 0), (0, extra_column)), mode="edge")
    down = np.pad(down, ((0, extra_row), (0, 0)))
    divergence = right + down
    divergence[:, 1:] -= right[:, :-1]
    divergence[1:] -= down[:-1]
    waves_y, waves_x = (2 * np.cos(np.pi * np.arange(n) / n) - 2 for n in divergence.shape)
    scale = (waves_y[:, None] + waves_x[None]).astype(np.float32)
    scale[0, 0] = 1
    spectrum = cv2.dct(divergence) / scale
    spectrum[0, 0] = 0
    picture = np.asarray(cv2.idct(spectrum)[:height, :width], np.float32)
    return np.asarray(picture - picture.mean(), np.float32)
