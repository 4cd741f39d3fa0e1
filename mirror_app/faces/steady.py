"""Room: faces. Steadies a mesh: the head goes as the picture does, the expression as the mesh network says.

The network's points jitter from frame to frame, nearly all of them together, as if the head did. Optical flow knows far
better how the head moved between two pictures, but drifts. So the head goes by flow and is drawn slowly to where the
network sees it: no jitter, and no lag behind a head that turns.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.faces.one_euro import OneEuroFilter
from mirror_app.faces.rigid import NOISE, HeadPose, head_pose

# Constants by measurement on four clips, with `../shared/tools/judge.py` and against meshes smoothed both ways in time.
# The head is drawn to where the network sees it with these time constants, in the order of `HeadPose.step_to`. Nods and
# size are hardly told from an opening mouth: held longer, lids and lips lie beside the live ones.
_DRAWN_S: Final = np.array([0.12, 0.12, 0.05, 0.12, 0.12, 0.05])
# faster the further it is away: twice as fast at so many times the network's jitter. Without flow, what is away is
# rather the head's own motion.
_AWAY: Final = 8.0
_AWAY_BLIND: Final = 2.5
# What was seen longer ago says nothing.
_LONGEST_NS: Final = 300_000_000
# Shorter steps come from jitter of the clock, not from a camera.
_SHORTEST_S: Final = 2e-3

Floats = NDArray[np.float32]


class Steadier:
    """Steadies one face's mesh from frame to frame."""

    def __init__(self) -> None:
        # `beta` as in MediaPipe's face landmark smoothing graph; its cut-off at rest, 0.05 Hz, dulls small expressions,
        # and speeds smoothed at 1 Hz, as the filter's authors have it, never see the lids and lips of one who speaks.
        self._expression = OneEuroFilter(min_cutoff_hz=1.0, beta=80.0, speed_cutoff_hz=8.0)
        self._seen: HeadPose | None = None
        # From where the network sees the head to where it is shown.
        self._away: NDArray[np.float64] = np.zeros(6)
        self._time_ns = 0

    def __call__(self, points: Floats, carried: Floats | None, time_ns: int, pose: HeadPose | None = None) -> Floats:
        """Steady the mesh of one frame.

        Args:
            points: (468, 3) float32, px, as the network sees it.
            carried: The same as of the last call, moved into this frame by flow; None where flow says nothing.
            time_ns: Time of the frame.
            pose: The rigid pose of `points`, where it is known already.

        Returns:
            (468, 3) float32, px, a new array.
        """
        pose = pose or head_pose(points)
        if pose is None:
            self._seen = None
            self._expression.reset()
            return points.copy()
        is_first = self._seen is None
        self._follow(pose, None if carried is None else head_pose(carried), time_ns)
        shape = self._expression(pose.shape_of(points), time_ns, 1.0)
        return points.copy() if is_first else pose.carry(pose.placed(shape), self._away)

    def _follow(self, pose: HeadPose, carried: HeadPose | None, time_ns: int) -> None:
        step_ns = time_ns - self._time_ns
        if self._seen is None or not 0 < step_ns <= _LONGEST_NS:
            self._away = np.zeros(6)
        else:
            self._away = self._away + pose.step_to(self._seen if carried is None else carried)
            far = self._away / NOISE / (_AWAY_BLIND if carried is None else _AWAY)
            drawn = (1 - np.exp(-max(step_ns * 1e-9, _SHORTEST_S) / _DRAWN_S)) * (1 + far * far)
            self._away = self._away * (1 - np.minimum(drawn, 1.0))
        self._seen, self._time_ns = pose, time_ns
