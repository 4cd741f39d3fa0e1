"""Room: painting of the built-in targets. A tiger: combed fur, black stripes, white muzzle, 王 on the brow."""

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
    curve,
    depth_inside,
    dots,
    fill,
    landmarks,
    mirrored,
    path,
    ramp,
    ring,
    smooth,
    strokes,
    xy,
)

from mirror_app.domain import mesh_topology as mesh

Line = tuple[Points, list[float]]


def _fur_flow() -> tuple[Plane, Plane]:
    """Hair parts on the nose: up over the forehead, out over the cheeks, down at the chin."""
    axis = (np.arange(SIDE, dtype=np.float32) + 0.5) / SIDE
    u, v = np.meshgrid(axis, axis)
    x, y = (u - 0.5) * 1.15, (v - 0.545) * 0.85
    x = x + 0.035 * fractal(151, 12, 3)
    y = y + 0.035 * fractal(152, 12, 3)
    length = np.maximum(np.hypot(x, y), 1e-3)
    return (x / length).astype(np.float32), (y / length).astype(np.float32)


def _stripes() -> list[Line]:
    """Stripes of the image-left half."""
    cheek: list[Line] = [
        (curve([at(0.04, 0.43), at(0.12, 0.452), at(0.20, 0.470), at(0.262, 0.462)]), [46, 44, 30, 0]),
        (curve([at(0.02, 0.52), at(0.11, 0.530), at(0.19, 0.535), at(0.250, 0.520)]), [50, 46, 32, 0]),
        (curve([at(0.03, 0.61), at(0.11, 0.607), at(0.185, 0.600), at(0.245, 0.578)]), [46, 46, 32, 0]),
        (curve([at(0.06, 0.70), at(0.135, 0.690), at(0.205, 0.668), at(0.262, 0.636)]), [44, 46, 32, 0]),
        (curve([at(0.12, 0.79), at(0.185, 0.768), at(0.245, 0.732), at(0.285, 0.690)]), [40, 42, 28, 0]),
        (curve([at(0.22, 0.865), at(0.268, 0.825), at(0.305, 0.780), at(0.325, 0.738)]), [34, 36, 24, 0]),
        (curve([at(0.03, 0.36), at(0.10, 0.365), at(0.165, 0.382), at(0.205, 0.405)]), [42, 38, 26, 0]),
    ]
    forehead: list[Line] = [
        (curve([at(0.5, 0.165), at(0.455, 0.160), at(0.405, 0.148), at(0.36, 0.125)]), [30, 34, 24, 0]),
        (curve([at(0.5, 0.212), at(0.455, 0.212), at(0.412, 0.204), at(0.375, 0.190)]), [28, 30, 22, 0]),
        (curve([at(0.5, 0.258), at(0.452, 0.260), at(0.410, 0.250), at(0.365, 0.238)]), [28, 32, 24, 0]),
        (curve([at(0.335, 0.105), at(0.315, 0.155), at(0.318, 0.205), at(0.345, 0.235)]), [30, 36, 26, 0]),
        (curve([at(0.255, 0.120), at(0.237, 0.170), at(0.240, 0.215), at(0.265, 0.243)]), [34, 38, 26, 0]),
        (curve([at(0.165, 0.160), at(0.160, 0.205), at(0.175, 0.250), at(0.208, 0.280)]), [38, 38, 26, 0]),
        (curve([at(0.085, 0.225), at(0.095, 0.270), at(0.128, 0.305), at(0.170, 0.325)]), [40, 38, 24, 0]),
        (curve([at(0.470, 0.372), at(0.458, 0.415), at(0.452, 0.462)]), [0, 15, 0]),
        (curve([at(0.30, 0.465), at(0.355, 0.478), at(0.402, 0.462)]), [0, 18, 0]),
        (curve([at(0.475, 0.305), at(0.468, 0.335), at(0.478, 0.362)]), [0, 16, 0]),
    ]
    return cheek + forehead


def _white() -> Plane:
    """White over the eyes, on the muzzle, the cheeks' lower half and the chin."""
    over_eye = fill(
        curve(
            [
                at(0.440, 0.318),
                at(0.395, 0.285),
                at(0.325, 0.268),
                at(0.255, 0.285),
                at(0.215, 0.332),
                at(0.265, 0.318),
                at(0.340, 0.312),
                at(0.405, 0.335),
            ],
            closed=True,
        )
    )
    under_eye = fill(
        curve(
            [at(0.43, 0.42), at(0.36, 0.425), at(0.29, 0.415), at(0.25, 0.43), at(0.33, 0.455), at(0.41, 0.452)],
            closed=True,
        )
    )
    muzzle = fill(
        curve(
            [
                at(0.5, 0.598),
                at(0.455, 0.598),
                at(0.415, 0.575),
                at(0.372, 0.600),
                at(0.345, 0.650),
                at(0.358, 0.705),
                at(0.40, 0.745),
                at(0.42, 0.84),
                at(0.5, 0.875),
                at(0.5, 0.6),
            ],
            closed=True,
        )
    )
    jaw = fill(
        curve(
            [
                at(0.10, 0.66),
                at(0.24, 0.655),
                at(0.315, 0.70),
                at(0.36, 0.77),
                at(0.42, 0.86),
                at(0.5, 0.90),
                at(0.5, 0.99),
                at(0.2, 0.95),
            ],
            closed=True,
        )
    )
    return mirrored(np.maximum.reduce([over_eye, under_eye, muzzle, jaw]))


