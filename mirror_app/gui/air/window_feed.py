"""Room: gui. What the clean output window shows, from the mirror's thread to the window's. No Qt."""

from __future__ import annotations

import time

from mirror_app.deliver.current import Current
from mirror_app.deliver.protocol import OutputReport
from mirror_app.domain.frame import SafeFrame, Size, size_of


class WindowFeed:
    """An `Output` that keeps the newest picture for a window, which paints on its own clock."""

    def __init__(self, card: SafeFrame) -> None:
        """Begin with the card, of the window's size."""
        self._current = Current(card)
        self._opened_s = time.monotonic()
        self._painted: SafeFrame | None = None
        self._frames = 0
        self._given = 0
        self._is_closed = False

    @property
    def size_wh(self) -> Size:
        """The window's size, px."""
        return size_of(self._current.card.image_bgr)

    def send(self, frame: SafeFrame) -> None:
        """Keep the newest; the card counts once it is old."""
        if not self._is_closed:
            self._given += 1
            self._current.put(frame)

    def now(self) -> SafeFrame:
        """What is to be shown at this moment."""
        return self._current.card if self._is_closed else self._current.now()

    def painted(self, frame: SafeFrame) -> None:
        """A picture was shown; the same one again is not counted twice."""
        if frame is not self._painted:
            self._painted = frame
            self._frames += frame is not self._current.card

    def report(self) -> OutputReport:
        """Pictures shown, and those that a newer one pushed out before they were."""
        seconds = time.monotonic() - self._opened_s
        return OutputReport(seconds, self._frames, max(self._given - self._frames, 0), is_over=self._is_closed)

    def close(self) -> None:
        """Show the card from now on."""
        self._is_closed = True
