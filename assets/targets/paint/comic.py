"""Room: painting of the built-in targets. A pop-art comic face: raster dots, bold ink, flat colour."""

from __future__ import annotations

import numpy as np
from blend import Picture, over, plain
from brows import UPPER_LID, brow_line, lashes
from relief import form, studio
from sheet import (
    SIDE,
    Plane,
    Points,
    at,
    curve,
    depth_inside,
    fill,
    landmarks,
    mirrored,
    path,
    ramp,
    ring,
    smooth,
    strokes,
)

from mirror_app.domain import mesh_topology as mesh

INK = "#0d0b12"
Line = tuple[Points, list[float]]


def _raster(tone: Plane, pitch_px: float, turn_deg: float) -> Plane:
    """Printed dots on a turned grid; `tone` 0..1 says how much of the paper they cover."""
    axis = np.arange(SIDE, dtype=np.float32)
    x, y = np.meshgrid(axis, axis)
    cos, sin = np.cos(np.radians(turn_deg)), np.sin(np.radians(turn_deg))
    wave = np.cos(2 * np.pi / pitch_px * (x * cos + y * sin)) + np.cos(2 * np.pi / pitch_px * (y * cos - x * sin))
    threshold = 2 - 4 * np.clip(tone, 0, 1)
    return ramp((wave - threshold).astype(np.float32), -0.14, 0.14) * ramp(tone, 0.01, 0.05)


def _hatching(tone: Plane) -> Plane:
    """Slanted ink strokes that swell where the tone is dark."""
    axis = np.arange(SIDE, dtype=np.float32)
    x, y = np.meshgrid(axis, axis)
    wave = np.cos(2 * np.pi / 38 * (x * 0.72 + y * 0.70))
    return ramp((wave - 1.15 + 1.85 * np.clip(tone, 0, 1)).astype(np.float32), -0.08, 0.10)


def _contours() -> Plane:
    """Drawn lines of the image-left half and the one-sided ones."""
    both: list[Line] = [
        (curve([at(0.410, 0.520), at(0.398, 0.548), at(0.410, 0.578), at(0.430, 0.585)]), [0.0, 15.0, 20.0, 0.0]),
        (curve([at(0.438, 0.588), at(0.456, 0.574), at(0.474, 0.586)]), [6.0, 22.0, 6.0]),
        (curve([at(0.476, 0.596), at(0.5, 0.604)]), [6.0, 10.0]),
        (curve([at(0.388, 0.592), at(0.352, 0.625), at(0.332, 0.668)]), [0.0, 13.0, 0.0]),
        (curve([at(0.292, 0.336), at(0.345, 0.322), at(0.402, 0.340), at(0.432, 0.368)]), [4.0, 14.0, 13.0, 0.0]),
        (curve([at(0.325, 0.428), at(0.37, 0.432), at(0.412, 0.414)]), [0.0, 9.0, 0.0]),
        (curve([at(0.452, 0.774), at(0.5, 0.782)]), [0.0, 14.0]),
        (curve([at(0.484, 0.618), at(0.486, 0.638)]), [0.0, 8.0]),
    ]
    one: list[Line] = [
        (curve([at(0.545, 0.330), at(0.536, 0.40), at(0.538, 0.47), at(0.552, 0.520)]), [0.0, 12.0, 16.0, 0.0])
    ]
    return np.maximum(mirrored(strokes(both)), strokes(one))


def _eyes(face: Picture) -> Picture:
    """Blue shadow on the lids, a heavy winged liner, lashes."""
    lid = fill(
        curve(
            [
                at(0.248, 0.352),
                at(0.300, 0.330),
                at(0.345, 0.320),
                at(0.405, 0.336),
                at(0.440, 0.378),
                *landmarks([133, 173, 157, 158, 159, 160, 161, 246, 33]),
            ],
            closed=True,
        )
    )
    face = over(face, "#2d7dd8", mirrored(lid))
    lash_line = np.concatenate([path(UPPER_LID), curve([*landmarks([33]), at(0.252, 0.362), at(0.222, 0.340)])])
    ink = mirrored(strokes([(lash_line, [16.0, 26.0, 32.0, 34.0, 30.0, 0.0])]))
    ink = np.maximum(ink, lashes(path((133, 155, 154, 153, 145, 144, 163, 7, 33)), 7, 30, up=False))
    ink = np.maximum(ink, mirrored(ramp(depth_inside(ring(mesh.IMAGE_LEFT_EYE)), -9, -5)))
    return over(face, INK, ink)


def _lips(face: Picture) -> Picture:
    """Red lips, ink line, a window of light on the lower one."""
    line = ring(mesh.LIPS_OUTER)
    lips = fill(line)
    face = over(face, "#e01f2d", lips)
    lower = depth_inside(line) * lips
    shade = ramp(lower, 26, 6) * lips
    face = over(face, "#a70f22", _raster(shade * 0.6, 22, 30) * lips)
    face = over(
        face,
        "#ffffff",
        strokes(
            [
                (curve([at(0.438, 0.716), at(0.466, 0.723), at(0.492, 0.725)]), [0.0, 13.0, 4.0]),
                (np.stack([at(0.507, 0.725), at(0.518, 0.724)]), [9.0, 7.0]),
            ]
        ),
    )
    return over(face, INK, strokes([(np.concatenate([line, line[:1]]), 11.0)]))


def paint() -> Picture:
    """Cream paper, raster blush and shade, flat colour, ink on top."""
    light = smooth(studio(form(strength=0.7)), 10)
    axis = np.arange(SIDE, dtype=np.float32) / SIDE
    side = np.broadcast_to(axis[None, :], (SIDE, SIDE)).astype(np.float32)
    shadow = np.clip(1.02 - light, 0, 1) + 0.30 * ramp(side, 0.70, 0.98)
    face = over(plain("#ffe3bd"), "#f0603f", _raster(np.clip(0.16 + 0.75 * ramp(shadow, 0.10, 0.75), 0, 0.62), 34, 45))
    rim = ramp(depth_inside(ring(mesh.FACE_OVAL)), 260, 20)
    face = over(face, "#e0492f", _raster(rim * ramp(side, 0.35, 0.05) * 0.5, 34, 45) * 0.9)
    hatch = _hatching(ramp(shadow, 0.48, 0.95) * ramp(side, 0.52, 0.60) + 0.8 * rim * ramp(side, 0.66, 0.86))
    face = over(face, INK, hatch)
    face = over(
        face, "#ffffff", strokes([(curve([at(0.490, 0.40), at(0.489, 0.46), at(0.492, 0.51)]), [0.0, 16.0, 22.0, 0.0])])
    )
    face = _eyes(face)
    face = _lips(face)
    brow = strokes([(brow_line(0.5), [30.0, 58.0, 62.0, 50.0, 30.0, 0.0])])
    face = over(face, INK, mirrored(brow))
    shine = strokes([(brow_line(0.72)[24:70], [0.0, 7.0, 0.0])])
    face = over(face, "#3b62d6", mirrored(shine))
    face = over(face, INK, _contours())
    tear = curve(
        [at(0.705, 0.455), at(0.690, 0.500), at(0.688, 0.535), at(0.705, 0.552), at(0.722, 0.535), at(0.720, 0.500)],
        closed=True,
    )
    face = over(face, INK, strokes([(np.concatenate([tear, tear[:1]]), 10.0)]))
    face = over(face, "#8fd4ff", fill(tear))
    return over(face, "#ffffff", strokes([(curve([at(0.697, 0.512), at(0.695, 0.532)]), [4.0, 9.0])]))
