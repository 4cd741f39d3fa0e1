"""Room: tests. A tracker and a renderer that do what a test says; bare skin has a colour of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.assignment import Assignment, Joining
from mirror_app.domain.face import TrackedFace
from mirror_app.domain.frame import Frame, RenderedFrame
from mirror_app.faces.track import FaceTracker
from mirror_app.pipeline.mirror import MirrorPipeline
from mirror_app.pipeline.result import MirrorControls, MirrorResult
from tests.faces.scripted import mesh_at
from tests.portrait import plain_target

SIZE_WH = (160, 120)
BARE_BGR = (255, 0, 255)
SWAPPED_BGR = (40, 160, 40)
ROOM_BGR = (90, 80, 70)
TARGET = plain_target(side=64)
CONTROLS = MirrorControls(target=TARGET)
# Where up to three people may stand.
SEATS = ((10, 10, 45, 50), (60, 40, 95, 80), (115, 10, 150, 50))


def a_face(track_id: int, seat: int = 0, *, with_mesh: bool = True) -> TrackedFace:
    """A face on one of the seats."""
    box = np.array(SEATS[seat], np.float32)
    centre = (float(box[[0, 2]].mean()), float(box[[1, 3]].mean()))
    return TrackedFace(track_id, mesh_at(centre, 40) if with_mesh else None, box)


def paint_boxes(image: NDArray[np.uint8], faces: Sequence[TrackedFace], bgr: tuple[int, int, int]) -> None:
    """Fill the faces' boxes, in place."""
    for face in faces:
        x0, y0, x1, y1 = face.box_xyxy.astype(int).clip(0)
        image[y0:y1, x0:x1] = bgr


def room_with(faces: Sequence[TrackedFace], size_wh: tuple[int, int] = SIZE_WH) -> NDArray[np.uint8]:
    """A camera picture: a wall, and bare skin where the faces are."""
    image = np.empty((size_wh[1], size_wh[0], 3), np.uint8)
    image[:] = ROOM_BGR
    paint_boxes(image, faces, BARE_BGR)
    return image


def shows(image: NDArray[np.uint8], bgr: tuple[int, int, int]) -> bool:
    """Whether any pixel has exactly this colour."""
    return bool((image == np.array(bgr, np.uint8)).all(-1).any())


def is_labelled(image: NDArray[np.uint8]) -> bool:
    """Whether there are letters: nothing else in these pictures is nearly white."""
    return bool((image > 235).all(-1).any())


@dataclass
class BrokenFrame:
    """A `PendingFrame` that cannot be decoded."""

    error: Exception
    index: int = 0
    captured_ns: int = 0

    def decode(self) -> Frame:
        raise self.error


class ScriptedTracker(FaceTracker):
    """Finds the faces in `now`; raises what stands in `follow_error` and `scan_error`."""

    follows = 1

    def __init__(self) -> None:
        self.now: tuple[TrackedFace, ...] = ()
        self.minds_others = self.minds_empty = self.is_missing = False
        self.empty_frames = 0
        self.follow_error: Exception | None = None
        self.scan_error: Exception | None = None
        self.resets = 0
        self.spare_frames: list[int] = []

    @property
    def faces(self) -> tuple[TrackedFace, ...]:
        return self.now

    @property
    def misses_one(self) -> bool:
        return self.is_missing

    def reset(self) -> None:
        self.resets += 1

    def follow(self, frame: Frame) -> None:
        if self.follow_error is not None:
            raise self.follow_error

    def scan(self, frame: Frame) -> None:
        if self.scan_error is not None:
            raise self.scan_error
        self.empty_frames = 0 if self.now else self.empty_frames + 1

    def use_spare_time(self, frame: Frame) -> bool:
        self.spare_frames.append(frame.index)
        if self.scan_error is not None:
            raise self.scan_error
        return False


@dataclass
class ScriptedRenderer:
    """Paints over every assigned face except those in `failing`; raises what stands in `error`."""

    engine: str = "script"
    device: str = "paper"
    trouble: str = ""
    aside: str = ""
    failing: set[int] = field(default_factory=set)
    error: Exception | None = None
    seen: list[Assignment] = field(default_factory=list)
    joining: Joining | None = None

    def render(
        self, frame: Frame, assignments: Sequence[Assignment], joining: Joining, hidden: Sequence[TrackedFace] = ()
    ) -> RenderedFrame:
        self.joining = joining
        if self.error is not None:
            raise self.error
        self.seen = list(assignments)
        covered = [each.live_face for each in assignments if each.live_face.track_id not in self.failing]
        image = frame.image_bgr.copy()
        paint_boxes(image, covered, SWAPPED_BGR)
        return RenderedFrame(image, frame.index, frame.captured_ns, frozenset(face.track_id for face in covered))


class Studio:
    """A mirror with a scripted tracker and renderer, and its clock."""

    def __init__(self, controls: MirrorControls = CONTROLS, *, allow_empty: bool = False, after_card: int = 1) -> None:
        self.tracker, self.renderer = ScriptedTracker(), ScriptedRenderer()
        self.mirror = MirrorPipeline(self.tracker, self.renderer, allow_empty=allow_empty, after_card=after_card)
        self.mirror.controls = controls
        self.index, self.now_ns = -1, 10**12
        self.frame = Frame(room_with([]), 0, 0)

    def turn(
        self,
        *faces: TrackedFace,
        step_ms: int = 33,
        size_wh: tuple[int, int] = SIZE_WH,
        decode_error: Exception | None = None,
    ) -> MirrorResult:
        """One frame in which these faces are seen and found."""
        self.index += 1
        self.now_ns += step_ms * 1_000_000
        self.tracker.now = faces
        image = room_with(faces, size_wh)
        image.flags.writeable = False
        self.frame = Frame(image, self.index, self.now_ns)
        if decode_error is not None:
            return self.mirror.process(BrokenFrame(decode_error, self.index, self.now_ns))
        return self.mirror.process(self.frame)
