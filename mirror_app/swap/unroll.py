"""Room: swap. A photo's face, unrolled into the mesh's UV layout. Knows no frames and no threads."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.imaging.rasterise import MeshRasteriser
from mirror_app.imaging.resample import blurred, looked_up
from mirror_app.swap.facing import facing, smooth_step

# Surface seen flatter than this cosine is taken from the mirrored side where that side is seen better.
_HIDDEN_COSINE: Final = 0.15
_SEEN_COSINE: Final = 0.45


def unroll_photo(image_bgr: NDArray[np.uint8], points: NDArray[np.float32], side: int) -> NDArray[np.uint8]:
    """Unroll a photo's face; what the photo shows edge on or hides is filled from the mirrored side.

    Args:
        image_bgr: (H, W, 3) uint8.
        points: (468, 3) float32, the photo's mesh in px of the photo.
        side: Side of the texture, px.

    Returns:
        (side, side, 3) uint8, BGR; texel (x, y) shows u = (x + 0.5) / side, v = (y + 0.5) / side.
    """
    flat = np.zeros_like(points)
    flat[:, :2] = topology.UV * side - 0.5
    seen = smooth_step(facing(points), _HIDDEN_COSINE, _SEEN_COSINE)
    values = np.column_stack([points[:, :2], seen]).astype(np.float32)
    drawn = MeshRasteriser(topology.TRIANGLES).draw(flat, values, (side, side), cull_back=False)
    photo_x, photo_y, confidence = (np.ascontiguousarray(drawn[..., channel]) for channel in range(3))
    texture = looked_up(image_bgr, photo_x, photo_y, cv2.INTER_CUBIC)
    mirrored, mirrored_confidence = np.ascontiguousarray(texture[:, ::-1]), confidence[:, ::-1]
    share = confidence / np.maximum(confidence + mirrored_confidence * (1 - confidence), 1e-6)
    share[confidence + mirrored_confidence < 1e-3] = 1
    own = blurred(share.astype(np.float32), side * 0.015)
    return np.asarray(cv2.blendLinear(texture, mirrored, own, 1 - own), np.uint8)
