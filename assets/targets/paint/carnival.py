"""Room: painting of the built-in targets. A Venetian carnival mask: ivory, harlequin lozenges, filigree, jewels."""

from __future__ import annotations

import numpy as np
from blend import Picture, glow, lit, metal, over, plain
from noise import cracks, fractal
from relief import form, gleam, studio
from sheet import (
    SIDE,
    Plane,
    Points,
    at,
    between,
    curve,
    depth,
    dots,
    edging,
    fill,
    mirrored,
    ramp,
    ring,
    smooth,
    strokes,
    xy,
)

from mirror_app.domain import mesh_topology as mesh

GOLD = [(0.0, "#4a2a05"), (0.3, "#a87016"), (0.6, "#e2ad3c"), (0.85, "#ffe08a"), (1.0, "#fffbe0")]
Line = tuple[Points, list[float]]


def _domino() -> Plane:
    """The half mask: brows, eyes and cheekbones, with winged upper corners."""
    half = [
        at(0.5, 0.150),
        at(0.455, 0.190),
        at(0.40, 0.172),
        at(0.33, 0.160),
        at(0.235, 0.140),
        at(0.130, 0.105),
        at(0.055, 0.10),
        at(0.075, 0.20),
        at(0.055, 0.31),
        at(0.065, 0.41),
        at(0.115, 0.495),
        at(0.205, 0.540),
        at(0.290, 0.535),
        at(0.355, 0.520),
        at(0.405, 0.510),
        at(0.428, 0.535),
        at(0.455, 0.585),
        at(0.5, 0.578),
    ]
    whole = [*half, *[xy(SIDE - p[0], p[1]) for p in half[-2:0:-1]]]
    return fill(curve(whole, closed=True))


def _eye_rim() -> Plane:
    """The almond opening of the half mask, drawn out at both ends."""
    edge = [
        at(0.443, 0.402),
        between(173, 189, 0.4),
        between(157, 221, 0.36),
        between(158, 222, 0.34),
        between(159, 223, 0.34),
        between(160, 224, 0.34),
        between(161, 225, 0.34),
        at(0.226, 0.338),
        between(25, 228, 0.3),
        between(144, 229, 0.30),
        between(145, 230, 0.30),
        between(153, 231, 0.30),
        between(154, 232, 0.34),
        between(155, 233, 0.5),
    ]
    return mirrored(fill(curve(edge, closed=True)))


def _lozenges() -> tuple[Plane, Plane]:
    """Which lozenge is dark, and the gold net between them."""
    axis = np.arange(SIDE, dtype=np.float32)
    x, y = np.meshgrid(axis, axis)
    a = ((x - SIDE / 2) / 92 + (y - 0.150 * SIDE) / 138) / 2
    b = ((x - SIDE / 2) / 92 - (y - 0.150 * SIDE) / 138) / 2
    dark = ((np.floor(a) + np.floor(b)) % 2).astype(np.float32)
    to_line = np.minimum(np.abs(a - np.round(a)), np.abs(b - np.round(b)))
    return smooth(dark, 1.0), ramp(to_line.astype(np.float32), 0.050, 0.032)


def _knots() -> Points:
    """Where the gold lines cross."""
    places = [
        at(0.5 + 92 * (i + j) / SIDE, 0.150 + 138 * (i - j) / SIDE) for i in range(-12, 13) for j in range(-12, 13)
    ]
    return np.stack(places)


