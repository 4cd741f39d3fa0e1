"""Room: tests. The known functions that analytic twins compute, as plain numbers. No ONNX here."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tests.twins.facts import CLASSES

WAVES: Final = 4
"""Low-frequency patterns per colour that show the identity."""

COLOUR_MIX: Final = np.array([[0.50, 0.08, 0.02], [0.05, 0.36, 0.12], [0.15, 0.03, 0.22]], np.float32)
"""Generated R, G, B from the crop's R, G, B: no two rows or columns can be taken for one another."""
COLOUR_SHIFT: Final = np.array([0.12, 0.22, 0.30], np.float32)
WAVE_HEIGHT: Final = 0.12
MEAN_PULL: Final = 0.3
"""How much each generated colour is shifted by its mean over the whole crop: so the border counts too."""
# Lengths of the ArcFace twin's raw vectors are about 20, of all others 1.
_IDENTITY_GAIN: Final = {"emap": 22.0, "unit": 22.0, "converted-unit": 22.0, "converted": 1.1, "portrait": 6.0}
PORTRAIT_CELLS: Final = 4
ARCFACE_CELLS: Final = 8


def _random(seed: int) -> np.random.Generator:
    return np.random.default_rng([20261122, seed])


def _single(values: object) -> NDArray[np.float32]:
    return np.asarray(values, np.float32)


def ramp(side: int) -> NDArray[np.float32]:
    """(side, side) float32: a gain that grows to the right and falls downwards."""
    along = (np.arange(side) + 0.5) / side
    return _single(0.8 + 0.3 * along[None, :] - 0.15 * along[:, None])


def waves(side: int) -> NDArray[np.float32]:
    """(WAVES, side, side) float32, -1..1; no two are mirror images of each other."""
    along = 2 * np.pi * (np.arange(side) + 0.5) / side
    x, y = along[None, :], along[:, None]
    drawn = (np.sin(x + 0.3) + 0 * y, np.cos(y - 0.5) + 0 * x, np.sin(x + 2 * y), np.cos(2 * x - y + 0.9))
    return _single(np.stack(drawn))


def coefficients_of(identity: NDArray[np.float32], kind: str) -> NDArray[np.float32]:
    """(3, WAVES) float32, -1..1: how strongly each colour shows each pattern, from a flat identity."""
    return _single(np.tanh(identity.reshape(-1) @ identity_matrix(kind)).reshape(3, WAVES))


@cache
def identity_matrix(kind: str) -> NDArray[np.float32]:
    """(512, or the portrait's 48 cell values; 3 x WAVES) float32."""
    size = 3 * PORTRAIT_CELLS**2 if kind == "portrait" else 512
    drawn = _random(1).normal(size=(size, 3 * WAVES))
    if kind == "portrait":
        drawn -= drawn.mean(0)  # a portrait's brightness alone says nothing
    return _single(_IDENTITY_GAIN[kind] * drawn / np.linalg.norm(drawn, axis=0))


def generated(crop_rgb: NDArray[np.float32], coefficients: NDArray[np.float32]) -> NDArray[np.float32]:
    """What every analytic swapper makes of a crop, (3, side, side) float32 0..1, from one (3, side, side) 0..1."""
    side = crop_rgb.shape[-1]
    mixed = np.einsum("oc,cyx->oyx", COLOUR_MIX, crop_rgb) * ramp(side) + COLOUR_SHIFT[:, None, None]
    mixed += MEAN_PULL * (crop_rgb.mean((1, 2)) - 0.5)[:, None, None]
    drawn = mixed + WAVE_HEIGHT * np.einsum("ck,kyx->cyx", coefficients, waves(side))
    return _single(np.clip(drawn, 0, 1))


@cache
def emap() -> NDArray[np.float32]:
    """(512, 512) float32: neither symmetric nor length-keeping, so that a missing step or a transposed one shows."""
    random = _random(2)
    return _single(random.normal(size=(512, 512)) / np.sqrt(512) * random.uniform(0.5, 2, 512))


@cache
def converter_matrix(name: str) -> NDArray[np.float32]:
    """(512, 512) float32 of a converter twin."""
    return _single(_random(10 + sum(name.encode())).normal(size=(512, 512)) / np.sqrt(512))


@cache
def arcface_matrix() -> NDArray[np.float32]:
    """(192, 512) float32: from the mean of each of 8 x 8 cells, all R, then all G, then all B, to the vector."""
    return _single(_random(3).normal(size=(3 * ARCFACE_CELLS**2, 512)) * 0.15)


