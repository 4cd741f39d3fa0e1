"""Room: tests. Faces in motion to predict: fast turns of the demo head and their truth, real clips. No measuring."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.capture.demo_motion import HeadPose, expression_at, pose_at
from mirror_app.capture.demo_portrait import load_portrait
from mirror_app.capture.demo_scene import DemoScene
from mirror_app.capture.video_file import VideoFile

FOOTAGE: Final = Path(__file__).parents[3] / "shared" / "footage"
FRAME_NS: Final = 33_333_333
_SIZE_WH: Final = (1280, 720)

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """A picture, its time, and where the face truly is in it; None where nobody knows."""

    image_bgr: NDArray[np.uint8]
    time_ns: int
    truth: Floats | None


@dataclass(frozen=True, slots=True)
class Performance:
    """A named run of pictures that can be had any number of times."""

    name: str
    shown: Callable[[], Iterator[Shown]]


def fast_pose(seconds: float) -> HeadPose:
    """Turns of up to 22 degrees at up to 150 degrees a second, with nods, leans and steps aside."""
    wave = [math.sin(math.tau * seconds / period + phase) for period, phase in ((0.97, 0.0), (1.31, 1.0), (1.57, 2.0))]
    return HeadPose(
        yaw=math.radians(22) * wave[0],
        pitch=math.radians(9) * wave[1],
        roll=math.radians(8) * wave[2],
        shift_xy=(60.0 * wave[0] + 30.0 * wave[2], 25.0 * wave[1]),
        nearer=0.08 * wave[2],
    )


def demo(name: str, pose: Callable[[float], HeadPose], frames: int, blurred_by: int = 1) -> Performance:
    """The demo head in some motion; `blurred_by` pictures within half a frame make one, as a shutter does."""
    scene = DemoScene(load_portrait(), _SIZE_WH)

    def shown() -> Iterator[Shown]:
        for index in range(frames):
            seconds = index * FRAME_NS * 1e-9
            moments = seconds + (np.arange(blurred_by) - (blurred_by - 1) / 2) / blurred_by * FRAME_NS * 0.5e-9
            pictures = [scene.draw(pose(float(at)), expression_at(float(at)), index) for at in moments]
            image = pictures[0] if blurred_by == 1 else np.mean(pictures, axis=0).round().astype(np.uint8)
            yield Shown(image, index * FRAME_NS, scene.mesh_points(pose(seconds), expression_at(seconds)))

    return Performance(name, shown)


def clip(path: Path, frames: int) -> Performance:
    """The beginning of a video."""

    def shown() -> Iterator[Shown]:
        with VideoFile(path) as video:
            for index, picture in enumerate(islice(video.pictures(), frames)):
                yield Shown(picture.image_bgr, index * FRAME_NS, None)

    return Performance(path.stem, shown)


def performances(frames: int) -> list[Performance]:
    """The demo head slow, fast and fast with blur, and the clips that are there."""
    return [
        demo("demo", pose_at, frames),
        demo("demo, fast turns", fast_pose, frames),
        demo("demo, fast turns, blurred", fast_pose, frames, blurred_by=5),
        *(clip(path, frames) for path in sorted(FOOTAGE.glob("*.mp4"))),
    ]
