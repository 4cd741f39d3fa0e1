"""Room: painting of the built-in targets. Peking-opera face of the Monkey King: red heart, gold eyes, fur."""

from __future__ import annotations

import numpy as np
from blend import Picture, glow, lit, over, plain
from noise import brushed, fractal
from relief import form, gleam, studio
from sheet import (
    SIDE,
    Plane,
    Points,
    at,
    between,
    curve,
    depth_inside,
    dots,
    edging,
    fill,
    landmarks,
    mirrored,
    ramp,
    ring,
    strokes,
    xy,
)

from mirror_app.domain import mesh_topology as mesh

_BEADS = (-5, -4, -3, -2, -1, 1, 2, 3, 4, 5)


def _heart() -> Plane:
    """The upside-down peach: both eye fields, the nose, down to the upper lip."""
    half = [
        at(0.5, 0.235),
        at(0.462, 0.212),
        at(0.405, 0.205),
        at(0.330, 0.212),
        at(0.258, 0.246),
        at(0.212, 0.305),
        at(0.205, 0.372),
        at(0.232, 0.437),
        at(0.290, 0.490),
        at(0.352, 0.528),
        at(0.392, 0.575),
        at(0.418, 0.622),
        at(0.5, 0.640),
    ]
    return mirrored(fill(curve([*half, *[xy(SIDE - p[0], p[1]) for p in half[-2::-1]]])))


def _eye_field() -> Plane:
    """The golden field around each eye, pointed at the nose and at the temple."""
    edge = [
        at(0.448, 0.398),
        between(173, 189, 0.55),
        between(157, 221, 0.62),
        between(158, 222, 0.66),
        between(159, 223, 0.68),
        between(160, 224, 0.66),
        between(161, 225, 0.62),
        at(0.222, 0.332),
        at(0.196, 0.318),
        at(0.218, 0.366),
        between(25, 228, 0.45),
        between(144, 229, 0.55),
        between(145, 230, 0.52),
        between(153, 231, 0.52),
        between(154, 232, 0.55),
        between(155, 233, 0.85),
    ]
    return mirrored(fill(curve(edge, closed=True)))


def _fur_flow() -> tuple[Plane, Plane]:
    """Hair grows outward from the middle of the face and hangs a little."""
    axis = (np.arange(SIDE, dtype=np.float32) + 0.5) / SIDE
    u, v = np.meshgrid(axis, axis)
    x, y = u - 0.5, (v - 0.50) * 0.9
    length = np.maximum(np.hypot(x, y), 1e-3)
    return np.asarray(x / length, np.float32), np.asarray(y / length, np.float32)


def _ink() -> Plane:
    """Brows, bridge and wings of the nose, laughing folds, frown."""
    brow = curve(
        [
            at(0.464, 0.312),
            between(55, 107, 0.45),
            between(65, 66, 0.5),
            between(52, 105, 0.5),
            between(53, 63, 0.5),
            at(0.236, 0.262),
        ]
    )
    curl = curve([at(0.464, 0.312), at(0.470, 0.292), at(0.458, 0.281)])
    folds: list[tuple[Points, list[float]]] = [
        (curve([at(0.405 + 0.01 * k, 0.245 - 0.012 * k), at(0.5, 0.262 - 0.016 * k)]), [0.0, 9.0]) for k in (0, 1)
    ]
    lines: list[tuple[Points, list[float]]] = [
        (brow, [26, 52, 56, 50, 34, 0]),
        (curl, [26, 20, 8]),
        (curve([at(0.5, 0.365), at(0.5, 0.47), at(0.5, 0.505)]), [0, 10, 0]),
        (
            curve([at(0.476, 0.385), at(0.470, 0.46), at(0.448, 0.515), *landmarks([129]), *landmarks([98])]),
            [0, 10, 12, 16, 10],
        ),
        (curve([at(0.392, 0.600), at(0.362, 0.632), at(0.348, 0.680), at(0.352, 0.730)]), [0, 16, 18, 0]),
        (curve([at(0.366, 0.604), at(0.336, 0.640), at(0.320, 0.690)]), [0, 11, 0]),
    ]
    return mirrored(strokes(lines + folds))


def _ornaments(face: Picture) -> Picture:
    """The flame and the jade beads on the forehead; the lips."""
    flame = curve(
        [at(0.5, 0.228), at(0.482, 0.195), at(0.488, 0.165), at(0.5, 0.125), at(0.512, 0.165), at(0.518, 0.195)],
        closed=True,
    )
    face = over(face, "#e9b33b", edging(fill(flame), 0, 9))
    face = over(face, "#b5151b", fill(flame))
    beads = np.stack([at(0.5 + 0.031 * k, 0.1905 + 0.0006 * k * k + 0.00012 * k**4) for k in _BEADS])
    face = over(face, "#1a0f0c", dots(beads, [17.0] * 10))
    face = over(face, "#2f8a5b", dots(beads, [13.0] * 10))
    face = over(face, "#bfe8c8", dots(beads - 4, [4.0] * 10))
    lips = fill(ring(mesh.LIPS_OUTER))
    face = over(face, "#1a0f0c", edging(lips, 0, 8) * 0.9)
    return over(face, "#c2353a", lips)


def paint() -> Picture:
    """Fur in gold-brown at the rim, a cream ground, a red heart, golden eye fields, inked brows and folds."""
    inside = depth_inside(ring(mesh.FACE_OVAL))
    flow_x, flow_y = _fur_flow()
    fur = brushed(flow_x, flow_y, 71, 90, 2.0)
    shape = form(0.012 * fur * ramp(inside, 330, 130) + 0.0012 * fractal(72, 200, 3))
    face = over(plain("#8a4a14"), "#d9912f", ramp(fur, -0.7, 0.8))
    face = over(face, "#5c2c0c", ramp(inside, 130, 0) * 0.6)
    cream = ramp(inside + 55 * fur, 190, 240)
    face = over(face, "#f7e8cc", cream)
    heart = _heart()
    face = over(face, "#e9b33b", edging(heart, 20, 30))
    face = over(face, "#fff7e6", edging(heart, 0, 20))
    face = over(face, over(plain("#b5151b"), "#d8322a", ramp(fractal(73, 5), -0.4, 1.0) * 0.6), heart)
    gold = _eye_field()
    face = over(face, "#1a0f0c", edging(gold, 0, 13))
    face = over(face, over(plain("#e8a51e"), "#ffd75a", ramp(fractal(74, 9), -0.5, 0.8)), gold)
    rim = mirrored(ramp(depth_inside(ring(mesh.IMAGE_LEFT_EYE)), -17, -13))
    face = over(face, "#1a0f0c", rim)
    face = over(face, "#1a0f0c", _ink())
    face = _ornaments(face)
    face = lit(face, 0.20 + 0.95 * studio(shape), "#4a1a08")
    return glow(face, "#fff0d8", 0.16 * gleam(shape, (-0.2, -0.7, -0.7), 22))
