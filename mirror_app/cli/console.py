"""Room: cli. What every command says to the terminal, and how it is stopped from there."""

from __future__ import annotations

import json
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import FrameType
from typing import Final

from mirror_app.language import Words

INTERRUPTED: Final = 130
"""Exit code after Ctrl-C: 128 + SIGINT, as shells report it."""
_BAR_CELLS: Final = 24
_BAR_EVERY_S: Final = 0.2


def say(text: str) -> None:
    """Print a line of result."""
    sys.stdout.write(f"{text}\n")


def say_json(table: Mapping[str, object]) -> None:
    """Print one JSON object."""
    sys.stdout.write(json.dumps(table, ensure_ascii=False, indent=2) + "\n")


def note(text: str) -> None:
    """Print a line that is not part of the result."""
    sys.stderr.write(f"{text}\n")


class ProgressBar:
    """A line that is drawn over itself, with the time left; shown only where a person reads along."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._is_shown = sys.stderr.isatty()
        self._start_s = time.monotonic()
        self._drawn_s = 0.0

    def __call__(self, done: int, expected: int | None) -> None:
        """Say how far it is: frames done, and frames expected where that is known."""
        now_s = time.monotonic()
        if not self._is_shown or now_s - self._drawn_s < _BAR_EVERY_S:
            return
        self._drawn_s = now_s
        sys.stderr.write(f"\r{progress_line(self._words, done, expected, now_s - self._start_s)}\x1b[K")
        sys.stderr.flush()

    def clear(self) -> None:
        """Take the line away."""
        if self._is_shown and self._drawn_s:
            sys.stderr.write("\r\x1b[K")


def progress_line(words: Words, done: int, expected: int | None, spent_s: float) -> str:
    """The text of the bar: `[####....]  50 %  120/240 frames  0:13 left`."""
    if not expected:
        return words("{done} frames, {rate} per second", done=done, rate=f"{done / max(spent_s, 1e-3):.0f}")
    part = min(done / expected, 1.0)
    filled = round(part * _BAR_CELLS)
    left_s = round(spent_s / max(done, 1) * max(expected - done, 0))
    bar = "#" * filled + "." * (_BAR_CELLS - filled)
    counted = words("{done}/{expected} frames", done=done, expected=expected)
    left = words("{time} left", time=f"{left_s // 60}:{left_s % 60:02d}")
    return f"[{bar}] {part:4.0%}  {counted}  {left}"


@contextmanager
def stop_requests() -> Iterator[Callable[[], bool]]:
    """While the block runs, Ctrl-C and a polite kill only raise a flag; gives the function that reads it."""
    asked = threading.Event()

    def ask(number: int, at: FrameType | None) -> None:
        asked.set()

    previous = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked.is_set
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
