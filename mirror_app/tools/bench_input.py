"""Room: tools. The pictures a bench runs on: read, brought to size and kept in memory before the clock starts."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.capture.demo import DemoCamera
from mirror_app.capture.demo_paths import Path as Walk
from mirror_app.capture.demo_paths import standing
from mirror_app.capture.demo_people import DemoPeople, PeopleScene
from mirror_app.capture.video_file import VideoFile
from mirror_app.domain.errors import InputError
from mirror_app.imaging.files import is_picture, read_image

DEMO: Final = "demo"
"""The name of the input that needs no file."""
_KEPT_BYTES: Final = 120 * 2**20
"""45 pictures at 1280x720: with the app itself this stays under the 400 MB that the app may take."""
_KEPT_MOST: Final = 300
_CENTRE_FOLLOWS: Final = 0.2
"""How fast the cut-out follows the face; slowly, so that the face still moves in it."""
# Up to three stand in one row, more in two, so that nobody hides anybody: height of each row's faces and its middle.
_ONE_ROW: Final = ((0.28, 0.4),)
_TWO_ROWS: Final = ((0.22, 0.24), (0.22, 0.72))
_MOST_IN_A_ROW: Final = 3

FindFace = Callable[[NDArray[np.uint8]], NDArray[np.float32] | None]
"""From a picture to the box (4,) xyxy px of its largest face's mesh, None when there is none."""


@dataclass(frozen=True, slots=True)
class BenchOptions:
    """What to bench on.

    Attributes:
        source: "demo", or the path of a video or picture.
        size_wh: Size of the frames, px.
        face_height_px: Height of the face's mesh in the frames; None = as it is in the input.
        faces: Of the demo, how many people stand in the picture; one is the demo camera as it is.
    """

    source: str
    size_wh: tuple[int, int]
    face_height_px: float | None
    faces: int = 1


def load_pictures(options: BenchOptions, find_face: FindFace) -> list[NDArray[np.uint8]]:
    """Read as much of the input as may be kept, at the size to bench at.

    Returns:
        At least one (H, W, 3) uint8 BGR picture; consecutive ones, from the input's beginning.

    Raises:
        InputError: The input cannot be read, shows no face although a face height is asked for, or is no demo of
            several people although several are asked for.
    """
    if options.faces > 1 and (options.source != DEMO or options.face_height_px is not None):
        raise InputError("Several faces are shown by the demo only: leave out --input and --face-height.")
    width, height = options.size_wh
    most = max(1, min(_KEPT_MOST, _KEPT_BYTES // (width * height * 3)))
    pictures = _read(options)
    if options.face_height_px is None:
        fitted: Iterable[NDArray[np.uint8]] = (letterbox(picture, options.size_wh) for picture in pictures)
    else:
        fitted = _follow_face(pictures, options.size_wh, options.face_height_px, find_face)
    kept = [picture for _, picture in zip(range(most), fitted, strict=False)]
    if not kept:
        raise InputError("No face was found in {source}; --face-height needs one.", source=options.source)
    return kept


def back_and_forth(pictures: list[NDArray[np.uint8]]) -> Iterator[NDArray[np.uint8]]:
    """The pictures forward, backward, forward…, for ever: motion without a jump."""
    way_back = pictures[-2:0:-1]
    while True:
        yield from pictures
        yield from way_back


def letterbox(image_bgr: NDArray[np.uint8], size_wh: tuple[int, int]) -> NDArray[np.uint8]:
    """Scale a picture to fit into a size and pad it with black; (height, width, 3) uint8."""
    height, width = image_bgr.shape[:2]
    scale = min(size_wh[0] / width, size_wh[1] / height)
    fit_wh = (max(round(width * scale), 1), max(round(height * scale), 1))
    canvas = np.zeros((size_wh[1], size_wh[0], 3), np.uint8)
    x, y = (size_wh[0] - fit_wh[0]) // 2, (size_wh[1] - fit_wh[1]) // 2
    canvas[y : y + fit_wh[1], x : x + fit_wh[0]] = _scaled(image_bgr, fit_wh, scale)
    return canvas


def cut_around(
    image_bgr: NDArray[np.uint8], centre_xy: NDArray[np.float32], scale: float, size_wh: tuple[int, int]
) -> NDArray[np.uint8]:
    """Cut out what fills `size_wh` when scaled, around a point; beyond the border the edge is repeated."""
    source_wh = (max(round(size_wh[0] / scale), 1), max(round(size_wh[1] / scale), 1))
    cut = cv2.getRectSubPix(image_bgr, source_wh, (float(centre_xy[0]), float(centre_xy[1])))
    return _scaled(np.asarray(cut, np.uint8), size_wh, scale)


def _scaled(image_bgr: NDArray[np.uint8], size_wh: tuple[int, int], scale: float) -> NDArray[np.uint8]:
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(image_bgr, size_wh, interpolation=method), np.uint8)


def _read(options: BenchOptions) -> Iterator[NDArray[np.uint8]]:
    if options.faces > 1:
        people = DemoPeople(PeopleScene(places_of(options.faces)), options.size_wh)
        yield from (people.frame_at(index).frame.image_bgr for index in count())
    if options.source == DEMO:
        demo = DemoCamera(size_wh=options.size_wh)
        yield from (demo.frame_at(index).frame.image_bgr for index in count())
    path = Path(options.source)
    if is_picture(path):
        yield read_image(path)
        return
    with VideoFile(path) as video:
        yield from (picture.image_bgr for picture in video.pictures())


def places_of(faces: int) -> tuple[Walk, ...]:
    """People who stand beside each other and move as people do who watch themselves."""
    rows = _ONE_ROW if faces <= _MOST_IN_A_ROW else _TWO_ROWS
    across = math.ceil(faces / len(rows))
    walks = []
    for place in range(faces):
        height, middle = rows[place // across]
        walks.append(standing((place % across + 0.5) / across, middle, height))
    return tuple(walks)


def _follow_face(
    pictures: Iterable[NDArray[np.uint8]], size_wh: tuple[int, int], face_height_px: float, find_face: FindFace
) -> Iterator[NDArray[np.uint8]]:
    """Cut out around the face, from the first picture that shows one, all at the scale that this one needs."""
    centre: NDArray[np.float32] | None = None
    scale = 1.0
    for picture in pictures:
        box = find_face(picture)
        if box is not None:
            middle = np.float32(0.5) * (box[:2] + box[2:])
            if centre is None:
                centre, scale = middle, face_height_px / max(float(box[3] - box[1]), 1.0)
            else:
                centre = np.float32(1 - _CENTRE_FOLLOWS) * centre + np.float32(_CENTRE_FOLLOWS) * middle
        if centre is not None:
            yield cut_around(picture, centre, scale, size_wh)
