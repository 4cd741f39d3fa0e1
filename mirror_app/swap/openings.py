"""Room: swap. Lids and lips carried on into the eye and mouth openings of an unrolled face. No frames.

The live eye and mouth show in the openings; a photo's own iris, white or teeth must not show at their soft edges.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.imaging.gradients import between, integrated, steps_of
from mirror_app.imaging.resample import blurred
from mirror_app.swap.uv_layout import fill_ring

# What is filled: this share of the mesh's eye openings, so that the lashes at the lids' edge stay the photo's, and
# around it this share of the side, as far as meshes follow lids and lips.
_EYE_SHARE: Final = 0.82
_EYE_MARGIN: Final = 0.001
_LIP_MARGIN: Final = 0.002
# A texel that is open by less than this is lid or lip.
_CLOSED: Final = 0.02


def close_openings(log_bgr: NDArray[np.float32]) -> NDArray[np.float32]:
    """Fill eye openings and the line between the lips from what surrounds them.

    Args:
        log_bgr: (side, side, 3) float32, logarithms of the colours.
    """
    result = log_bgr.copy()
    for ring in (topology.IMAGE_LEFT_EYE, topology.IMAGE_RIGHT_EYE):
        _close(result, ring, _EYE_SHARE, _EYE_MARGIN)
    _close(result, topology.LIPS_INNER, 1.0, _LIP_MARGIN)
    return result


def _close(log_bgr: NDArray[np.float32], ring: tuple[int, ...], share: float, margin: float) -> None:
    """In place, and only near the ring."""
    side = log_bgr.shape[0]
    reach = max(round(side * margin), 1)
    mask = np.zeros((side, side), np.uint8)
    fill_ring(mask, ring, 255, share)
    mask = np.asarray(cv2.dilate(mask, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)), np.uint8)
    x, y, width, height = cv2.boundingRect(mask)
    room = 4 * reach
    area = (slice(max(y - room, 0), y + height + room), slice(max(x - room, 0), x + width + room))
    open_share = (blurred(mask[area], max(reach * 0.4, 0.5)) / np.float32(255))[..., None]
    outside = open_share[..., 0] < _CLOSED
    right, down = steps_of(np.ascontiguousarray(log_bgr[area]))
    right_kept, down_kept = between(outside.astype(np.float32))
    filled = integrated((right * right_kept[..., None], down * down_kept[..., None]))
    if outside.any():
        filled += (log_bgr[area] - filled)[outside].mean(0)
    log_bgr[area] += open_share * (filled - log_bgr[area])
