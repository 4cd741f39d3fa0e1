"""Room: gui. The strip under the picture that shows the timing of the last ten seconds. Touches no frame's pixels."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QSizePolicy, QVBoxLayout, QWidget

from mirror_app.gui import theme
from mirror_app.gui.background import BackgroundJobs
from mirror_app.gui.live_worker import LiveTurn, LiveWorker
from mirror_app.gui.new_file import new_file
from mirror_app.gui.stats.chart import StatsChart
from mirror_app.gui.stats.export import save_chart, save_table
from mirror_app.gui.stats.record import Numbers, Recent, Skips, StatsRecord
from mirror_app.gui.stats.words import Machine, skips_sentence
from mirror_app.gui.translator import spoken
from mirror_app.gui.widgets.bar_buttons import ActionButton
from mirror_app.gui.widgets.icons import Icon
from mirror_app.gui.wording import filled

_REFRESH_MS: Final = 250
_BUTTON_HEIGHT: Final = 34
_FILE: Final = "mirror-timing"


class StatsPanel(QFrame):
    """Counts every paint; draws, four times a second, only while it is open. Escape closes it."""

    notice = Signal(str)
    """A sentence for the user: where a file went, or why there is none."""

    def __init__(
        self,
        worker: LiveWorker,
        jobs: BackgroundJobs,
        pictures_dir: Callable[[], Path],
        parent: QWidget | None = None,
    ) -> None:
        """Hidden at first.

        Args:
            worker: Says what was left out, and which engine runs where.
            jobs: Writes files.
            pictures_dir: Gives the folder for them; may take a while.
            parent: The window.
        """
        super().__init__(parent)
        self._worker, self._jobs, self._pictures_dir = worker, jobs, pictures_dir
        self._record = StatsRecord()
        self.economy = ""
        """What is saved at present to keep up with the camera, in the user's language; "" = nothing."""
        self.economy_line = QLabel()
        self.chart = StatsChart()
        self.close_button = ActionButton(Icon.CLOSE, self.tr("Close"), "", self.tr("Close the timing"))
        self.picture_button = ActionButton(
            Icon.PHOTO, self.tr("Save picture"), "", self.tr("Save this chart as PNG or SVG; no camera picture in it")
        )
        self.table_button = ActionButton(
            Icon.TABLE, self.tr("Save table"), "", self.tr("Save a row for each of these frames, for a spreadsheet")
        )
        self.menu = QMenu(self)
        self.menu.addAction(self.tr("Picture (PNG)")).triggered.connect(lambda: self._save_chart(".png"))
        self.menu.addAction(self.tr("Drawing (SVG)")).triggered.connect(lambda: self._save_chart(".svg"))
        self.close_button.clicked.connect(self.hide)
        self.picture_button.clicked.connect(self._ask_for_kind)
        self.table_button.clicked.connect(self._save_table)
        self._refresh = QTimer(self)
        self._refresh.setInterval(_REFRESH_MS)
        self._refresh.timeout.connect(self._show_newest)
        self._lay_out()
        self.hide()

    def count(self, turn: LiveTurn, done_ns: int) -> None:
        """Take in one paint; `done_ns` is `time.monotonic_ns()` at its end."""
        self._record.painted(turn, done_ns, self._skips())
        self.economy = spoken(turn.result.economy) if turn.result.economy else ""

    def numbers(self, now_ns: int) -> Numbers | None:
        """The present numbers, for the line above the picture; None while no pictures come."""
        return self._record.numbers(now_ns, self._skips())

    @property
    def machine(self) -> Machine:
        """What does the work at present."""
        return Machine(self._worker.engine, self._worker.device)

    def toggle(self) -> None:
        """Open or close."""
        self.setVisible(self.isHidden())

    def showEvent(self, event: QShowEvent) -> None:
        """Begin to draw."""
        self._show_newest()
        self._refresh.start()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Draw nothing while nobody looks."""
        self._refresh.stop()
        super().hideEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    def _skips(self) -> Skips:
        return Skips(self._worker.skipped_frames, self._worker.skipped_results)

    def _recent(self) -> Recent:
        return self._record.recent(time.monotonic_ns())

    def _show_newest(self) -> None:
        recent = self._recent()
        self.chart.show_recent(recent, self.machine)
        self.chart.setAccessibleDescription(self._summary(recent))
        self.economy_line.setText(self.economy or self.tr("Full work on every picture: this computer keeps up."))

    def _summary(self, recent: Recent) -> str:
        if not len(recent):
            return self.tr("Waiting for frames…")
        times = recent.delays
        sentence = self.tr("{fps} pictures per second; hand-over to paint: p50 {p50} ms, p95 {p95} ms, p99 {p99} ms.")
        milliseconds = {name: f"{value:.0f}" for name, value in times.as_json().items()}
        told = filled(sentence, fps=f"{recent.frames_per_second:.0f}", **milliseconds)
        return f"{told} {skips_sentence(recent.skipped)}"

    def _ask_for_kind(self) -> None:
        self.menu.popup(self.picture_button.mapToGlobal(QPoint(0, self.picture_button.height())))

    def _save_chart(self, ending: str) -> None:
        recent, machine, pictures_dir = self._recent(), self.machine, self._pictures_dir

        def work() -> Path:
            path = new_file(pictures_dir, _FILE, ending)
            save_chart(recent, machine, path)
            return path

        self._jobs.submit(work, self._saved, self.notice.emit)

    def _save_table(self) -> None:
        recent, pictures_dir = self._recent(), self._pictures_dir

        def work() -> Path:
            path = new_file(pictures_dir, _FILE, ".csv")
            save_table(recent, path)
            return path

        self._jobs.submit(work, self._saved, self.notice.emit)

    def _saved(self, path: Path) -> None:
        self.notice.emit(filled(self.tr("Saved as {path}"), path=str(path)))

    def _lay_out(self) -> None:
        self.setAccessibleName(self.tr("Timing"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setStyleSheet(
            f"StatsPanel {{ background: {theme.PANEL.name()}; border: 1px solid {theme.LINE.name()};"
            f" border-radius: {round(theme.RADIUS)}px; }}"
        )
        buttons = QVBoxLayout()
        buttons.setSpacing(theme.SPACE_SMALL)
        for button in (self.close_button, self.picture_button, self.table_button):
            button.setFixedHeight(_BUTTON_HEIGHT)
            button.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
            buttons.addWidget(button)
        buttons.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE, theme.SPACE - 4, theme.SPACE - 4, theme.SPACE - 6)
        row.setSpacing(theme.SPACE)
        self.economy_line.setFont(theme.font(12))
        self.economy_line.setStyleSheet(f"color: {theme.TEXT_SOFT.name()};")
        self.economy_line.setWordWrap(True)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(self.chart, 1)
        column.addWidget(self.economy_line)
        row.addLayout(column, 1)
        row.addLayout(buttons)
