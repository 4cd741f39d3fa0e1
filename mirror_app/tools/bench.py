"""Room: tools. Times the whole mirror, label and guard included, without camera and window. Prints nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from mirror_app.capture.picture_loop import PictureLoop
from mirror_app.domain.face import TrackedFace
from mirror_app.domain.frame import Frame, PendingFrame
from mirror_app.domain.geometry import box_around
from mirror_app.pipeline.latest_slot import LatestSlot
from mirror_app.pipeline.result import MirrorResult
from mirror_app.pipeline.run_meter import RunMeter, RunReport
from mirror_app.tools.bench_input import BenchOptions, back_and_forth, load_pictures

WARM_UP_FRAMES: Final = 30
"""Run before the clock starts: the first frames detect, allocate and fill caches."""
_NO_FRAME_S: Final = 5.0


class Mirror(Protocol):
    """What of `MirrorPipeline` is used here."""

    @property
    def engine(self) -> str:
        """Name of the way of swapping."""

    @property
    def device(self) -> str:
        """Where it runs."""

    def process(self, frame: PendingFrame, /) -> MirrorResult:
        """Turn one frame into a result; never raises for a bad frame."""

    def use_spare_time(self) -> None:
        """Do between two frames what otherwise falls due within one."""

    def reset(self) -> None:
        """Forget the frames before."""


@dataclass(frozen=True, slots=True)
class BenchReport:
    """What was measured, and on how many different pictures."""

    run: RunReport
    pictures: int

    def as_json(self) -> dict[str, object]:
        """The keys that the command line promises."""
        return {**self.run.as_json(), "pictures": self.pictures, "warm_up_frames": WARM_UP_FRAMES}


def run_bench(mirror: Mirror, options: BenchOptions, seconds: float, realtime_fps: float | None) -> BenchReport:
    """Bench the mirror.

    Args:
        mirror: Its controls are set.
        options: What to run on.
        seconds: How long to measure; reading and warming up come before.
        realtime_fps: Hand frames over at this pace, newest wins; None = the next frame as soon as one is done.

    Raises:
        InputError: The input cannot be used.
    """
    pictures = load_pictures(options, lambda image: _face_box(mirror.process(_frame(image, 0)).faces))
    mirror.reset()
    if realtime_fps is None:
        report = _run_flat_out(mirror, pictures, seconds)
    else:
        report = _run_in_real_time(mirror, pictures, seconds, realtime_fps)
    return BenchReport(report, len(pictures))


def _run_flat_out(mirror: Mirror, pictures: list[NDArray[np.uint8]], seconds: float) -> RunReport:
    frames = (_frame(image, index) for index, image in zip(count(), back_and_forth(pictures), strict=False))
    meter = _measure(mirror, frames, seconds)
    return meter.report(drops=0, engine=mirror.engine, device=mirror.device)


def _run_in_real_time(mirror: Mirror, pictures: list[NDArray[np.uint8]], seconds: float, fps: float) -> RunReport:
    slot: LatestSlot[PendingFrame] = LatestSlot()
    provider = PictureLoop("bench", lambda: back_and_forth(pictures), fps)
    warm_up_drops = 0

    def frames() -> Iterator[PendingFrame]:
        nonlocal warm_up_drops
        for number in count():
            if number == WARM_UP_FRAMES:
                warm_up_drops = slot.dropped
            frame = slot.take(_NO_FRAME_S)
            if frame is None:
                return
            yield frame

    provider.start(slot.put)
    try:
        meter = _measure(mirror, frames(), seconds)
    finally:
        provider.stop()
        slot.close()
    return meter.report(drops=slot.dropped - warm_up_drops, engine=mirror.engine, device=mirror.device)


def _measure(mirror: Mirror, frames: Iterator[PendingFrame], seconds: float) -> RunMeter:
    """Warm up, then run until the time is over, with looks around between the frames as in the window."""
    for _, frame in zip(range(WARM_UP_FRAMES), frames, strict=False):
        mirror.process(frame)
        mirror.use_spare_time()
    meter = RunMeter()
    end_ns = time.monotonic_ns() + round(seconds * 1e9)
    for frame in frames:
        begun_ns = time.monotonic_ns()
        result = mirror.process(frame)
        done_ns = time.monotonic_ns()
        meter.record(result, pipeline_ms=(done_ns - begun_ns) / 1e6, done_ns=done_ns)
        mirror.use_spare_time()
        meter.record_between((time.monotonic_ns() - done_ns) / 1e6)
        if done_ns >= end_ns:
            break
    return meter


def _frame(image_bgr: NDArray[np.uint8], index: int) -> Frame:
    return Frame(image_bgr=image_bgr, index=index, captured_ns=time.monotonic_ns())


def _face_box(faces: tuple[TrackedFace, ...]) -> NDArray[np.float32] | None:
    """The box of the first mesh, (4,) float32 xyxy px."""
    for face in faces:
        if face.mesh is not None:
            return box_around(face.mesh.points)
    return None
