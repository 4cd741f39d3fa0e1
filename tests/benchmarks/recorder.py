"""Room: tests. Prints what a recording is worth: sound in step, missing pictures, and what kill -9 leaves: `python -m`.

Runs in real time. The microphone's clock is 100 ppm off, more than any in the shops.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from mirror_app.deliver.recording_file import growing_file, recover
from tests.deliver import marks
from tests.deliver.shooting import opened, shoot

SIZE_WH = (1280, 720)
PPM = 100.0


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.recorder", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10, help="0 leaves this out")
    parser.add_argument("--kills", type=int, default=20, help="0 leaves them out")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if asked.minutes:
            sys.stdout.write(in_step(Path(folder) / "long.mp4", asked.minutes * 60))
        if asked.kills:
            sys.stdout.write(after_kills(Path(folder), asked.kills))


def in_step(path: Path, seconds: float) -> str:
    """Record, decode again, and compare each flash with its click."""
    recorder = opened(path, SIZE_WH)
    before_s = time.process_time()
    shoot(recorder, seconds, ppm=PPM)
    cpu = (time.process_time() - before_s) / seconds
    before_s = time.monotonic()
    recorder.close()
    closing_s = time.monotonic() - before_s
    offsets = np.array(marks.offsets(path)) * 1000
    tenth = max(len(offsets) // 10, 1)
    drift = offsets[-tenth:].mean() - offsets[:tenth].mean()
    report, counts = recorder.report(), recorder.counts
    in_file = len(marks.levels(path))
    return (
        f"{seconds / 60:.1f} minutes of {SIZE_WH[0]}x{SIZE_WH[1]} at 30 with sound, microphone {PPM:.0f} ppm off\n"
        f"  flashes found      {len(offsets)} of {int(seconds / marks.EVERY_S)}\n"
        f"  sound after picture {offsets.min():.1f} .. {offsets.max():.1f} ms,"
        f" drift from the first tenth to the last {drift:.1f} ms\n"
        f"  pictures           {in_file} in the file, {report.frames} reported, {report.missing} missing: {counts}\n"
        f"  processor          {cpu:.2f} of a core with the feeder; {closing_s:.1f} s to close;"
        f" {path.stat().st_size / 2**20:.0f} MiB\n"
    )


def after_kills(folder: Path, count: int) -> str:
    """Kill a process that records, at random moments, and see how much of it plays: as it is, and made whole."""
    chance = random.Random(7)
    lost: list[float] = []
    for number in range(count):
        path = folder / f"录像 {number}.mp4"
        recorded_s = killed_after(path, chance.uniform(3, 9))
        as_it_is = marks.levels(growing_file(path))[-1][0]
        os.utime(growing_file(path), (0, 0))
        [whole] = recover(folder)
        if abs(marks.levels(whole)[-1][0] - as_it_is) > 0.1 or not marks.clicks(whole):
            return f"  {whole.name} was not made whole: {as_it_is}\n"
        lost.append(recorded_s - as_it_is)
    return f"kill -9 x {count}: all play and are made whole; lost {min(lost):.2f} .. {max(lost):.2f} s of the end\n"


def killed_after(path: Path, seconds: float) -> float:
    """Let another process record and kill it; how long it recorded, s."""
    command = [sys.executable, "-m", "tests.deliver.shooting", str(path), str(SIZE_WH[0]), str(SIZE_WH[1])]
    with subprocess.Popen(command) as process:
        while not growing_file(path).exists():
            time.sleep(0.01)
        begun_s = time.monotonic()
        time.sleep(seconds)
        recorded_s = time.monotonic() - begun_s
        process.send_signal(signal.SIGKILL)
    return recorded_s


if __name__ == "__main__":
    main()
