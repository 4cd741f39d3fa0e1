"""Room: cli. The line that says how far a batch is and what the rest will take. Renders nothing."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from mirror_app.language import Words
from mirror_app.pipeline.batch_eta import BatchEta, Load
from mirror_app.pipeline.batch_inputs import is_video_name
from mirror_app.pipeline.batch_record import BatchItem

_EVERY_S: Final = 0.2
_LONGEST_NAME: Final = 32


class BatchBar:
    """A line that is drawn over itself; shown only where a person reads along."""

    def __init__(self, items: Sequence[BatchItem], words: Words) -> None:
        self._items = items
        self._words = words
        self._loads = [Load(is_video_name(Path(item.source)), item.size) for item in items]
        self._eta = BatchEta()
        self._is_shown = sys.stderr.isatty()
        self._number = 0
        self._begun_s = self._drawn_s = 0.0

    def begin(self, number: int) -> None:
        """The file with that number, counted from 0, is next."""
        self._number = number
        self._begun_s = time.monotonic()

    def __call__(self, done: int, expected: int | None) -> None:
        """Say how far the file is: frames done, and frames expected where that is known."""
        now_s = time.monotonic()
        if not self._is_shown or now_s - self._drawn_s < _EVERY_S:
            return
        self._drawn_s = now_s
        part = min(done / expected, 1.0) if expected else 0.0
        number = self._number
        left_s = self._eta.left_s(self._loads[number + 1 :], self._loads[number], part, now_s - self._begun_s)
        name = Path(self._items[number].source).name
        line = batch_line(self._words, number + 1, len(self._items), name, part, left_s)
        sys.stderr.write(f"\r{line}\x1b[K")
        sys.stderr.flush()

    def end(self) -> None:
        """The file is finished: learn its pace and take the line away."""
        self._eta.done(self._loads[self._number], time.monotonic() - self._begun_s)
        if self._is_shown and self._drawn_s:
            sys.stderr.write("\r\x1b[K")


def batch_line(words: Words, number: int, count: int, name: str, part: float, left_s: float | None) -> str:
    """The text of the line: `3/10  holiday.mp4   50 %  1:02:13 left in all`."""
    shown = name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
    line = f"{number}/{count}  {shown}  {part:4.0%}"
    if left_s is None:
        return line
    minutes, seconds = divmod(round(left_s), 60)
    left = f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}" if minutes >= 60 else f"{minutes}:{seconds:02d}"
    return f"{line}  {words('{time} left in all', time=left)}"
