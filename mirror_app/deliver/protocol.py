"""Room: deliver. What every way out of the app looks like to those who feed it. Holds no pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from mirror_app.domain.frame import SafeFrame, Size


@dataclass(frozen=True, slots=True)
class OutputReport:
    """How a way out is doing.

    Attributes:
        seconds: How long it has been open, or how much it has written.
        frames: Pictures that went out.
        missing: Pictures that should have gone out and did not; nothing is dropped uncounted.
        trouble: A `Sentence` while something is wrong (not connected, disk nearly full, device gone); else "".
        delay_ms: From a camera picture's time to its leaving, median of late; None where it is not measured. What sound
            that takes another way has to wait.
        is_over: It has ended by itself: `trouble` says why, and it takes nothing more.
    """

    seconds: float
    frames: int
    missing: int
    trouble: str = ""
    is_over: bool = False
    delay_ms: float | None = None


class Output(Protocol):
    """A way out: it gets pictures that may leave, at its own size, already labelled. It draws nothing.

    It has a clock of its own and shows its card by itself when no picture has come for a while.
    """

    @property
    def size_wh(self) -> Size:
        """What it wants, px; stays the same while it is open."""

    def send(self, frame: SafeFrame) -> None:
        """Take the newest picture. Returns at once and never raises; called from the mirror's thread."""

    def report(self) -> OutputReport:
        """How it is doing; at once, from any thread."""

    def close(self) -> None:
        """End it. What was promised to be kept is kept; may take a moment, may be called twice."""
