"""Room: deliver. Which picture stands at each tick of a steady rate, and what was missing. Has no clock of its own."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, replace
from typing import Final

from mirror_app.deliver.current import Current
from mirror_app.domain.frame import SafeFrame

_NS: Final = 1_000_000_000
_MOST_WAITING: Final = 45
"""Pictures kept while the disk takes a breath: 1.5 s at 30 per second, 120 MB at 720p."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of each tick, and of the pictures.

    Attributes:
        fresh: Ticks that show a picture for the first time.
        repeated: Ticks that show the one before once more, as no newer one came.
        cards: Ticks that show the card, as none came for too long.
        skipped: Ticks that were not written, as writing was too slow.
        dropped: Pictures that came while too many waited; they cost a tick only where nothing newer stands in.
    """

    fresh: int = 0
    repeated: int = 0
    cards: int = 0
    skipped: int = 0
    dropped: int = 0

    @property
    def written(self) -> int:
        """Pictures in the file."""
        return self.fresh + self.repeated + self.cards

    @property
    def missing(self) -> int:
        """Ticks without a picture of their own."""
        return self.repeated + self.cards + self.skipped


class Reel:
    """Pictures lie on it by the time the camera took them, which is steadier than the time they arrive.

    `put` is for any thread, all else for the one that writes.
    """

    def __init__(self, card: SafeFrame, start_ns: int, rate: int, patience_ns: int) -> None:
        """Begin empty.

        Args:
            card: Stands where pictures are missing.
            start_ns: The first tick, unless pictures come within `patience_ns`: then the first one's time is.
            rate: Ticks per second.
            patience_ns: How long to wait for a picture to begin with.
        """
        self._card = card
        self._start_ns = start_ns
        self._rate = rate
        self._patience_ns = patience_ns
        self._tick = -1
        self._moment_ns = start_ns
        self._current = Current(card, now_ns=lambda: self._moment_ns)
        self._last = card
        self._lock = threading.Lock()
        self._waiting: deque[SafeFrame] = deque()
        self._dropped = 0
        self._counts = Counts()

    @property
    def counts(self) -> Counts:
        """What happened so far; from any thread."""
        return replace(self._counts, dropped=self._dropped)

    def put(self, frame: SafeFrame) -> None:
        """A picture came; one of another size than the card's is dropped."""
        with self._lock:
            if frame.image_bgr.shape != self._card.image_bgr.shape:
                self._dropped += 1
                return
            if len(self._waiting) == _MOST_WAITING:
                self._waiting.popleft()
                self._dropped += 1
            self._waiting.append(frame)

    def begin(self, now_ns: int) -> bool:
        """Whether it has begun: find out where the first tick is, as soon as that can be known."""
        if self._tick >= 0:
            return True
        with self._lock:
            first = self._waiting[0] if self._waiting else None
        if first is not None and abs(first.captured_ns - self._start_ns) <= self._patience_ns:
            self._start_ns = first.captured_ns
        elif now_ns - self._start_ns < self._patience_ns:
            return False
        self._tick = 0
        return True

    @property
    def next_ns(self) -> int:
        """The time of the tick that is next."""
        return self._start_ns + max(self._tick, 0) * _NS // self._rate

    def skip_until(self, at_ns: int) -> None:
        """Give up the ticks before a time."""
        behind = max((at_ns - self.next_ns) * self._rate // _NS, 0)
        self._tick += behind
        self._counts = replace(self._counts, skipped=self._counts.skipped + behind)

    def take(self) -> tuple[SafeFrame, int]:
        """The picture of the next tick, and the tick's time."""
        at_ns = self.next_ns
        # A camera's pictures come a little before or after the ticks: each takes the nearest.
        self._moment_ns = at_ns + _NS // (2 * self._rate)
        with self._lock:
            while self._waiting and self._waiting[0].captured_ns <= self._moment_ns:
                self._current.put(self._waiting.popleft())
        frame = self._current.now()
        self._count(frame)
        self._last = frame
        self._tick += 1
        return frame, at_ns

    def _count(self, frame: SafeFrame) -> None:
        counts = self._counts
        if frame is self._card:
            counts = replace(counts, cards=counts.cards + 1)
        elif frame is self._last:
            counts = replace(counts, repeated=counts.repeated + 1)
        else:
            counts = replace(counts, fresh=counts.fresh + 1)
        self._counts = counts
