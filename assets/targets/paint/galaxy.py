"""Room: painting of the built-in targets. The night sky as skin: nebulae, stars, a constellation across the cheeks."""

from __future__ import annotations

import cv2
import numpy as np
from blend import Picture, glow, gradient, lit, over
from brows import brow, hairs
from noise import fractal, scattered, warped
from relief import form, gleam, lambert, studio
from sheet import (
    SIDE,
    Plane,
    Points,
    at,
    depth_inside,
    mirrored,
    ramp,
    ring,
    smooth,
    strokes,
    xy,
)

from mirror_app.domain import mesh_topology as mesh

CONSTELLATION = (
    (0.150, 0.520),
    (0.225, 0.478),
    (0.290, 0.505),
    (0.372, 0.482),
    (0.438, 0.440),
    (0.5, 0.455),
    (0.562, 0.440),
    (0.640, 0.490),
    (0.705, 0.462),
    (0.790, 0.512),
    (0.852, 0.470),
)


def _nebula() -> Picture:
    """Clouds of violet, magenta and teal that curl round the features."""
    bend_x, bend_y = fractal(101, 3, 5), fractal(102, 3, 5)
    cloud = warped(fractal(103, 4, 7, 0.55), bend_x, bend_y, 210)
    other = warped(fractal(104, 3, 7, 0.55), bend_y, bend_x, 240)
    sky = gradient(
        cloud,
        [
            (-1.0, "#070520"),
            (-0.35, "#150c45"),
            (0.0, "#2c1370"),
            (0.35, "#5f1f9c"),
            (0.7, "#b23bb8"),
            (1.1, "#ff9ad0"),
        ],
    )
    teal = gradient(other, [(-1.0, "#02081f"), (0.0, "#063a63"), (0.45, "#0c8aa6"), (0.9, "#7df0e2")])
    sky = over(sky, teal, ramp(other, 0.08, 0.95) * 0.8)
    dust = warped(fractal(105, 8, 6, 0.6), bend_x, bend_y, 90)
    return over(sky, "#05030f", ramp(dust, 0.15, 0.9) * 0.7)


def _stars(seed: int, count: int, small: float, large: float) -> Plane:
    """Points of light of many sizes, most of them small."""
    rng = np.random.default_rng(seed)
    places = scattered(seed + 1, count)
    sizes = small + (large - small) * rng.power(0.22, count)
    canvas = np.zeros((SIDE, SIDE), np.float32)
    for (x, y), size in zip(places, sizes, strict=True):
        cv2.circle(
            canvas,
            (round(float(x) * 16), round(float(y) * 16)),
            round(float(size) * 16),
            float(rng.uniform(0.4, 1.0)),
            -1,
            cv2.LINE_8,
            4,
        )
    return np.asarray(cv2.GaussianBlur(canvas, (0, 0), 1.0), np.float32)


def _flares(places: Points, reach_px: Points) -> Plane:
    """Bright stars with four rays."""
    lines = []
    for place, reach in zip(places, reach_px, strict=True):
        for way in (xy(1, 0), xy(0, 1)):
            lines.append((np.stack([place - way * reach, place, place + way * reach]), [0.0, float(reach) * 0.11, 0.0]))
    return strokes(lines)


def paint() -> Picture:
    """Nebulae lit from within; features drawn by rim light, brows and lips by star dust."""
    shape = form(strength=1.5)
    face = _nebula()
    edge = 1 - np.abs(lambert(shape, (0, 0, -1), 0.0))
    face = lit(face, 0.20 + 1.05 * studio(shape), "#0a0326")
    face = glow(face, "#5a6cff", 0.30 * ramp(edge, 0.10, 0.9))
    face = glow(face, "#7a6cff", 0.55 * ramp(studio(shape), 0.72, 1.0))
    face = over(face, "#05021a", np.clip(1.2 * shape.cavity, 0, 0.85))
    face = glow(
        face, "#d6ecff", 0.55 * gleam(shape, (0.0, -0.6, -0.7), 20) + 0.10 * gleam(shape, (-0.6, 0.1, -0.6), 10)
    )
    lips = ramp(depth_inside(ring(mesh.LIPS_OUTER)), 0, 14)
    face = over(face, "#c03fae", lips * 0.50)
    face = glow(
        face, "#ffb4f0", lips * (0.25 * _stars(111, 16000, 1.2, 3.0) + 0.45 * gleam(shape, (0, -0.5, -0.8), 30))
    )
    arch = smooth(brow(58), 5)
    face = over(face, "#0a0526", arch * 0.92)
    face = glow(face, "#9fe4ff", arch * (_stars(112, 26000, 1.0, 2.6) + 0.30 * ramp(hairs(113, 60, 80, 4), 0.3, 1.0)))
    lids = mirrored(ramp(depth_inside(ring(mesh.IMAGE_LEFT_EYE)), -46, -4))
    face = glow(face, "#36d6e8", lids * 0.30)
    face = over(face, "#07041a", mirrored(ramp(depth_inside(ring(mesh.IMAGE_LEFT_EYE)), -11, -6)))
    band = np.exp(-(((np.arange(SIDE, dtype=np.float32)[:, None] / SIDE - 0.49) / 0.10) ** 2)) * np.ones(
        (1, SIDE), np.float32
    )
    dust = _stars(114, 5200, 1.0, 3.4) * 0.8 + _stars(116, 5200, 1.0, 2.6) * band.astype(np.float32)
    face = glow(face, "#fff6ea", dust)
    knots = np.stack([at(u, v) for u, v in CONSTELLATION])
    face = glow(face, "#a9d4ff", strokes([(knots[i : i + 2], 3.5) for i in range(len(knots) - 1)]) * 0.55)
    heroes = np.concatenate(
        [
            knots,
            [at(0.5, 0.185), at(0.30, 0.215), at(0.735, 0.235), at(0.27, 0.735), at(0.76, 0.70), at(0.5, 0.87)],
            [at(0.60, 0.155)],
        ]
    )
    flares = _flares(
        heroes.astype(np.float32),
        np.array([26, 34, 22, 30, 22, 18, 24, 34, 22, 36, 26, 64, 40, 46, 44, 36, 34, 30], np.float32),
    )
    face = glow(face, "#8fc4ff", np.clip(3.0 * smooth(flares, 14), 0, 1) * 0.8)
    return glow(face, "#ffffff", flares)
