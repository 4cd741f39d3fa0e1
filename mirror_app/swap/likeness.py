"""Room: swap. Moves the live mesh part of the way toward the target's shape. Geometry only, no pixels.

Identity lives in shape too: the nose's length, the brows' height, the lips' fullness. Expression and pose stay the live
person's, because what is added is the difference of two neutral shapes. Points that must stay on live pixels do not
move: the face's outline, the lids and the inside of the lips.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.swap.canonical import canonical_shape

# Points nearer than this to one that stays move only in part, cm on the average face.
_EASE_CM: Final = 0.9
# Near the outline they ease more, so that none crosses it.
_EASE_OUTLINE_CM: Final = 1.6
# The neutral shape is the mean over the time a face is followed, with a memory this long.
_MEMORY_S: Final = 4.0
# No point moves further than this, cm on the average face: a mesh that went wrong must not tear the picture.
_LARGEST_CM: Final = 1.2


def _freedom() -> NDArray[np.float32]:
    """(468, 1) float32: 0 where a point must stay on live pixels, 1 where it may move freely."""
    inner = {*topology.IMAGE_LEFT_EYE, *topology.IMAGE_RIGHT_EYE, *topology.LIPS_INNER}
    shape = topology.CANONICAL
    # As seen from the front: beside the cheeks the outline runs close by, but far behind them.
    outline = _eased(shape[:, :2], topology.FACE_OVAL, _EASE_OUTLINE_CM)
    return (_eased(shape, sorted(inner), _EASE_CM) * outline)[:, None]


def _eased(places: NDArray[np.float32], fixed: Sequence[int], ease_cm: float) -> NDArray[np.float32]:
    gaps = np.linalg.norm(places[:, None] - places[None, list(fixed)], axis=-1).min(1)
    return np.asarray(1 - np.exp(-((gaps / ease_cm) ** 2)), np.float32)


class LikenessShaper:
    """Learns the live face's neutral shape while it is followed and moves its mesh toward a target's."""

    def __init__(self) -> None:
        self._freedom = _freedom()
        self._neutral: NDArray[np.float32] | None = None
        self._track_id = -1
        self._seen_s = 0.0
        self._time_ns = 0

    def shape(
        self,
        points: NDArray[np.float32],
        track_id: int,
        target_shape: NDArray[np.float32],
        likeness: float,
        time_ns: int,
    ) -> NDArray[np.float32]:
        """The mesh to draw the target on.

        Args:
            points: (468, 3) float32, the live mesh in frame px.
            track_id: Whose mesh; another id starts learning anew.
            target_shape: (468, 3) float32, see `TargetFace.shape`.
            likeness: 0..1; 0 gives the live mesh back.
            time_ns: Time of the frame.
        """
        if likeness <= 0:
            return points
        now = canonical_shape(points)
        neutral = self._learn(now.points, track_id, time_ns)
        wanted = (target_shape - neutral) * self._freedom * np.float32(likeness)
        lengths = np.sqrt((wanted**2).sum(1, keepdims=True))
        wanted *= np.minimum(1, _LARGEST_CM / np.maximum(lengths, np.float32(1e-6)))
        return np.asarray(points + wanted @ now.frame_from_canonical.T, np.float32)

    def _learn(self, now: NDArray[np.float32], track_id: int, time_ns: int) -> NDArray[np.float32]:
        if self._neutral is None or track_id != self._track_id:
            self._neutral, self._track_id, self._seen_s = now, track_id, 0.0
        else:
            step_s = max((time_ns - self._time_ns) * 1e-9, 0.0)
            self._seen_s = min(self._seen_s + step_s, _MEMORY_S)
            share = step_s / max(self._seen_s, step_s, 1e-9)
            self._neutral = (self._neutral + np.float32(share) * (now - self._neutral)).astype(np.float32)
        self._time_ns = time_ns
        return self._neutral
