"""Room: tests. The bench itself: what it counts and what it leaves out, not how fast anything is."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from mirror_app.domain.frame import Frame
from mirror_app.tools.bench import WARM_UP_FRAMES, run_bench
from mirror_app.tools.bench_input import BenchOptions
from tests.fakes import FakeMirror, make_video


@pytest.fixture
def options(tmp_path: Path) -> BenchOptions:
    return BenchOptions(str(make_video(tmp_path / "in.mp4", frames=5)), (64, 64), None)


def test_flat_out_every_frame_follows_the_one_before_and_the_warm_up_is_not_counted(options: BenchOptions) -> None:
    mirror = FakeMirror(on_frame=lambda frame: time.sleep(0.002))
    report = run_bench(mirror, options, 0.3, None)
    assert [frame.index for frame in mirror.frames] == list(range(len(mirror.frames)))
    assert report.run.frames == len(mirror.frames) - WARM_UP_FRAMES
    assert report.run.drops == 0
    assert report.run.in_order
    assert report.run.pipeline_ms.p50 >= 2
    assert report.pictures == 5
    assert mirror.resets == 1


def test_looks_between_frames_are_in_the_rate_but_in_no_frames_time(options: BenchOptions) -> None:
    class Looking(FakeMirror):
        def use_spare_time(self) -> None:
            super().use_spare_time()
            time.sleep(0.01)

    mirror = Looking()
    run = run_bench(mirror, options, 0.3, None).run
    assert mirror.looks_between == len(mirror.frames)
    assert run.between_ms.p50 >= 10
    assert run.pipeline_ms.p50 < run.between_ms.p50
    assert run.frames_per_second < 100


def test_in_real_time_no_frame_is_processed_before_it_is_due(options: BenchOptions) -> None:
    report = run_bench(FakeMirror(), options, 0.4, 100.0)
    assert report.run.in_order
    assert report.run.drops < report.run.frames
    assert report.run.frames_per_second < 120


def test_in_real_time_a_slow_mirror_drops_frames_and_keeps_the_order(options: BenchOptions) -> None:
    mirror = FakeMirror(on_frame=lambda frame: time.sleep(0.03))
    report = run_bench(mirror, options, 0.5, 100.0)
    assert report.run.in_order
    assert report.run.drops > report.run.frames / 2
    indices = [frame.index for frame in mirror.frames]
    assert indices == sorted(set(indices))


def test_frames_carry_the_time_of_their_hand_over(options: BenchOptions) -> None:
    ages_ms: list[float] = []

    def note(frame: Frame) -> None:
        ages_ms.append((time.monotonic_ns() - frame.captured_ns) / 1e6)

    run_bench(FakeMirror(on_frame=note), options, 0.2, 100.0)
    assert min(ages_ms) >= 0
    assert sorted(ages_ms)[len(ages_ms) // 2] < 1000


def test_the_json_says_what_was_run_on(options: BenchOptions) -> None:
    table = run_bench(FakeMirror(), options, 0.1, None).as_json()
    assert table["pictures"] == 5
    assert table["warm_up_frames"] == WARM_UP_FRAMES
    assert table["size"] == "64x64"
