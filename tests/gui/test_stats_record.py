"""Room: tests. The record of the last ten seconds."""

from __future__ import annotations

import numpy as np
import pytest

from mirror_app.gui.stats.record import PAINT, STEPS, WAIT, Skips, StatsRecord
from mirror_app.pipeline.result import MirrorState, Stage
from tests.gui.stats_frames import MS, PIPELINE_MS, STAGES_MS, record_of, turn


def test_the_steps_are_the_stages_in_their_order_between_waiting_and_paint() -> None:
    assert (WAIT, *(stage.value for stage in Stage), PAINT) == STEPS


def test_the_steps_of_a_frame_add_up_to_its_delay() -> None:
    record, done_ns = record_of(5, paint_ms=4.0)
    recent = record.recent(done_ns)
    assert recent.delays_ms == pytest.approx(2.0 + PIPELINE_MS + 4.0)
    assert recent.steps_ms.sum(axis=1) == pytest.approx(recent.delays_ms, rel=1e-5)
    assert recent.steps[WAIT].p50 == pytest.approx(2.0, abs=1e-3)
    assert recent.steps["swap"].p50 == pytest.approx(STAGES_MS["swap"])
    assert recent.steps[PAINT].p99 == pytest.approx(4.0, abs=1e-3)


def test_frames_older_than_ten_seconds_are_not_counted() -> None:
    record, done_ns = record_of(600, every_ms=33.0)
    recent = record.recent(done_ns)
    assert len(recent) == 304  # 10 000 / 33, and the one at the end
    assert recent.indexes[-1] == 599
    assert recent.frames_per_second == pytest.approx(1000 / 33)
    assert len(record.recent(done_ns + 20_000 * MS)) == 0


@pytest.mark.parametrize("count", [0, 1, 1023, 1024, 1025, 2500])
def test_the_ring_keeps_the_newest_in_order(count: int) -> None:
    record, done_ns = record_of(count, every_ms=1.0)
    indexes = record.recent(done_ns).indexes.tolist()
    assert indexes == list(range(max(count - 1024, 0), count))


def test_left_out_pictures_are_counted_in_the_window_and_where_they_happened() -> None:
    record, done_ns = record_of(45)
    recent = record.recent(done_ns)
    assert recent.skipped == Skips(4, 0)
    assert np.flatnonzero(recent.new_skips[:, 0]).tolist() == [10, 20, 30, 40]


def test_states_are_kept() -> None:
    record = StatsRecord()
    for index, state in enumerate(MirrorState):
        record.painted(turn(index, index * MS, state=state), 100 * MS, Skips(0, 0))
    assert record.recent(100 * MS).states == tuple(MirrorState)


def test_the_rate_looks_at_the_last_two_seconds_and_the_percentiles_at_ten() -> None:
    record = StatsRecord()
    for number in range(10):  # slow, five seconds ago
        each = turn(number, number * 200 * MS)
        record.painted(each, each.result.captured_ns + 90 * MS, Skips(0, 0))
    begin_ns = 5_000 * MS
    for number in range(31):  # 30 a second
        each = turn(number, begin_ns + round(number * 1000 / 30 * MS))
        record.painted(each, each.result.captured_ns + 30 * MS, Skips(3, 1))
    numbers = record.numbers(begin_ns + 1100 * MS, Skips(3, 1))
    assert numbers is not None
    assert numbers.frames_per_second == pytest.approx(30, abs=0.1)
    assert numbers.delay_ms == pytest.approx(30)
    assert numbers.delays.p95 == pytest.approx(90)
    assert numbers.skips == Skips(3, 1)
    assert record.numbers(begin_ns + 9_000 * MS, Skips(3, 1)) is None


def test_nothing_painted_gives_no_numbers() -> None:
    recent = StatsRecord().recent(10**12)
    assert len(recent) == 0
    assert recent.frames_per_second == 0
    assert recent.delays.p99 == 0
    assert recent.skipped == Skips(0, 0)
    assert StatsRecord().numbers(10**12, Skips(0, 0)) is None
