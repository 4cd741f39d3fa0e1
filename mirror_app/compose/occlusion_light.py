"""Room: compose. Fits the light on a face out of its colours: slow over the face, and in the way of round things."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.compose.occlusion_texels import SIDE, Floats
from mirror_app.domain import mesh_topology as topology

# Means over so many texels on each axis are enough for what is slow, and wrinkles do not count in them.
_STEP: Final = 4
# Standard deviation of what still counts as light, in each of the three colours.
_TOLERANCE: Final = np.array([0.12, 0.04, 0.045], np.float32)
# The share that is explained is told with a tolerance so many times as wide: a mesh lies off a little.
_WIDER: Final = 1.6
_ROUNDS: Final = 2
# How strongly each number holds on to where it was, in texels' votes: uniform light, slow slopes, roundness.
_HOLD: Final = np.array([0.5, 2, 2, 6, 6, 6, 2, 2, 4, 4], np.float32)
# Light that stays almost as it was holds on so many times as strongly: a hand that comes in must not pass for light.
_STEADY: Final = 10
# Where steady light explains less than the first share, any light may be it that explains more than the second.
_STEADY_EXPLAINS: Final = 0.86
_ANY_EXPLAINS: Final = 0.88


def _basis() -> NDArray[np.float64]:
    """(SIDE, SIDE, 10): 1, slopes and bends over the square, and the average face's normals with their squares."""
    v, u = np.mgrid[-1 : 1 : SIDE * 1j, -1 : 1 : SIDE * 1j]
    nx, ny = _normals()
    return np.stack([np.ones_like(u), u, v, u * u, u * v, v * v, nx, ny, nx * nx, nx * ny], -1)


def _normals() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """X and y of the average face's normals over the square, (SIDE, SIDE) each: spread from the vertices, smooth."""
    corners = topology.CANONICAL[topology.TRIANGLES].astype(np.float64)
    crosses = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    sums = np.zeros((len(topology.UV), 3))
    for corner in range(3):
        np.add.at(sums, topology.TRIANGLES[:, corner], crosses)
    unit = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
    middles = (np.arange(SIDE) + 0.5) / SIDE
    places = np.stack(np.meshgrid(middles, middles), -1).reshape(-1, 1, 2)
    near = np.exp(-((places - topology.UV[None]) ** 2).sum(-1) / (2 * 0.04**2)) + 1e-12
    spread = (near @ unit) / near.sum(1, keepdims=True)
    return spread[:, 0].reshape(SIDE, SIDE), spread[:, 1].reshape(SIDE, SIDE)


class LightFit:
    """One face's light against that under which it was learned. For one thread."""

    _BASIS: Final = _basis()
    _FINE: Final = np.ascontiguousarray(_BASIS.reshape(-1, _BASIS.shape[-1]), np.float32)
    _COARSE: Final = np.ascontiguousarray(
        _BASIS.reshape(SIDE // _STEP, _STEP, SIDE // _STEP, _STEP, -1).mean((1, 3)).reshape(-1, _BASIS.shape[-1]),
        np.float32,
    )

    def __init__(self) -> None:
        self._numbers = np.zeros((self._BASIS.shape[-1], 3), np.float32)

    @property
    def field(self) -> Floats:
        """(SIDE, SIDE, 3) float32: what the light adds to the learned colours."""
        return np.asarray(self._FINE @ self._numbers, np.float32).reshape(SIDE, SIDE, 3)

    def follow(self, difference: Floats, weights: Floats) -> float:
        """Take in one frame.

        Args:
            difference: (SIDE, SIDE, 3) float32, colours as seen less as learned.
            weights: (SIDE, SIDE) float32, 0..1: how surely the face itself is seen there.

        Returns:
            0..1, the share of the weights that this light explains; 0 without any.
        """
        share = _pooled(weights)
        weighed = np.asarray(cv2.multiply(difference, cv2.merge((weights, weights, weights))), np.float32)
        means = _pooled(weighed) / np.maximum(share, np.float32(1e-3))[..., None]
        wanted = np.asarray(means, np.float32).reshape(-1, 3)
        sure = share.reshape(-1)
        total = float(sure.sum())
        if total <= 0:
            return 0.0
        steady = self._fitted(wanted, sure, self._numbers, _HOLD * np.float32(_STEADY))
        explained = float(sure @ self._fitting(wanted, steady, _WIDER)) / total
        if explained < _STEADY_EXPLAINS:
            other = self._fitted(wanted, sure, self._jumped(wanted, sure), _HOLD)
            explains = float(sure @ self._fitting(wanted, other, _WIDER)) / total
            if explains > _ANY_EXPLAINS:
                steady, explained = other, explains
        self._numbers = steady
        return explained

    def _fitted(self, wanted: Floats, sure: Floats, numbers: Floats, hold: Floats) -> Floats:
        for _ in range(_ROUNDS):
            weighed = self._COARSE * (sure * self._fitting(wanted, numbers))[:, None]
            votes, pulls = weighed.T @ self._COARSE, weighed.T @ wanted
            numbers = np.linalg.solve(votes + np.diag(hold), pulls + hold[:, None] * numbers)
        return numbers

    def _jumped(self, wanted: Floats, sure: Floats) -> Floats:
        """Where to begin: at the last light, changed everywhere alike."""
        if not (sure > 0.5).any():
            return self._numbers
        moved = self._numbers.copy()
        moved[0] += np.median((wanted - self._COARSE @ moved)[sure > 0.5], axis=0)
        return moved

    def _fitting(self, wanted: Floats, numbers: Floats, wider: float = 1.0) -> Floats:
        """(n,) 0..1: how well this light explains colours; Geman and McClure's weight."""
        off = (wanted - self._COARSE @ numbers) / (_TOLERANCE * np.float32(wider))
        loss = 1 + np.einsum("ij,ij->i", off, off) * np.float32(1 / 3)
        return np.asarray(1 / (loss * loss), np.float32)


def _pooled(image: Floats) -> Floats:
    """Means over squares of texels."""
    side = SIDE // _STEP
    return np.asarray(cv2.resize(image, (side, side), interpolation=cv2.INTER_AREA), np.float32)
