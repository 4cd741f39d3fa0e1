"""Room: faces. Where a face will be in a moment, from where it was: its rigid motion goes on. No pictures."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.faces.rigid import NOISE, HeadPose, head_pose

# Nothing is said about a moment further away than this, and speeds from before such a gap are not believed.
_LONGEST_NS: Final = 300_000_000
# Up to here a face goes on at its speed; beyond, the speed dies away with this time constant.
_STEADY_S: Final = 0.15
_FADE_S: Final = 0.08
# Shorter steps come from jitter of the clock, not from a camera.
_SHORTEST_S: Final = 2e-3
# How lively a head is, in the order of `rigid.NOISE`: its acceleration as white noise.
_LIVELINESS: Final = np.array([0.1, 0.1, 2.0, 2.0, 1.7, 2.5])
_FIRST_SPEED: Final = np.array([1.0, 1.0, 2.0, 2.0, 2.0, 1.0])
# A step that surprises so much more than it should is no noise but the head setting off or stopping.
_SURPRISING: Final = 2.0
# A speed is believed as far as it stands out against what it may be wrong by.
_DOUBTED: Final = 24.0
# The doubt is as large as the surprises of so many steps lately were.
_LATELY: Final = 0.3
_TINY: Final = 1e-12


class MotionFilter:
    """Constant velocity of a face's rigid pose; the shape that the mesh has of itself is held."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        self._points: NDArray[np.float32] | None = None
        self._pose: HeadPose | None = None
        self._time_ns = 0
        self._begin()

    def update(self, points: NDArray[np.float32], time_ns: int, pose: HeadPose | None = None) -> None:
        """Take in where the face is.

        Args:
            points: (468, 3) float32, px as `FaceMesh.points`; where they make no sense, the filter forgets the past.
            time_ns: When; a time before the last one, or one long after it, starts anew.
            pose: Their rigid pose, where it is known already.
        """
        pose = pose or head_pose(points)
        if pose is None:
            self.reset()
            return
        gap_ns = time_ns - self._time_ns
        if self._pose is None or not 0 <= gap_ns <= _LONGEST_NS:
            self._begin()
        elif gap_ns * 1e-9 >= _SHORTEST_S:
            self._learn(self._pose.step_to(pose), gap_ns * 1e-9)
        self._points, self._pose, self._time_ns = points.copy(), pose, time_ns

    def predicted(self, time_ns: int) -> NDArray[np.float32] | None:
        """Where the points are at a later time; None before the first update, for the past and for times far away.

        Args:
            time_ns: The moment asked for.

        Returns:
            (468, 3) float32, a new array.
        """
        ahead_ns = time_ns - self._time_ns
        if self._points is None or self._pose is None or not 0 <= ahead_ns <= _LONGEST_NS:
            return None
        step = self._believed_speed() * _time_under_way(ahead_ns * 1e-9)
        return self._pose.carry(self._points, step)

    def _begin(self) -> None:
        self._speed: NDArray[np.float64] = np.zeros(6)
        # How far the filtered pose lies from the last measured one.
        self._beside: NDArray[np.float64] = np.zeros(6)
        # How large the surprises were lately, as a share of what the variances say.
        self._restless = np.ones(6)
        # Variances of the pose and of the speed, and what they have in common.
        self._pose_doubt, self._speed_doubt, self._both = NOISE**2, _FIRST_SPEED**2, np.zeros(6)

    def _learn(self, step: NDArray[np.float64], step_s: float) -> None:
        """One step of a Kalman filter on pose and speed, driven by white acceleration; surprise makes it livelier."""
        drive = _LIVELINESS**2 * step_s
        pose = self._pose_doubt + step_s * (2 * self._both + step_s * (self._speed_doubt + drive / 3))
        both = self._both + step_s * (self._speed_doubt + drive / 2)
        speed = self._speed_doubt + drive
        surprise = step - self._beside - self._speed * step_s
        beyond = surprise**2 / (pose + NOISE**2)
        self._restless += _LATELY * (np.minimum(beyond, 1.0) - self._restless)
        livelier = np.maximum(beyond / _SURPRISING, 1.0)
        pose, both, speed = pose * livelier, both * livelier, speed * livelier
        whole = pose + NOISE**2
        take, take_speed = pose / whole, both / whole
        self._beside = (take - 1) * surprise
        self._speed = self._speed + take_speed * surprise
        self._pose_doubt, self._both, self._speed_doubt = (
            (1 - take) * pose,
            (1 - take) * both,
            speed - take_speed * both,
        )

    def _believed_speed(self) -> NDArray[np.float64]:
        sure = self._speed**2
        return np.asarray(
            self._speed * sure / (sure + _DOUBTED * self._restless * self._speed_doubt + _TINY), np.float64
        )


def _time_under_way(ahead_s: float) -> float:
    """The time for which the face goes on at its present speed to get where it gets while slowing down."""
    if ahead_s <= _STEADY_S:
        return ahead_s
    return _STEADY_S + _FADE_S * (1 - float(np.exp((_STEADY_S - ahead_s) / _FADE_S)))
