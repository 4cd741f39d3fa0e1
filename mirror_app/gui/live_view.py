"""Room: gui. Brings the worker's results and the camera's state to preview and state bar. Makes no widgets."""

from __future__ import annotations

import time
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from mirror_app.gui.live_worker import LiveTurn
from mirror_app.gui.parts import Parts
from mirror_app.gui.preview import Preview
from mirror_app.gui.readout import Readout
from mirror_app.gui.state_bar import StateBar
from mirror_app.gui.wording import filled, starting_status, status_of, stopped_status

_REFRESH_MS: Final = 500
_SILENT_NS: Final = 1_500_000_000
"""A camera that gives no picture for so long is said to be silent."""
_OPENING_NS: Final = 8_000_000_000
"""The same for its first picture: cameras take up to some seconds to open."""


class LiveView(QObject):
    """Shows the newest result, and a calm sentence where there is none."""

    turned = Signal(object)
    """A `LiveTurn` is shown."""

    def __init__(self, parts: Parts, preview: Preview, state_bar: StateBar, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._preview = preview
        self._state_bar = state_bar
        self._readout = Readout()
        self._input_started_ns = 0
        self._silent_after_ns: int | None = None
        parts.worker.result_ready.connect(self._show_newest)
        parts.worker.failed.connect(self._show_failure)
        preview.painted.connect(self._count_paint)
        parts.inputs.started.connect(self._input_started)
        parts.inputs.stopped.connect(self._input_stopped)
        parts.inputs.choices_changed.connect(self._show_demo)
        self._refresh = QTimer(self)
        self._refresh.timeout.connect(self.refresh)

    def start(self) -> None:
        """Begin to show numbers."""
        self._refresh.start(_REFRESH_MS)

    def stop(self) -> None:
        """The window closes."""
        self._refresh.stop()

    def refresh(self) -> None:
        """Bring the numbers up to date, and notice a camera that fell silent."""
        now_ns = time.monotonic_ns()
        self._state_bar.show_rate(self._readout.rate(now_ns), self._parts.worker.drops)
        if self._silent_after_ns is not None and now_ns > self._silent_after_ns and self._parts.worker.engine:
            self._silent_after_ns = None
            self._show_failure(self.tr("The camera gives no picture. Check its cover and cable, or pick another one."))

    def _show_newest(self) -> None:
        turn = self._parts.worker.take_turn()
        # A frame of the camera before may still have been in work.
        if turn is not None and turn.result.captured_ns >= self._input_started_ns and self._parts.inputs.running_id:
            self._silent_after_ns = time.monotonic_ns() + _SILENT_NS
            self._preview.show_turn(turn)
            self._state_bar.pill.show_status(status_of(turn.result))
            self.turned.emit(turn)

    def _show_failure(self, sentence: str) -> None:
        self._preview.show_message(self.tr("The mirror is covered"), sentence)
        self._state_bar.pill.show_status(stopped_status(sentence))

    def _count_paint(self, turn: LiveTurn, done_ns: int) -> None:
        self._readout.painted(turn.result.captured_ns, done_ns)

    def _show_demo(self) -> None:
        inputs = self._parts.inputs
        reason = self.tr("This is not you")
        if not inputs.has_cameras:
            reason = self._parts.camera_problem or self.tr("No camera found: this is not you")
        self._state_bar.show_demo(reason if inputs.is_demo else None)

    def _input_started(self) -> None:
        inputs, worker = self._parts.inputs, self._parts.worker
        if worker.why_closed:
            self._show_failure(worker.why_closed)
            return
        worker.forget_faces()
        self._input_started_ns = time.monotonic_ns()
        self._silent_after_ns = self._input_started_ns + _OPENING_NS
        name = next((choice.name for choice in inputs.choices if choice.camera_id == inputs.running_id), "")
        sentence = filled(self.tr("Starting {camera}…"), camera=name)
        self._preview.show_message(self.tr("Starting the demo camera…") if inputs.is_demo else sentence)
        self._state_bar.pill.show_status(starting_status())

    def _input_stopped(self, sentence: str) -> None:
        self._silent_after_ns = None
        self._preview.show_message(self.tr("The camera is off"), sentence)
        self._state_bar.pill.show_status(stopped_status(self.tr("The camera is off")))
