"""Room: gui. The queue of models to be downloaded: one at a time, each can be cancelled. No widgets."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, Signal

from mirror_app.gui.settings.model_hand import ModelHand
from mirror_app.gui.settings.model_shop import ModelShop

_TELL_EVERY_S: Final = 0.1
_RATE_AFTER_S: Final = 1.0
"""Before that the speed says more about the first buffers than about the network."""


@dataclass(frozen=True, slots=True)
class FetchProgress:
    """How far a download is.

    Attributes:
        name: The model that was asked for.
        title: The model whose file is in work: itself, or one that it needs.
        done: Bytes that are here.
        total: All of them; 0 where unknown.
        bytes_per_s: None while nobody can tell.
        left_s: Seconds until this file is here; None while nobody can tell.
    """

    name: str
    title: str
    done: int
    total: int
    bytes_per_s: float | None
    left_s: float | None


class Downloads(QObject):
    """Gets models beside everything else."""

    progressed = Signal(object)
    """A `FetchProgress`, ten times a second at most."""
    ended = Signal(str, str)
    """A model's name, and "" when it is here or was cancelled, else a sentence about what went wrong."""

    def __init__(self, shop: ModelShop, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shop = shop
        self._hand = ModelHand(self, ends_with_app=True)
        self._cancelled: dict[str, threading.Event] = {}

    @property
    def names(self) -> list[str]:
        """The models that are in work or wait, in their order."""
        return [name for name, cancelled in self._cancelled.items() if not cancelled.is_set()]

    def get(self, name: str) -> None:
        """Put a model at the end of the queue, unless it is in it."""
        if name in self._cancelled:
            return
        cancelled = self._cancelled[name] = threading.Event()
        meter = _Meter(name, self)

        def work() -> bool:
            return cancelled.is_set() or self._shop.get(name, meter.tell, cancelled.is_set)

        self._hand.submit(work, lambda _is_here: self._end(name, ""), lambda sentence: self._end(name, sentence))

    def cancel(self, name: str) -> None:
        """Stop a download; what is here of it is gone on with the next time."""
        if name in self._cancelled:
            self._cancelled[name].set()

    def stop(self) -> None:
        """Cancel all and end, within a second."""
        for cancelled in self._cancelled.values():
            cancelled.set()
        self._hand.stop()

    def tell(self, progress: FetchProgress) -> None:
        """From the downloading thread: announce how far it is."""
        self._hand.tell(lambda: self.progressed.emit(progress))

    def _end(self, name: str, sentence: str) -> None:
        was_cancelled = self._cancelled.pop(name).is_set()
        self.ended.emit(name, "" if was_cancelled else sentence)


class _Meter:
    """Turns counts of bytes into progress that a person can read; runs in the downloading thread."""

    def __init__(self, name: str, downloads: Downloads) -> None:
        self._name, self._downloads = name, downloads
        self._title = ""
        self._begun_s = self._told_s = 0.0
        self._begun_bytes = 0

    def tell(self, title: str, done: int, total: int) -> None:
        now_s = time.monotonic()
        if title != self._title:
            self._title, self._begun_s, self._begun_bytes = title, now_s, done
        elif now_s - self._told_s < _TELL_EVERY_S and done != total:
            return
        self._told_s = now_s
        spent_s = now_s - self._begun_s
        rate = (done - self._begun_bytes) / spent_s if spent_s >= _RATE_AFTER_S else None
        left_s = (total - done) / rate if rate and total else None
        self._downloads.tell(FetchProgress(self._name, title, done, total, rate, left_s))
