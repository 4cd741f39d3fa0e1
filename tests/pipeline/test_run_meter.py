"""Room: tests. The report of a run."""

from __future__ import annotations

import numpy as np
import pytest

from mirror_app.domain.frame import Frame
from mirror_app.pipeline.result import MirrorState
from mirror_app.pipeline.run_meter import RunMeter
from tests.fakes import result_of

MS = 1_000_000
PROMISED = {
    "frames_per_second", "pipeline_ms", "end_to_end_ms", "stages_ms", "between_ms", "drops", "cpu_ms_per_frame",
    "peak_rss_mb", "rss_mb_per_minute", "engine", "device", "size",
}  # fmt: skip


def _meter(indices: list[int], *, every_ms: int = 20, takes_ms: int = 5) -> RunMeter:
    meter = RunMeter()
    for turn, index in enumerate(indices):
        captured_ns = turn * every_ms * MS
        frame = Frame(np.zeros((48, 64, 3), np.uint8), index, captured_ns)
        meter.record(result_of(frame), pipeline_ms=takes_ms - 1, done_ns=captured_ns + takes_ms * MS)
    return meter


def test_rate_and_latency_are_those_of_the_frames() -> None:
    report = _meter(list(range(51))).report(drops=3, engine="mesh", device="CPU")
    assert report.frames_per_second == pytest.approx(50)
    assert report.end_to_end_ms.p50 == pytest.approx(5)
    assert report.pipeline_ms.p99 == pytest.approx(4)
    assert report.states == {"live": 51, "hold": 0, "shield": 0}
    assert report.drops == 3


def test_the_json_carries_every_promised_key() -> None:
    table = _meter([0, 1, 2]).report(drops=0, engine="mesh", device="CPU").as_json()
    assert table.keys() >= PROMISED
    assert table["size"] == "64x48"
    stages = table["stages_ms"]
    assert isinstance(stages, dict)
    assert stages == {
        name: {"p50": value, "p95": value, "p99": value} for name, value in (("mesh", 1.0), ("swap", 2.0))
    }


@pytest.mark.parametrize(
    ("indices", "in_order"), [([0, 1, 5, 6], True), ([0, 2, 1], False), ([0, 1, 1], False), ([7], True)]
)
def test_a_frame_that_overtakes_another_is_noticed(indices: list[int], in_order: bool) -> None:
    assert _meter(indices).report(drops=0, engine="", device="").in_order is in_order


def test_looks_between_frames_are_counted_apart() -> None:
    meter = _meter([0, 1, 2])
    for spent_ms in (0.0, 7.0, 0.0):
        meter.record_between(spent_ms)
    report = meter.report(drops=0, engine="mesh", device="CPU")
    assert report.between_ms.p50 == 0
    assert report.between_ms.p99 == pytest.approx(7, rel=0.05)
    assert report.pipeline_ms.p99 == pytest.approx(4)


def test_a_run_without_frames_reports_zeros() -> None:
    report = RunMeter().report(drops=0, engine="mesh", device="CPU")
    assert report.frames_per_second == 0
    assert report.states[MirrorState.LIVE.value] == 0
