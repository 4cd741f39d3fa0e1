"""Room: gui. Measures a run of the window: bench's numbers, and how long the first swapped picture took."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from mirror_app.gui.live_worker import LiveTurn
from mirror_app.pipeline.result import MirrorState
from mirror_app.pipeline.run_meter import RunMeter, RunReport


@dataclass(frozen=True, slots=True)
class LiveReport:
    """What a run of the window measured.

    Attributes:
        run: From the first swapped paint on; `end_to_end_ms` goes from hand-over to the end of the paint.
        first_swapped_paint_ms: From the start of the process to the end of the first paint of a LIVE frame; None when
            there was none.
    """

    run: RunReport
    first_swapped_paint_ms: float | None

    def as_json(self) -> dict[str, object]:
        """The report with the keys that the command line promises."""
        first = self.first_swapped_paint_ms
        return {**self.run.as_json(), "first_swapped_paint_ms": None if first is None else round(first, 1)}


class LiveMeter:
    """Takes in every paint. Starting up is not counted: the meter begins with the first swapped picture."""

    def __init__(self) -> None:
        self._meter = RunMeter()
        self._drops_before = 0
        self._first_swapped_ns: int | None = None

    def painted(self, turn: LiveTurn, done_ns: int, drops: int) -> None:
        """Take in a paint.

        Args:
            turn: What was painted.
            done_ns: `time.monotonic_ns()` at the end of the paint.
            drops: How many frames were left out since the start of the app.
        """
        if self._first_swapped_ns is None and turn.result.state is MirrorState.LIVE:
            self._first_swapped_ns = done_ns
            self._meter, self._drops_before = RunMeter(), drops
        self._meter.record(turn.result, pipeline_ms=turn.pipeline_ms, done_ns=done_ns)

    def report(self, *, drops: int, engine: str, device: str) -> LiveReport:
        """Sum up; `drops` as in `painted`."""
        first = self._first_swapped_ns
        run = self._meter.report(drops=drops - self._drops_before, engine=engine, device=device)
        return LiveReport(run, None if first is None else (first - process_start_ns()) / 1e6)


def process_start_ns() -> int:
    """When this process began, on the clock of `time.monotonic_ns()`.

    Linux tells to 10 ms. Elsewhere it is reckoned from the processor time used, which misses time spent waiting.
    """
    if sys.platform != "linux":
        return time.monotonic_ns() - time.process_time_ns()
    # Field 22 of /proc/self/stat (proc(5)): ticks since boot; the name in field 2 may hold spaces and brackets.
    fields = Path("/proc/self/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    age_s = time.clock_gettime(time.CLOCK_BOOTTIME) - int(fields[19]) / os.sysconf("SC_CLK_TCK")
    return time.monotonic_ns() - round(age_s * 1e9)
