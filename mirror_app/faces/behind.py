"""Room: faces. What nearer faces hide of one behind them, and the picture without them. No networks, no memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.mesh_topology import FACE_OVAL

# An outline reaches so far beyond the mesh's own: ears and hair beside a face are as misleading as the face.
_GROWTH: Final = 1.12
_HAIR: Final = 1.3
# A box is looked at in a picture of so many px a side.
_GRID: Final = 32
_FINE: Final = 96
# What lies further away in it is cut off: integers end somewhere.
_FAR: Final = 4096.0

_OVAL: Final = np.array(FACE_OVAL)

Outline = NDArray[np.float32]
Box = NDArray[np.float32]


def outline_of(points: NDArray[np.float32]) -> Outline:
    """(36, 2) float32, px: what a face with this mesh (468, 3) hides of others."""
    oval = points[_OVAL, :2]
    middle = oval.mean(0)
    return np.asarray(middle + (oval - middle) * np.float32(_GROWTH), np.float32)


def with_hair_of(outline: Outline) -> Outline:
    """The outline of a face with the hair around it, as far as may be."""
    middle = outline.mean(0)
    return np.asarray(middle + (outline - middle) * np.float32(_HAIR), np.float32)


def shown_share(box_xyxy: Box, outlines: Sequence[Outline]) -> float:
    """The share of the oval in a box that none of the outlines covers, 0..1."""
    low, size = box_xyxy[:2], np.maximum(box_xyxy[2:] - box_xyxy[:2], 1e-3)
    picture = np.zeros((_GRID, _GRID), np.uint8)
    cv2.ellipse(picture, (_GRID // 2, _GRID // 2), (_GRID // 2, _GRID // 2), 0, 0, 360, (255,), -1)
    whole = cv2.countNonZero(picture)
    for outline in outlines:
        corners = np.clip((outline - low) / size * _GRID, -_FAR, _FAR)
        cv2.fillPoly(picture, [np.rint(corners).astype(np.int32)], (0,))
    return cv2.countNonZero(picture) / whole


def is_shown(places_xy: NDArray[np.float32], outlines: Sequence[Outline]) -> NDArray[np.bool_]:
    """(n,): which of the places (n, 2), px, none of the outlines covers."""
    box = np.concatenate([places_xy.min(0), places_xy.max(0)])
    hiding = reaching(box, outlines)
    if not hiding:
        return np.ones(len(places_xy), np.bool_)
    scale = (_FINE - 1) / np.maximum(box[2:] - box[:2], 1e-3)
    picture = np.ones((_FINE, _FINE), np.uint8)
    for outline in hiding:
        corners = np.clip((outline - box[:2]) * scale, -_FAR, _FAR)
        cv2.fillPoly(picture, [np.rint(corners).astype(np.int32)], (0,))
    across, down = np.rint((places_xy - box[:2]) * scale).astype(np.intp).T
    return np.asarray(picture[down, across] > 0, np.bool_)


def reaching(box_xyxy: Box, outlines: Sequence[Outline]) -> list[Outline]:
    """Those of the outlines that reach into a box."""
    return [one for one in outlines if (one.min(0) < box_xyxy[2:]).all() and (one.max(0) > box_xyxy[:2]).all()]


def without(image_bgr: NDArray[np.uint8], box_xyxy: Box, outlines: Sequence[Outline]) -> tuple[NDArray[np.uint8], Box]:
    """A part of a picture in which flat colour stands where the outlines are.

    Args:
        image_bgr: (H, W, 3) uint8; unchanged.
        box_xyxy: (4,), px: the part; it is cut at the picture's border.
        outlines: What to leave out.

    Returns:
        The part, a new picture of 1 x 1 px at least, and (2,) float32: where its corner lies in the whole.
    """
    height, width = image_bgr.shape[:2]
    x0, y0 = np.clip(np.floor(box_xyxy[:2]), 0, (width - 1, height - 1)).astype(int).tolist()
    x1, y1 = np.clip(np.ceil(box_xyxy[2:]), (x0 + 1, y0 + 1), (width, height)).astype(int).tolist()
    part = image_bgr[y0:y1, x0:x1].copy()
    corner = np.array([x0, y0], np.float32)
    paint_out(part, [outline - corner for outline in outlines])
    return part, corner


def paint_out(picture: NDArray[np.uint8], outlines: Sequence[NDArray[np.floating]]) -> None:
    """Lay a picture's mean colour over the outlines, in place."""
    colour = cv2.mean(picture)[:3]
    for outline in outlines:
        corners = np.clip(outline, -_FAR, _FAR)
        cv2.fillPoly(picture, [np.rint(corners).astype(np.int32)], colour)
