"""Room: painting of the built-in targets. A face in thick swirling oil strokes, after the starry nights of 1889."""

from __future__ import annotations

import cv2
import numpy as np
from blend import Picture, gradient, lit, over
from brows import brow, liner
from noise import fractal
from relief import form, gleam, studio
from sheet import (
    SIDE,
    Plane,
    Points,
    at,
    curve,
    depth_inside,
    glow_spot,
    mirrored,
    ramp,
    ring,
    smooth,
    strokes,
    xy,
)

from mirror_app.domain import mesh_topology as mesh

# Swirls: where, how far they reach (px), which way they turn.
SWIRLS = (
    (0.285, 0.555, 250.0, 1.0),
    (0.715, 0.555, 250.0, -1.0),
    (0.5, 0.200, 230.0, 1.0),
    (0.235, 0.235, 170.0, -1.0),
    (0.765, 0.235, 170.0, 1.0),
    (0.5, 0.850, 190.0, -1.0),
    (0.20, 0.735, 170.0, 1.0),
    (0.80, 0.735, 170.0, -1.0),
)


def _flow() -> tuple[Plane, Plane]:
    """The way the brush goes: round the swirls, and along the features where they are near."""
    axis = np.arange(SIDE, dtype=np.float32)
    x, y = np.meshgrid(axis, axis)
    fx, fy = 0.30 + 0.25 * fractal(141, 3, 3), 0.35 * fractal(142, 3, 3)
    for u, v, reach, turn in SWIRLS:
        dx, dy = x - u * SIDE, y - v * SIDE
        near = 2.2 * np.exp(-(dx**2 + dy**2) / (1.25 * reach) ** 2) / np.maximum(np.hypot(dx, dy), 8)
        fx, fy = fx - turn * near * dy, fy + turn * near * dx
    for line, reach in (
        (ring(mesh.IMAGE_LEFT_EYE), 95.0),
        (ring(mesh.IMAGE_RIGHT_EYE), 95.0),
        (ring(mesh.LIPS_OUTER), 75.0),
    ):
        d = smooth(depth_inside(line), 8)
        gx, gy = np.gradient(d, axis=1), np.gradient(d, axis=0)
        near = 3.0 * np.exp(-((d / reach) ** 2))
        fx, fy = fx - near * gy, fy + near * gx
    nose = np.exp(-(((x / SIDE - 0.5) / 0.035) ** 2) - ((y / SIDE - 0.46) / 0.12) ** 2) * 3.0
    fy = fy + nose
    length = np.maximum(np.hypot(fx, fy), 1e-3)
    return (fx / length).astype(np.float32), (fy / length).astype(np.float32)


def _underpainting() -> Picture:
    """The colours the strokes pick up: night blues in the shade, straw and ochre in the light, green between."""
    shape = form(strength=1.25)
    light = studio(shape) + 0.16 * fractal(143, 5, 3)
    stops = [
        (0.18, "#0c1440"),
        (0.38, "#16307e"),
        (0.55, "#2a62b4"),
        (0.70, "#5aa0bf"),
        (0.82, "#a9c9a0"),
        (0.93, "#efd98a"),
        (1.08, "#fff0b4"),
    ]
    face = gradient(light, stops)
    for u, v, reach, _ in SWIRLS[:3]:
        face = over(face, "#f6c53a", glow_spot(u, v, reach * 0.52, both=False) * 0.85)
        face = over(face, "#fff6c4", glow_spot(u, v, reach * 0.20, both=False) * 0.9)
    for u, v, reach, _ in SWIRLS[3:]:
        face = over(face, "#e6a02a", glow_spot(u, v, reach * 0.36, both=False) * 0.65)
    lips = ramp(depth_inside(ring(mesh.LIPS_OUTER)), -2, 10)
    face = over(face, gradient(light, [(0.3, "#6e1522"), (0.7, "#c43c2c"), (1.0, "#f0905a")]), lips * 0.92)
    face = over(face, "#0a0f33", np.clip(smooth(brow(60), 3) * 1.2, 0, 1))
    face = over(face, "#0a0f33", mirrored(ramp(depth_inside(ring(mesh.IMAGE_LEFT_EYE)), -26, -8)) * 0.85)
    return over(face, "#111a52", np.clip(shape.cavity * 1.3, 0, 1))


