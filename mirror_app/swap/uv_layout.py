"""Room: swap. The unrolled face: which texels cover the live face. No photos, no frames."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.imaging.resample import blurred

# The patch fades in over this share of the side from the face's outline inward.
_OUTLINE_FADE: Final = 0.03
# The eye openings are this share of the mesh's own: lashes and the lids' edge are the target's.
_EYE_SHARE: Final = 0.85
# Softness of the lids' and lips' edges, as a share of the texture's side.
_OPENING_SOFTNESS: Final = 0.0035
# Sub-texel steps of cv2's polygon fill, as a power of two.
_SHIFT: Final = 4


def uv_ring(ring: Sequence[int], side: int) -> NDArray[np.float32]:
    """(n, 2) float32: a ring of vertices in texels of a texture with this side."""
    return topology.UV[list(ring)] * np.float32(side) - np.float32(0.5)


def fill_ring(mask: NDArray[np.uint8], ring: Sequence[int], value: int, share: float = 1.0) -> None:
    """Fill the polygon of a vertex ring, shrunk to a share around its middle, in a square mask, in place."""
    places = uv_ring(ring, mask.shape[0])
    middle = places.mean(0)
    texels = np.round((middle + (places - middle) * share) * (1 << _SHIFT)).astype(np.int32)
    cv2.fillPoly(mask, [texels], value, lineType=cv2.LINE_AA, shift=_SHIFT)


def coverage_alpha(side: int) -> NDArray[np.uint8]:
    """(side, side) uint8: 255 on the face, 0 at the eye openings and off the face, soft edges between."""
    face = np.zeros((side, side), np.uint8)
    fill_ring(face, topology.FACE_OVAL, 255)
    # The outline touches the texture's sides; what lies beyond them is not the face either.
    framed = cv2.copyMakeBorder(face, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    inward = cv2.distanceTransform(framed, cv2.DIST_L2, 5)[1:-1, 1:-1] / np.float32(side * _OUTLINE_FADE)
    rise = np.minimum(inward, 1)
    openings = np.full((side, side), 255, np.uint8)
    for ring, share in (
        (topology.IMAGE_LEFT_EYE, _EYE_SHARE), (topology.IMAGE_RIGHT_EYE, _EYE_SHARE), (topology.LIPS_INNER, 1.0),
    ):  # fmt: skip
        fill_ring(openings, ring, 0, share)
    soft = blurred(openings, max(side * _OPENING_SOFTNESS, 0.5))
    return np.asarray(np.round(soft * (rise * rise * (3 - 2 * rise))), np.uint8)
