"""Room: cli. A question to the person at the terminal that only a clear yes answers with yes."""

from __future__ import annotations

import sys


def can_ask() -> bool:
    """Whether somebody is there to answer."""
    return sys.stdin.isatty()


def agreed(question: str) -> bool:
    """Ask, and say whether the answer was a yes; an end of input is a no."""
    try:
        answer = input(question)
    except EOFError:
        return False
    return answer.strip().lower() in ("yes", "y", "是")
