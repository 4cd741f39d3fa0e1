"""Room: tests. The governor holds the budget, is calm under a constant load and gives everything back when it ends."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mirror_app.pipeline.governor import Governor

BUDGET_MS = 30.0
FRAME_NS = 33_333_333
SECOND = 30
Plant = Callable[[int, int], float]
"""The cost of a frame, ms, by level and number of the frame."""

CADENCES = (1, 2, 3, 4)


def run(governor: Governor, plant: Plant, frames: int, first: int = 0) -> list[int]:
    """The level after each frame."""
    levels = []
    for turn in range(first, first + frames):
        governor.observe(plant(governor.level, turn), BUDGET_MS, turn * FRAME_NS)
        levels.append(governor.level)
    return levels


def changes(levels: list[int]) -> int:
    return sum(a != b for a, b in pairwise(levels))


def key_frames(rest_ms: float, heavy_ms: float, periods: tuple[int, ...] = CADENCES) -> Plant:
    """Some work at every frame, and some that each level does at every so many frames only."""
    return lambda level, turn: rest_ms + (heavy_ms if turn % periods[level] == 0 else 0)


def shares(cost_ms: float, saved: tuple[float, ...]) -> Plant:
    """Work of which each level leaves the same share at every frame."""
    return lambda level, turn: cost_ms * saved[level]


def first_that_holds(plant: Plant, levels: int) -> int:
    means = [sum(plant(level, turn) for turn in range(12)) / 12 for level in range(levels)]
    return next((level for level, cost in enumerate(means) if cost <= BUDGET_MS), levels - 1)


@pytest.mark.parametrize(
    ("heavy_ms", "level"), [(0, 0), (20, 0), (26, 1), (40, 1), (60, 2), (80, 3), (120, 3), (1000, 3)]
)
def test_it_saves_as_little_as_holds_the_budget_and_then_stays(heavy_ms: float, level: int) -> None:
    levels = run(Governor(CADENCES), key_frames(5, heavy_ms), 120 * SECOND)
    assert levels[3 * SECOND] == level
    assert set(levels[3 * SECOND :]) == {level}


def test_two_slow_frames_change_nothing() -> None:
    governor = Governor(CADENCES)
    assert set(run(governor, lambda level, turn: 200.0 if turn == 40 else 10.0, 10 * SECOND)) == {0}


@given(
    rest=st.floats(0, 29), heavy=st.floats(0, 300),
    periods=st.lists(st.integers(1, 4), min_size=1, max_size=6).map(lambda some: tuple(sorted(some))),
)  # fmt: skip
@settings(max_examples=25, deadline=None)
def test_a_constant_load_finds_its_level_and_is_hardly_ever_asked_again(
    rest: float, heavy: float, periods: tuple[int, ...]
) -> None:
    levels = run(Governor(periods), key_frames(rest, heavy, periods), 120 * SECOND)
    # The climb, and a trial after 8, 24, 56 and 120 s for each level that saves something nobody could foresee.
    assert changes(levels) <= 2 * (len(periods) - 1) * 5
    assert max(levels[-20 * SECOND :]) - min(levels[-20 * SECOND :]) <= 1


@given(st.floats(1, 200), st.lists(st.floats(0.4, 0.98), min_size=1, max_size=5))
@settings(max_examples=25, deadline=None)
def test_what_cannot_be_foreseen_is_tried_ever_more_rarely(cost: float, steps: list[float]) -> None:
    saved = [1.0]
    for step in steps:
        saved.append(saved[-1] * step)
    levels = run(Governor((1,) * len(saved)), shares(cost, tuple(saved)), 260 * SECOND)
    assert changes(levels) <= len(steps) + 2 * 6
    assert changes(levels[130 * SECOND :]) <= 4


@given(st.floats(0, 20), st.floats(30, 300), st.floats(0, 6), st.integers(1, 40))
@settings(max_examples=25, deadline=None)
def test_when_the_load_ends_everything_is_given_back_step_by_step(
    rest: float, heavy: float, light: float, seconds: int
) -> None:
    governor = Governor(CADENCES)
    before = run(governor, key_frames(rest, heavy), seconds * SECOND)
    after = run(governor, key_frames(rest, light), 40 * SECOND, first=len(before))
    assert after[-1] == 0
    assert all(later <= earlier for earlier, later in pairwise(after[15:])), "it went up though nothing was slow"
    downs = [turn for turn, (earlier, later) in enumerate(pairwise(after)) if later < earlier]
    assert all(b - a >= 2 * SECOND for a, b in pairwise(downs)), "a level lasts for two seconds at least"


@given(st.floats(0, 29), st.floats(0, 200), st.floats(0, 100))
@settings(max_examples=25, deadline=None)
def test_more_load_never_means_less_saving(rest: float, heavy: float, more: float) -> None:
    lighter, heavier = (run(Governor(CADENCES), key_frames(rest, load), 5 * SECOND) for load in (heavy, heavy + more))
    assert all(a <= b for a, b in zip(lighter, heavier, strict=True))


@given(st.lists(st.floats(0, 500), min_size=1, max_size=400), st.integers(1, 6))
@settings(max_examples=50, deadline=None)
def test_it_moves_one_level_at_a_time_within_its_levels(costs: list[float], count: int) -> None:
    levels = [0, *run(Governor((1,) * count), lambda level, turn: costs[turn], len(costs))]
    assert all(abs(a - b) <= 1 for a, b in pairwise(levels))
    assert 0 <= min(levels) <= max(levels) < count


def test_noise_around_the_budget_does_not_pump() -> None:
    def plant(level: int, turn: int) -> float:
        return (29.0 + (turn * 7919 % 13) / 4) * (1.0, 0.85)[level]

    levels = run(Governor((1, 1)), plant, 300 * SECOND)
    assert changes(levels) <= 12


def test_a_clock_that_goes_back_does_not_stop_it() -> None:
    governor = Governor(CADENCES)
    run(governor, key_frames(5, 300), 10 * SECOND, first=10**6)
    assert governor.level == 3
    assert run(governor, key_frames(5, 0), 20 * SECOND)[-1] == 0


@pytest.mark.parametrize("periods", [(), (0,), (1, -1)])
def test_senseless_periods_are_refused(periods: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="positive periods"):
        Governor(periods)
