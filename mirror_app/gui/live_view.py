"""Room: gui. Brings the worker's results and the camera's state to preview and state bar. Makes no widgets."""

from __future__ import annotations

import time
from typing import Final

from PySide6.QtCore import QObject, QTimer

from mirror_app.gui.parts import Parts
from mirror_app.gui.shield import Shield
from mirror_app.gui.state_bar import StateBar
from mirror_app.gui.stats.panel import StatsPanel
from mirror_app.gui.views.preview import Preview
from mirror_app.gui.widgets.icons import Icon
from mirror_app.gui.wording import Status, covered_status, filled, starting_status, status_of, stopped_status

_REFRESH_MS: Final = 500


class LiveView(QObject):
    """Shows the newest result, and a calm sentence where there is none."""

    def __init__(
        self,
        parts: Parts,
        preview: Preview,
        state_bar: StateBar,
        stats: StatsPanel,
        shield: Shield,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._parts = parts
        self._preview = preview
        self._state_bar = state_bar
        self._stats = stats
        self._shield = shield
        self._input_started_ns = 0
        shield.changed.connect(self._show_cover)
        parts.worker.result_ready.connect(self._show_newest)
        parts.worker.failed.connect(self._show_failure)
        preview.painted.connect(stats.count)
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
        """Bring the numbers up to date."""
        numbers = self._stats.numbers(time.monotonic_ns()) if self._parts.inputs.running_id else None
        self._state_bar.show_numbers(numbers, self._stats.machine, self._stats.economy)

    def _show_newest(self) -> None:
        turn = self._parts.worker.take_turn()
        # A frame of the camera before may still have been in work.
        is_present = turn is not None and turn.result.captured_ns >= self._input_started_ns
        if turn is not None and is_present and self._parts.inputs.running_id and self._shield.lets_through(turn.result):
            self._preview.show_turn(turn)
            self._show_status(status_of(turn.result))

    def _show_cover(self, on: bool) -> None:
        self._preview.set_compare(False)
        if on:  # at once: the next picture, which is the card, may be long in coming
            self._preview.show_message(self.tr("Everything is covered"), "", Icon.SHIELD)
            self._show_status(covered_status())
        elif not self._parts.inputs.running_id:
            self._input_stopped("")
        elif self._preview.turn is None:
            self._preview.show_message(self.tr("One moment…"))

    def _show_failure(self, sentence: str) -> None:
        self._preview.show_message(self.tr("The mirror is covered"), sentence)
        self._show_status(stopped_status(sentence))

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
        name = next((choice.name for choice in inputs.choices if choice.camera_id == inputs.running_id), "")
        sentence = filled(self.tr("Starting {camera}…"), camera=name)
        self._preview.show_message(self.tr("Starting the demo camera…") if inputs.is_demo else sentence)
        self._show_status(starting_status())

    def _input_stopped(self, sentence: str) -> None:
        self._preview.show_message(self.tr("The camera is off"), sentence)
        self._show_status(stopped_status(self.tr("The camera is off")))

    def _show_status(self, status: Status) -> None:
        """Show a state; whatever the camera does meanwhile, a cover is what counts."""
        self._state_bar.pill.show_status(covered_status() if self._shield.is_on else status)
