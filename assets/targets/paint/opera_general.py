"""Room: painting of the built-in targets. Peking-opera face of the red general (Guan Yu): loyalty and courage."""

from __future__ import annotations

import numpy as np
from blend import Picture, glow, lit, over, plain
from noise import fractal
from relief import form, gleam, studio
from sheet import (
    Plane,
    at,
    between,
    curve,
    depth_inside,
    dots,
    edging,
    fill,
    glow_spot,
    landmarks,
    mirrored,
    path,
    ramp,
    ring,
    stroke,
    strokes,
)

from mirror_app.domain import mesh_topology as mesh


def _brow() -> Plane:
    """The brow of a lying silkworm: thick at the nose, swung up to the temple."""
    spine = curve(
        [
            at(0.462, 0.322),
            between(55, 107, 0.4),
            between(65, 66, 0.5),
            between(52, 105, 0.6),
            between(63, 105, 0.1),
            at(0.205, 0.232),
            at(0.150, 0.176),
        ]
    )
    hook = curve([at(0.462, 0.322), at(0.472, 0.300), at(0.462, 0.280), at(0.446, 0.286)])
    return mirrored(strokes([(spine, [34, 66, 80, 76, 64, 42, 0]), (hook, [34, 26, 12])]))


def _eye() -> Plane:
    """The phoenix eye: a black lake around the eye, drawn out to the temple."""
    edge = [
        at(0.452, 0.392),
        between(133, 189, 0.3),
        between(157, 221, 0.42),
        between(158, 222, 0.45),
        between(159, 223, 0.45),
        between(160, 224, 0.45),
        between(161, 225, 0.42),
        at(0.218, 0.322),
        at(0.118, 0.236),
        at(0.196, 0.352),
        between(25, 228, 0.2),
        between(144, 229, 0.40),
        between(145, 230, 0.38),
        between(153, 231, 0.38),
        between(154, 232, 0.40),
        between(155, 233, 0.7),
    ]
    return mirrored(fill(curve(edge, closed=True)))


def _lines() -> Plane:
    """Forehead flame, nose wings, laughing folds."""
    flame = [
        (curve([at(0.5, 0.345), at(0.493, 0.27), at(0.5, 0.17)]), [16, 24, 0]),
        (curve([at(0.478, 0.285), at(0.470, 0.235), at(0.482, 0.178)]), [14, 18, 0]),
    ]
    wing = [
        (curve([at(0.452, 0.470), at(0.432, 0.515), *landmarks([129, 98]), at(0.452, 0.592)]), [0, 16, 26, 18, 0]),
        (
            curve(
                [at(0.400, 0.500), *landmarks([203]), between(206, 203, 0.25), between(216, 206, 0.4), at(0.338, 0.668)]
            ),
            [0, 16, 24, 20, 0],
        ),
        (curve([at(0.236, 0.442), at(0.30, 0.466), at(0.37, 0.462)]), [0, 15, 0]),
    ]
    return mirrored(strokes(flame + wing))


def paint() -> Picture:
    """Crimson ground, black features edged in white and gold, as greasepaint with a silk sheen."""
    shape = form(0.0015 * fractal(61, 200, 3))
    grain = fractal(62, 6, 5)
    face = over(plain("#7d0d10"), "#b8141a", ramp(depth_inside(ring(mesh.FACE_OVAL)), 0, 420))
    face = over(face, "#cf2a22", ramp(grain, -0.2, 1.2) * 0.45)
    face = over(face, "#d8402e", glow_spot(0.29, 0.56, 190) * 0.5)
    brow, eye = _brow(), _eye()
    for shape_mask in (eye, brow):
        face = over(face, "#d9a441", edging(shape_mask, 13, 20))
        face = over(face, "#f6e9d4", edging(shape_mask, 0, 13))
    ink = np.maximum.reduce([brow, eye, _lines()])
    face = over(face, "#140d0e", ink)
    ray = curve([at(0.440, 0.303), at(0.36, 0.270), at(0.27, 0.263), at(0.19, 0.213)])
    face = over(face, "#f6e9d4", mirrored(stroke(ray, [0, 8, 8, 0])) * 0.9)
    face = over(face, "#5c070b", fill(ring(mesh.LIPS_OUTER)) * 0.85)
    lower_lip = path((61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291))
    face = over(face, "#14090a", stroke(lower_lip, [0, 12, 8, 8, 12, 0]) * 0.8)
    moles = np.stack([at(0.560, 0.205), at(0.672, 0.520), at(0.365, 0.720)])
    face = over(face, "#120b0c", dots(moles, [15, 13, 11]))
    face = lit(face, np.asarray(0.16 + 0.98 * studio(shape) * (1 + 0.05 * grain), np.float32), "#3a0508")
    return glow(face, "#ffe3d0", 0.22 * gleam(shape, (-0.2, -0.7, -0.7), 22) * (1 - 0.4 * ink))
