"""Room: tests. Series of numbers, and the memory of this process."""

from __future__ import annotations

import sys
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mirror_app.pipeline.clock import MemoryWatch, Timings, peak_rss_mb, rss_mb


@settings(deadline=None)
@given(st.lists(st.floats(0, 1e6, width=32), min_size=1, max_size=300))
def test_percentiles_rise_and_stay_within_the_series(values: list[float]) -> None:
    timings = Timings()
    for value in values:
        timings.add(value)
    found = timings.percentiles()
    assert min(values) <= found.p50 <= found.p95 <= found.p99 <= max(values)
    assert found.p50 == pytest.approx(float(np.median(np.array(values, np.float32))), rel=1e-6)


def test_an_empty_series_has_zeros_for_percentiles() -> None:
    assert Timings().percentiles().as_json() == {"p50": 0.0, "p95": 0.0, "p99": 0.0}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not tell without an extra library")
def test_memory_is_told_in_mib_and_the_peak_is_not_below_it() -> None:
    assert 10 < rss_mb() < 100_000
    assert peak_rss_mb() >= rss_mb() - 1


@pytest.mark.parametrize(
    ("samples", "slope"),
    [
        pytest.param([(0, 100), (1, 100)], 0.0, id="too short to tell"),
        pytest.param([(0, 100), (30, 110), (60, 120)], 20.0, id="shorter than a minute: all of it counts"),
        pytest.param([(0, 10), (30, 300), (60, 400), (120, 401), (180, 402)], 1.0, id="the first minute is left out"),
    ],
)
def test_growth_is_the_slope_after_the_first_minute(
    samples: list[tuple[float, float]], slope: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    memory = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    monkeypatch.setattr("mirror_app.pipeline.clock.rss_mb", lambda: memory[0])
    watch = MemoryWatch()
    for now[0], memory[0] in samples:
        watch.sample()
    assert watch.mb_per_minute() == pytest.approx(slope)


def test_memory_is_sampled_once_a_second_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[float] = []

    def look() -> float:
        calls.append(1.0)
        return 1.0

    monkeypatch.setattr("mirror_app.pipeline.clock.rss_mb", look)
    watch = MemoryWatch()
    for _ in range(1000):
        watch.sample()
    assert len(calls) <= 2
