"""Room: capture. A camera that shows one to six demo people, and the truth about each of them. No Qt in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.capture.demo_figure import DemoFigure, Moment
from mirror_app.capture.demo_lamp import Light
from mirror_app.capture.demo_paths import Path
from mirror_app.capture.demo_person import PEOPLE
from mirror_app.capture.demo_portrait import load_portrait
from mirror_app.capture.demo_scene import NOISE_LEVEL, SensorNoise
from mirror_app.domain.errors import InputError
from mirror_app.domain.frame import Frame
from mirror_app.domain.geometry import box_around
from mirror_app.domain.mesh_topology import FACE_OVAL

_NS_PER_S: Final = 1_000_000_000
_USUAL: Final = Light()
# The room behind the people is out of focus.
_FAR_BLUR_PX: Final = 4.0
# So many moments make up a picture whose shutter is open for a while.
_BLENDED: Final = 4


@dataclass(frozen=True, slots=True, eq=False)
class PersonTruth:
    """Where one of the demo people is in one picture.

    Attributes:
        mesh_points: (468, 3) float32, px, as `DemoFrame.mesh_points`; None while she is away.
        box_xyxy: (4,) float32, px, around the mesh; None while she is away.
        visible: 0..1, share of her face that is inside the picture and behind nobody.
        visible_points: (468,) bool, the mesh points of which that is true.
    """

    mesh_points: NDArray[np.float32] | None
    box_xyxy: NDArray[np.float32] | None
    visible: float
    visible_points: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class PeopleFrame:
    """A picture of several people, and the truth.

    Attributes:
        frame: The picture; `captured_ns` is its time in the performance.
        people: The truth about each of them, by her number: 1, 2, ….
    """

    frame: Frame
    people: Mapping[int, PersonTruth]


@dataclass(frozen=True, slots=True)
class PeopleScene:
    """Who is where, and in what light.

    Attributes:
        paths: One for each of the people, the first of `PEOPLE` first.
        light: The light after so many seconds.
        shutter_s: How long the shutter is open; 0 = nothing is blurred. The picture takes four times as long.
    """

    paths: tuple[Path, ...]
    light: Callable[[float], Light] = lambda _: _USUAL
    shutter_s: float = 0.0


_AWAY: Final = PersonTruth(None, None, 0.0, np.zeros(468, np.bool_))


class DemoPeople:
    """Draws a scene; always the same performance. Not safe for two threads.

    Args:
        scene: Who is where.
        size_wh: Width and height of the pictures, px.
        fps: Pictures per second.

    Raises:
        InputError: There are too many people, or the portrait's files are missing.
    """

    def __init__(self, scene: PeopleScene, size_wh: tuple[int, int] = (1280, 720), fps: float = 30.0) -> None:
        if len(scene.paths) > len(PEOPLE):
            raise InputError("There are {number} demo people, no more.", number=len(PEOPLE))
        portrait = load_portrait()
        self._scene, self._size_wh, self._fps = scene, size_wh, fps
        self._figures = [DemoFigure(portrait, person) for person in PEOPLE[: len(scene.paths)]]
        behind = cv2.resize(portrait.background, size_wh, interpolation=cv2.INTER_AREA)
        self._background = np.asarray(cv2.GaussianBlur(behind, (0, 0), _FAR_BLUR_PX), np.uint8)
        self._noise = SensorNoise(size_wh, NOISE_LEVEL)

    @property
    def people(self) -> int:
        """How many there are."""
        return len(self._figures)

    def frame_at(self, index: int) -> PeopleFrame:
        """The picture of one tick and who is where; depends on the index only."""
        seconds = index / self._fps
        light = self._scene.light(seconds)
        picture = self._background.copy()
        whose = np.zeros(picture.shape[:2], np.uint8)
        here = {number: place for number, path in enumerate(self._scene.paths, 1) if (place := path(seconds))}
        for number in sorted(here, key=lambda one: here[one].height):
            self._figures[number - 1].draw(self._moments(number, seconds), light, picture, whose, number)
        if light.exposure_bgr != _USUAL.exposure_bgr:
            cv2.multiply(picture, np.array([*light.exposure_bgr, 1.0]), dst=picture)
        self._noise.add(picture, index)
        picture.setflags(write=False)
        truth = dict.fromkeys(range(1, self.people + 1), _AWAY)
        for number, place in here.items():
            mesh = self._figures[number - 1].mesh_points(Moment(place, seconds), self._size_wh)
            truth[number] = _truth(mesh, whose == number)
        return PeopleFrame(Frame(picture, index, round(seconds * _NS_PER_S)), truth)

    def _moments(self, number: int, seconds: float) -> list[Moment]:
        """The moments that make up one picture, evenly around its time."""
        path, shutter = self._scene.paths[number - 1], self._scene.shutter_s
        offsets = np.arange(_BLENDED) / _BLENDED - (_BLENDED - 1) / (2 * _BLENDED) if shutter else np.zeros(1)
        times = (seconds + shutter * offsets).tolist()
        return [Moment(place, time) for time in times if (place := path(time))]


def _truth(mesh: NDArray[np.float32], hers: NDArray[np.bool_]) -> PersonTruth:
    """The truth about a mesh of which the picture shows only what is `hers`."""
    oval = np.rint(mesh[list(FACE_OVAL), :2]).astype(np.int32)
    left, top, width, height = cv2.boundingRect(oval)
    face = np.zeros((height, width), np.uint8)
    cv2.fillPoly(face, [oval - (left, top)], (255,))
    x0, y0, x1, y1 = max(left, 0), max(top, 0), min(left + width, hers.shape[1]), min(top + height, hers.shape[0])
    inside = face[y0 - top : y1 - top, x0 - left : x1 - left] if x0 < x1 and y0 < y1 else face[:0, :0]
    shown = float(np.count_nonzero(inside[hers[y0:y1, x0:x1]])) if inside.size else 0.0
    return PersonTruth(mesh, box_around(mesh), shown / max(cv2.countNonZero(face), 1), points_on(mesh, hers))


def points_on(mesh_points: NDArray[np.float32], area: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(n,): which of the points (n, 2 or 3) lie in an area (H, W) of the picture."""
    across, down = np.rint(mesh_points[:, :2]).astype(int).T
    height, width = area.shape
    is_on = np.asarray((across >= 0) & (down >= 0) & (across < width) & (down < height), np.bool_)
    is_on[is_on] = area[down[is_on], across[is_on]]
    return is_on