def _muzzle_marks(face: Picture) -> Picture:
    """Nose leather, the line below it, whisker spots, whiskers, black lips."""
    nose = [
        at(0.5, 0.508),
        at(0.468, 0.515),
        at(0.437, 0.545),
        at(0.428, 0.572),
        at(0.447, 0.590),
        at(0.475, 0.590),
        at(0.5, 0.604),
    ]
    leather = mirrored(fill(curve([*nose, at(0.505, 0.604), at(0.505, 0.508)], closed=True)))
    pink = over(plain("#b5525a"), "#e08a84", ramp(fractal(155, 40, 3), -0.5, 0.8))
    face = over(face, "#1a1210", smooth(ramp(smooth(leather, 9), 0.02, 0.5), 3) * 0.8)
    face = over(face, pink, smooth(leather, 3))
    lips = depth_inside(ring(mesh.LIPS_OUTER))
    face = over(face, "#33201d", ramp(lips, -4, 4))
    face = over(face, "#8e5450", ramp(lips, 12, 40) * 0.55)
    mouth: list[Line] = [
        (np.stack([at(0.5, 0.600), at(0.5, 0.655)]), [16.0, 12.0]),
        (curve([*landmarks([61]), at(0.352, 0.684), at(0.330, 0.665)]), [14.0, 11.0, 0.0]),
    ]
    face = over(face, "#1a1210", mirrored(strokes(mouth)))
    spots = np.stack(
        [
            at(u, v)
            for u, v in (
                (0.452, 0.628),
                (0.425, 0.622),
                (0.398, 0.628),
                (0.438, 0.645),
                (0.410, 0.646),
                (0.385, 0.655),
                (0.400, 0.668),
            )
        ]
    )
    face = over(face, "#241814", mirrored(dots(spots, [7.0] * len(spots))))
    tips = ((0.20, 0.560), (0.165, 0.612), (0.165, 0.668), (0.19, 0.722))
    whiskers: list[Line] = [
        (curve([spots[i + 2], (spots[i + 2] + at(u, v)) / 2 + xy(0, -26), at(u, v)]), [6.5, 5.0, 0.0])
        for i, (u, v) in enumerate(tips)
    ]
    return over(face, "#fffdf6", mirrored(strokes(whiskers)) * 0.95)


def paint() -> Picture:
    """Orange fur, white patches, stripes with furry edges, amber round the eyes."""
    flow = _fur_flow()
    fur = brushed(*flow, 153, 70, 1.7)
    fine = brushed(*flow, 154, 34, 1.1)
    inside = depth_inside(ring(mesh.FACE_OVAL))
    face = over(plain("#e8821c"), "#b4500c", ramp(inside, 330, 20))
    face = over(face, "#ffb347", ramp(fractal(156, 4, 3), -0.1, 1.0) * 0.6)
    ragged = smooth(_white(), 16) + 0.20 * fur
    face = over(face, "#fff6e6", ramp(ragged, 0.38, 0.66))
    face = lit(face, 1 + 0.20 * fur + 0.10 * fine, "#6b2a08")
    inked = mirrored(strokes([(line, list(widths)) for line, widths in _stripes()]))
    stripes = ramp(smooth(inked, 7) + 0.22 * fur * ramp(smooth(inked, 14), 0.02, 0.3), 0.36, 0.58)
    face = over(face, over(plain("#17100d"), "#3a2a22", ramp(fur, 0.1, 1.0) * 0.6), stripes)
    wang = strokes([(np.stack([at(0.5, 0.150), at(0.5, 0.268)]), [24.0, 26.0, 14.0])])
    face = over(face, "#17100d", ramp(smooth(wang, 5) + 0.15 * fur * smooth(wang, 9), 0.36, 0.56))
    lid = np.concatenate(
        [
            path((133, 173, 157, 158, 159, 160, 161, 246, 33)),
            curve([*landmarks([33]), at(0.245, 0.370), at(0.215, 0.352)]),
        ]
    )
    low = curve([at(0.452, 0.445), at(0.438, 0.410), *landmarks([133, 154, 145, 163, 33])])
    face = over(
        face,
        "#120c0a",
        mirrored(strokes([(lid, [26.0, 26.0, 28.0, 26.0, 0.0]), (low, [0.0, 22.0, 22.0, 16.0, 14.0, 14.0, 20.0])])),
    )
    face = over(face, "#120c0a", mirrored(ramp(depth_inside(ring(mesh.IMAGE_LEFT_EYE)), -12, -6)))
    face = _muzzle_marks(face)
    shape = form(0.010 * fur + 0.004 * fine)
    face = lit(face, 0.16 + 0.98 * studio(shape), "#4a1c08")
    return glow(face, "#fff1dc", 0.12 * gleam(shape, (-0.2, -0.7, -0.7), 16))
