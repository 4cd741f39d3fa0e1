"""Room: faces. Where a head looks, from 68 points on it. No networks."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology

# Points of the 68 (iBUG 300-W's order) and the mesh vertices at the same places: jaw, ends of the brows, nose, corners
# of the eyes and of the mouth. Lids and lips move.
_OF_68: Final = (4, 6, 8, 10, 12, 17, 21, 22, 26, 27, 28, 29, 30, 31, 33, 35, 36, 39, 42, 45, 48, 54)
_OF_MESH: Final = (
    172, 150, 152, 379, 397, 70, 55, 285, 300, 6, 197, 195, 5, 98, 2, 327, 33, 133, 362, 263, 61, 291,
)  # fmt: skip


def head_rotation(points: NDArray[np.floating]) -> NDArray[np.float64] | None:
    """How a head is turned against the average face that looks into the camera.

    The linear map from the average face's space to the picture's plane is fitted by least squares; its two rows, made
    unit vectors, and their cross product are the rotation (insightface's `utils/transform.py` does the same with its
    own mean face). The points' own depth, which networks guess, is not needed.

    Args:
        points: (68, 2 or 3), px; x right, y down.

    Returns:
        (3, 3), from the frame of `mesh_topology.CANONICAL` to x right, y down, z away; None where the points lie on a
        line or coincide.
    """
    average = topology.CANONICAL[list(_OF_MESH)].astype(np.float64)
    known = np.column_stack([average, np.ones(len(average))])
    fit, *_ = np.linalg.lstsq(known, points[list(_OF_68), :2].astype(np.float64), rcond=None)
    across, down = fit[:3].T
    away = np.cross(across, down)
    lengths = [float(np.linalg.norm(row)) for row in (across, down, away)]
    if min(lengths) < 1e-9:
        return None
    return np.stack([row / length for row, length in zip((across, down, away), lengths, strict=True)])


def frontality_of(points: NDArray[np.floating]) -> float:
    """The cosine between where the head of 68 points looks and the direction to the camera, -1..1; 0 if unknown."""
    rotation = head_rotation(points)
    return 0.0 if rotation is None else float(rotation[2, 2])
