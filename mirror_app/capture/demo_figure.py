"""Room: capture. Draws one demo person at any place and size into a picture. Knows no path and no other person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.capture.demo_disguise import disguised
from mirror_app.capture.demo_expression import ExpressionPainter
from mirror_app.capture.demo_lamp import HeadShader, Light
from mirror_app.capture.demo_motion import HeadPose, expression_at, pose_at
from mirror_app.capture.demo_paths import Place
from mirror_app.capture.demo_person import DemoPerson
from mirror_app.capture.demo_portrait import DemoPortrait
from mirror_app.capture.demo_pose import HeadWarp
from mirror_app.domain.face import MESH_POINTS
from mirror_app.domain.mesh_topology import MIRRORED

# The warp is worked out for every eighth pixel of the picture and interpolated in between.
_STEP: Final = 8
# Canvas px by which motion may carry the portrait past its own border.
_ROOM: Final = 90
# The coat's lowest row goes on below the portrait.
_COAT_ROWS: Final = 3
_MOST_SHRUNK: Final = 4

Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Moment:
    """Somebody at one moment.

    Attributes:
        place: Where she is.
        seconds: The time of her performance.
    """

    place: Place
    seconds: float


class DemoFigure:
    """One person, ready to be drawn. Not safe for two threads.

    Args:
        portrait: The shipped portrait.
        person: Whom to make of it.
    """

    def __init__(self, portrait: DemoPortrait, person: DemoPerson) -> None:
        made = disguised(portrait, person)
        self._person = person
        self._painter, self._warp, self._shader = ExpressionPainter(made), HeadWarp(made), HeadShader(made)
        face = made.points[:MESH_POINTS]
        lowest, highest = face.max(axis=0), face.min(axis=0)
        self._face_px = float(lowest[1] - highest[1])
        self._middle_xy = (lowest + highest) / 2 + made.canvas_origin_xy
        self._canvas_wh = (made.canvas.shape[1], made.canvas.shape[0])
        self._origin_xy = made.canvas_origin_xy
        self._side = -1.0 if person.is_mirrored else 1.0

    def mesh_points(self, moment: Moment, size_wh: tuple[int, int]) -> NDArray[np.float32]:
        """Where her mesh is: (468, 3) float32, px of a picture of that size; depth 0 is where the eyes are at rest."""
        seconds = moment.seconds + self._person.phase_s
        points = self._warp.move(self._painter.points(expression_at(seconds))[:MESH_POINTS], self._pose(moment))
        zoom, middle = self._zoom(moment.place, size_wh), _middle(moment.place, size_wh)
        points[:, :2] = (points[:, :2] - self._middle_xy) * np.array([zoom * self._side, zoom], np.float32) + middle
        points[:, 2] *= zoom
        return np.ascontiguousarray(points[MIRRORED] if self._person.is_mirrored else points)

    def draw(self, moments: Sequence[Moment], light: Light, picture: NDArray[np.uint8], whose: NDArray[np.uint8],
             number: int) -> None:  # fmt: skip
        """Lay her over a picture.

        Args:
            moments: When; several are blended, as while a shutter is open.
            light: What shines on her.
            picture: (H, W, 3) uint8, BGR; drawn into.
            whose: (H, W) uint8; set to `number` wherever she is.
            number: Her number.
        """
        size_wh = (picture.shape[1], picture.shape[0])
        boxes = [self._box(moment.place, size_wh) for moment in moments]
        left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
        right, bottom = max(box[2] for box in boxes), max(box[3] for box in boxes)
        if left >= right or top >= bottom:
            return
        tiles = [self._tile(moment, light, (left, top, right, bottom), size_wh) for moment in moments]
        tile = tiles[0] if len(tiles) == 1 else np.mean(tiles, axis=0).astype(np.uint8)
        place = picture[top:bottom, left:right]
        alpha = cv2.extractChannel(tile, 3)
        see_through = cv2.cvtColor(cv2.bitwise_not(alpha), cv2.COLOR_GRAY2BGR)
        behind = cv2.multiply(place, see_through, scale=1 / 255)
        cv2.add(cv2.cvtColor(tile, cv2.COLOR_BGRA2BGR), behind, dst=place)
        whose[top:bottom, left:right][alpha > 127] = number

    def _tile(self, moment: Moment, light: Light, box: Box, size_wh: tuple[int, int]) -> NDArray[np.uint8]:
        """Her part of the picture in a box: (h, w, 4) uint8, BGR multiplied by alpha, and alpha."""
        pose, place = self._pose(moment), moment.place
        zoom = self._zoom(place, size_wh)
        canvas = self._painter.draw(expression_at(moment.seconds + self._person.phase_s))
        canvas = self._shader.shade(canvas, self._lit(light), pose)
        shrunk = min(max(int(1 / zoom), 1), _MOST_SHRUNK)
        if shrunk > 1:
            canvas = np.asarray(_shrunk(canvas, shrunk), np.uint8)
        across, down = (
            np.arange(-1, -(-(end - start) // _STEP) + 1) * _STEP + (_STEP - 1) / 2 + start
            for start, end in ((box[0], box[2]), (box[1], box[3]))
        )
        nodes = np.stack(np.meshgrid(across, down), axis=-1) - _middle(place, size_wh)
        scene_xy = (nodes / [zoom * self._side, zoom] + self._middle_xy).astype(np.float32)
        from_xy = self._warp.source_of(scene_xy, pose)
        np.minimum(from_xy[..., 1], self._canvas_wh[1] - _COAT_ROWS, out=from_xy[..., 1])
        from_xy = (from_xy - (shrunk - 1) / 2) / np.float32(shrunk)
        large = cv2.resize(from_xy, (from_xy.shape[1] * _STEP, from_xy.shape[0] * _STEP))
        exact = large[_STEP : _STEP + box[3] - box[1], _STEP : _STEP + box[2] - box[0]]
        # OpenCV's type stubs do not know that a map of coordinate pairs needs no second map.
        return np.asarray(cv2.remap(canvas, exact, None, cv2.INTER_LINEAR), np.uint8)  # type: ignore[call-overload]

    def _box(self, place: Place, size_wh: tuple[int, int]) -> Box:
        """The part of the picture in which she can be; she stands on its lower border."""
        zoom = self._zoom(place, size_wh)
        corners = np.array([[-_ROOM, -_ROOM], [self._canvas_wh[0] + _ROOM, 0]]) + self._origin_xy - self._middle_xy
        placed = corners * [zoom * self._side, zoom] + _middle(place, size_wh)
        left, right = sorted(np.rint(placed[:, 0]).astype(int).tolist())
        top = round(float(placed[0, 1]))
        return max(left, 0), max(top, 0), min(right, size_wh[0]), size_wh[1]

    def _pose(self, moment: Moment) -> HeadPose:
        return moment.place.pose or pose_at(moment.seconds + self._person.phase_s)

    def _zoom(self, place: Place, size_wh: tuple[int, int]) -> float:
        return place.height * size_wh[1] / self._face_px

    def _lit(self, light: Light) -> Light:
        if not self._person.is_mirrored:
            return light
        return replace(light, rays=tuple(replace(ray, azimuth=-ray.azimuth) for ray in light.rays))


def _middle(place: Place, size_wh: tuple[int, int]) -> NDArray[np.float32]:
    return np.array([place.x * size_wh[0], place.y * size_wh[1]], np.float32)


def _shrunk(canvas: NDArray[np.uint8], factor: int) -> NDArray[np.uint8]:
    """The canvas with means of `factor` x `factor` pixels; what is left over at right and below goes."""
    height, width = (length // factor for length in canvas.shape[:2])
    whole = canvas[: height * factor, : width * factor]
    return np.asarray(cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
