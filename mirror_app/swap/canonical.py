"""Room: swap. Any face's shape in the frame of the average face. Geometry only, no pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.domain.face import MESH_POINTS
from mirror_app.domain.geometry import fit_similarity


def _fit_weights() -> NDArray[np.float64]:
    """(468,): how much each point says about where the head is; speaking lips say little."""
    weights = np.ones(MESH_POINTS)
    weights[list(topology.LIPS_OUTER + topology.LIPS_INNER)] = 0.1
    return weights


_WEIGHTS: Final = _fit_weights()


@dataclass(frozen=True, slots=True, eq=False)
class CanonicalShape:
    """A face's shape moved, turned and scaled onto the average face.

    Attributes:
        points: (468, 3) float32 in cm, in the frame of `mesh_topology.CANONICAL`.
        frame_from_canonical: (3, 3) float32: turns and scales a difference of points back to the face's own frame.
    """

    points: NDArray[np.float32]
    frame_from_canonical: NDArray[np.float32]


def canonical_shape(points: NDArray[np.float32]) -> CanonicalShape:
    """Fit a mesh to the average face.

    Args:
        points: (468, 3) float32, x right, y down, z away, any unit.
    """
    scale, rotation, shift = fit_similarity(points, topology.CANONICAL, _WEIGHTS)
    moved = scale * points @ rotation.T + shift
    return CanonicalShape(moved.astype(np.float32), (rotation.T / scale).astype(np.float32))