def cell_means(picture: NDArray[np.float32], cells: int) -> NDArray[np.float32]:
    """(c * cells * cells,) float32 means of a (c, side, side) picture's cells."""
    channels, side, _ = picture.shape
    size = side // cells
    return _single(picture.reshape(channels, cells, size, cells, size).mean((2, 4)).reshape(-1))


MARKERS_RGB: Final = ((255, 40, 100), (40, 100, 255), (100, 255, 40))
"""The colour that the detector twins take for a face at stride 8, 16, 32; no one is another with R and B swapped."""
MARKER_STEEPNESS: Final = 2.0
"""How fast the score falls with the summed distance from the marker's normalised colour."""
BEST_SCORES: Final = (0.7, 0.95)
"""Score of a pure marker at a cell's first and second anchor."""


def box_reach(level: int, anchor: int) -> NDArray[np.float32]:
    """(4,) float32: left, top, right, bottom reach of a box in strides."""
    return np.array([1.5, 2.0, 2.5, 3.0], np.float32) + np.float32(0.25 * level + 0.4 * anchor)


def point_reach(level: int, anchor: int) -> NDArray[np.float32]:
    """(10,) float32: x, y of five points in strides from the anchor."""
    points = np.array([-0.8, -0.6, 0.7, -0.5, 0.1, 0.2, -0.6, 0.9, 0.6, 1.0], np.float32)
    return points * np.float32(1 + 0.2 * level + 0.3 * anchor)


LANDMARK_FEATURES: Final = 9


def landmark_features(crop_rgb: NDArray[np.floating]) -> NDArray[np.float64]:
    """(9,): centroid x of R, G, B, centroid y of R, G, B (-1..1), mean of R, G, B, of a (3, 192, 192) crop 0..255."""
    light = crop_rgb.astype(np.float64) / 255
    along = grid_axis(crop_rgb.shape[-1]).astype(np.float64)
    mean = light.mean((1, 2)) + 1e-3
    x, y = (light * along[None, None, :]).mean((1, 2)), (light * along[None, :, None]).mean((1, 2))
    return np.concatenate([x / mean, y / mean, mean])


def grid_axis(side: int) -> NDArray[np.float32]:
    """(side,) float32 pixel centres, -1..1."""
    return _single(2 * (np.arange(side) + 0.5) / side - 1)


@cache
def landmark_layer(count: int, dims: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Weights (9, count * dims) and bias (count * dims,) float32: points on rings, moved by the colours' centroids."""
    random = _random(4)
    turn = np.linspace(0, 2 * np.pi, count, endpoint=False)
    radius = 0.35 + 0.15 * np.cos(5 * turn)
    ring = np.stack([radius * np.cos(turn), radius * np.sin(turn), 0.2 * np.cos(2 * turn)])[:dims].T
    weights = random.normal(size=(LANDMARK_FEATURES, count * dims)) * 0.15
    return _single(weights), _single(ring.reshape(-1))


# With this one nearly every colour means another kind of region when red and blue are exchanged.
_PALETTE_SEED: Final = 136


@cache
def palette_rgb() -> NDArray[np.float32]:
    """(19, 3) float32, 0..1: the colour that the parser twins take for each region."""
    levels = np.stack(np.meshgrid([0.05, 0.5, 0.95], [0.05, 0.5, 0.95], [0.05, 0.5, 0.95], indexing="ij"), -1)
    return _single(_random(_PALETTE_SEED).permutation(levels.reshape(-1, 3))[:CLASSES])


SEEN_FIELDS: Final = 6


def is_seen(places: NDArray[np.floating]) -> NDArray[np.bool_]:
    """Where on their crop the mask twins see anything at all: every second field of a chessboard.

    Args:
        places: (2, ...) x and y as shares of the crop's side.
    """
    return np.asarray(np.floor(places * SEEN_FIELDS).sum(0) % 2 == 0)


def chessboard(side: int) -> NDArray[np.bool_]:
    """(side, side) bool: `is_seen` at every pixel."""
    y, x = (np.mgrid[:side, :side] + 0.5) / side
    return is_seen(np.stack([x, y]))


OCCLUDER_WEIGHTS_BGR: Final = np.array([1.6, 0.4, -0.8], np.float32)
OCCLUDER_SHIFT: Final = 0.3


def shown(picture_bgr: NDArray[np.float32]) -> NDArray[np.float32]:
    """What the occluder twins say of (..., 3) BGR colours 0..1 where they see anything; not yet cut to 0..1."""
    return _single(picture_bgr @ OCCLUDER_WEIGHTS_BGR + OCCLUDER_SHIFT)
