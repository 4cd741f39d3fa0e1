"""Room: capture. Turns the demo head in space: the same formula moves picture and landmarks. Knows no expression."""

from __future__ import annotations

import math
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.capture.demo_motion import HeadPose
from mirror_app.capture.demo_portrait import GRID_STEP, SCENE_WH, DemoPortrait

# A webcam's view: 1280 px wide at a focal length of 1500 px is 46 degrees.
_FOCAL_PX = 1500.0
# The head turns about the top of the neck, the shoulders lean about a point far below the picture: canvas px, depth.
_PIVOTS: Final = np.array([[429, 475, 95], [429, 1100, 95]], np.float32)
# Each step shrinks the error to less than half where the head is steepest.
_INVERSE_STEPS = 8
_CENTRE: Final = (np.array(SCENE_WH) / 2).astype(np.float32)

Floats = NDArray[np.float32]


class HeadWarp:
    """Where the portrait's points go when the head moves, and back."""

    def __init__(self, portrait: DemoPortrait) -> None:
        self._depth = portrait.depth
        self._weight = portrait.head_weight
        self._to_centre = portrait.canvas_origin_xy - _CENTRE
        rows, columns = np.indices(portrait.depth.shape, np.float32) * GRID_STEP
        self._nodes_xy = np.stack([columns, rows], axis=-1)
        self._nodes_at_rest = self._in_space(self._nodes_xy.reshape(-1, 2), portrait.depth.reshape(-1))
        self._head_pivot, self._body_pivot = self._in_space(_PIVOTS[:, :2], _PIVOTS[:, 2]).T

    def move(self, canvas_xy: Floats, pose: HeadPose) -> Floats:
        """Move points of the portrait.

        Args:
            canvas_xy: (N, 2) float32, canvas px.
            pose: The head's pose.

        Returns:
            (N, 3) float32: scene px, and depth in the same unit, 0 about the eyes at rest.
        """
        space = self._in_space(canvas_xy, _sample(self._depth, canvas_xy))
        posed = self._posed(space, _sample(self._weight, canvas_xy), pose)
        return np.column_stack([*_in_picture(posed), posed[2]])

    def source_of(self, scene_xy: Floats, pose: HeadPose) -> Floats:
        """Which point of the portrait shows at each scene point: the inverse of `move`.

        Args:
            scene_xy: (rows, columns, 2) float32, scene px.
            pose: The head's pose.

        Returns:
            (rows, columns, 2) float32, canvas px.
        """
        moved = _in_picture(self._posed(self._nodes_at_rest, self._weight.reshape(-1), pose))
        offset = moved.T.reshape(self._nodes_xy.shape) - self._nodes_xy
        found: Floats = scene_xy - offset[0, 0]
        for _ in range(_INVERSE_STEPS):
            found = scene_xy - _sample(offset, found)
        return found

    def _in_space(self, canvas_xy: Floats, depth: Floats) -> Floats:
        """Points (N, 2) and depths (N,) as (3, N) px from the scene's middle; the camera looks along z."""
        across, down = (canvas_xy + self._to_centre).T * (1 + depth / _FOCAL_PX)
        space: Floats = np.stack([across, down, depth])
        return space

    def _posed(self, space: Floats, head_weight: Floats, pose: HeadPose) -> Floats:
        """Points (3, N) after the motion: head and shoulders each move rigidly, the neck in between."""
        nearer = _FOCAL_PX * (1 / (1 + pose.nearer) - 1)
        head_turn, body_turn = turn(pose.yaw, pose.pitch, pose.roll), turn(0.0, 0.0, pose.body_roll)
        head_shift = self._head_pivot - head_turn @ self._head_pivot + np.array([*pose.shift_xy, nearer], np.float32)
        body_shift = self._body_pivot - body_turn @ self._body_pivot + np.array([*pose.body_xy, 0.0], np.float32)
        body = _moved(space, body_turn, body_shift)
        posed: Floats = body + head_weight * (_moved(space, head_turn, head_shift) - body)
        return posed


def turn(yaw: float, pitch: float, roll: float) -> Floats:
    """The rotation matrix of `HeadPose`'s angles: yaw first, then pitch, then roll."""
    about_y = [[math.cos(yaw), 0, -math.sin(yaw)], [0, 1, 0], [math.sin(yaw), 0, math.cos(yaw)]]
    about_x = [[1, 0, 0], [0, math.cos(pitch), -math.sin(pitch)], [0, math.sin(pitch), math.cos(pitch)]]
    about_z = [[math.cos(roll), -math.sin(roll), 0], [math.sin(roll), math.cos(roll), 0], [0, 0, 1]]
    turn: Floats = (np.array(about_z) @ np.array(about_x) @ np.array(about_y)).astype(np.float32)
    return turn


def _moved(space: Floats, turn: Floats, shift: Floats) -> Floats:
    """Points (3, N) turned and shifted. Written out: a matrix product would wake BLAS's threads, which then spin."""
    across, down, depth = space
    moved: Floats = turn[:, :1] * across + turn[:, 1:2] * down + turn[:, 2:] * depth + shift[:, None]
    return moved


def _in_picture(space: Floats) -> Floats:
    """Points (3, N) as (2, N) scene px."""
    picture: Floats = space[:2] * (_FOCAL_PX / (_FOCAL_PX + space[2])) + _CENTRE[:, None]
    return picture


def _sample(grid: Floats, canvas_xy: Floats) -> Floats:
    """A grid's values at points (..., 2) in canvas px, linear between nodes, the border's value outside."""
    at = (canvas_xy / np.float32(GRID_STEP)).reshape(-1, *canvas_xy.shape[-2:])
    # OpenCV's type stubs do not know that a map of coordinate pairs needs no second map.
    values = cv2.remap(grid, at, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)  # type: ignore[call-overload]
    return np.asarray(values, np.float32).reshape(*canvas_xy.shape[:-1], *grid.shape[2:])
