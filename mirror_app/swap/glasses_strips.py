"""Room: swap. Where the frame of a pair of glasses can lie in the UV layout. Fixed geometry, no pixels.

Five strips cover it: one around each lens, one over the bridge, one along each arm. Along a strip runs the frame;
across the strip its place is searched for.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.imaging.resample import looked_up

ALONG: Final = 40
ACROSS: Final = 36
STRIPS: Final = 5
RIMS: Final = (0, 1)
BRIDGE: Final = 2
SIDE: Final = 160
"""Side of the map that `StripPainter` paints, texels; its samples lie about one texel apart."""

# All lengths in UV units. The lens's middle lies outward of the eye's and below it; its half width and half height are
# those of a common frame, and rims are searched for at these multiples of them.
_LENS_OFFSET: Final = np.array([-0.031, 0.008])
_LENS_RADII: Final = np.array([0.148, 0.104])
_RIM_RANGE: Final = (0.36, 1.95)
# The bridge and the arms: u and v of two corners; the arms' strip is mirrored.
_BRIDGE_BOX: Final = ((0.425, 0.285), (0.575, 0.50))
_ARM_BOX: Final = ((0.012, 0.29), (0.175, 0.51))


def strips_uv() -> NDArray[np.float32]:
    """(5, ALONG, ACROSS, 2) float32: rims image left and right, bridge, arms image left and right."""
    rim = _rim()
    arm = _box(*_ARM_BOX)
    mirrored = np.stack([rim, arm]) * np.array([-1, 1]) + np.array([1, 0])
    return np.stack([rim, mirrored[0], _box(*_BRIDGE_BOX), arm, mirrored[1]]).astype(np.float32)


def lower_rim() -> NDArray[np.bool_]:
    """(ALONG,) bool: the part of a rim's strip that runs over cheek and temple, clear of brow and lid."""
    return np.asarray(np.sin(rim_angles()) > -0.3, np.bool_)


def rim_angles() -> NDArray[np.float64]:
    """(ALONG,): direction of each place along a rim: from the top past the nose down and around."""
    return np.linspace(-np.pi / 2, np.pi * 3 / 2, ALONG)


def _rim() -> NDArray[np.float64]:
    middle = topology.UV[list(topology.IMAGE_LEFT_EYE)].mean(0) + _LENS_OFFSET
    rays = np.stack([np.cos(rim_angles()), np.sin(rim_angles())], -1) * _LENS_RADII
    return np.asarray(middle + rays[:, None] * np.linspace(*_RIM_RANGE, ACROSS)[None, :, None], np.float64)


def _box(first: tuple[float, float], last: tuple[float, float]) -> NDArray[np.float64]:
    u, v = np.linspace(first[0], last[0], ALONG), np.linspace(first[1], last[1], ACROSS)
    return np.stack(np.meshgrid(u, v, indexing="ij"), -1)


class StripPainter:
    """Paints values given on the strips into a map of the unrolled face."""

    def __init__(self) -> None:
        rows, columns = np.mgrid[:SIDE, :SIDE]
        texels = np.stack([(columns + 0.5) / SIDE, (rows + 0.5) / SIDE], -1)
        flipped = texels * np.array([-1, 1]) + np.array([1, 0])
        places = (
            _in_rim(texels), _in_rim(flipped), _in_box(texels, *_BRIDGE_BOX),
            _in_box(texels, *_ARM_BOX), _in_box(flipped, *_ARM_BOX),
        )  # fmt: skip
        self._windows = [_window(along, across) for along, across in places]

    def paint(self, strips: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """(SIDE, SIDE) uint8: the largest value of the strips (5, ALONG, ACROSS) at each texel, 0 off the strips."""
        painted = np.zeros((SIDE, SIDE), np.uint8)
        for strip, (rows, columns, across, along, inside) in zip(strips, self._windows, strict=True):
            window = painted[rows, columns]
            np.maximum(window, looked_up(strip, across, along) * inside, out=window)
        return painted


_Window = tuple[slice, slice, NDArray[np.float32], NDArray[np.float32], NDArray[np.uint8]]


def _in_rim(texels: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where texels lie along and across the rim's strip, in samples."""
    middle = topology.UV[list(topology.IMAGE_LEFT_EYE)].mean(0) + _LENS_OFFSET
    x, y = np.moveaxis((texels - middle) / _LENS_RADII, -1, 0)
    angle = (np.arctan2(y, x) + np.pi / 2) % (2 * np.pi)
    near, far = _RIM_RANGE
    return angle / (2 * np.pi) * (ALONG - 1), (np.hypot(x, y) - near) / (far - near) * (ACROSS - 1)


def _in_box(
    texels: NDArray[np.float64], first: tuple[float, float], last: tuple[float, float]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The same for a strip in a box."""
    share = (texels - first) / (np.array(last) - first)
    return share[..., 0] * (ALONG - 1), share[..., 1] * (ACROSS - 1)


def _window(along: NDArray[np.float64], across: NDArray[np.float64]) -> _Window:
    inside = (along >= 0) & (along <= ALONG - 1) & (across >= 0) & (across <= ACROSS - 1)
    x, y, width, height = cv2.boundingRect(inside.view(np.uint8))
    part = slice(y, y + height), slice(x, x + width)
    return *part, across[part].astype(np.float32), along[part].astype(np.float32), inside[part].view(np.uint8)
