"""Room: tests. Sound stays in step with the pictures' clock: gaps, overlaps, jitter, fast and slow devices."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from mirror_app.deliver.sound import SoundFormat, SoundTimeline

RATE_HZ = 8000
MONO = SoundFormat(RATE_HZ, 1)
MS = RATE_HZ // 1000


def ones(count: int) -> NDArray[np.int16]:
    return np.ones((count, 1), np.int16)


@pytest.mark.parametrize("ppm", [-300, -100, 0, 100, 300])
def test_two_hours_of_a_device_whose_clock_is_off_stay_in_step(ppm: int) -> None:
    timeline, chance = SoundTimeline(MONO), random.Random(ppm)
    hz, block, late_s = RATE_HZ * (1 + ppm * 1e-6), 100 * MS, []
    samples = ones(block)
    for number in range(72_000):
        at_s = number * block / hz
        timeline.place(samples, at_s + chance.gauss(0, 0.002))
        late_s.append(timeline.written / RATE_HZ - (number + 1) * block / hz)
    assert np.abs(late_s).max() < 0.01
    assert (timeline.silent, timeline.cut) == (0, 0)
    assert timeline.stretched == pytest.approx(-7200 * ppm * 1e-6 * RATE_HZ, abs=0.006 * RATE_HZ)


def test_a_gap_becomes_silence_and_what_follows_lies_where_it_belongs() -> None:
    timeline = SoundTimeline(MONO)
    timeline.place(ones(100 * MS), 0.0)
    placed = timeline.place(ones(10 * MS), 0.25)
    assert not placed[: 150 * MS].any()
    assert placed[150 * MS :].all()
    assert (timeline.silent, timeline.written) == (150 * MS, 260 * MS)


def test_what_comes_twice_or_from_before_the_beginning_is_cut() -> None:
    timeline = SoundTimeline(MONO)
    assert len(timeline.place(ones(100 * MS), -0.06)) == 40 * MS
    assert len(timeline.place(ones(100 * MS), -0.03)) == 30 * MS
    assert len(timeline.place(ones(10 * MS), 0.0)) == 0
    assert timeline.cut == 140 * MS


def test_silence_is_filled_in_only_where_nothing_is() -> None:
    timeline = SoundTimeline(SoundFormat(RATE_HZ, 2))
    assert timeline.fill_until(0.5).shape == (500 * MS, 2)
    assert timeline.fill_until(0.4).shape == (0, 2)


def test_single_samples_are_won_without_a_click() -> None:
    timeline = SoundTimeline(MONO)
    tone = (8000 * np.sin(np.arange(100 * MS) * 0.05)).astype(np.int16)[:, None]
    for number in range(200):
        placed = timeline.place(tone, number * 0.1 + 0.02)
        assert np.abs(np.diff(placed[:, 0].astype(int))).max() <= 450
    assert timeline.stretched > 0


@given(st.lists(st.tuples(st.integers(0, 60 * MS), st.floats(-0.2, 0.5)), max_size=30))
def test_the_run_of_samples_has_no_holes_and_counts_what_it_does(blocks: list[tuple[int, float]]) -> None:
    timeline, given_out, came, at_s = SoundTimeline(MONO), 0, 0, 0.0
    for count, jump_s in blocks:
        at_s += jump_s
        given_out += len(timeline.place(ones(count), at_s))
        came += count
    assert given_out == timeline.written
    assert timeline.written == came + timeline.silent - timeline.cut + timeline.stretched
