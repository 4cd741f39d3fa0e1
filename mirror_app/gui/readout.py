"""Room: gui. The rate and the delay of the last two seconds, for the line above the picture. Qt-free."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from statistics import median
from typing import Final

_WINDOW_NS: Final = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Rate:
    """Painted frames per second and the middle hand-over-to-paint time, ms."""

    frames_per_second: float
    delay_ms: float


class Readout:
    """Looks at the paints of the last two seconds."""

    def __init__(self) -> None:
        self._paints: deque[tuple[int, float]] = deque()

    def painted(self, captured_ns: int, done_ns: int) -> None:
        """Take in one paint; times are `time.monotonic_ns()`."""
        self._paints.append((done_ns, (done_ns - captured_ns) / 1e6))
        self._forget_before(done_ns - _WINDOW_NS)

    def rate(self, now_ns: int) -> Rate | None:
        """The present numbers; None when less than two frames were painted in the last two seconds."""
        self._forget_before(now_ns - _WINDOW_NS)
        if len(self._paints) < 2:
            return None
        seconds = (self._paints[-1][0] - self._paints[0][0]) / 1e9
        return Rate((len(self._paints) - 1) / seconds, median(delay for _, delay in self._paints))

    def _forget_before(self, oldest_ns: int) -> None:
        while self._paints and self._paints[0][0] < oldest_ns:
            self._paints.popleft()
