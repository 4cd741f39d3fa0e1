"""Room: painting of the built-in targets. A sugar skull of the Day of the Dead: petals, hearts, stitches, flowers."""

from __future__ import annotations

import numpy as np
from blend import Picture, glow, lit, over, plain
from noise import fractal
from relief import form, gleam, studio
from sheet import (
    SIDE,
    Points,
    at,
    curve,
    depth,
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

EYE_CENTRE = at(0.349, 0.372)


def petals(centre: Points, inner_px: float, outer_px: float, count: int, squash: float = 1.0) -> list[Points]:
    """Outlines of round petals around a centre."""
    outlines = []
    for k in range(count):
        turn = 2 * np.pi * (k + 0.5) / count
        half = np.pi / count
        rim = [
            (inner_px, -half),
            (outer_px * 0.93, -half * 0.72),
            (outer_px * 1.05, 0.0),
            (outer_px * 0.93, half * 0.72),
            (inner_px, half),
        ]
        points = [centre + r * xy(np.cos(turn + a), squash * np.sin(turn + a)) for r, a in rim]
        outlines.append(curve(points, closed=True, samples=12))
    return outlines


def flower(
    face: Picture, centre: Points, radius_px: float, count: int, tones: tuple[str, str, str], both: bool
) -> Picture:
    """One inked flower: petals, veins, a dotted heart."""
    join = mirrored if both else (lambda plane: plane)
    bloom = np.maximum.reduce([fill(p) for p in petals(centre, radius_px * 0.25, radius_px, count)])
    face = over(face, "#1c1420", join(edging(bloom, 0, 8)))
    inner = ramp(depth(bloom), 0, radius_px * 0.22)
    face = over(face, over(plain(tones[0]), tones[1], join(inner)), join(bloom))
    spokes = [
        (np.stack([centre, centre + radius_px * 0.72 * xy(np.cos(t), np.sin(t))]), [7.0, 4.0, 0.0])
        for t in 2 * np.pi * (np.arange(count) + 0.5) / count
    ]
    seams = [
        (np.stack([centre, centre + radius_px * 0.86 * xy(np.cos(t), np.sin(t))]), [6.0, 5.0])
        for t in 2 * np.pi * np.arange(count) / count
    ]
    face = over(face, "#1c1420", join(strokes(seams)))
    face = over(face, "#1c1420", join(strokes(spokes)) * 0.55)
    face = over(face, "#1c1420", join(dots(centre, [radius_px * 0.30])))
    return over(face, tones[2], join(dots(centre, [radius_px * 0.23])))


def _sockets(face: Picture) -> Picture:
    """Black sockets ringed with petals and pearls."""
    outer = petals(EYE_CENTRE, 150, 222, 14, 0.93)
    bloom = np.maximum.reduce([fill(p) for p in outer])
    face = over(face, "#1c1420", mirrored(edging(bloom, 0, 9)))
    even = np.maximum.reduce([fill(p) for p in outer[::2]])
    odd = np.maximum.reduce([fill(p) for p in outer[1::2]])
    face = over(face, "#1f9aa8", mirrored(even))
    face = over(face, "#d8246f", mirrored(odd))
    for p in outer:
        face = over(face, "#1c1420", mirrored(edging(fill(p), -7, 0)))
    pearls = np.stack(
        [EYE_CENTRE + 197 * xy(np.cos(t), 0.93 * np.sin(t)) for t in 2 * np.pi * (np.arange(14) + 0.5) / 14]
    )
    face = over(face, "#ffe9a8", mirrored(dots(pearls, [12.0] * 14)))
    ring_line = np.stack([EYE_CENTRE + 160 * xy(np.cos(t), 0.93 * np.sin(t)) for t in np.linspace(0, 2 * np.pi, 90)])
    socket = fill(ring_line)
    deep = ramp(depth(mirrored(socket)), 0, 70)
    return over(face, over(plain("#2a1c33"), "#0c0a10", deep), mirrored(socket))


def _nose_and_mouth(face: Picture) -> Picture:
    """An upside-down heart for the nose, stitches over the lips."""
    heart = fill(
        curve([at(0.5, 0.495), at(0.474, 0.530), at(0.455, 0.572), at(0.468, 0.596), at(0.492, 0.590), at(0.5, 0.578)])
    )
    heart = mirrored(
        np.maximum(
            heart,
            fill(
                curve(
                    [
                        at(0.5, 0.495),
                        at(0.474, 0.530),
                        at(0.455, 0.572),
                        at(0.468, 0.596),
                        at(0.492, 0.590),
                        at(0.5, 0.578),
                    ],
                    closed=True,
                )
            ),
        )
    )
    face = over(face, "#e8b33c", edging(heart, 7, 13))
    face = over(face, "#15101a", heart)
    lips = fill(ring(mesh.LIPS_OUTER))
    face = over(face, over(plain("#a3123f"), "#d92b62", ramp(depth(lips), 4, 34)), lips)
    left = curve([at(0.258, 0.668), at(0.318, 0.688), *landmarks([61])])
    lines = [(left, [0.0, 9.0, 12.0]), (curve([left[-1], *landmarks([78])]), [12.0, 9.0])]
    for u, reach in ((0.278, 22), (0.306, 32), (0.334, 42), (0.362, 50)):
        y = np.interp(u * SIDE, left[:, 0], left[:, 1])
        lines.append(
            (curve([xy(u * SIDE + 4, y - reach), xy(u * SIDE, y), xy(u * SIDE + 4, y + reach)]), [0.0, 10.0, 0.0])
        )
    for top, low in ((185, 146), (40, 91), (39, 181), (37, 84)):
        ends = landmarks([top, low])
        away = xy(0, 16)
        lines.append((curve([ends[0] - away, ends.mean(0), ends[1] + away]), [0.0, 11.0, 0.0]))
    middle = landmarks([0, 17])
    stitch = strokes(lines)
    face = over(face, "#1c1420", mirrored(stitch))
    return over(
        face,
        "#1c1420",
        strokes([(curve([middle[0] - xy(0, 16), middle.mean(0), middle[1] + xy(0, 16)]), [0.0, 11.0, 0.0])]),
    )


def _web_and_scrolls(face: Picture) -> Picture:
    """Scrolls on the cheeks, leaves on the forehead, dots along the jaw."""
    lines = [
        (
            curve(
                [
                    at(0.245, 0.545),
                    at(0.205, 0.575),
                    at(0.185, 0.62),
                    at(0.21, 0.655),
                    at(0.245, 0.64),
                    at(0.243, 0.612),
                    at(0.222, 0.612),
                ]
            ),
            [0.0, 9.0, 13.0, 13.0, 11.0, 9.0, 5.0],
        ),
        (
            curve(
                [
                    at(0.205, 0.575),
                    at(0.16, 0.575),
                    at(0.135, 0.545),
                    at(0.15, 0.515),
                    at(0.178, 0.523),
                    at(0.172, 0.545),
                ]
            ),
            [8.0, 11.0, 12.0, 10.0, 8.0, 4.0],
        ),
        (
            curve(
                [
                    at(0.455, 0.318),
                    at(0.43, 0.262),
                    at(0.38, 0.235),
                    at(0.335, 0.245),
                    at(0.337, 0.272),
                    at(0.36, 0.272),
                ]
            ),
            [0.0, 10.0, 12.0, 11.0, 9.0, 5.0],
        ),
        (
            curve(
                [
                    at(0.405, 0.243),
                    at(0.37, 0.205),
                    at(0.32, 0.195),
                    at(0.292, 0.216),
                    at(0.307, 0.235),
                    at(0.325, 0.226),
                ]
            ),
            [5.0, 10.0, 11.0, 10.0, 8.0, 4.0],
        ),
    ]
    face = over(face, "#1c1420", mirrored(strokes(lines)))
    face = over(face, "#d8246f", mirrored(dots(np.stack([at(0.172, 0.655), at(0.155, 0.630)]), [17.0, 12.0])))
    face = over(
        face,
        "#1f9aa8",
        mirrored(dots(np.stack([at(0.270, 0.600), at(0.262, 0.575), at(0.28, 0.622)]), [13.0, 10.0, 9.0])),
    )
    for turn, reach, tone in ((-2.75, 190, "#2f9a54"), (-2.2, 150, "#e8862a"), (2.75, 150, "#2f9a54")):
        way = xy(np.cos(turn), np.sin(turn))
        side = way[::-1] * xy(1, -1) * reach * 0.17
        base = at(0.5, 0.222) + way * 60
        leaf = fill(
            curve(
                [base, base + way * reach * 0.45 + side, base + way * reach, base + way * reach * 0.45 - side],
                closed=True,
            )
        )
        face = over(face, "#1c1420", mirrored(edging(leaf, 0, 7)))
        face = over(face, tone, mirrored(leaf))
        face = over(face, "#1c1420", mirrored(strokes([(np.stack([base, base + way * reach * 0.75]), [6.0, 0.0])])))
    jaw = curve([at(0.115, 0.66), at(0.20, 0.78), at(0.315, 0.875), at(0.43, 0.925)])
    pearls = jaw[:: max(1, len(jaw) // 13)]
    return over(face, "#1c1420", mirrored(dots(pearls, np.linspace(9, 15, len(pearls), dtype=np.float32))))


def paint() -> Picture:
    """Sugar white, softly shaded, with everything inked and bright."""
    shape = form(0.002 * fractal(81, 220, 3))
    face = over(plain("#f4eee4"), "#e2d6c8", ramp(fractal(82, 5, 5), 0.0, 1.2) * 0.7)
    hollow = mirrored(
        fill(curve([at(0.19, 0.56), at(0.30, 0.60), at(0.335, 0.665), at(0.27, 0.70), at(0.17, 0.65)], closed=True))
    )
    face = over(face, "#8d7f93", ramp(depth(hollow), -60, 60) * 0.30)
    face = over(face, "#6c5f78", ramp(depth_inside(ring(mesh.FACE_OVAL)), 150, 0) * 0.55)
    face = _sockets(face)
    face = _web_and_scrolls(face)
    face = _nose_and_mouth(face)
    face = flower(face, at(0.5, 0.222), 116, 8, ("#c81e5b", "#ff5f93", "#ffc93c"), both=False)
    face = flower(face, at(0.5, 0.838), 84, 7, ("#e07014", "#ffb02e", "#a3123f"), both=False)
    face = lit(face, 0.22 + 0.90 * studio(shape), "#57405c")
    return glow(face, "#ffffff", 0.12 * gleam(shape, (-0.2, -0.7, -0.7), 26))
