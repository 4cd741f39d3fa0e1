"""Room: tools. A risky question asked in a process of its own: it may crash or hang there, and the app goes on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

Question = Callable[..., list[str]]
"""A module-level function that takes and returns strings."""

_RUN: Final = (
    "import importlib, json, sys; "
    "function = getattr(importlib.import_module(sys.argv[1]), sys.argv[2]); "
    "answer = function(*sys.argv[3:]); "
    "sys.stdout.write('\\n' + json.dumps(answer))"
)

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


def ask_child(function: Question, *arguments: str) -> Answer:
    """Call a function in a new Python process."""
    return ask_child_by_name(function.__module__, function.__name__, *arguments)


def ask_child_by_name(module: str, function: str, *arguments: str) -> Answer:
    """The same for a function whose module may not be importable here, or not without harm."""
    command = [sys.executable, "-c", _RUN, module, function, *arguments]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        done = subprocess.run(command, capture_output=True, timeout=_PATIENCE_S, env=environment, check=False)
    except subprocess.TimeoutExpired:
        return Answer((), f"no answer within {_PATIENCE_S:.0f} s")
    except OSError as error:
        return Answer((), error.strerror or str(error))
    if done.returncode != 0:
        words = done.stderr.decode(errors="replace").strip().splitlines()
        ended = f"it crashed (signal {-done.returncode})" if done.returncode < 0 else f"exit code {done.returncode}"
        return Answer((), words[-1] if words else ended)
    # The answer is the last line: libraries may have written others.
    answer = done.stdout.decode(errors="replace").splitlines()[-1]
    return Answer(tuple(str(line) for line in json.loads(answer)), "")
