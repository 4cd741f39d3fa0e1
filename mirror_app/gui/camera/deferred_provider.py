"""Room: gui. A frame provider whose making takes a while, made beside the window. Knows no pixels."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from mirror_app.capture.protocol import FrameProvider
from mirror_app.domain.errors import MirrorError
from mirror_app.domain.frame import PendingFrame
from mirror_app.gui.translator import spoken
from mirror_app.gui.wording import filled

_logger = logging.getLogger(__name__)


class DeferredProvider(QObject):
    """A `FrameProvider` that opens, starts and stops another one beside the window's thread, which never waits for it.

    After `stop` no frame is passed on, even while the other provider is still on its way out. One that is started
    again is opened anew.
    """

    failed = Signal(str)
    """A sentence for the user: the other provider could not be opened."""

    def __init__(self, description: str, open_provider: Callable[[], FrameProvider]) -> None:
        super().__init__()
        self._description = description
        self._open_provider = open_provider
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._provider: FrameProvider | None = None

    @property
    def description(self) -> str:
        """The name given at the start; the other provider's own is not known yet."""
        return self._description

    def start(self, deliver: Callable[[PendingFrame], None]) -> None:
        """Begin to open the other provider; it delivers as soon as it can."""
        self.stop()
        self._stopped = threading.Event()
        # Not a daemon: a process that ends in the middle of an import may crash.
        threading.Thread(target=self._run, args=(deliver, self._stopped), name="open provider").start()

    def stop(self) -> None:
        """Stop the other provider. Safe to call twice, and while it is being opened."""
        with self._lock:
            self._stopped.set()
            provider, self._provider = self._provider, None
        if provider is not None:
            threading.Thread(target=provider.stop, name="stop provider").start()

    def _run(self, deliver: Callable[[PendingFrame], None], stopped: threading.Event) -> None:
        provider = self._open()
        if provider is None:
            return
        with self._lock:
            if not stopped.is_set():
                self._provider = provider
                provider.start(lambda frame: None if stopped.is_set() else deliver(frame))

    def _open(self) -> FrameProvider | None:
        try:
            return self._open_provider()
        except MirrorError as error:
            self.failed.emit(spoken(error))
        except Exception:
            _logger.exception("%s could not be opened", self._description)
            sentence = self.tr("{camera} could not be opened because of an unexpected error.")
            self.failed.emit(filled(sentence, camera=self._description))
        return None
