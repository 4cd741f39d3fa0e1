"""Room: gui. A thread for work on model files, which may take minutes and must never hold up the window's end."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Any, Final, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from mirror_app.gui.background import Job

T = TypeVar("T")

_STOP_S: Final = 1.0


class ModelHand(QObject):
    """Does one thing after the other, in the order of `submit`, and brings the outcome to the window's thread.

    Unlike `BackgroundJobs` it does not wait for what hangs: a network or a disk may take its time to answer. The thread
    lives as long as there is work.
    """

    _finished = Signal(object)

    def __init__(self, parent: QObject | None = None, *, ends_with_app: bool = False) -> None:
        """Make it; no thread runs yet.

        Args:
            parent: Qt's owner.
            ends_with_app: Whether the process may end in the middle of the work, as it may with a download that can be
                gone on with. It may not while a network runs: ONNX Runtime would end in an abort.
        """
        super().__init__(parent)
        self._ends_with_app = ends_with_app
        self._waiting: deque[Job[Any]] = deque()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._is_open = True
        self._finished.connect(self._bring_back, Qt.ConnectionType.QueuedConnection)

    @property
    def is_open(self) -> bool:
        """False from `stop` on; long work asks for it. From any thread."""
        return self._is_open

    def submit(self, work: Callable[[], T], done: Callable[[T], None], failed: Callable[[str], None]) -> None:
        """Queue some work; see `BackgroundJobs.submit`."""
        with self._lock:
            self._waiting.append(Job(work, done, failed))
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="models", daemon=self._ends_with_app)
                self._thread.start()

    def tell(self, news: Callable[[], None]) -> None:
        """From the work: have something called in the window's thread."""
        with self._lock:
            if self._is_open:
                self._finished.emit(news)

    def stop(self) -> None:
        """Forget what has not begun, and what is in work after a second; nothing is called any more."""
        with self._lock:
            self._is_open = False
            self._waiting.clear()
            thread = self._thread
        if thread is not None:
            thread.join(_STOP_S)

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._thread = None
                    return
                job = self._waiting.popleft()
            self.tell(job.run())

    def _bring_back(self, outcome: Callable[[], None]) -> None:
        if self._is_open:
            outcome()
