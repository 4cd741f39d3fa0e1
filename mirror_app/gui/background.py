"""Room: gui. Slow work beside the window: one thread, first come first served. Knows neither faces nor files."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from PySide6.QtCore import QCoreApplication, QObject, Qt, QThreadPool, Signal

from mirror_app.domain.errors import MirrorError
from mirror_app.gui.translator import spoken

T = TypeVar("T")
_logger = logging.getLogger(__name__)

_STOP_MS = 2000


@dataclass(frozen=True, slots=True, eq=False)
class Job(Generic[T]):
    """Some work, and what is called in the window's thread with its outcome."""

    work: Callable[[], T]
    done: Callable[[T], None]
    failed: Callable[[str], None]

    def run(self) -> Callable[[], None]:
        """Do the work in the background; what is returned is called in the window's thread."""
        try:
            outcome = self.work()
        except MirrorError as error:
            sentence = spoken(error)
        except Exception:
            _logger.exception("background work failed")
            sentence = QCoreApplication.translate("BackgroundJobs", "That failed because of an unexpected error.")
        else:
            return lambda: self.done(outcome)
        return lambda: self.failed(sentence)


class BackgroundJobs(QObject):
    """Runs slow work off the window's thread and brings the outcome back to it.

    One job at a time, in the order of `submit`, so that jobs may share objects that are not safe for two threads.
    """

    _finished = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._pool.setExpiryTimeout(-1)
        self._finished.connect(self._bring_back, Qt.ConnectionType.QueuedConnection)
        self._is_open = True
        self._lock = threading.Lock()

    def submit(self, work: Callable[[], T], done: Callable[[T], None], failed: Callable[[str], None]) -> None:
        """Queue some work.

        Args:
            work: Called in the background thread.
            done: Called in the window's thread with what `work` returned.
            failed: Called in the window's thread with a sentence when `work` raised.
        """
        job = Job(work, done, failed)
        self._pool.start(lambda: self._announce(job.run()))

    def stop(self) -> bool:
        """Forget what has not begun, and wait for the rest; False when it did not end within two seconds."""
        with self._lock:
            self._is_open = False
        self._pool.clear()
        return self._pool.waitForDone(_STOP_MS)

    def _announce(self, outcome: Callable[[], None]) -> None:
        """Called in the background thread; a job may outlast the window, and this object with it."""
        with self._lock:
            if self._is_open:
                self._finished.emit(outcome)

    def _bring_back(self, outcome: Callable[[], None]) -> None:
        if self._is_open:
            outcome()
