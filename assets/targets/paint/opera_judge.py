"""Room: painting of the built-in targets. Peking-opera face of the just judge Bao Zheng: black, with a moon."""

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
    edging,
    fill,
    glow_spot,
    landmarks,
    mirrored,
    ramp,
    ring,
    strokes,
    xy,
)

from mirror_app.domain import mesh_topology as mesh


def _moon() -> Plane:
    """The crescent that sees both worlds."""
    outer = [at(0.5, 0.162) + 118 * xy(np.cos(t), np.sin(t)) for t in np.linspace(0, 2 * np.pi, 60, endpoint=False)]
    inner = [at(0.517, 0.146) + 104 * xy(np.cos(t), np.sin(t)) for t in np.linspace(0, 2 * np.pi, 60, endpoint=False)]
    return np.asarray(np.clip(fill(np.stack(outer)) - fill(np.stack(inner)), 0, 1), np.float32)


def _brow() -> Plane:
    """White brows that rise from the nose, knot, and sweep to the temple."""
    spine = curve(
        [
            at(0.470, 0.352),
            at(0.462, 0.318),
            between(55, 107, 0.45),
            between(65, 66, 0.55),
            between(52, 105, 0.6),
            between(53, 63, 0.6),
            at(0.205, 0.238),
            at(0.135, 0.178),
        ]
    )
    knot = curve([at(0.462, 0.318), at(0.447, 0.338), at(0.425, 0.330), at(0.428, 0.308)])
    return mirrored(strokes([(spine, [0, 40, 70, 76, 70, 56, 34, 0]), (knot, [30, 24, 20, 8])]))


def _eye() -> Plane:
    """White field under and behind the eye, drawn down like a comma."""
    edge = [
        at(0.448, 0.398),
        between(157, 221, 0.28),
        between(158, 222, 0.26),
        between(159, 223, 0.26),
        between(160, 224, 0.28),
        between(161, 225, 0.30),
        at(0.205, 0.330),
        at(0.130, 0.312),
        at(0.185, 0.375),
        at(0.215, 0.425),
        at(0.262, 0.452),
        at(0.330, 0.452),
        between(154, 232, 0.9),
    ]
    return mirrored(fill(curve(edge, closed=True)))


def paint() -> Picture:
    """Blue-black ground; white moon, brows and eye fields; rose lines round nose and mouth."""
    shape = form(0.0015 * fractal(201, 200, 3), strength=1.25)
    face = over(plain("#17151b"), "#2b2833", ramp(depth_inside(ring(mesh.FACE_OVAL)), 0, 420))
    face = over(face, "#4a3040", glow_spot(0.28, 0.56, 170) * 0.45)
    moon, brow, eye = _moon(), _brow(), _eye()
    for part in (moon, brow, eye):
        face = over(face, "#a01e2a", edging(part, 5, 12))
        face = over(face, over(plain("#f7f2e8"), "#d8d2c6", ramp(fractal(202, 9, 3), 0.1, 1.0)), part)
    face = over(face, "#111014", mirrored(ramp(depth_inside(ring(mesh.IMAGE_LEFT_EYE)), -24, -19)))
    tail = curve([*landmarks([33]), at(0.235, 0.362), at(0.172, 0.338)])
    face = over(face, "#111014", mirrored(strokes([(tail, [40.0, 26.0, 0.0])])))
    cut = curve([at(0.440, 0.300), at(0.375, 0.268), at(0.295, 0.262), at(0.215, 0.240)])
    face = over(face, "#17151b", mirrored(strokes([(cut, [0.0, 10.0, 10.0, 0.0])])))
    white = [
        (
            curve(
                [
                    at(0.462, 0.420),
                    at(0.452, 0.470),
                    at(0.425, 0.510),
                    *landmarks([129]),
                    at(0.412, 0.580),
                    at(0.445, 0.588),
                ]
            ),
            [0.0, 14.0, 18.0, 20.0, 15.0, 0.0],
        ),
        (
            curve([at(0.395, 0.588), at(0.355, 0.625), at(0.330, 0.680), at(0.335, 0.740), at(0.370, 0.770)]),
            [0.0, 20.0, 26.0, 20.0, 0.0],
        ),
        (curve([at(0.300, 0.500), at(0.245, 0.520), at(0.190, 0.570), at(0.180, 0.640)]), [0.0, 16.0, 18.0, 0.0]),
        (curve([at(0.430, 0.790), at(0.465, 0.775), at(0.5, 0.782)]), [0.0, 13.0, 13.0]),
    ]
    lines = mirrored(strokes(white))
    face = over(face, "#a01e2a", edging(lines, 0, 6))
    face = over(face, "#f4e4dc", lines)
    lips = fill(ring(mesh.LIPS_OUTER))
    face = over(face, "#f4e4dc", edging(lips, 1, 8) * 0.85)
    face = over(face, "#b3262e", lips)
    face = lit(face, 0.14 + 1.02 * studio(shape), "#120f16")
    return glow(
        face, "#cfd8ff", 0.24 * gleam(shape, (-0.2, -0.68, -0.7), 16) + 0.10 * gleam(shape, (0.6, 0.0, -0.6), 12)
    )
