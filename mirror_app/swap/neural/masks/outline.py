"""Room: swap. Only the face is generated, not what stands beside it: the hull of the live mesh. Looks at no pixels."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.domain.assignment import Assignment
from mirror_app.domain.frame import Frame
from mirror_app.swap.neural.aligned_crop import AlignedCrop
from mirror_app.swap.neural.masks.drawing import everything, in_crop, soft_shapes
from mirror_app.swap.outline import TO_THE_JAW

# The mesh ends below the hairline: points above the brows move away from the nose's tip by this share, fully so from
# the second height on, cm above the tip on the average face.
_FOREHEAD_SHARE: Final = 0.08
_FOREHEAD_CM: Final = (4.0, 7.0)
_DRAWN_SIDE: Final = 64
# Of the drawn side's px; the rim is this soft whatever the face's size in the crop.
_SOFTNESS_PX: Final = 2


def _wider() -> NDArray[np.float32]:
    """(468, 1) float32: how many times as far from the nose's tip each point lies in the mask."""
    above = topology.CANONICAL[topology.NOSE_TIP, 1] - topology.CANONICAL[:, 1]
    low, high = _FOREHEAD_CM
    forehead = _FOREHEAD_SHARE * np.clip((above - low) / (high - low), 0, 1)
    return np.asarray((1 + TO_THE_JAW) * (1 + forehead[:, None]), np.float32)


_WIDER: Final = _wider()


class OutlineMask:
    """The hull of the live mesh, a little wider at forehead and jaw, with a soft edge; all of the crop without one."""

    def mask(self, frame: Frame, crop: AlignedCrop, assignment: Assignment) -> NDArray[np.uint8]:
        """Draw the mask; see `MaskMaker.mask`."""
        mesh = crop.live_face.mesh
        if mesh is None or not np.isfinite(mesh.points).all():
            return everything(crop.side)
        nose = mesh.points[topology.NOSE_TIP]
        points = (mesh.points - nose) * _WIDER + nose
        drawn_side = min(_DRAWN_SIDE, crop.side)
        hull = cv2.convexHull(in_crop(points, crop, drawn_side))[:, 0]
        return soft_shapes([np.asarray(hull, np.float32)], drawn_side, _SOFTNESS_PX, crop.side)
