"""Room: swap. How far each mesh vertex faces the camera. Geometry only, no pixels."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.domain.face import MESH_POINTS

_CORNERS: Final = np.ascontiguousarray(topology.TRIANGLES.T)
# Triangles listed vertex by vertex, and where each vertex's list begins: sums over them need no matrix product, whose
# threads would cost more than the sum.
_BY_VERTEX: Final = np.argsort(_CORNERS.ravel(), kind="stable")
_TOUCHING: Final = _BY_VERTEX % len(topology.TRIANGLES)
_BEGINS: Final = np.searchsorted(_CORNERS.ravel()[_BY_VERTEX], np.arange(MESH_POINTS))


def facing(points: NDArray[np.float32]) -> NDArray[np.float32]:
    """Cosine between each vertex's outward normal and the direction to the camera.

    Args:
        points: (468, 3) float32; x right, y down, z away from the camera, one unit.

    Returns:
        (468,) float32, -1..1; 1 = looks straight at the camera, 0 = edge on.
    """
    # "clip" spares NumPy the check of indices that are right by construction.
    corners = np.take(np.ascontiguousarray(points.T), _CORNERS, axis=1, mode="clip")
    (ax, ay, az), (bx, by, bz) = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    normals = np.stack([ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx])
    sums = np.add.reduceat(np.take(normals, _TOUCHING, axis=1, mode="clip"), _BEGINS, axis=1)
    lengths = np.sqrt(np.einsum("ij,ij->j", sums, sums))
    cosines: NDArray[np.float32] = -sums[2] / np.maximum(lengths, np.float32(1e-9))
    return cosines


def smooth_step(values: NDArray[np.float32], low: float, high: float) -> NDArray[np.float32]:
    """0 below `low`, 1 above `high`, a smooth cubic between; float32."""
    t = (values - np.float32(low)) * np.float32(1 / (high - low))
    # A third of the time of `np.clip`.
    t = np.minimum(np.maximum(t, np.float32(0)), np.float32(1))
    return np.asarray(t * t * (3 - 2 * t), np.float32)
