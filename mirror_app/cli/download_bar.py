"""Room: cli. The line that shows how far a download is; shown only where a person reads along."""

from __future__ import annotations

import sys
import time
from typing import Final

from mirror_app.language import Words

_CELLS: Final = 24
_EVERY_S: Final = 0.2


class DownloadBar:
    """Drawn over itself, with speed and time left."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._is_shown = sys.stderr.isatty()
        self._start_s = time.monotonic()
        self._first: int | None = None
        self._drawn_s = 0.0

    def __call__(self, done: int, expected: int | None) -> None:
        """Say how far it is: bytes that have come, and bytes expected where that is known."""
        if self._first is None:
            self._first = done
        now_s = time.monotonic()
        if not self._is_shown or now_s - self._drawn_s < _EVERY_S:
            return
        self._drawn_s = now_s
        per_s = (done - self._first) / max(now_s - self._start_s, 1e-3)
        sys.stderr.write(f"\r{download_line(self._words, done, expected, per_s)}\x1b[K")
        sys.stderr.flush()

    def clear(self) -> None:
        """Take the line away."""
        if self._is_shown and self._drawn_s:
            sys.stderr.write("\r\x1b[K")


def download_line(words: Words, done: int, expected: int | None, per_s: float) -> str:
    """The text of the bar: `[####....]  50 %  120/240 MB  8.1 MB/s  0:13 left`.

    Args:
        words: The user's language.
        done: Bytes that have come, also in earlier runs.
        expected: Bytes of the file; None where the server does not say.
        per_s: Bytes per second, of this run.
    """
    speed = f"{per_s / 1e6:.1f} MB/s"
    if not expected:
        return f"{done / 1e6:.1f} MB  {speed}"
    part = min(done / expected, 1.0)
    filled = round(part * _CELLS)
    bar = "#" * filled + "." * (_CELLS - filled)
    line = f"[{bar}] {part:4.0%}  {done / 1e6:.0f}/{expected / 1e6:.0f} MB  {speed}"
    if per_s <= 0:
        return line
    left_s = round((expected - done) / per_s)
    return f"{line}  {words('{time} left', time=f'{left_s // 60}:{left_s % 60:02d}')}"
