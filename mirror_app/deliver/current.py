"""Room: deliver. The picture that an output shows at this moment: the newest, or its card. Draws nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

from mirror_app.domain.frame import SafeFrame

PATIENCE_NS: Final = 350_000_000
"""A picture may stand so long after the camera took it; then nobody can know whether the mirror is still alive."""


class Current:
    """Newest wins; a picture that gets old gives way to the card, whatever became of those who made it."""

    def __init__(self, card: SafeFrame, *, now_ns: Callable[[], int] = time.monotonic_ns) -> None:
        """Show the card.

        Args:
            card: Of the output's size, labelled.
            now_ns: The clock of `SafeFrame.captured_ns`.
        """
        self.card = card
        self._now_ns = now_ns
        self._newest = card
        self._came_ns = card.captured_ns
        self._lock = threading.Lock()

    def put(self, frame: SafeFrame) -> None:
        """A newer picture.

        Raises:
            ValueError: It is not of the card's size.
        """
        if frame.image_bgr.shape != self.card.image_bgr.shape:
            raise ValueError(f"expected {self.card.image_bgr.shape}, got {frame.image_bgr.shape}")
        with self._lock:
            self._newest, self._came_ns = frame, self._now_ns()

    def now(self) -> SafeFrame:
        """What to show."""
        with self._lock:
            frame, came_ns = self._newest, self._came_ns
        now_ns = self._now_ns()
        # A picture from a clock that runs ahead would become fresh long after it came.
        is_fresh = 0 <= now_ns - frame.captured_ns <= PATIENCE_NS and now_ns - came_ns <= PATIENCE_NS
        return frame if is_fresh else self.card
