"""Room: pipeline. How much fine detail a photo's face has, and whether its compression shows. Judges nothing."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.imaging.resample import blurred

_SIDE: Final = 256
_RINGS: Final = (topology.IMAGE_LEFT_EYE, topology.IMAGE_RIGHT_EYE, topology.LIPS_OUTER)
# Side of JPEG's blocks (ITU-T T.81).
_BLOCK: Final = 8
# Edges of the face itself are steeper than those of blocks: they count up to this, levels.
_STEEPEST: Final = 12.0
# In a flat picture anything would look like a grid.
_LEAST_EDGES: Final = 0.05


def sharpness(image_bgr: NDArray[np.uint8], points: NDArray[np.float32]) -> float:
    """Contrast of fine detail over that of coarser detail, at eyes and lips, with the face 256 px high.

    Args:
        image_bgr: (H, W, 3) uint8, the face at most 256 px high.
        points: (468, 3) float32, its mesh in px.
    """
    low, high = points[:, :2].min(0), points[:, :2].max(0)
    scale = _SIDE / max(float(high[1] - low[1]), 1.0)
    shift = _SIDE / 2 - scale * (low + high) / 2
    square_from_photo = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]], np.float32)
    square = cv2.warpAffine(image_bgr, square_from_photo, (_SIDE, _SIDE), borderMode=cv2.BORDER_REPLICATE)
    grey = np.asarray(cv2.cvtColor(square, cv2.COLOR_BGR2GRAY), np.uint8).astype(np.float32)
    features = np.zeros((_SIDE, _SIDE), np.uint8)
    for ring in _RINGS:
        cv2.fillPoly(features, [np.round(points[list(ring), :2] * scale + shift).astype(np.int32)], 1)
    near = np.asarray(cv2.dilate(features, np.ones((9, 9), np.uint8))) > 0
    if not near.any():
        return 0.0
    fine, coarse, coarser = (blurred(grey, sigma) for sigma in (1.0, 2.0, 4.0))
    return float((fine - coarse)[near].std() / max(float((coarse - coarser)[near].std()), 1e-3))


def block_edges(image_bgr: NDArray[np.uint8], points: NDArray[np.float32]) -> float:
    """Mean bend of brightness on the lines of an 8 px grid over that between them; 1 = there is no grid.

    Args:
        image_bgr: (H, W, 3) uint8 at its original size: a scaled photo has no grid any more.
        points: (468, 3) float32, the face's mesh in px.
    """
    height, width = image_bgr.shape[:2]
    left, top = np.maximum(points[:, :2].min(0), 0).astype(int)
    right, bottom = np.minimum(points[:, :2].max(0), (width, height)).astype(int)
    if min(right - left, bottom - top) < 4 * _BLOCK:
        return 1.0
    face = np.ascontiguousarray(image_bgr[top:bottom, left:right])
    grey = np.asarray(cv2.cvtColor(face, cv2.COLOR_BGR2GRAY), np.uint8).astype(np.float32)
    return min(_grid_strength(grey), _grid_strength(grey.T))


def _grid_strength(grey: NDArray[np.float32]) -> float:
    """The grid of horizontal lines; a line bends the brightness of the two rows that it parts."""
    bends = np.minimum(np.abs(np.diff(grey, 2, axis=0)), _STEEPEST).mean(1)
    by_phase = np.array([bends[phase::_BLOCK].mean() for phase in range(_BLOCK)])
    pairs = (by_phase + np.roll(by_phase, -1)) / 2
    line = int(pairs.argmax())
    between = np.delete(by_phase, [line, (line + 1) % _BLOCK]).mean()
    return float(pairs[line] / max(float(between), _LEAST_EDGES))
