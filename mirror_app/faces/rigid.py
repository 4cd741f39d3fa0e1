"""Room: faces. Where a head is and how it is turned, apart from what the face does, from its mesh. No pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.domain.face import MESH_POINTS

NOISE: Final = np.array([0.001, 0.001, 0.013, 0.010, 0.007, 0.0035])
"""How far the mesh network's pose jitters about a head at rest, in the order of `HeadPose.step_to`.

Root mean square over the demo camera and the clips.
"""

# Height of the average face, cm.
_FACE_CM: Final = float(np.ptp(topology.CANONICAL[:, 1]))
# Share of the face's height, from above, that moves with the skull: mouths follow better, and heads shake less.
_UPPER_SHARE: Final = 0.75
# What is smaller is no face.
_LEAST_PX: Final = 1.0

Floats = NDArray[np.float32]


def _rigid_points() -> NDArray[np.intp]:
    """Every second point that is neither lip nor far below the nose: what a jaw does is speech, not the head's."""
    down = np.sign(topology.CANONICAL[topology.CHIN, 1] - topology.CANONICAL[topology.NOSE_TIP, 1])
    heights = topology.CANONICAL[:, 1] * down
    lowest = heights.min() + _UPPER_SHARE * np.ptp(heights)
    moving = set(topology.LIPS_OUTER + topology.LIPS_INNER)
    kept = [index for index in range(0, MESH_POINTS, 2) if index not in moving and heights[index] < lowest]
    return np.array(kept, np.intp)


_RIGID: Final = _rigid_points()
_AVERAGE: Final = topology.CANONICAL[_RIGID] - topology.CANONICAL[_RIGID].mean(0, np.float64)
_FITTER: Final = _AVERAGE.T / (_AVERAGE**2).sum()


@dataclass(frozen=True, slots=True, eq=False)
class HeadPose:
    """A rigid pose: where the points' middle is (3,), px, how they are turned (3, 3), and their size, px per cm.

    The middle says where the face is more steadily than the average head's own middle, which swings with every turn.
    """

    place: NDArray[np.float64]
    turn: NDArray[np.float64]
    size: float

    def step_to(self, other: HeadPose) -> NDArray[np.float64]:
        """(6,): shift x and y in faces, turn about x, y and z in radians, log of the growth."""
        away = (other.place[:2] - self.place[:2]) / (self.size * _FACE_CM)
        about, _ = cv2.Rodrigues(other.turn @ self.turn.T)
        return np.array([*away, *about.ravel(), np.log(other.size / self.size)])

    def carry(self, points: Floats, step: NDArray[np.float64]) -> Floats:
        """The points (n, 3), px, of a head in this pose, moved by such a step."""
        turn, _ = cv2.Rodrigues(step[2:5])
        moved = np.zeros(3)
        moved[:2] = step[:2] * (self.size * _FACE_CM)
        linear = np.asarray(np.exp(step[5]) * turn, np.float32)
        place = self.place.astype(np.float32)
        return np.asarray((points - place) @ linear.T + (place + moved.astype(np.float32)), np.float32)

    def shape_of(self, points: Floats) -> Floats:
        """The points (n, 3), px, as the head itself sees them, in faces."""
        to_head = np.asarray(self.turn / (self.size * _FACE_CM), np.float32)
        return np.asarray((points - self.place.astype(np.float32)) @ to_head, np.float32)

    def placed(self, shape: Floats) -> Floats:
        """The points, px, of a shape (n, 3) in this pose."""
        from_head = np.asarray(self.turn.T * (self.size * _FACE_CM), np.float32)
        return np.asarray(shape @ from_head + self.place.astype(np.float32), np.float32)


def head_pose(points: Floats) -> HeadPose | None:
    """The rigid pose of a mesh (468, 3), px; None where it has none."""
    if not np.isfinite(points).all():
        return None
    chosen = points[_RIGID].astype(np.float64)
    # `domain.geometry.fit_similarity` onto the same points each time, where half the work is done beforehand.
    left, lengths, right = np.linalg.svd((_FITTER @ chosen).T)
    signs = np.array([1.0, 1.0, 1.0 if np.linalg.det(left) * np.linalg.det(right) > 0 else -1.0])
    size = float(lengths @ signs)
    return HeadPose(chosen.mean(0), (left * signs) @ right, size) if size * _FACE_CM > _LEAST_PX else None