def _bristle_strokes(base: Picture, flow: tuple[Plane, Plane]) -> tuple[Picture, Plane]:
    """Lay strokes from broad to fine; each takes its colour from the underpainting where it starts."""
    rng = np.random.default_rng(144)
    paint, relief = base.copy(), np.zeros((SIDE, SIDE), np.float32)
    for count, length, width in ((2600, 150, 26), (5200, 105, 17), (7000, 66, 11)):
        starts = rng.uniform(40, SIDE - 40, (count, 2)).astype(np.float32)
        for start in starts:
            line = _follow(start, flow, length * rng.uniform(0.6, 1.2))
            middle = line[len(line) // 2].astype(int).clip(0, SIDE - 1)
            tone = np.clip(base[middle[1], middle[0]] + rng.normal(0, 0.045, 3) + rng.normal(0, 0.05), 0, 1)
            shift = np.round(line * 16).astype(np.int32)
            cv2.polylines(paint, [shift], False, tone.tolist(), width, cv2.LINE_AA, 4)
            for side in (-0.32, 0.0, 0.32):
                normal = xy(-(line[-1] - line[0])[1], (line[-1] - line[0])[0])
                normal = normal / max(float(np.linalg.norm(normal)), 1e-6) * width * side
                cv2.polylines(
                    relief,
                    [np.round((line + normal) * 16).astype(np.int32)],
                    False,
                    float(rng.uniform(0.2, 1.0)),
                    max(2, width // 4),
                    cv2.LINE_AA,
                    4,
                )
    return paint, relief


def _follow(start: Points, flow: tuple[Plane, Plane], length: float) -> Points:
    """A line of six points that goes with the flow."""
    points = [start]
    for _ in range(5):
        x, y = points[-1].astype(int).clip(0, SIDE - 1)
        points.append(points[-1] + xy(flow[0][y, x], flow[1][y, x]) * np.float32(length / 5))
    return np.stack(points)


def paint() -> Picture:
    """Underpainting, three layers of strokes, a few dark contours, and light on the ridges of the paint."""
    flow = _flow()
    face, ridges = _bristle_strokes(_underpainting(), flow)
    contours = [
        (
            curve([at(0.452, 0.395), at(0.455, 0.46), at(0.437, 0.52), at(0.405, 0.548), at(0.420, 0.585)]),
            [0.0, 10.0, 14.0, 12.0, 0.0],
        ),
        (curve([at(0.44, 0.588), at(0.465, 0.592), at(0.5, 0.604)]), [0.0, 13.0, 9.0]),
        (curve([at(0.378, 0.692), at(0.43, 0.694), at(0.5, 0.696)]), [0.0, 10.0, 9.0]),
        (curve([at(0.395, 0.745), at(0.44, 0.762), at(0.5, 0.766)]), [0.0, 10.0, 8.0]),
    ]
    face = over(face, "#0b1140", mirrored(strokes(contours)) * 0.85)
    face = over(face, "#0b1140", np.maximum(liner(17), smooth(brow(34), 1.5) * 0.8))
    shape = form(0.035 * smooth(ridges, 1.2), strength=0.6)
    flat = form(strength=0.6)
    relief_light = studio(shape) / np.maximum(studio(flat), 0.2)
    face = lit(face, np.clip(0.30 + 0.72 * relief_light, 0, 1.25).astype(np.float32), "#1a2060")
    return np.asarray(face + (1 - face) * 0.20 * gleam(shape, (-0.3, -0.7, -0.65), 40)[..., None], np.float32)
