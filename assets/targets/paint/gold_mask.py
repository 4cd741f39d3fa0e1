"""Room: painting of the built-in targets. A gold mask over bronze, after the Bronze Age heads of Sanxingdui."""

from __future__ import annotations

import numpy as np
from blend import Picture, glow, metal, over, plain
from noise import cracks, fractal, veins
from relief import form
from sheet import (
    Plane,
    at,
    between,
    curve,
    depth,
    depth_inside,
    distance_to,
    dots,
    edging,
    fill,
    mirrored,
    ramp,
    ring,
    smooth,
    strokes,
)

from mirror_app.domain import mesh_topology as mesh

GOLD = [(0.0, "#2a1503"), (0.18, "#6b3d08"), (0.38, "#b87a14"), (0.58, "#e6ad35"), (0.78, "#ffd970"), (1.0, "#fff7cf")]
BRONZE = [(0.0, "#07100e"), (0.25, "#16302a"), (0.5, "#2c5a4c"), (0.75, "#5f9480"), (1.0, "#b9dcc8")]


def _eye_opening() -> Plane:
    """The slanting almond cut into the gold, wider than the eye itself."""
    edge = [
        at(0.446, 0.404),
        between(173, 189, 0.40),
        between(157, 221, 0.50),
        between(158, 222, 0.52),
        between(159, 223, 0.52),
        between(160, 224, 0.50),
        between(161, 225, 0.45),
        at(0.222, 0.338),
        between(25, 228, 0.30),
        between(144, 229, 0.45),
        between(145, 230, 0.45),
        between(153, 231, 0.45),
        between(154, 232, 0.50),
        between(155, 233, 0.7),
    ]
    return mirrored(fill(curve(edge, closed=True)))


def _brow_opening() -> Plane:
    """The broad blade-shaped brow cut out of the gold."""
    edge = [
        at(0.462, 0.312),
        between(55, 107, 0.95),
        between(65, 66, 1.12),
        between(52, 105, 1.15),
        between(53, 63, 1.15),
        at(0.215, 0.238),
        at(0.165, 0.232),
        at(0.215, 0.285),
        between(53, 63, -0.05),
        between(52, 105, -0.12),
        between(65, 66, -0.15),
    ]
    return mirrored(fill(curve(edge, closed=True)))


def _bronze(seed: int) -> Picture:
    """Dark bronze with green bloom."""
    shape = form(0.010 * fractal(seed, 60, 4))
    base = metal(shape, BRONZE)
    bloom = fractal(seed + 1, 7, 6, 0.6)
    base = over(base, "#4fa08a", ramp(bloom, 0.15, 0.9) * 0.7)
    base = over(base, "#8fd0b4", ramp(fractal(seed + 2, 26, 4), 0.45, 1.0) * 0.55)
    return over(base, "#5a3015", ramp(-bloom, 0.45, 1.0) * 0.6)


def _gold(openings: Plane) -> Picture:
    """Beaten foil: facets of the hammer, fine creases, rolled edges at every opening."""
    dents = smooth(np.clip(cracks(121, 30, 1.0) / 34, 0, 1), 5)
    outside = -depth(openings)
    rolled = np.exp(-(((outside - 14) / 8) ** 2)).astype(np.float32)
    crumple = veins(124, 5, 0.05, 60) * ramp(fractal(125, 4), -0.1, 0.6)
    relief = 0.020 * dents + 0.05 * fractal(126, 9, 3) - 0.012 * crumple + 0.10 * rolled
    gold = metal(form(relief, strength=1.25), GOLD, scratch=0.03 * fractal(127, 240, 3))
    worn = ramp(fractal(129, 6, 6, 0.62), 0.70, 1.10)
    return over(gold, "#7a4a16", worn * 0.40)


def _engraving() -> Plane:
    """Cloud scrolls on cheeks and forehead, a line of punched dots along the rim."""
    lines = [
        (
            curve(
                [
                    at(0.13, 0.60),
                    at(0.19, 0.625),
                    at(0.245, 0.61),
                    at(0.262, 0.57),
                    at(0.232, 0.545),
                    at(0.205, 0.562),
                    at(0.215, 0.585),
                    at(0.232, 0.582),
                ]
            ),
            [6.0, 9.0, 9.0, 5.0],
        ),
        (
            curve([at(0.19, 0.64), at(0.235, 0.665), at(0.285, 0.655), at(0.302, 0.62), at(0.277, 0.603)]),
            [6.0, 9.0, 9.0, 5.0],
        ),
        (
            curve(
                [at(0.5, 0.232), at(0.462, 0.222), at(0.45, 0.188), at(0.472, 0.168), at(0.49, 0.182), at(0.482, 0.2)]
            ),
            [7.0, 9.0, 8.0, 5.0],
        ),
        (
            curve(
                [at(0.458, 0.226), at(0.40, 0.22), at(0.37, 0.19), at(0.392, 0.168), at(0.415, 0.18), at(0.408, 0.197)]
            ),
            [5.0, 9.0, 8.0, 5.0],
        ),
        (
            curve(
                [
                    at(0.375, 0.212),
                    at(0.315, 0.222),
                    at(0.272, 0.205),
                    at(0.277, 0.178),
                    at(0.303, 0.176),
                    at(0.305, 0.194),
                ]
            ),
            [5.0, 9.0, 8.0, 5.0],
        ),
    ]
    rim = ring(mesh.FACE_OVAL)
    centre = rim.mean(0)
    punched = centre + (rim - centre) * 0.925
    return np.maximum(mirrored(strokes(lines)), dots(punched[::7], [9.0] * len(punched[::7])))


def paint() -> Picture:
    """Gold over the whole face, bronze in the eye, brow and mouth openings and at the rim."""
    eyes, brows = _eye_opening(), _brow_opening()
    mouth = fill(
        curve(
            [
                at(0.372, 0.694),
                at(0.42, 0.668),
                at(0.5, 0.660),
                at(0.58, 0.668),
                at(0.628, 0.694),
                at(0.58, 0.722),
                at(0.5, 0.734),
                at(0.42, 0.722),
            ],
            closed=True,
        )
    )
    openings = np.maximum.reduce([eyes, brows, mouth])
    gold = _gold(openings)
    carved = _engraving()
    gold = over(gold, "#5b3206", carved * 0.8)
    gold = glow(gold, "#fff0b0", ramp(-depth(carved), 0, 3) * ramp(-depth(carved), 9, 4) * 0.22)
    rim = ramp(depth_inside(ring(mesh.FACE_OVAL)) + 16 * fractal(130, 24, 4), 66, 58)
    bronze = _bronze(131)
    face = over(gold, over(plain("#160b03"), bronze, np.full_like(rim, 0.9)), rim)
    face = over(face, "#1c0e02", edging(openings, 0, 5))
    face = over(face, bronze, openings)
    deep = ramp(depth(openings), 26, 0) * openings
    face = over(face, "#050a08", deep * 0.65)
    face = over(face, "#050908", mirrored(ramp(depth_inside(ring(mesh.IMAGE_LEFT_EYE)), -16, -8)) * 0.9)
    lips = depth_inside(ring(mesh.LIPS_OUTER))
    return over(face, "#040807", ramp(distance_to(ring(mesh.LIPS_INNER), closed=True), 12, 3) * ramp(lips, 0, 8) * 0.85)
