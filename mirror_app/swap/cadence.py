"""Room: swap. When something that is learnt about a face is due again. Learns nothing itself."""

from __future__ import annotations


class Cadence:
    """Due at first, and again whenever a time is over; also when the clock went back."""

    def __init__(self, every_ns: int, ahead: float = 0.0) -> None:
        """Begin with nothing done.

        Args:
            every_ns: Time between two turns.
            ahead: 0..1, by this share of the time the second turn comes earlier: faces that came together do not all
                have theirs in the same frame.
        """
        self._every_ns = every_ns
        self._ahead_ns = round(every_ns * ahead)
        self._done_ns: int | None = None

    def due(self, now_ns: int) -> bool:
        """Whether it should be done in this frame."""
        return self._done_ns is None or not 0 <= now_ns - self._done_ns < self._every_ns

    def done(self, now_ns: int) -> None:
        """It was done in this frame."""
        self._done_ns = now_ns - self._ahead_ns if self._done_ns is None else now_ns

    def reset(self) -> None:
        """Due at once."""
        self._done_ns = None
