"""Room: swap. The unrolled face: which texels cover the live face. No photos, no frames."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.imaging.resample import blurred

# Softness of the lids' and lips' edges, as a share of the texture's side.
_OPENING_SOFTNESS: Final = 0.0035
# Sub-texel steps of cv2's polygon fill, as a power of two.
_SHIFT: Final = 4


def uv_ring(ring: Sequence[int], side: int) -> NDArray[np.float32]:
    """(n, 2) float32: a ring of vertices in texels of a texture with this side."""
    return topology.UV[list(ring)] * np.float32(side) - np.float32(0.5)


def fill_ring(mask: NDArray[np.uint8], ring: Sequence[int], value: int) -> None:
    """Fill the polygon of a vertex ring in a square mask, in place."""
    texels = np.round(uv_ring(ring, mask.shape[0]) * (1 << _SHIFT)).astype(np.int32)
    cv2.fillPoly(mask, [texels], value, lineType=cv2.LINE_AA, shift=_SHIFT)


def coverage_alpha(side: int) -> NDArray[np.uint8]:
    """(side, side) uint8: 255 on the face, 0 at the eye openings and off the face, soft edges between."""
    alpha = np.zeros((side, side), np.uint8)
    fill_ring(alpha, topology.FACE_OVAL, 255)
    for opening in (topology.IMAGE_LEFT_EYE, topology.IMAGE_RIGHT_EYE, topology.LIPS_INNER):
        fill_ring(alpha, opening, 0)
    return blurred(alpha, max(side * _OPENING_SOFTNESS, 0.5))
