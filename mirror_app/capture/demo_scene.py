"""Room: capture. One picture of the demo scene: the posed portrait before its background, as a webcam would see it."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.capture.demo_expression import ExpressionPainter
from mirror_app.capture.demo_lamp import HeadShader, Light
from mirror_app.capture.demo_motion import Expression, HeadPose
from mirror_app.capture.demo_portrait import GRID_STEP, SCENE_WH, DemoPortrait
from mirror_app.capture.demo_pose import HeadWarp
from mirror_app.domain.face import MESH_POINTS

# The warp is worked out for every twelfth pixel of the picture and interpolated in between (0.2 px off on average).
_STEP: Final = 12
# Rows of nodes in a band. The portrait is wide below and narrow above: bands, each as wide as needed, halve the work.
_BAND: Final = 10
# How many px the noise's pattern can jump between frames.
_NOISE_ROOM: Final = 64
_PHOTOGRAPHED: Final = Light()

NOISE_LEVEL: Final = 1.3
"""Standard deviation of the usual sensor noise in grey levels."""


class DemoScene:
    """Draws the scene in one size. Not safe for two threads; every picture it returns is a new array.

    Args:
        portrait: The head and what is behind it.
        size_wh: Width and height of the pictures, px.
        noise_level: Standard deviation of the sensor noise in grey levels.
    """

    def __init__(self, portrait: DemoPortrait, size_wh: tuple[int, int], *, noise_level: float = NOISE_LEVEL) -> None:
        self._size_wh = size_wh
        # The scene fills the picture; what does not fit the picture's shape is cut off on both sides alike.
        self._zoom = max(size_wh[0] / SCENE_WH[0], size_wh[1] / SCENE_WH[1])
        self._painter = ExpressionPainter(portrait)
        self._warp = HeadWarp(portrait)
        self._background = self._behind(portrait)
        self._shader = HeadShader(portrait)
        self._noise = SensorNoise(size_wh, noise_level)
        self._presence = _presence(portrait, round(2 * _STEP / self._zoom))
        # One node more on every side, so that interpolation has neighbours up to the picture's edge.
        across, down = (np.arange(-1, -(-length // _STEP) + 1) * _STEP + (_STEP - 1) / 2 for length in size_wh)
        self._nodes_scene = self._to_scene(np.stack(np.meshgrid(across, down), axis=-1))
        self._brush = _Brush(size_wh[0])

    def draw(
        self, pose: HeadPose, expression: Expression, noise_seed: int, light: Light = _PHOTOGRAPHED
    ) -> NDArray[np.uint8]:
        """The picture: (H, W, 3) uint8, BGR."""
        canvas = self._shader.shade(self._painter.draw(expression), light, pose)
        source_xy = self._warp.source_of(self._nodes_scene, pose)
        at_x, at_y = cv2.split(source_xy / np.float32(GRID_STEP))
        shows = cv2.remap(self._presence, at_x, at_y, cv2.INTER_NEAREST)[1:-1, 1:-1] > 0
        picture = self._background.copy()
        for row in range(0, len(shows), _BAND):
            columns = np.flatnonzero(shows[row : row + _BAND].any(axis=0))
            if columns.size:
                first, end = int(columns[0]), int(columns[-1]) + 1
                place = picture[row * _STEP : (row + _BAND) * _STEP, first * _STEP : end * _STEP]
                self._brush.draw(canvas, source_xy[row : row + _BAND + 2, first : end + 2], place)
        if light.exposure_bgr != _PHOTOGRAPHED.exposure_bgr:
            cv2.multiply(picture, np.array([*light.exposure_bgr, 1.0]), dst=picture)
        self._noise.add(picture, noise_seed)
        return picture

    def mesh_points(self, pose: HeadPose, expression: Expression) -> NDArray[np.float32]:
        """Where the face mesh is in that picture: (468, 3) float32, px; depth 0 is where the eyes are at rest."""
        points = self._warp.move(self._painter.points(expression)[:MESH_POINTS], pose)
        points[:, :2] = self._to_picture(points[:, :2])
        points[:, 2] *= self._zoom
        return points

    def _to_scene(self, picture_xy: NDArray[np.floating]) -> NDArray[np.float32]:
        in_scene = (picture_xy - _middle(self._size_wh)) / self._zoom + _middle(SCENE_WH)
        return in_scene.astype(np.float32)

    def _to_picture(self, scene_xy: NDArray[np.floating]) -> NDArray[np.float32]:
        in_picture = (scene_xy - _middle(SCENE_WH)) * self._zoom + _middle(self._size_wh)
        return in_picture.astype(np.float32)

    def _behind(self, portrait: DemoPortrait) -> NDArray[np.uint8]:
        corner = self._to_picture(np.zeros(2))
        place = np.array([[self._zoom, 0, corner[0]], [0, self._zoom, corner[1]]])
        behind = cv2.warpAffine(portrait.background, place, self._size_wh, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(behind, np.uint8)


class SensorNoise:
    """Grey noise; it only adds, so black is lifted as in a camera.

    Args:
        size_wh: Width and height of the pictures, px.
        level: Standard deviation in grey levels.
    """

    def __init__(self, size_wh: tuple[int, int], level: float) -> None:
        self._size_wh = size_wh
        # Larger than the picture, so that each frame can take another part of it.
        shape = (size_wh[1] + _NOISE_ROOM, size_wh[0] + _NOISE_ROOM)
        noise = np.random.default_rng(0).standard_normal(shape, np.float32) * level + 3 * level
        grey = np.clip(np.rint(noise), 0, 255).astype(np.uint8)
        self._noise = np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), np.uint8)

    def add(self, picture: NDArray[np.uint8], seed: int) -> None:
        """Add the noise of one frame to a picture, (H, W, 3) uint8."""
        width, height = self._size_wh
        across, down = seed * 37 % _NOISE_ROOM, seed * 23 % _NOISE_ROOM
        cv2.add(picture, self._noise[down : down + height, across : across + width], dst=picture)


class _Brush:
    """Draws the portrait into a part of the picture; keeps the memory that this takes."""

    def __init__(self, width: int) -> None:
        rows, columns = _BAND * _STEP, -(-width // _STEP) * _STEP
        self._map = np.empty((rows + 2 * _STEP, columns + 2 * _STEP, 2), np.float32)
        self._warped = np.empty((rows, columns, 4), np.uint8)
        self._colour = np.empty((rows, columns, 3), np.uint8)
        self._see_through = np.empty((rows, columns), np.uint8)
        self._behind = np.empty((rows, columns, 3), np.uint8)

    def draw(self, canvas: NDArray[np.uint8], source_xy: NDArray[np.float32], place: NDArray[np.uint8]) -> None:
        """Lay the canvas over `place`.

        Args:
            canvas: As `DemoPortrait.canvas`.
            source_xy: (rows, columns, 2) float32, canvas px for the nodes of `place` and one more node on every side.
            place: (h, w, 3) uint8, BGR; a part of the picture, at most a band high.
        """
        height, width = place.shape[:2]
        rows, columns = source_xy.shape[0] * _STEP, source_xy.shape[1] * _STEP
        cv2.resize(source_xy, (columns, rows), dst=self._map[:rows, :columns], interpolation=cv2.INTER_LINEAR)
        from_xy = self._map[_STEP : _STEP + height, _STEP : _STEP + width]
        warped, colour = self._warped[:height, :width], self._colour[:height, :width]
        see_through, behind = self._see_through[:height, :width], self._behind[:height, :width]
        # OpenCV's type stubs do not know that a map of coordinate pairs needs no second map.
        cv2.remap(canvas, from_xy, None, cv2.INTER_LINEAR, dst=warped)  # type: ignore[call-overload]
        cv2.cvtColor(warped, cv2.COLOR_BGRA2BGR, dst=colour)
        cv2.extractChannel(warped, 3, dst=see_through)
        cv2.bitwise_not(see_through, dst=see_through)
        cv2.cvtColor(see_through, cv2.COLOR_GRAY2BGR, dst=behind)
        cv2.multiply(place, behind, dst=behind, scale=1 / 255)
        cv2.add(colour, behind, dst=place)


def _presence(portrait: DemoPortrait, reach_px: int) -> NDArray[np.uint8]:
    """For each node of the portrait's grids: not 0 where any of the portrait is nearer than this many canvas px."""
    reach = np.ones((2 * reach_px + 1, 2 * reach_px + 1), np.uint8)
    return np.asarray(cv2.dilate(portrait.canvas[..., 3], reach)[::GRID_STEP, ::GRID_STEP], np.uint8)


def _middle(size_wh: tuple[int, int]) -> NDArray[np.float64]:
    """The middle of a picture whose pixel centres lie at integers."""
    return (np.array(size_wh) - 1) / 2
