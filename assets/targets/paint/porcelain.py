"""Room: painting of the built-in targets. A porcelain doll, once broken and mended with gold (kintsugi)."""

from __future__ import annotations

import cv2
import numpy as np
from blend import Picture, glow, lit, metal, over, plain
from brows import LOWER_LID, UPPER_LID, brow_line, lashes, liner
from noise import fractal
from relief import form, gleam, studio
from sheet import (
    SIDE,
    Plane,
    Points,
    at,
    curve,
    depth,
    depth_inside,
    dots,
    fill,
    glow_spot,
    mirrored,
    path,
    ramp,
    ring,
    smooth,
    strokes,
    xy,
)

from mirror_app.domain import mesh_topology as mesh

GOLD = [(0.0, "#5a3306"), (0.3, "#b5791a"), (0.6, "#e9b645"), (0.85, "#ffe28a"), (1.0, "#fffbe0")]
# Where the blow fell, and how the break ran from there.
BREAKS = (
    (
        (0.745, 0.215),
        (0.705, 0.285),
        (0.728, 0.335),
        (0.765, 0.395),
        (0.742, 0.470),
        (0.700, 0.530),
        (0.655, 0.575),
        (0.668, 0.630),
        (0.700, 0.690),
        (0.690, 0.760),
        (0.640, 0.830),
        (0.655, 0.930),
    ),
    ((0.745, 0.215), (0.690, 0.185), (0.625, 0.190), (0.590, 0.150), (0.560, 0.095)),
    ((0.745, 0.215), (0.800, 0.165), (0.835, 0.110)),
    ((0.745, 0.215), (0.810, 0.260), (0.880, 0.265), (0.960, 0.300)),
    ((0.742, 0.470), (0.815, 0.495), (0.870, 0.470), (0.990, 0.500)),
    ((0.668, 0.630), (0.760, 0.610), (0.835, 0.650), (0.960, 0.645)),
    ((0.625, 0.190), (0.570, 0.230), (0.535, 0.215)),
    ((0.690, 0.760), (0.770, 0.775), (0.825, 0.830)),
    ((0.700, 0.530), (0.640, 0.505), (0.600, 0.515)),
    ((0.815, 0.495), (0.845, 0.560), (0.835, 0.650)),
)


def _jagged(points: Points, seed: int, depth_left: int = 4, spread: float = 0.11) -> Points:
    """A broken line: each piece is bent at a random point, again and again."""
    rng = np.random.default_rng(seed)
    line = points
    for _ in range(depth_left):
        middle = (line[:-1] + line[1:]) / 2
        across = (line[1:] - line[:-1])[:, ::-1] * xy(1, -1)
        middle = middle + across * rng.uniform(-spread, spread, (len(middle), 1)).astype(np.float32)
        joined = np.empty((len(line) + len(middle), 2), np.float32)
        joined[::2], joined[1::2] = line, middle
        line = joined
    return line


def _gold_seams() -> Plane:
    """The mended breaks, thick where the blow fell."""
    canvas = np.zeros((SIDE, SIDE), np.float32)
    for i, bend in enumerate(BREAKS):
        line = _jagged(np.stack([at(u, v) for u, v in bend]), 170 + i)
        widths = [22.0, 17.0, 13.0, 10.0] if i < 1 else [17.0, 12.0, 8.0, 4.0]
        canvas = np.maximum(canvas, strokes([(line, widths)]))
    beads = np.stack([at(*b[0]) for b in BREAKS])
    canvas = np.maximum(canvas, dots(beads, [16.0] * len(beads)))
    return ramp(smooth(canvas, 4.5) + 0.10 * fractal(181, 60, 3), 0.36, 0.52)


def _crazing() -> Plane:
    """Hair-fine glaze cracks near the breaks."""
    rng = np.random.default_rng(182)
    canvas = np.zeros((SIDE, SIDE), np.uint8)
    for bend in BREAKS:
        knots = np.stack([at(u, v) for u, v in bend])
        for knot in knots[1:]:
            for _ in range(2):
                turn = rng.uniform(0, 2 * np.pi)
                end = knot + xy(np.cos(turn), np.sin(turn)) * rng.uniform(50, 130)
                line = _jagged(np.stack([knot, end.astype(np.float32)]), int(rng.integers(1 << 20)), 4, 0.2)
                cv2.polylines(canvas, [np.round(line * 16).astype(np.int32)], False, 255, 2, cv2.LINE_AA, 4)
    return np.asarray(canvas / 255, np.float32)


def _lips(face: Picture) -> Picture:
    """Rose lips: pale at the rim, a deep bow in the middle."""
    lips = ramp(depth_inside(ring(mesh.LIPS_OUTER)), -3, 9)
    face = over(face, "#e79a94", lips * 0.9)
    bow = fill(
        curve(
            [
                at(0.5, 0.662),
                at(0.478, 0.655),
                at(0.448, 0.668),
                at(0.418, 0.692),
                at(0.446, 0.716),
                at(0.5, 0.729),
                at(0.554, 0.716),
                at(0.582, 0.692),
                at(0.552, 0.668),
                at(0.522, 0.655),
            ],
            closed=True,
        )
    )
    return over(face, over(plain("#b3122e"), "#d8344a", ramp(depth(bow), 6, 40)), smooth(bow, 3.5))


