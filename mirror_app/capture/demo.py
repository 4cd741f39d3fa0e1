"""Room: capture. The demo camera: a portrait that turns, blinks and speaks, and its true landmarks. No Qt in it."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mirror_app.capture.demo_lamp import light_at, noise_level
from mirror_app.capture.demo_look import DemoLook
from mirror_app.capture.demo_makeup import made_up, masks_of
from mirror_app.capture.demo_motion import expression_at, pose_at
from mirror_app.capture.demo_portrait import load_portrait
from mirror_app.capture.demo_scene import NOISE_LEVEL, DemoScene
from mirror_app.domain.errors import InputError
from mirror_app.domain.frame import Frame, PendingFrame

_SMALLEST_WH = (160, 90)
_NS_PER_S = 1_000_000_000


@dataclass(frozen=True, slots=True, eq=False)
class DemoFrame:
    """A picture and the truth about it.

    Attributes:
        frame: The picture; `captured_ns` is its time in the performance, so that the same index gives the same frame.
        mesh_points: (468, 3) float32 as `FaceMesh.points`, but depth 0 is where the eyes of the still portrait are.
    """

    frame: Frame
    mesh_points: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class DemoMasks:
    """What is where in a picture of the demo camera; each (H, W) uint8, 255 = there, in between at soft edges.

    Attributes:
        face_skin: Bare skin of the face, from the hat's brim to the chin, lips and brows included; without eye
            openings, inside of the mouth, ears, glasses, fringe and beard.
        glasses: Rims, hinges and the lamps' reflections in the lenses.
        fringe: Hair that hangs over the forehead.
        face: The whole face from brim to chin, with all that is on it and in it.
        beard: Beard, a little generously; it may be kept or covered.
    """

    face_skin: NDArray[np.uint8]
    glasses: NDArray[np.uint8]
    fringe: NDArray[np.uint8]
    face: NDArray[np.uint8]
    beard: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class TickSchedule:
    """Ticks at an even rate from a fixed start, so that no error adds up.

    Attributes:
        start_s: When tick 0 is due, `time.monotonic()` seconds.
        fps: Ticks per second.
    """

    start_s: float
    fps: float

    def due_s(self, tick: int) -> float:
        """When a tick is due, `time.monotonic()` seconds."""
        return self.start_s + tick / self.fps

    def next_tick(self, tick: int, now_s: float) -> int:
        """The tick after this one, or the first one still to come when its time has passed already."""
        return max(tick + 1, math.ceil((now_s - self.start_s) * self.fps))


class DemoCamera:
    """A `FrameProvider` that needs no device: always the same performance, as long as one likes.

    Args:
        size_wh: Width and height of the pictures, px; the 16:9 scene is cut where it does not fit.
        fps: Pictures per second.
        look: How the head looks and is lit; the performance is the same for every look.

    Raises:
        InputError: The size or the rate makes no sense, or the portrait's files are missing.
    """

    def __init__(self, size_wh: tuple[int, int] = (1280, 720), fps: float = 30.0, look: DemoLook | None = None) -> None:
        if size_wh[0] < _SMALLEST_WH[0] or size_wh[1] < _SMALLEST_WH[1]:
            width, height = size_wh
            raise InputError("The demo camera makes pictures of 160x90 or more, not {size}.", size=f"{width}x{height}")
        if not 0 < fps <= 1000:
            raise InputError("The demo camera makes 1 to 1000 pictures per second, not {fps}.", fps=f"{fps:g}")
        self._fps = fps
        self._look = look or DemoLook()
        self._size_wh = size_wh
        portrait = load_portrait()
        self._scene = DemoScene(
            made_up(portrait, self._look), size_wh, noise_level=noise_level(self._look.lamp, NOISE_LEVEL)
        )
        self._mask_scenes: tuple[DemoScene, ...] = ()
        self._drawing = threading.Lock()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def description(self) -> str:
        """The camera's name for people."""
        return "Demo camera"

    def frame_at(self, index: int) -> DemoFrame:
        """The picture of one tick and where the face is in it; depends on the index only. Safe from any thread."""
        seconds = index / self._fps
        pose, expression = pose_at(seconds), expression_at(seconds)
        with self._drawing:
            image = self._scene.draw(pose, expression, index, light_at(self._look.lamp, seconds))
        image.setflags(write=False)
        frame = Frame(image, index, round(seconds * _NS_PER_S))
        return DemoFrame(frame, self._scene.mesh_points(pose, expression))

    def masks_at(self, index: int) -> DemoMasks:
        """What is where in the picture of one tick. Safe from any thread; takes twice as long as the picture itself."""
        seconds = index / self._fps
        pose, expression = pose_at(seconds), expression_at(seconds)
        with self._drawing:
            if not self._mask_scenes:
                masks = masks_of(load_portrait(), self._look)
                self._mask_scenes = tuple(DemoScene(mask, self._size_wh, noise_level=0.0) for mask in masks)
            worn, beneath = (scene.draw(pose, expression, index) for scene in self._mask_scenes)
        skin, glasses, fringe, face, beard, _ = (
            np.ascontiguousarray(drawn[..., channel]) for drawn in (worn, beneath) for channel in range(3)
        )
        return DemoMasks(skin, glasses, fringe, face, beard)

    def start(self, deliver: Callable[[PendingFrame], None]) -> None:
        """Deliver frames from tick 0 on, each when it is due, from a thread of its own. Safe to call twice."""
        if self._thread is not None:
            return
        # An event per run: a thread that stopped itself may still be on its way out.
        self._stopping = threading.Event()
        run = (deliver, self._stopping)
        self._thread = threading.Thread(target=self._run, args=run, name="demo-camera", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop delivering; when it returns no further frame comes. Safe to call twice."""
        self._stopping.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()
        self._thread = None

    def _run(self, deliver: Callable[[PendingFrame], None], stopping: threading.Event) -> None:
        schedule = TickSchedule(time.monotonic(), self._fps)
        tick = 0
        while not stopping.is_set():
            frame = self.frame_at(tick).frame
            # `time.sleep` keeps to the millisecond on every system; a wait on the event does not on Windows.
            time.sleep(max(0.0, schedule.due_s(tick) - time.monotonic()))
            if stopping.is_set():
                return
            deliver(replace(frame, captured_ns=time.monotonic_ns()))
            tick = schedule.next_tick(tick, time.monotonic())
