"""Room: gui. A frame provider whose making takes a while, made beside the window. Knows no pixels."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, Signal

from mirror_app.capture.protocol import FrameProvider
from mirror_app.domain.errors import MirrorError
from mirror_app.domain.frame import PendingFrame

_logger = logging.getLogger(__name__)

_STOP_S: Final = 2.0


class DeferredProvider(QObject):
    """A `FrameProvider` that opens another one in a thread of its own and passes its frames on."""

    failed = Signal(str)
    """A sentence for the user: the other provider could not be opened."""

    def __init__(self, description: str, open_provider: Callable[[], FrameProvider]) -> None:
        super().__init__()
        self._description = description
        self._open_provider = open_provider
        self._provider: FrameProvider | None = None
        self._thread: threading.Thread | None = None
        self._stopped = threading.Event()

    @property
    def description(self) -> str:
        """The name given at the start; the other provider's own is not known yet."""
        return self._description

    def start(self, deliver: Callable[[PendingFrame], None]) -> None:
        """Begin to open the other provider; it delivers as soon as it can."""
        self._stopped.clear()
        self._thread = threading.Thread(target=self._open, args=(deliver,), name="open provider", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop the other provider. Safe to call twice, and while it is being opened."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join(_STOP_S)
            self._thread = None
        if self._provider is not None:
            self._provider.stop()
            self._provider = None

    def _open(self, deliver: Callable[[PendingFrame], None]) -> None:
        try:
            provider = self._open_provider()
        except MirrorError as error:
            self.failed.emit(str(error))
            return
        except Exception:
            _logger.exception("%s could not be opened", self._description)
            self.failed.emit(f"{self._description} could not be opened because of an unexpected error.")
            return
        if not self._stopped.is_set():
            self._provider = provider
            provider.start(lambda frame: None if self._stopped.is_set() else deliver(frame))
