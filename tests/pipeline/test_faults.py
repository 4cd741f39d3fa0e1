"""Room: tests. With faults at every stage, no picture at any output ever shows bare skin; a shorter fault run."""

from __future__ import annotations

import logging

import pytest

from mirror_app.pipeline import guard
from mirror_app.render import cpu
from tests.pipeline.faults import LONGEST_RETURN, FaultRun


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    """What fails on purpose is not worth a line."""
    caplog.set_level(logging.CRITICAL + 1)


def test_without_faults_every_frame_is_live() -> None:
    tally = FaultRun(0, with_faults=False).run(300)
    assert (tally.live, tally.frames) == (300, 300)
    assert not tally.unsafe


@pytest.mark.parametrize("seed", [11, 12])
def test_no_fault_shows_the_bare_face_at_any_output(seed: int) -> None:
    tally = FaultRun(seed).run(700)
    assert tally.frames > 600
    assert len(tally.injected) > 20
    assert not tally.unsafe
    assert not tally.not_held
    assert tally.longest_return <= LONGEST_RETURN
    assert tally.card_ms <= 350
    assert tally.panic_ms <= 100


def test_the_run_sees_a_leak(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cpu, "is_sound", lambda *_: True)
    # Which faults come is chance: one of these runs meets a patch that hides nothing.
    assert any(FaultRun(seed).run(350).unsafe for seed in range(11, 21))


def test_the_run_sees_a_guard_that_sleeps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "why_unsafe", lambda *_: None)
    assert FaultRun(12).run(300).unsafe
