"""Room: gui. Measures a run of the window: bench's numbers, and how long the first swapped picture took."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mirror_app.gui.heartbeat import LONG_MS, Block
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
        blocks: When the window's thread left its events waiting for more than 33 ms; times as `first_swapped_ns`.
        first_swapped_ns: The end of the first paint of a LIVE frame, `time.monotonic_ns()`; None when there was none.
    """

    run: RunReport
    first_swapped_paint_ms: float | None
    blocks: Sequence[Block] = ()
    first_swapped_ns: int | None = None

    @property
    def live_blocks(self) -> Sequence[Block]:
        """Those after the first swapped paint."""
        first_ns = self.first_swapped_ns
        return [block for block in self.blocks if first_ns is not None and block.end_ns > first_ns]

    def as_json(self) -> dict[str, object]:
        """The report with the keys that the command line promises."""
        first = self.first_swapped_paint_ms
        return {
            **self.run.as_json(),
            "first_swapped_paint_ms": None if first is None else round(first, 1),
            "gui_longest_block_ms": round(max((block.ms for block in self.live_blocks), default=0.0), 1),
            "gui_longest_own_block_ms": round(max((block.own_ms for block in self.live_blocks), default=0.0), 1),
            "gui_blocks_over_ms": LONG_MS,
            "gui_blocks": [self._block_as_json(block) for block in self.blocks],
        }

    def _block_as_json(self, block: Block) -> dict[str, object]:
        """A block, timed from the first swapped paint: below 0 = while starting; null when there was no such paint."""
        first_ns = self.first_swapped_ns
        return {
            "end_s": None if first_ns is None else round((block.end_ns - first_ns) / 1e9, 2),
            "ms": round(block.ms, 1),
            "busy_ms": round(block.busy_ms, 1),
            "starved_ms": round(block.starved_ms, 1),
            "in": block.place,
        }


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

    def report(self, *, drops: int, engine: str, device: str, blocks: Sequence[Block] = ()) -> LiveReport:
        """Sum up; `drops` as in `painted`, `blocks` as `Heartbeat` has them."""
        first = self._first_swapped_ns
        run = self._meter.report(drops=drops - self._drops_before, engine=engine, device=device)
        return LiveReport(run, None if first is None else (first - process_start_ns()) / 1e6, blocks, first)


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
