"""Room: pipeline. The double buffer between two threads: one item in work, one waiting, newest wins."""

from __future__ import annotations

import threading
from typing import Generic, TypeVar

T = TypeVar("T")


class LatestSlot(Generic[T]):
    """Holds the newest item only.

    A slow taker never makes the giver wait and never sees an old item: an item that was not taken before the next
    one came is dropped and counted. Safe for any number of givers and takers.
    """

    def __init__(self) -> None:
        self._ready = threading.Condition()
        self._item: T | None = None
        self._closed = False
        self._given = 0
        self._dropped = 0

    def put(self, item: T) -> None:
        """Store an item, dropping the one that waits. After `close` the item is ignored."""
        with self._ready:
            if self._closed:
                return
            self._given += 1
            if self._item is not None:
                self._dropped += 1
            self._item = item
            self._ready.notify()

    def take(self, timeout_s: float | None = None) -> T | None:
        """Wait for an item and remove it.

        Args:
            timeout_s: Seconds to wait; None waits for ever, 0 does not wait.

        Returns:
            The newest item, or None when the time ran out or the slot is closed.
        """
        with self._ready:
            self._ready.wait_for(lambda: self._item is not None or self._closed, timeout_s)
            item, self._item = self._item, None
            return item

    def close(self) -> None:
        """Drop what waits and wake every taker; they get None from now on."""
        with self._ready:
            self._closed = True
            self._item = None
            self._ready.notify_all()

    @property
    def given(self) -> int:
        """How many items were put in while the slot was open."""
        with self._ready:
            return self._given

    @property
    def dropped(self) -> int:
        """How many items were pushed out by a newer one before anybody took them."""
        with self._ready:
            return self._dropped
