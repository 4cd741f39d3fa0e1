"""Room: tests. Paints that never happened, for the timing. No assertions."""

from __future__ import annotations

from dataclasses import replace

from mirror_app.gui.live_worker import LiveTurn
from mirror_app.gui.stats.record import Skips, StatsRecord
from mirror_app.pipeline.result import MirrorState, Stage
from tests.gui.fakes import frame, result

MS = 1_000_000
STAGES_MS = {stage.value: number + 1.0 for number, stage in enumerate(Stage)}
PIPELINE_MS = sum(STAGES_MS.values())


_RESULT = result(frame(0))


def turn(index: int, captured_ns: int, *, waited_ms: float = 2.0, state: MirrorState = MirrorState.LIVE) -> LiveTurn:
    """A result that waited, then took 1 ms for the first stage, 2 ms for the second, and so on."""
    finished_ns = captured_ns + round((waited_ms + PIPELINE_MS) * MS)

    made = replace(
        _RESULT, index=index, captured_ns=captured_ns, finished_ns=finished_ns, state=state, stages_ms=STAGES_MS
    )
    return LiveTurn(made, PIPELINE_MS)


def record_of(count: int, *, every_ms: float = 33.0, paint_ms: float = 4.0) -> tuple[StatsRecord, int]:
    """Frames at an even pace, one left out before the work with every tenth; and the time of the last paint."""
    record, done_ns = StatsRecord(), 0
    for index in range(count):
        each = turn(index, 10**12 + round(index * every_ms * MS))
        done_ns = each.result.finished_ns + round(paint_ms * MS)
        record.painted(each, done_ns, Skips(index // 10, 0))
    return record, done_ns
