"""Room: tests. The figures of following people, against a library for them and by hand."""

from __future__ import annotations

from itertools import permutations

import motmetrics  # type: ignore[import-untyped]
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mirror_app.faces.detect import overlap
from mirror_app.tools.people_match import LEAST_OVERLAP, FoundBox, MatchFigures, PeopleMatch, best_pairs

Truths = dict[int, NDArray[np.float32]]
Frames = list[tuple[Truths, list[FoundBox]]]


def _box(x: float, y: float = 0.0, side: float = 10.0) -> NDArray[np.float32]:
    return np.array([x, y, x + side, y + side], np.float32)


def _own(frames: Frames) -> MatchFigures:
    match = PeopleMatch()
    for truths, found in frames:
        match.add(truths, found)
    return match.figures


def _by_library(frames: Frames) -> tuple[float, float, int, int, int]:
    log = motmetrics.MOTAccumulator(auto_id=True)
    for truths, found in frames:
        apart = np.array([[1 - overlap(box, one.box_xyxy) for one in found] for box in truths.values()])
        apart = np.where(apart > 1 - LEAST_OVERLAP, np.nan, apart).reshape(len(truths), len(found))
        log.update(list(truths), [one.number for one in found], apart)
    names = ["mota", "idf1", "num_switches", "num_misses", "num_false_positives"]
    row = motmetrics.metrics.create().compute(log, metrics=names).iloc[0]
    return row["mota"], row["idf1"], int(row["num_switches"]), int(row["num_misses"]), int(row["num_false_positives"])


def _random_frames(seed: int, *, swaps: float) -> Frames:
    """Four people who cross, found with gaps, noise, false boxes and numbers that sometimes change over."""
    random = np.random.default_rng(seed)
    numbers, frames = [1, 2, 3, 4], Frames()
    for time in range(60):
        if random.random() < swaps:
            random.shuffle(numbers)
        truths = {person: _box(25 * person + 30 * np.sin(time / 9 + person), 3.0 * person) for person in range(1, 5)}
        found = [
            FoundBox(numbers[person - 1], box + random.normal(0, 0.5, 4).astype(np.float32))
            for person, box in truths.items()
            if random.random() > 0.1
        ]
        if random.random() < 0.2:
            found.append(FoundBox(9, _box(float(random.uniform(0, 150)), 40)))
        frames.append((truths, found))
    return frames


@pytest.mark.parametrize("swaps", [0.0, 0.05, 0.3])
@pytest.mark.parametrize("seed", range(4))
def test_our_figures_are_those_of_the_library(seed: int, swaps: float) -> None:
    frames = _random_frames(seed, swaps=swaps)
    own = _own(frames)
    mota, idf1, switches, misses, false_boxes = _by_library(frames)
    assert (own.switches, own.misses, own.false_boxes) == (switches, misses, false_boxes)
    assert own.mota == pytest.approx(mota)
    assert own.idf1 == pytest.approx(idf1)
    if swaps == 0.3:
        assert switches > 5


def test_numbers_that_change_over_count_once_for_each_of_the_two() -> None:
    frames: Frames = []
    for time in range(10):
        left, right = (1, 2) if time < 5 else (2, 1)
        truths = {1: _box(0), 2: _box(50)}
        frames.append((truths, [FoundBox(left, _box(0)), FoundBox(right, _box(50))]))
    own = _own(frames)
    assert own.switches == 2
    assert own.mota == pytest.approx(1 - 2 / 20)
    assert own.idf1 == pytest.approx(0.5)


def test_a_box_without_a_number_is_neither_a_miss_nor_a_switch_but_no_identity() -> None:
    frames: Frames = [({1: _box(0)}, [FoundBox(None if time < 5 else 7, _box(0))]) for time in range(10)]
    own = _own(frames)
    assert (own.misses, own.false_boxes, own.switches, own.unnamed) == (0, 0, 0, 5)
    assert own.mota == 1
    assert own.idf1 == pytest.approx(0.5)


def test_a_hidden_face_is_neither_to_be_found_nor_false() -> None:
    match = PeopleMatch()
    match.add({}, [FoundBox(1, _box(0))], ignored=[_box(1)])
    match.add({}, [FoundBox(1, _box(0))], ignored=[_box(80)])
    assert (match.figures.truths, match.figures.false_boxes) == (0, 1)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 4), st.integers(0, 5), st.integers(0, 2**32 - 1))
def test_the_best_pairs_are_those_of_trying_them_all(rows: int, columns: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    worth = np.where(random.random((rows, columns)) < 0.3, 0, random.random((rows, columns)))
    padded = np.zeros((rows, columns + rows))
    padded[:, :columns] = worth
    best = max(sum(padded[row, column] for row, column in enumerate(order))
               for order in permutations(range(columns + rows), rows))  # fmt: skip
    pairs = best_pairs(worth)
    assert sum(worth[pair] for pair in pairs) == pytest.approx(best)
    for side in (0, 1):
        assert len({pair[side] for pair in pairs}) == len(pairs)
