"""Room: tests. In a crowd nobody leaves bare, and nobody wears what is not hers; a shorter crowd run."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest

from mirror_app.domain.assignment import Others
from mirror_app.domain.cast import Wearers, with_target
from mirror_app.pipeline import casting, guard
from tests.pipeline.crowd import CrowdRun, controls, named

FRAMES = 200


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    """What fails on purpose is not worth a line."""
    caplog.set_level(logging.CRITICAL + 1)


@pytest.mark.parametrize("others", list(Others))
@pytest.mark.parametrize("wearers", list(Wearers))
def test_nobody_leaves_bare_and_nobody_wears_what_is_not_hers(wearers: Wearers, others: Others) -> None:
    seed = list(Wearers).index(wearers) * 10 + list(Others).index(others)
    found = CrowdRun(seed, controls(wearers, others)).run(FRAMES)
    assert not found.bare
    assert not +found.wrong
    assert found.live > 3
    assert len(found.worn) > 2


@pytest.mark.parametrize(
    ("wearers", "others", "live"),
    [
        (Wearers.ONE, Others.SHIELD, 0),
        (Wearers.ONE, Others.BLUR, 30),
        (Wearers.ALL, Others.SHIELD, 30),
        (Wearers.CHOSEN, Others.SHIELD, 0),
        (Wearers.CHOSEN, Others.BLUR, 30),
    ],
)
def test_without_doubts_the_picture_leaves_where_everybody_is_covered(
    wearers: Wearers, others: Others, live: int
) -> None:
    assert CrowdRun(1, controls(wearers, others), has_doubts=False).run(30).live == live


def test_when_everybody_in_the_picture_was_chosen_all_are_covered_by_their_own_face() -> None:
    chosen = controls(Wearers.CHOSEN, Others.SHIELD)
    found = CrowdRun(1, replace(chosen, cast=with_target(chosen.cast, 3, named(3))), has_doubts=False).run(30)
    assert (found.live, dict(found.worn)) == (30, {"of 1": 30, "of 2": 30, "of 3": 30})


def test_the_run_sees_pixels_that_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(casting, "pixelate", lambda *_: None)
    assert CrowdRun(1, controls(Wearers.CHOSEN, Others.BLUR)).run(FRAMES).bare


def test_the_run_sees_a_guard_that_sleeps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "why_unsafe", lambda *_: None)
    assert CrowdRun(2, controls(Wearers.ALL, Others.SHIELD)).run(FRAMES).bare


def test_the_run_sees_a_face_given_to_whoever_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(casting, "_part_of", lambda *_, **__: named(1))
    assert +CrowdRun(3, controls(Wearers.CHOSEN, Others.SHIELD)).run(FRAMES).wrong
