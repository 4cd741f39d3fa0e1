"""Room: gui. When the samples of a microphone sounded. Hears nothing itself and knows no Qt."""

from __future__ import annotations

from collections import deque
from typing import Final

_NS: Final = 1_000_000_000
_WINDOW_NS: Final = 3 * _NS
"""So long back the quickest delivery is looked for: a clock 100 ppm off moves by 0.3 ms in that time."""


class CaptureClock:
    """Tells time by counting samples, as they leave the device steadily while their delivery comes in fits and starts.

    The quickest delivery of the last seconds says where the count stands on the computer's clock; slower ones waited
    for a busy program.
    """

    def __init__(self, rate_hz: int) -> None:
        self._rate_hz = rate_hz
        self._count = 0
        self._starts: deque[tuple[int, int]] = deque()

    def first_ns(self, count: int, waiting: int, now_ns: int) -> int:
        """When the first sample of a block sounded.

        Args:
            count: Samples in the block.
            waiting: Samples that the device holds ready beyond it.
            now_ns: When it was read; the clock of the answer.
        """
        begun_ns = now_ns - (self._count + count + waiting) * _NS // self._rate_hz
        # A rising line of starts: the first one is the quickest delivery of the window.
        while self._starts and self._starts[-1][1] >= begun_ns:
            self._starts.pop()
        self._starts.append((now_ns, begun_ns))
        while now_ns - self._starts[0][0] > _WINDOW_NS:
            self._starts.popleft()
        at_ns = self._starts[0][1] + self._count * _NS // self._rate_hz
        self._count += count
        return at_ns
