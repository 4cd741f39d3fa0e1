"""Room: painting of the built-in targets. Procedural noise on the sheet, the same on every machine; no faces."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from sheet import SIDE, Plane


def value_noise(seed: int, cells: int) -> Plane:
    """Smooth noise of `cells` bumps across, -1..1."""
    grid = np.random.default_rng(seed).uniform(-1, 1, (cells + 4, cells + 4)).astype(np.float32)
    scale = cells / SIDE
    axis = np.arange(SIDE, dtype=np.float32) * scale + 1.5
    x, y = np.meshgrid(axis, axis)
    return np.asarray(cv2.remap(grid, x, y, cv2.INTER_CUBIC), np.float32)


def fractal(seed: int, cells: int, octaves: int = 5, gain: float = 0.5) -> Plane:
    """Sum of noises, each twice as fine and `gain` as strong; about -1..1."""
    total = np.zeros((SIDE, SIDE), np.float32)
    strength, reach = 1.0, 0.0
    for octave in range(octaves):
        total += strength * value_noise(seed * 31 + octave, min(cells << octave, SIDE))
        reach += strength
        strength *= gain
    return total / np.float32(reach * 0.6)


def veins(seed: int, cells: int, width: float, bend_px: float) -> Plane:
    """Thin unbroken wandering lines, 1 on the line; `width` is in noise units (0.02 is hair-thin)."""
    wander = warped(
        fractal(seed, cells, 3, 0.4), fractal(seed + 1, cells * 2, 4), fractal(seed + 2, cells * 2, 4), bend_px
    )
    slope = np.hypot(np.gradient(wander, axis=1), np.gradient(wander, axis=0)) * (SIDE / (4.0 * cells))
    return np.asarray(np.exp(-((wander / (width * np.maximum(slope, 0.35))) ** 2)), np.float32)


def warped(plane: Plane, shift_x: Plane, shift_y: Plane, amount_px: float) -> Plane:
    """A plane pulled about by two noises."""
    axis = np.arange(SIDE, dtype=np.float32)
    x, y = np.meshgrid(axis, axis)
    x, y = x + shift_x * amount_px, y + shift_y * amount_px
    return np.asarray(cv2.remap(plane, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101), np.float32)


def cracks(seed: int, cells: int, jitter: float = 0.9) -> Plane:
    """Distance in px to the walls between cells scattered over the sheet."""
    rng = np.random.default_rng(seed)
    step = SIDE / cells
    iy, ix = np.mgrid[0:cells, 0:cells]
    px = ((ix + 0.5 + jitter * rng.uniform(-0.5, 0.5, ix.shape)) * step).ravel().astype(int).clip(0, SIDE - 1)
    py = ((iy + 0.5 + jitter * rng.uniform(-0.5, 0.5, iy.shape)) * step).ravel().astype(int).clip(0, SIDE - 1)
    seeds = np.full((SIDE, SIDE), 255, np.uint8)
    seeds[py, px] = 0
    _, labels = cv2.distanceTransformWithLabels(seeds, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    wall = np.ones((SIDE, SIDE), np.uint8)
    wall[:, 1:][labels[:, 1:] != labels[:, :-1]] = 0
    wall[1:][labels[1:] != labels[:-1]] = 0
    return np.asarray(cv2.distanceTransform(wall, cv2.DIST_L2, cv2.DIST_MASK_PRECISE), np.float32)


def scattered(seed: int, count: int) -> NDArray[np.float32]:
    """Random sheet positions: (count, 2) float32 px."""
    return np.random.default_rng(seed).uniform(0, SIDE, (count, 2)).astype(np.float32)


def brushed(flow_x: Plane, flow_y: Plane, seed: int, length_px: float, grain_px: float = 2.0) -> Plane:
    """White noise smeared along a flow (line integral convolution), about -1..1: hair, brush marks, wood."""
    grain = np.random.default_rng(seed).normal(0, 1, (SIDE, SIDE)).astype(np.float32)
    grain = cv2.GaussianBlur(grain, (0, 0), grain_px) * np.float32(3.0 * grain_px)
    axis = np.arange(SIDE, dtype=np.float32)
    x0, y0 = np.meshgrid(axis, axis)
    total = grain.copy()
    step = 2.0 * grain_px
    count = max(2, int(length_px / step / 2))
    for way in (1.0, -1.0):
        x, y = x0.copy(), y0.copy()
        for _ in range(count):
            along_x = cv2.remap(flow_x, x, y, cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE)
            along_y = cv2.remap(flow_y, x, y, cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE)
            x += np.float32(way * step) * along_x
            y += np.float32(way * step) * along_y
            total += cv2.remap(grain, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
    return np.asarray(np.clip(total / (2.0 * np.sqrt(2 * count + 1)), -1.5, 1.5), np.float32)
