"""Room: tests. Questions for a child process; imports next to nothing, so that the child starts quickly."""

from __future__ import annotations

import os
import signal
import sys
import time


def answer(*words: str) -> list[str]:
    """Every word in capitals, after a line that is no answer."""
    sys.stdout.write("a library says hello\n")
    return [word.upper() for word in words]


def give_up() -> list[str]:
    """End the process with a sentence."""
    sys.exit("There is no screen.")


def fail() -> list[str]:
    """End with a traceback."""
    raise ValueError("wrong wire")


def crash() -> list[str]:
    """End as a process does that touches memory which is not its own."""
    os.kill(os.getpid(), signal.SIGKILL)
    return []


def sleep() -> list[str]:
    """Take longer than anybody waits."""
    time.sleep(60)
    return []
