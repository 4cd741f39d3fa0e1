"""Room: painting of the built-in targets. An android: satin shell plates, graphite joints, light in the seams."""

from __future__ import annotations

import numpy as np
from blend import Picture, glow, lit, over, plain
from noise import fractal
from relief import form, gleam, studio
from sheet import (
    SIDE,
    Plane,
    Points,
    at,
    between,
    curve,
    depth,
    depth_inside,
    distance_to,
    dots,
    edging,
    fill,
    landmarks,
    mirrored,
    ramp,
    ring,
    smooth,
    strokes,
    xy,
)

from mirror_app.domain import mesh_topology as mesh

GLOW = "#37e6ff"


def _seams() -> list[Points]:
    """Gaps between the shell plates, image-left half."""
    return [
        np.stack([at(0.5, 0.08), at(0.5, 0.205)]),
        curve([at(0.5, 0.205), at(0.462, 0.232), at(0.415, 0.238), at(0.30, 0.205), at(0.20, 0.165), at(0.13, 0.12)]),
        curve(
            [
                at(0.415, 0.238),
                at(0.438, 0.30),
                at(0.452, 0.36),
                *landmarks([245]),
                at(0.452, 0.47),
                at(0.432, 0.53),
                *landmarks([203]),
            ]
        ),
        curve([*landmarks([203]), at(0.33, 0.60), at(0.22, 0.585), at(0.12, 0.535), at(0.02, 0.50)]),
        curve(
            [
                *landmarks([203]),
                at(0.372, 0.625),
                at(0.345, 0.685),
                at(0.352, 0.745),
                at(0.40, 0.80),
                at(0.445, 0.855),
                at(0.448, 0.97),
            ]
        ),
        curve([at(0.345, 0.685), at(0.25, 0.70), at(0.13, 0.665), at(0.02, 0.62)]),
    ]


def _joint() -> Plane:
    """The graphite hinge between cheek plate and jaw plate."""
    edge = [
        at(0.0, 0.505),
        at(0.115, 0.545),
        at(0.215, 0.598),
        at(0.318, 0.617),
        at(0.352, 0.640),
        at(0.334, 0.672),
        at(0.245, 0.688),
        at(0.135, 0.652),
        at(0.0, 0.60),
    ]
    return mirrored(fill(curve(edge, closed=True)))


def _weave(pitch_px: float) -> Plane:
    """A fine hexagon-like mesh, 1 on the wires."""
    axis = np.arange(SIDE, dtype=np.float32) * np.float32(2 * np.pi / pitch_px)
    x, y = np.meshgrid(axis, axis)
    waves = sum(np.cos(x * np.cos(t) + y * np.sin(t)) for t in (0.0, 2 * np.pi / 3, 4 * np.pi / 3))
    return ramp(np.asarray(waves, np.float32), 0.1, -0.9)


def _eye_housing() -> tuple[Plane, Plane]:
    """Dark gaskets round the eyes, and the lit ring inside them."""
    rim = depth_inside(ring(mesh.IMAGE_LEFT_EYE))
    gasket = mirrored(ramp(rim, -34, -30))
    light = mirrored(ramp(rim, -25, -21) * ramp(rim, -12, -16))
    return gasket, light


def _brow_plate() -> Plane:
    """Angular graphite inlays where brows would be."""
    blade = curve(
        [at(0.452, 0.284), between(65, 66, 0.55), between(52, 105, 0.6), between(53, 63, 0.55), at(0.232, 0.294)]
    )
    body = strokes([(blade, [40.0, 46.0, 42.0, 32.0, 10.0])])
    cuts = [(np.stack([blade[i] + xy(-14, -40), blade[i] + xy(14, 40)]), 7.0) for i in (30, 56, 80)]
    return mirrored(np.clip(body - strokes(cuts), 0, 1))


