"""Room: tests. Prints how steady the virtual camera is beside a mirror at work, and how soon it shows the card.

`python -m tests.benchmarks.virtual_camera`, in real time. The camera is a backend registered with pyvirtualcam where
that is installed, else a stand-in; its process is the real one.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from mirror_app.capture.demo import DemoCamera
from mirror_app.deliver.virtual_camera import CAMERA_SIZE, open_virtual_camera
from mirror_app.domain.assignment import Assignment, Joining
from mirror_app.domain.face import TrackedFace
from mirror_app.domain.frame import Frame, PendingFrame, RenderedFrame
from mirror_app.pipeline.assembly import open_tracker
from mirror_app.pipeline.guard import LATE_NS
from mirror_app.pipeline.latest_slot import LatestSlot
from mirror_app.pipeline.mirror import MirrorPipeline
from mirror_app.pipeline.outlets import Outlets
from mirror_app.pipeline.result import MirrorControls
from mirror_app.render.cpu import CpuRenderer
from mirror_app.swap.mesh_swap import MeshSwapper
from tests.deliver import camera_backend
from tests.deliver.camera_backend import FOLDER, Received, Stage
from tests.deliver.camera_parent import digest
from tests.portrait import plain_target

_NS = 1_000_000_000
_MS = 1_000_000


class LosingRenderer(CpuRenderer):
    """Covers no face while `loses` is set, like a swapper that has no valid patch."""

    loses = False
    lost_ns = 0
    """When the first of the frames was taken whose swap is lost."""

    def render(
        self, frame: Frame, assignments: Sequence[Assignment], joining: Joining, hidden: Sequence[TrackedFace] = ()
    ) -> RenderedFrame:
        if not self.loses:
            self.lost_ns = 0
            return super().render(frame, assignments, joining)
        self.lost_ns = self.lost_ns or frame.captured_ns
        return super().render(frame, [], joining)


class Studio:
    """The demo camera, the mirror and its outlets, each in its thread as in the app."""

    def __init__(self) -> None:
        self.renderer = LosingRenderer(MeshSwapper())
        self.mirror = MirrorPipeline(open_tracker(), self.renderer, late_after_ns=LATE_NS)
        self.mirror.controls = MirrorControls(target=plain_target())
        self.outlets = Outlets()
        self.sent: set[int] = set()
        self.frames = 0
        self._slot: LatestSlot[PendingFrame] = LatestSlot()
        self._camera = DemoCamera()
        self._thread = threading.Thread(target=self._work, daemon=True)

    def start(self) -> None:
        self._camera.start(self._slot.put)
        self._thread.start()

    def stop(self) -> None:
        self._camera.stop()
        self._slot.close()
        self._thread.join()

    def panic(self, on: bool) -> None:
        """As the window does."""
        self.outlets.cover(on)
        self.mirror.controls = replace(self.mirror.controls, shield=on)

    def _work(self) -> None:
        while (pending := self._slot.take()) is not None:
            self.mirror.sizes = self.outlets.sizes
            result = self.mirror.process(pending)
            self.sent |= {digest(frame.image_bgr) for frame in result.leaving.values()}
            self.outlets.send(result)
            self.frames += 1
            self.mirror.use_spare_time()


@dataclass(frozen=True, slots=True)
class Run:
    """What a run has to say; times in ms."""

    mirror_rate: float
    rate: float
    jitter_p50: float
    jitter_p99: float
    missing: int
    panic: tuple[float, ...]
    lost_swap: tuple[float, ...]
    pictures: int
    unknown: int


def measured(seconds: float, trials: int, folder: Path) -> Run:
    """Run mirror and camera together.

    Args:
        seconds: How long they run undisturbed.
        trials: Panic keys and lost swaps, each.
        folder: For what the backend writes down.
    """
    os.environ[FOLDER] = str(folder)
    stage, studio = Stage(folder), Studio()
    card = studio.outlets.card(CAMERA_SIZE)
    camera = open_virtual_camera(CAMERA_SIZE, card, serve=camera_backend.serve)
    studio.outlets.add(camera)
    studio.outlets.go_live()
    studio.start()
    cards = {digest(card.image_bgr)}
    _until(lambda: stage.received()[-1].digest not in cards)
    first, frames, begun_s = len(stage.received()), studio.frames, time.monotonic()
    time.sleep(seconds)
    steady, mirror_rate = stage.received()[first:], (studio.frames - frames) / (time.monotonic() - begun_s)
    missing = camera.report().missing
    panic = tuple(_panic(studio, stage, cards) for _ in range(trials))
    lost_swap = tuple(_lost_swap(studio, stage, cards) for _ in range(trials))
    camera.close()
    studio.stop()
    received = stage.received()
    known = studio.sent | cards
    at_ms = np.array([one.at_ns for one in steady]) / _MS
    jitter = np.abs(np.diff(at_ms) - 1000 / 30)
    rate = (len(at_ms) - 1) / (at_ms[-1] - at_ms[0]) * 1000
    p50, p99 = np.percentile(jitter, [50, 99])
    unknown = sum(one.digest not in known for one in received)
    return Run(mirror_rate, float(rate), float(p50), float(p99), missing, panic, lost_swap, len(received), unknown)


def _panic(studio: Studio, stage: Stage, cards: set[int]) -> float:
    _settle(stage, cards)
    begun_ns = time.monotonic_ns()
    studio.panic(True)
    card = _first_card(stage, cards, begun_ns)
    time.sleep(0.3)
    after = [one for one in stage.received() if one.at_ns > card.at_ns]
    if any(one.digest not in cards for one in after):
        raise AssertionError("a picture came after the panic card")
    studio.panic(False)
    return (card.at_ns - begun_ns) / _MS


def _lost_swap(studio: Studio, stage: Stage, cards: set[int]) -> float:
    _settle(stage, cards)
    studio.renderer.loses = True
    _until(lambda: studio.renderer.lost_ns != 0)
    lost_ns = studio.renderer.lost_ns
    card = _first_card(stage, cards, lost_ns)
    studio.renderer.loses = False
    return (card.at_ns - lost_ns) / _MS


def _settle(stage: Stage, cards: set[int]) -> None:
    """Wait until live pictures come, and then for any part of a tick."""
    _until(lambda: all(one.digest not in cards for one in stage.received()[-10:]))
    time.sleep(random.uniform(0, 0.05))


def _first_card(stage: Stage, cards: set[int], since_ns: int) -> Received:
    def found() -> list[Received]:
        return [one for one in stage.received()[-60:] if one.at_ns >= since_ns and one.digest in cards]

    _until(lambda: bool(found()))
    return found()[0]


def _until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not is_so():
        if time.monotonic() > deadline:
            raise TimeoutError("the camera never came to it")
        time.sleep(0.01)


def as_text(run: Run) -> str:
    """A line for each figure."""

    def spread(times: Sequence[float]) -> str:
        return f"median {np.median(times):.0f}, worst {max(times):.0f} ms of {len(times)}" if times else "not measured"

    return (
        f"mirror                {run.mirror_rate:.2f} frames/s\n"
        f"virtual camera        {run.rate:.3f} frames/s, {run.missing} missing\n"
        f"jitter                p50 {run.jitter_p50:.2f} ms, p99 {run.jitter_p99:.1f} ms\n"
        f"panic key to card     {spread(run.panic)}\n"
        f"lost swap to card     {spread(run.lost_swap)}\n"
        f"pictures that nobody sent  {run.unknown} of {run.pictures}\n"
    )


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.virtual_camera", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--trials", type=int, default=20, help="panic keys and lost swaps, each")
    asked = parser.parse_args()
    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory() as folder:
        sys.stdout.write(as_text(measured(asked.seconds, asked.trials, Path(folder))))


if __name__ == "__main__":
    main()