def _blossoms(face: Picture) -> Picture:
    """A spray of plum blossom in underglaze blue on the whole side of the forehead and cheek."""
    blue = np.zeros((SIDE, SIDE), np.float32)
    twigs = [
        (
            curve([at(0.10, 0.225), at(0.165, 0.242), at(0.235, 0.218), at(0.315, 0.205), at(0.392, 0.178)]),
            [15.0, 11.0, 8.0, 3.0],
        ),
        (curve([at(0.235, 0.218), at(0.275, 0.180), at(0.33, 0.160)]), [9.0, 6.0, 2.0]),
        (
            curve([at(0.05, 0.46), at(0.11, 0.52), at(0.175, 0.565), at(0.235, 0.640), at(0.245, 0.72)]),
            [14.0, 11.0, 8.0, 3.0],
        ),
        (curve([at(0.175, 0.565), at(0.235, 0.560), at(0.275, 0.590)]), [8.0, 6.0, 2.0]),
    ]
    blue = np.maximum(blue, 0.9 * strokes(twigs))
    spots = [
        (0.188, 0.236, 40),
        (0.272, 0.212, 50),
        (0.345, 0.197, 36),
        (0.305, 0.168, 32),
        (0.390, 0.178, 25),
        (0.125, 0.532, 44),
        (0.202, 0.600, 50),
        (0.262, 0.577, 34),
        (0.243, 0.668, 37),
        (0.246, 0.722, 24),
    ]
    for u, v, size in spots:
        centre = at(u, v)
        ways = [xy(np.cos(t), np.sin(t)) for t in np.linspace(0, 2 * np.pi, 5, endpoint=False) + 7 * u]
        petals = dots(np.stack([centre + w * size * 0.62 for w in ways]), [size * 0.46] * 5)
        blue = np.where(
            petals > 0,
            np.maximum(blue * (1 - petals), petals * (0.42 + 0.5 * ramp(depth(petals), size * 0.3, 0))),
            blue,
        )
        blue = np.maximum(blue, strokes([(np.stack([centre, centre + w * size * 0.5]), 3.0) for w in ways]))
        blue = np.maximum(blue, dots(np.stack([centre + w * size * 0.55 for w in ways]), [3.6] * 5))
    wash = np.clip(0.85 + 0.30 * fractal(183, 30, 4), 0, 1)
    return over(face, over(plain("#3f6fd0"), "#14307f", blue), smooth(blue.astype(np.float32), 1.5) * wash * 0.92)


def paint() -> Picture:
    """Ivory glaze, blush, blue blossom, painted lashes, gold in the breaks."""
    seams, crazing = _gold_seams(), _crazing()
    dent = smooth(seams, 9)
    shape = form((0.05 * smooth(seams, 3.5) - 0.02 * (dent - seams * dent)).astype(np.float32), strength=0.85)
    face = over(plain("#e2d8d0"), "#d8c9c1", ramp(fractal(184, 4, 4), -0.1, 1.0) * 0.6)
    face = over(face, "#e88f8a", glow_spot(0.275, 0.545, 175) * 0.60)
    face = over(face, "#e59a94", glow_spot(0.5, 0.545, 70, both=False) * 0.28)
    face = over(face, "#d99a98", mirrored(ramp(depth_inside(ring(mesh.IMAGE_LEFT_EYE)), -95, -6)) * 0.50)
    face = _blossoms(face)
    face = _lips(face)
    arch = [(brow_line(0.5), [10.0, 26.0, 30.0, 26.0, 16.0, 0.0])]
    face = over(face, "#4a2f2a", smooth(mirrored(strokes(arch)), 2.5) * 0.92)
    face = over(face, "#2a1a1c", np.maximum(liner(19, wing_px=58), 0.6 * lashes(path(LOWER_LID), 12, 34, up=False)))
    face = over(face, "#2a1a1c", lashes(path(UPPER_LID), 15, 58, up=True) * 0.8)
    face = over(face, "#8b7a70", crazing * 0.55)
    face = lit(face, 0.14 + 1.02 * studio(shape), "#8a5a58")
    shine = 0.50 * gleam(shape, (-0.35, -0.62, -0.7), 120) + 0.14 * gleam(shape, (-0.1, -0.75, -0.65), 22)
    face = glow(face, "#ffffff", shine.astype(np.float32))
    face = over(face, "#6b4a3c", ramp(depth(seams), -7, 0) * 0.45)
    return over(face, metal(shape, GOLD, scratch=0.12 + 0.05 * fractal(185, 120, 3)), seams)
