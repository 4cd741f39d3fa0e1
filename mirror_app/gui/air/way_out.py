"""Room: gui. One output from its switch to its end: opened and closed in the background, fed meanwhile. No widgets."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from enum import Enum

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal

from mirror_app.deliver.protocol import Output, OutputReport
from mirror_app.domain.errors import MirrorError
from mirror_app.gui.air.kinds import ON_AIR, OutputKind
from mirror_app.gui.translator import spoken
from mirror_app.pipeline.outlets import Outlets

_logger = logging.getLogger(__name__)


class Phase(Enum):
    """Where an output is in its life."""

    CLOSED = "closed"
    OPENING = "opening"
    OPEN = "open"
    CLOSING = "closing"


class WayOut(QObject):
    """Owns at most one output at a time. All methods are for the window's thread."""

    changed = Signal()
    """Another phase, or trouble of another kind."""
    failed = Signal(str)
    """A sentence: why it could not be opened, or ended by itself."""
    _brought = Signal(object)

    def __init__(self, kind: OutputKind, outlets: Outlets, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.kind = kind
        self.phase = Phase.CLOSED
        self.trouble = ""
        """Why it could not be opened, or ended by itself; a sentence in the user's language."""
        self.output: Output | None = None
        """What is open."""
        self._outlets = outlets
        self._turn = 0
        # One thread: the same device is not opened before it is closed. Python waits for it at its end, so that a
        # recording is finished even when the window is gone.
        self._thread = ThreadPoolExecutor(1, f"{kind.value} opener")
        self._brought.connect(lambda deed: deed(), Qt.ConnectionType.QueuedConnection)

    @property
    def is_wanted(self) -> bool:
        """Whether its switch is on."""
        return self.phase in (Phase.OPENING, Phase.OPEN)

    def open(self, work: Callable[[], Output]) -> None:
        """Open it; `work` is called in the background and may raise a `MirrorError`."""
        if self.is_wanted:
            return
        self._turn += 1
        self.trouble = ""
        self._set(Phase.OPENING)
        self._thread.submit(self._open, work, self._turn)

    def close(self) -> None:
        """Feed it no more, and close it in the background."""
        if not self.is_wanted:
            return
        self._turn += 1
        output, self.output = self.output, None
        self._set(Phase.CLOSING)
        if output is not None:
            self._outlets.remove(output)
        self._thread.submit(self._close, output, self._turn)

    def report(self) -> OutputReport | None:
        """How it is doing; one that has ended by itself is closed. None while none is open."""
        if self.output is None:
            return None
        report = self.output.report()
        if report.is_over:
            self.close()
            self._fail(spoken(report.trouble) if report.trouble else "")
            self.changed.emit()
        return report

    def stop(self) -> None:
        """Close it, and open nothing any more; returns before it is closed."""
        self.close()
        self._thread.shutdown(wait=False)

    def wait(self) -> None:
        """Wait until what was asked for is done; after `stop`."""
        self._thread.shutdown(wait=True)

    # In the background

    def _open(self, work: Callable[[], Output], turn: int) -> None:
        try:
            output = work()
        except MirrorError as error:
            why = spoken(error)
            self._bring(lambda: self._failed(why, turn))
        except Exception:
            _logger.exception("the output %s could not be opened", self.kind.value)
            sentence = QCoreApplication.translate("WayOut", "That failed because of an unexpected error.")
            self._bring(lambda: self._failed(sentence, turn))
        else:
            if turn != self._turn:  # switched off meanwhile
                output.close()
            else:
                self._bring(lambda: self._opened(output, turn))

    def _close(self, output: Output | None, turn: int) -> None:
        try:
            if output is not None:
                output.close()
        except Exception:
            _logger.exception("the output %s could not be closed in order", self.kind.value)
        self._bring(lambda: self._closed(turn))

    def _bring(self, deed: Callable[[], None]) -> None:
        try:
            self._brought.emit(deed)
        except RuntimeError:
            _logger.debug("the window is gone: nobody is told about %s", self.kind.value)

    # In the window's thread

    def _opened(self, output: Output, turn: int) -> None:
        if turn != self._turn:
            self._thread_close(output)
            return
        self.output = output
        self._outlets.add(output, on_air=self.kind in ON_AIR)
        self._set(Phase.OPEN)

    def _thread_close(self, output: Output) -> None:
        """Switched off while it was on its way here."""
        try:
            self._thread.submit(output.close)
        except RuntimeError:  # the window closes: no thread is left
            output.close()

    def _failed(self, sentence: str, turn: int) -> None:
        if turn == self._turn:
            self._fail(sentence)
            self._set(Phase.CLOSED)

    def _closed(self, turn: int) -> None:
        if turn == self._turn:
            self._set(Phase.CLOSED)

    def _fail(self, sentence: str) -> None:
        self.trouble = sentence
        if sentence:
            self.failed.emit(sentence)

    def _set(self, phase: Phase) -> None:
        self.phase = phase
        self.changed.emit()
