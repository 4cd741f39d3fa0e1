"""Room: runtime. A risky question asked in a process of its own: it may crash or hang there, and the app goes on."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from mirror_app.domain.sentence import Sentence
from mirror_app.domain.system_reason import system_reason

Question = Callable[..., list[str]]
"""A module-level function that takes and returns strings."""

ANSWER: Final = "--answer-parent"
"""First word of the command line of a child: no command of the app, the program asks itself."""
_PATIENCE_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What the child said.

    Attributes:
        lines: What the function returned.
        trouble: Why there is no answer: its last words, a crash, or that it took too long; else "".
    """

    lines: tuple[str, ...]
    trouble: str


def ask_child(function: Question, *arguments: str, patience_s: float = _PATIENCE_S) -> Answer:
    """Call a function in a new Python process, which is ended when it takes longer than this."""
    return ask_child_by_name(function.__module__, function.__name__, *arguments, patience_s=patience_s)


def ask_child_by_name(module: str, function: str, *arguments: str, patience_s: float = _PATIENCE_S) -> Answer:
    """The same for a function whose module may not be importable here, or not without harm."""
    command = child_command(module, function, *arguments)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        done = subprocess.run(command, capture_output=True, timeout=patience_s, env=environment, check=False)
    except subprocess.TimeoutExpired:
        return Answer((), Sentence("no answer within {seconds} s", seconds=f"{patience_s:.0f}"))
    except OSError as error:
        return Answer((), system_reason(error))
    if done.returncode != 0:
        words = done.stderr.decode(errors="replace").strip().splitlines()
        return Answer((), words[-1] if words else _ending(done.returncode))
    # The answer is the last line: libraries may have written others.
    answer = done.stdout.decode(errors="replace").splitlines()[-1]
    return Answer(tuple(str(line) for line in json.loads(answer)), "")


def child_command(module: str, function: str, *arguments: str) -> list[str]:
    """The command line of a process that calls a function."""
    # A packaged app is its own interpreter and always runs this package.
    program = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "mirror_app"]
    return [*program, ANSWER, module, function, *arguments]


def answer_parent(arguments: Sequence[str]) -> None:
    """Be the child: call the function that the arguments name, and write what it returns as the last line.

    A function that returns None has talked to the parent by itself.
    """
    module, function, *rest = arguments
    answer = getattr(importlib.import_module(module), function)(*rest)
    if answer is not None:
        sys.stdout.write("\n" + json.dumps(answer))


def _ending(code: int) -> Sentence:
    if code < 0:
        return Sentence("it crashed (signal {number})", number=-code)
    return Sentence("it ended with exit code {number}", number=code)
