"""Room: tests. Questions asked in a process of their own."""

from __future__ import annotations

import os
import sys
import time

import pytest

from mirror_app.runtime import child
from mirror_app.runtime.child import ANSWER, ask_child, ask_child_by_name, child_command
from tests.tools.questions import answer, crash, fail, give_up, sleep


def test_the_answer_comes_back_whatever_else_is_printed() -> None:
    assert ask_child(answer, "ä b", "中").lines == ("Ä B", "中")
    assert ask_child(answer).trouble == ""


@pytest.mark.skipif(os.name == "nt", reason="no signals")
@pytest.mark.parametrize(
    ("function", "words"), [(give_up, "There is no screen."), (fail, "wrong wire"), (crash, "crashed (signal 9)")]
)
def test_a_child_that_gives_up_fails_or_crashes_says_why(function: child.Question, words: str) -> None:
    reply = ask_child(function)
    assert reply.lines == ()
    assert words in reply.trouble


def test_a_child_that_hangs_is_ended() -> None:
    begun = time.monotonic()
    assert "no answer within" in ask_child(sleep, patience_s=0.5).trouble
    assert time.monotonic() - begun < 20


@pytest.mark.parametrize(
    ("is_frozen", "program"), [(False, [sys.executable, "-m", "mirror_app"]), (True, [sys.executable])]
)
def test_a_packaged_app_starts_itself(monkeypatch: pytest.MonkeyPatch, is_frozen: bool, program: list[str]) -> None:
    monkeypatch.setattr(sys, "frozen", is_frozen, raising=False)
    assert child_command("a.module", "function", "x") == [*program, ANSWER, "a.module", "function", "x"]


def test_a_module_that_is_not_there_is_trouble() -> None:
    assert "No module named" in ask_child_by_name("mirror_app.nowhere", "x").trouble