def _filigree() -> Plane:
    """Gold scrolls: on the brow, under the eyes, on the forehead and the chin."""
    lines: list[Line] = [
        (
            curve(
                [
                    between(55, 107, 0.3),
                    between(65, 66, 0.6),
                    between(52, 105, 0.7),
                    between(53, 63, 0.6),
                    at(0.205, 0.262),
                    at(0.155, 0.215),
                    at(0.165, 0.180),
                    at(0.195, 0.182),
                    at(0.198, 0.205),
                ]
            ),
            [16, 30, 32, 26, 20, 16, 11, 6],
        ),
        (
            curve(
                [
                    at(0.432, 0.50),
                    at(0.449, 0.455),
                    at(0.458, 0.40),
                    at(0.474, 0.345),
                    at(0.466, 0.312),
                    at(0.448, 0.306),
                    at(0.444, 0.324),
                ]
            ),
            [5, 15, 18, 17, 11, 5],
        ),
        (
            curve(
                [
                    at(0.425, 0.478),
                    at(0.36, 0.490),
                    at(0.285, 0.482),
                    at(0.215, 0.448),
                    at(0.165, 0.392),
                    at(0.128, 0.382),
                    at(0.118, 0.412),
                    at(0.142, 0.418),
                ]
            ),
            [4, 13, 16, 16, 14, 10, 5],
        ),
        (
            curve(
                [at(0.5, 0.132), at(0.468, 0.142), at(0.43, 0.126), at(0.40, 0.138), at(0.41, 0.158), at(0.428, 0.150)]
            ),
            [12, 12, 10, 9, 7, 4],
        ),
        (
            curve(
                [
                    at(0.5, 0.885),
                    at(0.46, 0.868),
                    at(0.415, 0.872),
                    at(0.385, 0.845),
                    at(0.40, 0.822),
                    at(0.425, 0.832),
                    at(0.417, 0.850),
                ]
            ),
            [8, 12, 11, 10, 8, 6, 4],
        ),
        (curve([at(0.5, 0.850), at(0.483, 0.828), at(0.462, 0.828), at(0.465, 0.847)]), [9, 9, 7, 4]),
        (
            curve(
                [
                    at(0.262, 0.585),
                    at(0.215, 0.605),
                    at(0.185, 0.655),
                    at(0.205, 0.70),
                    at(0.245, 0.693),
                    at(0.248, 0.662),
                    at(0.225, 0.658),
                ]
            ),
            [0, 11, 14, 13, 10, 8, 4],
        ),
        (
            curve(
                [
                    at(0.190, 0.635),
                    at(0.145, 0.645),
                    at(0.115, 0.615),
                    at(0.128, 0.585),
                    at(0.156, 0.592),
                    at(0.150, 0.612),
                ]
            ),
            [7, 11, 11, 9, 7, 4],
        ),
        (
            curve([at(0.205, 0.70), at(0.235, 0.745), at(0.285, 0.770), at(0.312, 0.755), at(0.302, 0.734)]),
            [8, 11, 11, 8, 4],
        ),
    ]
    return mirrored(strokes(lines))


def _jewels(face: Picture) -> Picture:
    """Rubies and pearls: a drop on the forehead, one beneath each eye, pearls along the mask's edge."""
    stones = np.stack([at(0.5, 0.205), at(0.158, 0.455), at(0.842, 0.455), at(0.5, 0.905)])
    radii = [30.0, 22.0, 22.0, 17.0]
    setting = dots(stones, [r + 11 for r in radii])
    face = over(face, "#3a2005", edging(setting, 0, 5))
    face = over(face, "#f2c558", setting)
    face = over(face, "#8a5c12", ramp(depth(setting), 8, 3) * setting * 0.7)
    gem = dots(stones, radii)
    inner = ramp(depth(gem), 0, 20)
    face = over(face, over(plain("#4a0018"), "#e0154a", inner), gem)
    face = over(face, "#ffd6e0", dots(stones - xy(8, 9), [r * 0.28 for r in radii]) * 0.9)
    return over(face, "#ff7f9c", dots(stones + xy(7, 10), [r * 0.22 for r in radii]) * 0.6)


def _ivory() -> Picture:
    """Old lacquer with fine craquelure."""
    face = over(plain("#efe4cf"), "#dfcba8", ramp(fractal(191, 5, 5), -0.1, 1.0) * 0.55)
    fine = ramp(cracks(192, 52, 1.0) + 3 * fractal(193, 80, 2), 2.6, 0.8) * ramp(fractal(194, 5), -0.1, 0.7)
    return over(face, "#8a7250", fine * 0.45)


def paint() -> Picture:
    """Ivory face under a burgundy and teal half mask, all edged in gold."""
    domino, eye = _domino(), _eye_rim()
    dark, net = _lozenges()
    velvet = over(plain("#7c1030"), "#0d5a66", dark)
    velvet = over(velvet, over(plain("#a01d40"), "#15808c", dark), ramp(fractal(195, 130, 3), -0.4, 0.9) * 0.5)
    face = over(_ivory(), velvet, domino)
    net = (
        np.maximum(net, ramp(dots(_knots(), [15.0] * 625), 0, 1))
        * ramp(depth(domino), 4, 8)
        * ramp(-depth(eye), 10, 16)
    )
    trim = np.maximum(edging(domino, -24, 0), edging(eye, -3, 15))
    scrolls = np.maximum(trim, _filigree())
    net = net * ramp(-depth(scrolls), 6, 12)
    cord = np.maximum(net * 0.62, scrolls)
    lips = fill(ring(mesh.LIPS_OUTER))
    gilt = np.maximum(cord, lips)
    relief = 0.05 * smooth(cord, 4) + 0.05 * smooth(domino, 7) + 0.004 * fractal(196, 200, 2)
    shape = form(relief.astype(np.float32))
    face = over(face, "#241014", ramp(-depth(gilt), 9, 1) * 0.42)
    face = over(face, "#120a0c", eye)
    face = lit(face, 0.14 + 1.0 * studio(shape), "#4a2c22")
    face = glow(face, "#fff6e6", (0.20 * gleam(shape, (-0.25, -0.7, -0.7), 40)).astype(np.float32))
    gold = metal(shape, GOLD, scratch=0.08 + 0.05 * fractal(197, 150, 3))
    face = over(face, gold, gilt)
    face = over(face, "#3a2005", edging(lips, 0, 4) * 0.7)
    return _jewels(face)
