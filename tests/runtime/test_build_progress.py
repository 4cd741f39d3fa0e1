"""Room: tests. The share of a build never falls, whatever TensorRT tells, and reaches the end when its phases do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirror_app.runtime.build_progress import BuildProgress, seconds_left

NAMES = st.sampled_from(["build", "graph", "tactics", "reformats"])
TOLD = st.one_of(
    st.tuples(st.just("start"), NAMES, st.none() | NAMES, st.integers(0, 5)),
    st.tuples(st.just("step"), NAMES, st.none(), st.integers(0, 7)),
    st.tuples(st.just("finish"), NAMES, st.none(), st.just(0)),
)


@given(st.lists(TOLD, max_size=60))
def test_whatever_is_told_the_share_stays_in_its_range_and_never_falls(told: list[tuple[str, str, str, int]]) -> None:
    progress, before = BuildProgress(), 0.0
    for what, name, parent, number in told:
        if what == "start":
            progress.start(name, None if parent == name else parent, number)
        elif what == "step":
            progress.step(name, number)
        else:
            progress.finish(name)
        assert before <= progress.share <= 1.0
        before = progress.share


def test_the_phases_of_a_step_fill_it_and_the_steps_fill_the_build() -> None:
    progress, shares = BuildProgress(), []
    progress.start("build", None, 2)
    for inner in ("graph", "tactics"):
        progress.start(inner, "build", 4)
        for step in range(4):
            progress.step(inner, step)
            shares.append(progress.share)
        progress.finish(inner)
    assert shares == sorted(set(shares))
    assert shares[-1] < 0.5
    progress.step("build", 0)
    assert progress.share == 0.5
    progress.finish("build")
    assert progress.share == 1.0


@pytest.mark.parametrize(
    ("share", "spent_s", "left_s"), [(0.5, 30, 30), (0.25, 10, 30), (0.01, 99, None), (0.5, 0.1, None)]
)
def test_the_time_left_is_told_once_it_can_be(share: float, spent_s: float, left_s: float | None) -> None:
    assert seconds_left(share, spent_s) == left_s
