"""Room: tools. What the mirror is evaluated on: looks of the demo camera with their truth, or a folder's videos."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.capture.demo import DemoCamera, DemoMasks
from mirror_app.capture.demo_look import LOOKS, DemoLook, Lamp, Rims, SkinTone
from mirror_app.capture.video_file import VideoFile
from mirror_app.domain.errors import InputError
from mirror_app.domain.frame import Frame
from mirror_app.domain.sentence import Sentence
from mirror_app.domain.system_reason import system_reason

DEMO_FRAMES: Final = 45
"""Frames of a demo clip unless the user says otherwise."""
FOOTAGE_FRAMES: Final = 90
"""Most frames of a video unless the user says otherwise."""
MASKS_EVERY: Final = 6
"""A demo clip's masks, slow to draw, come with one frame in so many."""

# From here on the demo head turns 17 degrees, speaks, smiles and blinks within one and a half seconds.
_DEMO_START: Final = 657
_DEMO_SIZE_WH: Final = (1280, 720)
_FPS: Final = 30
_VIDEO_ENDINGS: Final = (".mp4", ".mov", ".mkv", ".webm", ".avi")
_TARGET_START: Final = "target-"
_PICTURE_ENDINGS: Final = (".jpg", ".jpeg", ".png")
_PHOTO_LOOK: Final = DemoLook(skin_tone=SkinTone.BROWN, glasses=Rims.NONE, lamp=Lamp.TURNING)


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """One frame to evaluate and what is known about it.

    Attributes:
        frame: The picture.
        true_points: (468, 3) float32 px, the face's true mesh; None where only the picture is known.
        masks: What is where; None where unknown, and between the frames that have them.
    """

    frame: Frame
    true_points: NDArray[np.float32] | None = None
    masks: DemoMasks | None = None


@dataclass(frozen=True, slots=True)
class Clip:
    """A named performance that can be run from its beginning any number of times.

    Attributes:
        name: For people.
        frames: How many at most.
        shots: Starts the performance.
        unlit: Name of the clip that shows the same under the usual light; "" = none does.
    """

    name: str
    frames: int
    shots: Callable[[], Iterator[Shot]]
    unlit: str = ""


def demo_clips(frames: int = DEMO_FRAMES) -> list[Clip]:
    """The demo camera in all its looks; the plain one, with which lamps are compared, comes first."""
    return [_demo_clip(name, look, frames) for name, look in LOOKS.items()]


def footage_clips(folder: Path, frames: int = FOOTAGE_FRAMES) -> list[Clip]:
    """The videos of a folder, by name.

    Raises:
        InputError: The folder cannot be listed or holds no video.
    """
    return [_video_clip(path, frames) for path in video_paths(folder)]


def video_paths(folder: Path) -> list[Path]:
    """The videos of a folder, by name.

    Raises:
        InputError: The folder cannot be listed or holds none.
    """
    return _listed(folder, "", _VIDEO_ENDINGS, Sentence("video"))


def footage_targets(folder: Path) -> list[Path]:
    """The photos of a folder whose names begin with "target-".

    Raises:
        InputError: The folder cannot be listed or holds none.
    """
    return _listed(folder, _TARGET_START, _PICTURE_ENDINGS, Sentence("picture target-*.jpg"))


def demo_photo() -> NDArray[np.uint8]:
    """A photo to enrol: the demo head mirrored, with brown skin, a lamp on one side and no glasses; (720, 1280, 3)."""
    camera = DemoCamera(_DEMO_SIZE_WH, _FPS, _PHOTO_LOOK)
    # At 0.5 s the lamp stands 62 degrees to the side, the lips are closed and the head looks into the camera.
    return np.ascontiguousarray(camera.frame_at(_FPS // 2).frame.image_bgr[:, ::-1])


def _demo_clip(name: str, look: DemoLook, frames: int) -> Clip:
    def shots() -> Iterator[Shot]:
        camera = DemoCamera(_DEMO_SIZE_WH, _FPS, look)
        for number in range(frames):
            demo = camera.frame_at(_DEMO_START + number)
            masks = camera.masks_at(_DEMO_START + number) if number % MASKS_EVERY == 0 else None
            yield Shot(demo.frame, demo.mesh_points, masks)

    same = replace(look, lamp=Lamp.OWN)
    unlit = next((other for other, one in LOOKS.items() if one == same and other != name), "")
    return Clip(name, frames, shots, unlit)


def _video_clip(path: Path, frames: int) -> Clip:
    def shots() -> Iterator[Shot]:
        with VideoFile(path) as video:
            tick_ns = video.traits.time_base * 1_000_000_000
            for index, picture in enumerate(islice(video.pictures(), frames)):
                yield Shot(Frame(picture.image_bgr, index, round(picture.pts * tick_ns)))

    with VideoFile(path) as video:
        expected = video.expected_pictures
    return Clip(path.stem, min(frames, expected or frames), shots)


def _listed(folder: Path, start: str, endings: tuple[str, ...], what: str) -> list[Path]:
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in endings)
    except OSError as error:
        raise InputError(
            "The folder {folder} cannot be listed: {why}.", folder=folder, why=system_reason(error)
        ) from error
    found = [path for path in paths if path.name.startswith(start)]
    if not found:
        raise InputError("There is no {what} in {folder}.", what=what, folder=folder)
    return found
