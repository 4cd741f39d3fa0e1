"""Room: domain. Where a place of the unrolled face lies in its triangle. No pictures."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology


def shares_of(places: NDArray[np.float64], triangles: NDArray[np.int32]) -> NDArray[np.float64]:
    """Barycentric coordinates.

    Args:
        places: (n, 2) of the UV square.
        triangles: (n, 3) vertices of the triangle of each.

    Returns:
        (n, 3), the parts of the corners; they sum to one.
    """
    a, b, c = (topology.UV[triangles[:, corner]].astype(np.float64) for corner in range(3))
    cross = (b[:, 1] - c[:, 1]) * (a[:, 0] - c[:, 0]) + (c[:, 0] - b[:, 0]) * (a[:, 1] - c[:, 1])
    x, y = (places - c).T
    first = ((b[:, 1] - c[:, 1]) * x + (c[:, 0] - b[:, 0]) * y) / cross
    second = ((c[:, 1] - a[:, 1]) * x + (a[:, 0] - c[:, 0]) * y) / cross
    return np.stack([first, second, 1 - first - second], -1)
