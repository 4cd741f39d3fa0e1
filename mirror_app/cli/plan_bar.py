"""Room: cli. The line that shows how far the building of a plan is; shown only where a person reads along."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Final

from mirror_app.language import Words

if TYPE_CHECKING:
    from mirror_app.tools.models.plan_rows import BuildStep

_CELLS: Final = 24
_EVERY_S: Final = 0.2


class PlanBar:
    """Drawn over itself, with the time left."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._is_shown = sys.stderr.isatty()
        self._drawn_s = 0.0

    def __call__(self, step: BuildStep) -> None:
        """Say how far it is."""
        now_s = time.monotonic()
        if not self._is_shown or now_s - self._drawn_s < _EVERY_S:
            return
        self._drawn_s = now_s
        sys.stderr.write(f"\r{plan_line(self._words, step)}\x1b[K")
        sys.stderr.flush()

    def clear(self) -> None:
        """Take the line away."""
        if self._drawn_s:
            sys.stderr.write("\r\x1b[K")


def plan_line(words: Words, step: BuildStep) -> str:
    """The text of the bar: `2/5  inswapper_128 fp16  [####....]  50 %  1:40 left`."""
    filled = round(step.share * _CELLS)
    bar = "#" * filled + "." * (_CELLS - filled)
    line = f"{step.number}/{step.count}  {step.name} {step.precision}  [{bar}] {step.share:4.0%}"
    if step.left_s is None:
        return line
    left_s = round(step.left_s)
    return f"{line}  {words('{time} left', time=f'{left_s // 60}:{left_s % 60:02d}')}"
