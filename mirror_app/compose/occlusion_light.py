"""Room: compose. Fits the light on a face out of its colours: slow over the face, and in the way of round things."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.compose.occlusion_texels import SIDE, Floats
from mirror_app.domain import mesh_topology as topology

# Every fourth texel on each axis is enough for what is slow.
_STEP: Final = 4
# Standard deviation of what still counts as light, in each of the three colours.
_TOLERANCE: Final = np.array([0.16, 0.05, 0.06])
_ROUNDS: Final = 2
# How strongly each number holds on to where it was, in texels' votes: uniform light, slow slopes, roundness.
_HOLD: Final = np.array([0.5, 2, 2, 6, 6, 6, 2, 2, 4, 4])


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
    _COARSE: Final = np.ascontiguousarray(_BASIS[::_STEP, ::_STEP].reshape(-1, _BASIS.shape[-1]))

    def __init__(self) -> None:
        self._numbers = np.zeros((self._BASIS.shape[-1], 3))

    @property
    def field(self) -> Floats:
        """(SIDE, SIDE, 3) float32: what the light adds to the learned colours."""
        return np.asarray(self._FINE @ self._numbers.astype(np.float32), np.float32).reshape(SIDE, SIDE, 3)

    def follow(self, difference: Floats, weights: Floats) -> float:
        """Take in one frame.

        Args:
            difference: (SIDE, SIDE, 3) float32, colours as seen less as learned.
            weights: (SIDE, SIDE) float32, 0..1: how surely the face itself is seen there.

        Returns:
            0..1, the share of the weights that this light explains; 0 without any.
        """
        wanted = difference[::_STEP, ::_STEP].reshape(-1, 3).astype(np.float64)
        sure = weights[::_STEP, ::_STEP].reshape(-1).astype(np.float64)
        total = float(sure.sum())
        if total <= 0:
            return 0.0
        numbers: NDArray[np.float64] = self._jumped(wanted, sure)
        hold = np.diag(_HOLD)
        for _ in range(_ROUNDS):
            fitting = sure * _fitting(wanted - self._COARSE @ numbers)
            weighed = self._COARSE * fitting[:, None]
            numbers = np.asarray(
                np.linalg.solve(weighed.T @ self._COARSE + hold, weighed.T @ wanted + hold @ numbers), np.float64
            )
        self._numbers = numbers
        return float((sure * _fitting(wanted - self._COARSE @ numbers)).sum()) / total

    def _jumped(self, wanted: NDArray[np.float64], sure: NDArray[np.float64]) -> NDArray[np.float64]:
        """Where to begin: at the last light, or, where that explains less, at one that changed everywhere alike."""
        numbers = self._numbers
        off = wanted - self._COARSE @ numbers
        if not (sure > 0.5).any():
            return numbers
        moved = numbers.copy()
        moved[0] += np.median(off[sure > 0.5], axis=0)
        before, after = (float((sure * _fitting(wanted - self._COARSE @ one)).sum()) for one in (numbers, moved))
        return moved if after > 1.1 * before else numbers


def _fitting(off: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n,) 0..1: how well colours this far off (n, 3) can be explained; Geman and McClure's weight."""
    squared = ((off / _TOLERANCE) ** 2).sum(1)
    fitting: NDArray[np.float64] = 1 / (1 + squared / 3) ** 2
    return fitting
