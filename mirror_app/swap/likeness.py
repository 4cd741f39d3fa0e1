"""Room: swap. How far each point of the live mesh goes toward the target's shape. Geometry only, no pixels.

Identity lives in shape too: jaw, nose, the distance of the eyes, the height of the brows. Expression and pose stay the
live person's, because what is added is the difference of two neutral shapes.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.swap.canonical import CanonicalShape, canonical_shape

# The neutral shape is the mean over the time a face is followed, with a memory this long. It starts as the average
# face, which counts as much as this time of looking: a glimpse of an open mouth says little about it at rest.
_MEMORY_S: Final = 12.0
_AVERAGE_S: Final = 0.4
# An open mouth and a turned head count less: by this opening, cm on the average face, and the cosine to this power.
_OPEN_CM: Final = 0.5
_FRONTALITY: Final = 4
# No point moves further than this, cm on the average face: a mesh that went wrong must not tear the picture.
_LARGEST_CM: Final = 1.2
# The first frame of a face counts as this long.
_FIRST_STEP_NS: Final = 33_000_000
# Rings around what opens and closes move up and down as one: how far they are open stays the live person's.
_OPENINGS: Final = tuple(
    np.array(ring) for ring in (topology.IMAGE_LEFT_EYE, topology.IMAGE_RIGHT_EYE, topology.LIPS_INNER)
)


class LikenessShaper:
    """Learns the live face's neutral shape while it is followed and compares it with a target's."""

    def __init__(self) -> None:
        self._neutral = topology.CANONICAL
        self._track_id = -1
        self._seen_s = 0.0
        self._time_ns = 0

    def moves(
        self,
        points: NDArray[np.float32],
        track_id: int,
        target_shape: NDArray[np.float32],
        likeness: float,
        time_ns: int,
    ) -> NDArray[np.float32]:
        """What to add to each point of the mesh.

        Args:
            points: (468, 3) float32, the live mesh in frame px.
            track_id: Whose mesh; another id starts learning anew.
            target_shape: (468, 3) float32, see `TargetFace.shape`.
            likeness: 0..1, the share of the way.
            time_ns: Time of the frame.

        Returns:
            (468, 3) float32, frame px.
        """
        now = canonical_shape(points)
        neutral = self._learn(now, track_id, time_ns)
        wanted = _even((target_shape - neutral) * np.float32(likeness))
        for ring in _OPENINGS:
            wanted[ring, 1:] = wanted[ring, 1:].mean(0)
        lengths = np.sqrt((wanted**2).sum(1, keepdims=True))
        wanted *= np.minimum(1, _LARGEST_CM / np.maximum(lengths, np.float32(1e-6)))
        return np.asarray(wanted @ now.frame_from_canonical.T, np.float32)

    def _learn(self, now: CanonicalShape, track_id: int, time_ns: int) -> NDArray[np.float32]:
        if track_id != self._track_id:
            self._neutral, self._track_id, self._seen_s = topology.CANONICAL, track_id, _AVERAGE_S
            self._time_ns = time_ns - _FIRST_STEP_NS
        step_s = max((time_ns - self._time_ns) * 1e-9, 0.0) * _restfulness(now)
        self._seen_s = min(self._seen_s + step_s, _MEMORY_S)
        share = np.float32(step_s / self._seen_s)
        self._neutral = (self._neutral + share * (now.points - self._neutral)).astype(np.float32)
        self._time_ns = time_ns
        return self._neutral


def _restfulness(now: CanonicalShape) -> float:
    """0..1: how much a shape says about the face at rest."""
    gap = float(np.linalg.norm(now.points[topology.UPPER_LIP_INNER] - now.points[topology.LOWER_LIP_INNER]))
    forward = now.frame_from_canonical[:, 2]
    cosine = max(float(forward[2] / max(np.linalg.norm(forward), 1e-9)), 0.0)
    return float(np.exp(-((gap / _OPEN_CM) ** 2))) * cosine**_FRONTALITY


def _even(moves: NDArray[np.float32]) -> NDArray[np.float32]:
    """Sideways moves averaged with their mirror image: in one photo they tell of its view more than of the face."""
    even = moves.copy()
    even[:, 0] = (moves[:, 0] - moves[topology.MIRRORED, 0]) / 2
    return even
