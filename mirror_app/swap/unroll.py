"""Room: swap. A photo's face, unrolled into the mesh's UV layout, and how well it shows each texel. No frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.imaging.rasterise import MeshRasteriser
from mirror_app.imaging.resample import blurred, looked_up, resized
from mirror_app.swap.facing import facing, smooth_step

# Surface seen flatter than the first cosine shows nothing of use, steeper than the second everything.
_COSINES: Final = (0.1, 0.5)
# The same for how many photo pixels lie under a texel in the direction that the photo squeezes most, as a share of the
# best seen quarter of the face: below, texels are streaks.
_RESOLUTIONS: Final = (0.2, 0.5)
# Surface further behind the nearest one than this share of the face's width is hidden by it.
_DEPTH_MARGIN: Final = 0.03
# Texels nearer than this share of the side to hidden ones may show what hides them: a mesh is a few pixels off.
_HIDING_MARGIN: Final = 0.015
# A face of more photo pixels than this many per texel is averaged before it is sampled.
_FINEST: Final = 1.2
# Longer side of the depth picture.
_DEPTH_SIDE: Final = 256
# Softness of confidence, as a share of the side.
_SOFTNESS: Final = 0.008
# Confidence is smooth: it is worked out at this side at most.
_CONFIDENCE_SIDE: Final = 256


@dataclass(frozen=True, slots=True, eq=False)
class Unrolled:
    """One photo's face in the UV layout.

    Attributes:
        texture_bgr: (side, side, 3) uint8; texel (x, y) shows u = (x + 0.5) / side, v = (y + 0.5) / side; anything off
            the face.
        confidence: (side, side) float32, 0..1, how well the photo shows the texel; 0 off the face.
    """

    texture_bgr: NDArray[np.uint8]
    confidence: NDArray[np.float32]


def unroll(image_bgr: NDArray[np.uint8], points: NDArray[np.float32], side: int) -> Unrolled:
    """Unroll a photo's face.

    Args:
        image_bgr: (H, W, 3) uint8.
        points: (468, 3) float32, the photo's mesh in px of the photo; x right, y down, z away.
        side: Side of the texture, px.
    """
    confidence = resized(_confidence(points, image_bgr.shape[1::-1], side), (side, side))
    # A photo with more detail than the texture would alias.
    finer = float(np.ptp(points[:, :2], axis=0).max()) / (side * _FINEST)
    if finer > 1:
        image_bgr = blurred(image_bgr, 0.5 * finer)
    place = _photo_places(points, side)
    x, y = (np.ascontiguousarray(place[..., k]) for k in range(2))
    texture = looked_up(image_bgr, x, y, cv2.INTER_CUBIC)
    return Unrolled(texture, confidence)


def _photo_places(points: NDArray[np.float32], side: int) -> NDArray[np.float32]:
    """(side, side, 3) float32: the place in the photo that each texel shows; 0 off the face."""
    flat = np.zeros_like(points)
    flat[:, :2] = topology.UV * np.float32(side) - np.float32(0.5)
    return MeshRasteriser(topology.TRIANGLES).draw(flat, points, (side, side), cull_back=False)


def _confidence(points: NDArray[np.float32], photo_wh: tuple[int, ...], side: int) -> NDArray[np.float32]:
    side = min(side, _CONFIDENCE_SIDE)
    place = _photo_places(points, side)
    flat = np.zeros_like(points)
    flat[:, :2] = topology.UV * np.float32(side) - np.float32(0.5)
    cosine = np.repeat(facing(points)[:, None], 3, axis=1)
    drawn = MeshRasteriser(topology.TRIANGLES).draw(flat, cosine, (side, side), cull_back=False)[..., 0]
    on_face = (place != 0).any(-1)
    margin = 2 * round(side * _HIDING_MARGIN) + 1
    unhidden = cv2.erode(_unhidden(points, place).astype(np.float32), np.ones((margin, margin), np.uint8))
    seen = smooth_step(drawn, *_COSINES) * on_face * unhidden
    inside = ((place[..., :2] >= 0) & (place[..., :2] <= np.array(photo_wh) - 1)).all(-1)
    clear = np.asarray(seen * inside * _resolution(place, on_face), np.float32)
    return np.asarray(blurred(clear, side * _SOFTNESS) * on_face, np.float32)


def _resolution(place: NDArray[np.float32], on_face: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Photo pixels per texel where the photo squeezes most, against the face's best quarter; a smooth 0..1."""
    x, y = (blurred(np.ascontiguousarray(place[..., k]), 1.5) for k in range(2))
    (xv, xu), (yv, yu) = np.gradient(x), np.gradient(y)
    total = xu**2 + xv**2 + yu**2 + yv**2
    # The smaller singular value of the 2 x 2 matrix of derivatives, in closed form.
    least = np.sqrt(np.maximum(total - np.sqrt(np.maximum(total**2 - 4 * (xu * yv - xv * yu) ** 2, 0)), 0) / 2)
    best = float(np.percentile(least[on_face], 75)) if on_face.any() else 0.0
    return smooth_step((least / max(best, 1e-6)).astype(np.float32), *_RESOLUTIONS)


def _unhidden(points: NDArray[np.float32], place: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Texels that no nearer surface of the face hides from the photo's camera."""
    low = points.min(0)
    span = float(max(np.ptp(points[:, :2], axis=0).max(), 1e-6))
    scale = np.float32((_DEPTH_SIDE - 3) / span)
    moved = (points - low) * scale + np.array([1, 1, 0], np.float32)
    values = np.repeat(moved[:, 2:] + 1, 3, axis=1)
    nearest = MeshRasteriser(topology.TRIANGLES).draw(moved, values, (_DEPTH_SIDE, _DEPTH_SIDE))[..., 0]
    nearest = np.where(nearest == 0, np.float32(1e6), nearest)
    seen = (place - low) * scale + np.array([1, 1, 1], np.float32)
    front = looked_up(
        nearest, np.ascontiguousarray(seen[..., 0]), np.ascontiguousarray(seen[..., 1]), cv2.INTER_NEAREST
    )
    return np.asarray(seen[..., 2] <= front + _DEPTH_MARGIN * _DEPTH_SIDE, np.bool_)
