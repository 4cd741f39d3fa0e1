"""Room: faces. Where a face will be in a moment, from where it was: its rigid motion goes on. No pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.domain.face import MESH_POINTS

# Nothing is said about a moment further away than this, and speeds from before such a gap are not believed.
_LONGEST_NS: Final = 300_000_000
# Up to here a face goes on at its speed; beyond, the speed dies away with this time constant.
_STEADY_S: Final = 0.15
_FADE_S: Final = 0.08
# Shorter steps come from jitter of the clock, not from a camera.
_SHORTEST_S: Final = 2e-3
# Shift x and y in faces, turn about x, y and z in radians, log of the size: how far the mesh network's points jitter
# about a face at rest (root mean square over the demo camera and the clips), and how lively a head is (its acceleration
# as white noise).
_NOISE: Final = np.array([0.001, 0.001, 0.013, 0.010, 0.007, 0.0035])
_LIVELINESS: Final = np.array([0.1, 0.1, 2.0, 2.0, 1.7, 2.5])
_FIRST_SPEED: Final = np.array([1.0, 1.0, 2.0, 2.0, 2.0, 1.0])
# A step that surprises so much more than it should is no noise but the head setting off or stopping.
_SURPRISING: Final = 2.0
# A speed is believed as far as it stands out against what it may be wrong by.
_DOUBTED: Final = 24.0
# The doubt is as large as the surprises of so many steps lately were.
_LATELY: Final = 0.3
# Height of the average face, cm.
_FACE_CM: Final = float(np.ptp(topology.CANONICAL[:, 1]))
_TINY: Final = 1e-12
# What is smaller is no face.
_LEAST_PX: Final = 1.0


def _rigid_points() -> NDArray[np.intp]:
    """Every fourth point that is neither lip nor chin: what they say about the head costs little and is not speech."""
    moving = set(topology.LIPS_OUTER + topology.LIPS_INNER)
    return np.array([index for index in range(0, MESH_POINTS, 4) if index not in moving], np.intp)


_RIGID: Final = _rigid_points()
_AVERAGE: Final = topology.CANONICAL[_RIGID] - topology.CANONICAL[_RIGID].mean(0, np.float64)
_FITTER: Final = _AVERAGE.T / (_AVERAGE**2).sum()


@dataclass(frozen=True, slots=True, eq=False)
class _Pose:
    """A rigid pose: where the points' middle is (3,), px, how they are turned (3, 3), and their size, px per cm.

    The middle says where the face is more steadily than the average head's own middle, which swings with every turn.
    """

    place: NDArray[np.float64]
    turn: NDArray[np.float64]
    size: float

    def step_to(self, other: _Pose) -> NDArray[np.float64]:
        """(6,): shift x and y in faces, turn about x, y and z in radians, log of the growth."""
        away = (other.place[:2] - self.place[:2]) / (self.size * _FACE_CM)
        about, _ = cv2.Rodrigues(other.turn @ self.turn.T)
        return np.array([*away, *about.ravel(), np.log(other.size / self.size)])


class MotionFilter:
    """Constant velocity of a face's rigid pose; the shape that the mesh has of itself is held."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        self._points: NDArray[np.float32] | None = None
        self._pose: _Pose | None = None
        self._time_ns = 0
        self._begin()

    def update(self, points: NDArray[np.float32], time_ns: int) -> None:
        """Take in where the face is.

        Args:
            points: (468, 3) float32, px as `FaceMesh.points`; where they make no sense, the filter forgets the past.
            time_ns: When; a time before the last one, or one long after it, starts anew.
        """
        pose = _pose_of(points)
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
        turn, _ = cv2.Rodrigues(step[2:5])
        moved = np.zeros(3)
        moved[:2] = step[:2] * (self._pose.size * _FACE_CM)
        linear = np.asarray(np.exp(step[5]) * turn, np.float32)
        place = self._pose.place.astype(np.float32)
        return np.asarray((self._points - place) @ linear.T + (place + moved.astype(np.float32)), np.float32)

    def _begin(self) -> None:
        self._speed: NDArray[np.float64] = np.zeros(6)
        # How far the filtered pose lies from the last measured one.
        self._beside: NDArray[np.float64] = np.zeros(6)
        # How large the surprises were lately, as a share of what the variances say.
        self._restless = np.ones(6)
        # Variances of the pose and of the speed, and what they have in common.
        self._pose_doubt, self._speed_doubt, self._both = _NOISE**2, _FIRST_SPEED**2, np.zeros(6)

    def _learn(self, step: NDArray[np.float64], step_s: float) -> None:
        """One step of a Kalman filter on pose and speed, driven by white acceleration; surprise makes it livelier."""
        drive = _LIVELINESS**2 * step_s
        pose = self._pose_doubt + step_s * (2 * self._both + step_s * (self._speed_doubt + drive / 3))
        both = self._both + step_s * (self._speed_doubt + drive / 2)
        speed = self._speed_doubt + drive
        surprise = step - self._beside - self._speed * step_s
        beyond = surprise**2 / (pose + _NOISE**2)
        self._restless += _LATELY * (np.minimum(beyond, 1.0) - self._restless)
        livelier = np.maximum(beyond / _SURPRISING, 1.0)
        pose, both, speed = pose * livelier, both * livelier, speed * livelier
        whole = pose + _NOISE**2
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


def _pose_of(points: NDArray[np.float32]) -> _Pose | None:
    """The rigid pose of a mesh; None where it has none."""
    if not np.isfinite(points).all():
        return None
    chosen = points[_RIGID].astype(np.float64)
    # `domain.geometry.fit_similarity` onto the same points each time, where half the work is done beforehand.
    left, lengths, right = np.linalg.svd((_FITTER @ chosen).T)
    signs = np.array([1.0, 1.0, 1.0 if np.linalg.det(left) * np.linalg.det(right) > 0 else -1.0])
    size = float(lengths @ signs)
    return _Pose(chosen.mean(0), (left * signs) @ right, size) if size * _FACE_CM > _LEAST_PX else None
