"""Room: tests. What was found of a plan is believed for that plan and that driver only, and only from an own file."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from mirror_app.runtime.build_process import BuildPlace
from mirror_app.runtime.cuda_card import GraphicsCard
from mirror_app.runtime.parity_gate import Parity
from mirror_app.runtime.plan_file import Plan
from mirror_app.runtime.verdict import (
    Verdict,
    forget_verdict,
    is_proven,
    read_verdict,
    verdict_of,
    write_verdict,
)
from tests.runtime.test_plan_file import FACTS

PLAN = Plan(FACTS, "c" * 64, 400, 4, 61.5, "13.0")
PLACE = BuildPlace(GraphicsCard("NVIDIA GeForce RTX 3060", "8.6", 12 * 2**30, "13.0"), "11.4.0.106")
FOUND = verdict_of(Parity(is_finite=True, largest=0.01, mean=0.001, psnr_db=52.0, cosine=0.9999), PLAN, "13.0")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a plan would lie, with a verdict beside it."""
    folder = tmp_path / "engines"
    folder.mkdir(mode=0o700)
    path = folder / "inswapper_128.fp16.plan"
    write_verdict(path, FOUND)
    return path


def test_a_verdict_is_read_as_it_was_written(path: Path) -> None:
    assert read_verdict(path) == FOUND == Verdict("c" * 64, "13.0", 0.01, 0.001, 52.0, 0.9999)
    assert path.with_suffix(".verdict").stat().st_mode & 0o077 == 0


def test_two_that_are_equal_have_no_noise_at_all(path: Path) -> None:
    equal = replace(FOUND, largest=0.0, mean=0.0, psnr_db=math.inf)
    write_verdict(path, equal)
    assert read_verdict(path) == equal


@pytest.mark.parametrize(
    ("verdict", "plan", "cuda", "is_right"),
    [
        (FOUND, PLAN, "13.0", True),
        (None, PLAN, "13.0", False),
        (FOUND, replace(PLAN, sha256="d" * 64), "13.0", False),
        (FOUND, PLAN, "13.1", False),
        # What the driver was when the plan was built does not matter.
        (FOUND, replace(PLAN, cuda="12.8"), "13.0", True),
    ],
)
def test_it_holds_for_this_plan_under_this_driver(
    verdict: Verdict | None, plan: Plan, cuda: str, is_right: bool
) -> None:
    place = replace(PLACE, card=replace(PLACE.card, cuda=cuda))
    assert is_proven(verdict, plan, place) is is_right


def _rewrite(path: Path, **values: object) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), **values}))


def _link(path: Path) -> None:
    real = path.with_name("elsewhere")
    path.rename(real)
    path.symlink_to(real)


@pytest.mark.parametrize(
    "harm",
    [
        lambda path: path.unlink(),
        lambda path: path.write_text("{"),
        lambda path: path.write_text("[]"),
        lambda path: path.write_text("[" * 50_000),
        lambda path: path.write_bytes(b"\xff"),
        lambda path: path.write_bytes(b" " * 2**17 + path.read_bytes()),
        lambda path: _rewrite(path, format=2),
        lambda path: _rewrite(path, plan_sha256=1),
        lambda path: _rewrite(path, cosine="1"),
        lambda path: _rewrite(path, more=1),
        lambda path: path.chmod(0o620),
        lambda path: path.parent.chmod(0o770),
        _link,
    ],
)
def test_one_that_is_damaged_or_open_to_others_is_none(path: Path, harm: Callable[[Path], object]) -> None:
    harm(path.with_suffix(".verdict"))
    assert read_verdict(path) is None


def test_one_of_another_user_is_none(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getuid", lambda: path.parent.stat().st_uid + 1)
    assert read_verdict(path) is None


def test_one_of_an_older_plan_can_be_forgotten_twice(path: Path) -> None:
    for _ in range(2):
        forget_verdict(path)
        assert read_verdict(path) is None
