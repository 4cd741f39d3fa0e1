"""Room: tests. Prints how fast the mirror is with recorder and virtual camera on, and without: 720p at 30 per second.

`python -m tests.benchmarks.on_air [--seconds 60]`, in real time. Pictures of the demo camera are made before; the
virtual camera's process is the real one, its backend one for tests; the recorder writes a real file with sound.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from mirror_app.deliver.recorder import open_recorder
from mirror_app.deliver.sound import SoundFormat
from mirror_app.deliver.virtual_camera import CAMERA_SIZE, open_virtual_camera
from mirror_app.domain.frame import Frame
from mirror_app.pipeline.assembly import open_mirror
from mirror_app.pipeline.latest_slot import LatestSlot
from mirror_app.pipeline.outlets import Outlets
from mirror_app.pipeline.result import MirrorControls, MirrorState
from tests.benchmarks.overhead_parts import SCENES, pictures_of
from tests.deliver import camera_backend
from tests.deliver.camera_backend import FOLDER
from tests.portrait import plain_target

_RATE = 30.0
_SOUND = SoundFormat(48_000, 1)
_WARM_UP_S = 3.0


def measured(outlets: Outlets, seconds: float) -> tuple[float, float, float]:
    """Frames per second that came out, the share that was LIVE, and the longest time of a frame, ms."""
    mirror = open_mirror()
    mirror.controls = MirrorControls(target=plain_target())
    pictures = pictures_of(SCENES["720p, face 280 px"])
    slot: LatestSlot[Frame] = LatestSlot()
    live, times_ms = [], []

    def work() -> None:
        while (frame := slot.take()) is not None:
            begun_s = time.perf_counter()
            mirror.sizes = outlets.sizes
            result = mirror.process(frame)
            outlets.send(result)
            times_ms.append(1e3 * (time.perf_counter() - begun_s))
            live.append(result.state is MirrorState.LIVE)
            mirror.use_spare_time()

    worker = threading.Thread(target=work)
    worker.start()
    _feed(lambda index: slot.put(Frame(pictures[index % len(pictures)], index, time.monotonic_ns())), _WARM_UP_S)
    before = len(live)
    _feed(lambda index: slot.put(Frame(pictures[index % len(pictures)], index, time.monotonic_ns())), seconds)
    count = len(live) - before
    slot.close()
    worker.join()
    return count / seconds, float(np.mean(live[before:])), max(times_ms[before:])


def _feed(put: Callable[[int], None], seconds: float) -> None:
    """Be a camera, by absolute deadlines."""
    begun_s = time.monotonic()
    for index in range(round(seconds * _RATE)):
        time.sleep(max(begun_s + index / _RATE - time.monotonic(), 0))
        put(index)
    time.sleep(max(begun_s + seconds - time.monotonic(), 0))


def main() -> int:
    """Run both ways and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    seconds = parser.parse_args().seconds
    cv2.setNumThreads(1)
    write = sys.stdout.write
    write("frames/s  LIVE    slowest frame, ms\n")
    write("{:8.2f}  {:5.1%}  {:6.1f}  nothing on\n".format(*measured(Outlets(), seconds)))
    with tempfile.TemporaryDirectory() as folder:
        os.environ[FOLDER] = folder
        outlets = Outlets()
        camera = open_virtual_camera(CAMERA_SIZE, outlets.card(CAMERA_SIZE), serve=camera_backend.serve)
        recorder = open_recorder(Path(folder) / "film.mp4", CAMERA_SIZE, outlets.card(CAMERA_SIZE), _SOUND)
        outlets.add(camera)
        outlets.add(recorder, on_air=False)
        outlets.go_live()
        talks = threading.Event()
        talk = threading.Thread(target=_talk, args=(recorder.sound, talks))
        talk.start()
        write("{:8.2f}  {:5.1%}  {:6.1f}  recorder and virtual camera on\n".format(*measured(outlets, seconds)))
        talks.set()
        talk.join()
        reports = {"recorder": recorder.report(), "virtual camera": camera.report()}
        recorder.close()
        camera.close()
    for name, report in reports.items():
        write(
            f"{name}: {report.frames} pictures in {report.seconds:.1f} s, {report.missing} missing {report.trouble}\n"
        )
    return 0


def _talk(sound: Callable[[np.ndarray[tuple[int, int], np.dtype[np.int16]], int], None], stop: threading.Event) -> None:
    """Be a microphone."""
    piece = np.zeros((_SOUND.rate_hz // 50, 1), np.int16)
    while not stop.wait(0.02):
        sound(piece, time.monotonic_ns())


if __name__ == "__main__":
    sys.exit(main())