def _details() -> tuple[Plane, Plane, Plane]:
    """Screws, lamps and printed lines."""
    screws = mirrored(
        dots(
            np.stack([at(0.455, 0.155), at(0.262, 0.218), at(0.155, 0.475), at(0.405, 0.90), at(0.105, 0.71)]),
            [13.0] * 5,
        )
    )
    lamps = mirrored(dots(np.stack([at(0.150, 0.265), at(0.140, 0.290), at(0.134, 0.316)]), [11.0, 9.0, 7.0]))
    prints = [
        (curve([at(0.236, 0.478), at(0.288, 0.503), at(0.36, 0.505)]), [4.0, 4.0]),
        (np.stack([at(0.47, 0.275), at(0.485, 0.320), at(0.485, 0.44)]), [4.0, 4.0]),
        (np.stack([at(0.462, 0.880), at(0.462, 0.935)]), [4.0, 4.0]),
        (curve([at(0.165, 0.205), at(0.25, 0.245), at(0.31, 0.262)]), [0.0, 4.0, 4.0]),
    ]
    return screws, lamps, mirrored(strokes(prints))


def _lips(face: Picture) -> Picture:
    """Graphite lips with a thin seam of light under them."""
    lips = fill(ring(mesh.LIPS_OUTER))
    inner = ramp(depth(lips), 2, 30)
    face = over(face, "#2a2f36", edging(lips, 0, 6))
    return over(face, over(plain("#59616b"), "#8a939d", inner), lips)


def paint() -> Picture:
    """Pearl-white plates with parted seams; cyan light in the forehead seam, the eye rings and the temple lamps."""
    seams = mirrored(np.minimum.reduce([distance_to(s) for s in _seams()]) * -1) * -1
    seams = np.minimum(seams, seams[:, ::-1])
    joint, brows = _joint(), _brow_plate()
    gasket, eye_light = _eye_housing()
    screws, lamps, prints = _details()
    dark = np.maximum.reduce([joint, brows, gasket])
    gap = ramp(seams, 9.0, 6.5)
    bevel = ramp(seams, 5, 22) * ramp(-depth(dark), -2, 14)
    weave = _weave(19) * joint
    relief = 0.05 * bevel - 0.07 * joint - 0.03 * brows + 0.02 * weave - 0.04 * screws + 0.06 * lamps
    shape = form(smooth(relief.astype(np.float32), 1.6), strength=0.8)
    face = over(plain("#d3dae1"), "#bcc5cf", ramp(fractal(91, 3, 3), -0.3, 0.9) * 0.6)
    face = over(face, "#98a4b1", ramp(depth_inside(ring(mesh.FACE_OVAL)), 210, 0) * 0.55)
    face = over(face, "#262b32", dark)
    face = over(face, "#4b545e", weave)
    face = _lips(face)
    face = over(face, "#12161b", gap)
    face = over(face, "#8c97a3", screws)
    face = over(face, "#5d6975", strokes([(np.stack([at(0.455 - 0.005, 0.155), at(0.455 + 0.005, 0.155)]), 4.0)]))
    face = over(face, "#7d8894", prints * 0.8)
    face = lit(face, 0.10 + 1.0 * studio(shape), "#46566a")
    face = glow(
        face, "#f4fbff", 0.34 * gleam(shape, (-0.3, -0.65, -0.7), 46) + 0.12 * gleam(shape, (0.5, 0.2, -0.6), 12)
    )
    lamp = np.maximum(eye_light, lamps)
    forehead = ramp(distance_to(_seams()[0]), 5.5, 3.5)
    forehead = np.maximum(forehead, mirrored(ramp(distance_to(_seams()[1][:60]), 5.5, 3.5)))
    cheek = mirrored(ramp(distance_to(_seams()[2][-44:]), 5.5, 3.5)) * 0.9
    lamp = np.maximum.reduce([lamp, forehead, cheek])
    face = over(face, "#d9fbff", lamp * 0.9)
    return glow(face, GLOW, 0.85 * smooth(lamp, 7) + 1.3 * smooth(lamp, 22) + 0.9 * smooth(lamp, 60))
