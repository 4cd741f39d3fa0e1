"""Room: tests. The numbers that the window shows and reports."""

from __future__ import annotations

import json
import subprocess
import sys
import time

import pytest

from mirror_app.gui.heartbeat import Block
from mirror_app.gui.live_meter import LiveMeter, process_start_ns
from mirror_app.gui.live_worker import LiveTurn
from mirror_app.pipeline.result import MirrorState, Unsafe
from tests.gui.fakes import frame, result

MS = 1_000_000


def turn(index: int, *, live: bool) -> LiveTurn:
    state = MirrorState.LIVE if live else MirrorState.SHIELD
    return LiveTurn(result(frame(index), state, None if live else Unsafe.NO_FACE), pipeline_ms=4.0)


def test_measuring_begins_with_the_first_swapped_paint() -> None:
    meter = LiveMeter()
    meter.painted(turn(0, live=False), time.monotonic_ns(), drops=20)
    first_ns = time.monotonic_ns()
    for index in range(1, 4):
        meter.painted(turn(index, live=True), first_ns + index * 10 * MS, drops=20)
    report = meter.report(drops=22, engine="mesh", device="CPU")
    assert report.run.frames == 3
    assert report.run.drops == 2
    assert report.run.in_order
    assert report.run.frames_per_second == pytest.approx(100)
    table = json.loads(json.dumps(report.as_json()))
    wanted = {
        "frames_per_second", "pipeline_ms", "end_to_end_ms", "stages_ms", "drops", "cpu_ms_per_frame", "peak_rss_mb",
        "rss_mb_per_minute", "engine", "device", "size", "in_order", "first_swapped_paint_ms",
    }  # fmt: skip
    assert wanted <= set(table)
    assert table["first_swapped_paint_ms"] == pytest.approx((first_ns + 10 * MS - process_start_ns()) / MS, abs=50)


def test_without_a_swapped_picture_there_is_no_first_one() -> None:
    meter = LiveMeter()
    meter.painted(turn(0, live=False), time.monotonic_ns(), drops=0)
    assert meter.report(drops=0, engine="", device="").as_json()["first_swapped_paint_ms"] is None


def test_blocks_while_starting_are_listed_but_do_not_count() -> None:
    meter, first_ns = LiveMeter(), time.monotonic_ns()
    meter.painted(turn(0, live=True), first_ns, drops=0)
    blocks = [
        Block(first_ns - 500 * MS, 180.04, 90.0, 0.0, "first.py:start"),
        Block(first_ns + 1500 * MS, 40.0, 12.0, 25.0, "gallery.py:paintEvent"),
        Block(first_ns + 2000 * MS, 35.0, 34.0, 0.0, ""),
    ]
    table = meter.report(drops=0, engine="mesh", device="CPU", blocks=blocks).as_json()
    assert table["gui_longest_block_ms"] == 40.0
    assert table["gui_longest_own_block_ms"] == 35.0
    listed = table["gui_blocks"]
    assert isinstance(listed, list)
    assert listed[0] == {"end_s": -0.5, "ms": 180.0, "busy_ms": 90.0, "starved_ms": 0.0, "in": "first.py:start"}
    assert len(listed) == 3


def test_without_a_swapped_picture_no_block_counts() -> None:
    report = LiveMeter().report(drops=0, engine="", device="", blocks=[Block(5, 99.0, 9.0, 1.0, "")])
    assert report.as_json()["gui_longest_block_ms"] == 0
    assert report.as_json()["gui_blocks"] == [{"end_s": None, "ms": 99.0, "busy_ms": 9.0, "starved_ms": 1.0, "in": ""}]


def test_frames_out_of_order_would_be_reported() -> None:
    meter = LiveMeter()
    for index in (3, 2):
        meter.painted(turn(index, live=True), time.monotonic_ns(), drops=0)
    assert not meter.report(drops=0, engine="", device="").run.in_order


def test_the_start_of_the_process_is_told() -> None:
    code = (
        "import time; begun = time.monotonic_ns(); time.sleep(0.3)\n"
        "from mirror_app.gui.live_meter import process_start_ns\n"
        "print((begun - process_start_ns()) / 1e6)"
    )
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    # From the start of the process to its first line: more than nothing, less than two slow seconds.
    assert -15 < float(output.stdout) < 2000
