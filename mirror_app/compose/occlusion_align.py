"""Room: compose. Lays an unrolled face on the one that was learned: a mesh gives way to a hand before the face."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from mirror_app.compose.occlusion_texels import SIDE, Floats

# It looks at both at half the size.
_STEP: Final = 2
_HALF: Final = SIDE // _STEP
# From coarse to fine: how far pictures are softened, in texels of the half size, and by how much brightness (a
# logarithm) may differ and still speak for the face.
_ROUNDS: Final = ((1.2, 0.25), (0.8, 0.15))
# Texels' votes for staying where the mesh says: shift, slopes, bends.
_HOLD: Final = np.tile([0.001, 0.002, 0.002, 0.006, 0.006, 0.006], 2).astype(np.float32)
_MOST_TEXELS: Final = 5.0


class Alignment:
    """How far one face's mesh lies off, as a smooth field over the square. For one thread."""

    _V, _U = (axis.astype(np.float32) for axis in np.mgrid[-1 : 1 : SIDE * 1j, -1 : 1 : SIDE * 1j])
    _DOWN, _ACROSS = (axis.astype(np.float32) for axis in np.mgrid[:SIDE, :SIDE])

    _PLACE = np.ascontiguousarray(
        np.stack([np.ones_like(_U), _U, _V, _U * _U, _U * _V, _V * _V], -1)[::_STEP, ::_STEP].reshape(-1, 6)
    )

    def __init__(self) -> None:
        self._numbers = np.zeros(12, np.float32)
        self._from: tuple[Floats, Floats] | None = None

    def laid(self, image: Floats) -> Floats:
        """A picture over the grid, (SIDE, SIDE[, channels]), where it would lie had the mesh been right."""
        if self._from is None:
            return image
        moved = cv2.remap(image, *self._from, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(moved, np.float32)

    def back(self, u: Floats, v: Floats) -> tuple[Floats, Floats]:
        """Where texels u, v of the mesh as it is lie on the grid; texels."""
        across, down = self._off(u * np.float32(2 / (SIDE - 1)) - 1, v * np.float32(2 / (SIDE - 1)) - 1)
        return u + across, v + down

    def follow(self, learned: Floats, seen: Floats, light: Floats, weights: Floats) -> None:
        """Take in one frame.

        Args:
            learned: (SIDE, SIDE) float32, the face's brightness.
            seen: (SIDE, SIDE) float32, this frame's, as the mesh has it.
            light: (SIDE, SIDE) float32, what the light adds.
            weights: (SIDE, SIDE) float32, 0..1: how surely the face itself is seen.
        """
        sure = _halved(weights).reshape(-1)
        certain = sure > 0.5
        if not certain.any():
            return
        wanted_half = _halved(learned + light)
        for soft_texels, tolerance in _ROUNDS:
            wanted = np.asarray(cv2.GaussianBlur(wanted_half, (0, 0), soft_texels), np.float32)
            soft = np.asarray(cv2.GaussianBlur(_halved(self.laid(seen)), (0, 0), soft_texels), np.float32)
            off = (soft - wanted).reshape(-1)
            off -= np.median(off[certain])
            columns = self._columns(wanted)
            weighed = columns * (sure / (1 + (off / np.float32(tolerance)) ** 2) ** 2)[:, None]
            wish = weighed.T @ off - _HOLD * self._numbers
            step = np.linalg.solve(weighed.T @ columns + np.diag(_HOLD), wish)
            self._numbers = np.clip(self._numbers + step, -_MOST_TEXELS, _MOST_TEXELS)
            across, down = self._off(self._U, self._V)
            self._from = self._ACROSS - across, self._DOWN - down

    def _columns(self, wanted: Floats) -> Floats:
        """What each number does to the brightness, (texels, 12)."""
        scale = 1 / (8 * _STEP)
        across = np.asarray(cv2.Sobel(wanted, cv2.CV_32F, 1, 0, scale=scale), np.float32).reshape(-1, 1)
        down = np.asarray(cv2.Sobel(wanted, cv2.CV_32F, 0, 1, scale=scale), np.float32).reshape(-1, 1)
        return np.hstack([across * self._PLACE, down * self._PLACE])

    def _off(self, u: Floats, v: Floats) -> tuple[Floats, Floats]:
        a, b, c, d, e, f, g, h, i, j, k, m = self._numbers
        uu, uv, vv = u * u, u * v, v * v
        return a + b * u + c * v + d * uu + e * uv + f * vv, g + h * u + i * v + j * uu + k * uv + m * vv


def _halved(image: Floats) -> Floats:
    return np.asarray(cv2.resize(image, (_HALF, _HALF), interpolation=cv2.INTER_AREA), np.float32)
