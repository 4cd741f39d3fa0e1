"""Room: tests. Feeds a recorder in real time, as camera and microphone do; run as a program, until it is killed."""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path

from mirror_app.deliver.recorder import Recorder, open_recorder
from mirror_app.deliver.sound import SoundFormat
from mirror_app.domain.frame import Size
from tests.deliver import marks

NS = 1_000_000_000
BLOCK = 480


def shoot(recorder: Recorder, seconds: float, *, ppm: float = 0.0, seed: int = 0) -> None:
    """Send pictures 30 times a second and sound every 10 ms; the microphone's clock is off by `ppm`."""
    chance = random.Random(seed)
    hz = marks.RATE_HZ * (1 + ppm * 1e-6)
    start_ns = time.monotonic_ns()
    index = first = 0
    while index < seconds * 30:
        now_s = (time.monotonic_ns() - start_ns) / NS
        if now_s >= index / 30:
            at_s = index / 30
            recorder.send(marks.picture(recorder.size_wh, index, at_s, start_ns + round(at_s * NS)))
            index += 1
        while (first + BLOCK) / hz <= now_s:
            jitter_ns = round(chance.gauss(0, 1_000_000))
            recorder.sound(marks.sound(first, BLOCK, hz), start_ns + round(first / hz * NS) + jitter_ns)
            first += BLOCK
        time.sleep(0.004)


def main() -> None:
    """Record into a file until somebody ends this process: path, width, height."""
    path, size_wh = Path(sys.argv[1]), (int(sys.argv[2]), int(sys.argv[3]))
    shoot(opened(path, size_wh), 3600)


def opened(path: Path, size_wh: Size) -> Recorder:
    return open_recorder(path, size_wh, marks.card(size_wh), SoundFormat(marks.RATE_HZ, 1))


if __name__ == "__main__":
    main()
