"""Room: swap. Live eyes and the live mouth stay where the user asks for it. Looks at no pixels."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.domain.assignment import Assignment, LivePart
from mirror_app.domain.frame import Frame
from mirror_app.swap.neural.aligned_crop import AlignedCrop
from mirror_app.swap.neural.masks.drawing import everything, in_crop, soft_shapes

_RINGS: Final = {
    LivePart.EYES: (topology.IMAGE_LEFT_EYE, topology.IMAGE_RIGHT_EYE),
    LivePart.MOUTH: (topology.LIPS_INNER,),
}
_DRAWN_SIDE: Final = 256
# Of the drawn side's px: narrower than an open eye, or little of it would be left.
_SOFTNESS_PX: Final = 4


class LivePartsMask:
    """Holes where the live eyes and the inside of the live mouth are to stay; none without a mesh."""

    def mask(self, frame: Frame, crop: AlignedCrop, assignment: Assignment) -> NDArray[np.uint8]:
        """Draw the mask; see `MaskMaker.mask`."""
        mesh = crop.live_face.mesh
        if not assignment.kept or mesh is None or not np.isfinite(mesh.points).all():
            return everything(crop.side)
        drawn_side = min(_DRAWN_SIDE, crop.side)
        points = in_crop(mesh.points, crop, drawn_side)
        rings = [points[list(ring)] for part in assignment.kept for ring in _RINGS[part]]
        return np.invert(soft_shapes(rings, drawn_side, _SOFTNESS_PX, crop.side))
