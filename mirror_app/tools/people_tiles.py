"""Room: tools. Videos of one face each, laid over each other as moving tiles: real footage of several people."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.capture.demo_people import PeopleFrame, PersonTruth, points_on
from mirror_app.capture.video_file import VideoFile
from mirror_app.domain.face import MESH_POINTS
from mirror_app.domain.frame import Frame
from mirror_app.domain.geometry import box_around
from mirror_app.tools.evaluate import FaceFinder
from mirror_app.tools.evaluate_clips import video_paths
from mirror_app.tools.people_clips import FPS, PeopleClip

_SIZE_WH: Final = (1280, 720)
_MOST: Final = 4
# Height of a tile, px, and where its middle goes; four tiles more than fill the picture.
_TILE_PX: Final = 400
_ACROSS: Final = (0.27, 0.73)
_DOWN: Final = (0.3, 0.7)
_SWING: Final = 0.24
# Seconds in which a tile swings to the side and back: the upper ones pass each other, so do the lower ones.
_SWING_S: Final = 7.0
_KEPT_PICTURES: Final = 300
_GREY: Final = 90
_NS_PER_S: Final = 1_000_000_000


@dataclass(frozen=True, slots=True, eq=False)
class _Still:
    """One picture of a tile.

    Attributes:
        image_bgr: (`_TILE_PX`, w, 3) uint8.
        points: (468, 3) float32, px of the tile, as the app finds them in it alone; None = no face is found.
    """

    image_bgr: NDArray[np.uint8]
    points: NDArray[np.float32] | None


def tiled_clip(folder: Path, seconds: float) -> PeopleClip:
    """The first four videos of a folder as tiles that pass each other.

    What the app finds in a video by itself, frame by frame, stands for the truth.

    Raises:
        InputError: The folder cannot be listed or holds no video.
    """
    paths = video_paths(folder)[:_MOST]
    frames = max(round(seconds * FPS), 1)

    def shots() -> Iterator[PeopleFrame]:
        tiles = [_stills(path, frames) for path in paths]
        for index in range(frames):
            yield _laid(tiles, index)

    return PeopleClip("footage", frames, shots)


def _stills(path: Path, frames: int) -> list[_Still]:
    finder, stills = FaceFinder(), list[_Still]()
    with VideoFile(path) as video:
        for index, picture in enumerate(islice(video.pictures(), min(frames, _KEPT_PICTURES))):
            height, width = picture.image_bgr.shape[:2]
            size_wh = (round(width * _TILE_PX / height), _TILE_PX)
            image = np.asarray(cv2.resize(picture.image_bgr, size_wh, interpolation=cv2.INTER_AREA), np.uint8)
            sight = finder.follow(Frame(image, index, round(index / FPS * _NS_PER_S)))
            stills.append(_Still(image, None if sight is None else sight.mesh.points))
    return stills


def _laid(tiles: Sequence[Sequence[_Still]], index: int) -> PeopleFrame:
    """One picture of all tiles; of those that pass each other the nearer one changes with every meeting."""
    seconds = index / FPS
    picture = np.full((_SIZE_WH[1], _SIZE_WH[0], 3), _GREY, np.uint8)
    whose = np.zeros(picture.shape[:2], np.uint8)
    order = sorted(range(len(tiles)), key=lambda place: -1 if int(seconds / _SWING_S) % 2 == place % 2 else 1)
    truth: dict[int, PersonTruth] = {}
    placed: dict[int, NDArray[np.float32]] = {}
    for place in order:
        still = tiles[place][_back_and_forth(index, len(tiles[place]))]
        corner = _corner(place, seconds, still.image_bgr.shape[1])
        _paste(picture, still.image_bgr, corner)
        _paste(whose, np.full(still.image_bgr.shape[:2], place + 1, np.uint8), corner)
        if still.points is not None:
            placed[place] = still.points + np.array([*corner, 0], np.float32)
    for place in range(len(tiles)):
        truth[place + 1] = _truth(placed.get(place), whose == place + 1)
    picture.setflags(write=False)
    return PeopleFrame(Frame(picture, index, round(seconds * _NS_PER_S)), truth)


def _back_and_forth(index: int, length: int) -> int:
    """The place in a list of that length that is run through from end to end and back."""
    turn = index % max(2 * length - 2, 1)
    return min(turn, 2 * length - 2 - turn) if length > 1 else 0


def _corner(place: int, seconds: float, width: int) -> tuple[int, int]:
    side, row = place % 2, place // 2
    swing = _SWING * (1 - math.cos(math.tau * seconds / _SWING_S)) * (1 if side == 0 else -1)
    middle_x, middle_y = (_ACROSS[side] + swing) * _SIZE_WH[0], _DOWN[row] * _SIZE_WH[1]
    return round(middle_x - width / 2), round(middle_y - _TILE_PX / 2)


def _paste(picture: NDArray[np.uint8], tile: NDArray[np.uint8], corner: tuple[int, int]) -> None:
    left, top = max(corner[0], 0), max(corner[1], 0)
    part = tile[top - corner[1] :, left - corner[0] :]
    place = picture[top : top + part.shape[0], left : left + part.shape[1]]
    place[:] = part[: place.shape[0], : place.shape[1]]


def _truth(points: NDArray[np.float32] | None, hers: NDArray[np.bool_]) -> PersonTruth:
    """As `DemoPeople` says it; points that lie on her own tile stand for the part of the face that can be seen."""
    if points is None:
        return PersonTruth(None, None, 0.0, np.zeros(MESH_POINTS, np.bool_))
    visible = points_on(points, hers)
    return PersonTruth(points, box_around(points), float(visible.mean()), visible)
