"""Room: deliver. How a stream fares in numbers: pictures, delay, upload. Sends nothing."""

from __future__ import annotations

import statistics
import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import Final

_LATELY_NS: Final = 3_000_000_000
"""Delay and upload are those of the last seconds."""
_LAG_STEP_NS: Final = 20_000_000
"""The sound follows the pictures' age when that changed by more: smaller steps are jitter, and would be heard."""


@dataclass(frozen=True, slots=True)
class StreamFigures:
    """A stream's numbers.

    Attributes:
        delay_ms: From a camera picture's time to the moment at which its packet was handed to the network: the median
            of the last seconds, None without fresh pictures. What takes the sound another way must delay it by so much.
        upload_bits_per_s: What the network took in the last seconds.
        sent: Pictures that were handed to the network.
        slow: Pictures left out because the network or this computer was too slow.
        away: Pictures that were due while there was no connection, after the first one.
        connections: How often a server took the stream.
    """

    delay_ms: float | None = None
    upload_bits_per_s: float = 0.0
    sent: int = 0
    slow: int = 0
    away: int = 0
    connections: int = 0


class StreamMeter:
    """Counts for the stream's thread, tells any."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sent = self._slow = self._away = self._connections = 0
        self._in_flight: deque[int | None] = deque()
        self._delays: deque[tuple[int, int]] = deque()
        self._ages: deque[tuple[int, int]] = deque()
        self._uploads: deque[tuple[int, int]] = deque()
        self._last_index: int | None = None
        self._lag_ns = 0

    def connected(self) -> None:
        """A server took the stream."""
        with self._lock:
            self._connections += 1
            self._in_flight.clear()
            self._uploads.clear()

    def encoded(self, index: int, captured_ns: int, shown_ns: int, *, is_fresh: bool) -> None:
        """A picture goes to the network.

        Args:
            index: Of the camera frame.
            captured_ns: Its time.
            shown_ns: Its time in the stream, on the same clock.
            is_fresh: False for the output's own card, whose age says nothing.
        """
        with self._lock:
            is_first = is_fresh and index != self._last_index
            self._last_index = index
            self._in_flight.append(captured_ns if is_first else None)
            if is_first:
                self._ages.append((shown_ns, shown_ns - captured_ns))
                _forget(self._ages, shown_ns)

    def left(self, times_ns: list[int]) -> None:
        """So many pictures, in their order, were handed to the network at these times."""
        with self._lock:
            for left_ns in times_ns:
                self._sent += 1
                captured_ns = self._in_flight.popleft() if self._in_flight else None
                if captured_ns is not None:
                    self._delays.append((left_ns, left_ns - captured_ns))

    def uploaded(self, total: int) -> None:
        """The bytes that went out on this connection until now."""
        now_ns = time.monotonic_ns()
        with self._lock:
            self._uploads.append((now_ns, total))
            _forget(self._uploads, now_ns)

    def missed(self, *, slow: int = 0, away: int = 0) -> None:
        """Pictures that were due and did not go out."""
        with self._lock:
            self._slow += slow
            self._away += away if self._connections else 0

    def lag_ns(self) -> int:
        """How old pictures are when they are shown: steady, so that the sound does not jump."""
        with self._lock:
            if self._ages:
                lag_ns = round(statistics.median(age for _, age in self._ages))
                if abs(lag_ns - self._lag_ns) > _LAG_STEP_NS:
                    self._lag_ns = lag_ns
            return self._lag_ns

    def figures(self) -> StreamFigures:
        """All numbers, now."""
        now_ns = time.monotonic_ns()
        with self._lock:
            _forget(self._delays, now_ns)
            _forget(self._uploads, now_ns)
            delay_ms = statistics.median(delay for _, delay in self._delays) / 1e6 if self._delays else None
            upload = 0.0
            if len(self._uploads) > 1:
                (start_ns, before), (end_ns, after) = self._uploads[0], self._uploads[-1]
                upload = (after - before) * 8e9 / max(end_ns - start_ns, 1)
            return StreamFigures(delay_ms, upload, self._sent, self._slow, self._away, self._connections)


def _forget(measures: deque[tuple[int, int]], now_ns: int) -> None:
    while measures and now_ns - measures[0][0] > _LATELY_NS:
        measures.popleft()
