"""Room: gui. The line above the picture: what the mirror is doing, why, and how fast. Measures nothing."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from mirror_app.gui import theme
from mirror_app.gui.stats.record import Numbers
from mirror_app.gui.stats.words import Machine, skips_sentence
from mirror_app.gui.wording import Status, filled, starting_status

_HEIGHT = 32
_PADDING = 13.0
_DOT = 8.0
_GAP = 8.0
_UNLIMITED = 16_777_215
"""Qt's greatest width."""


class StatePill(QWidget):
    """A coloured dot, a word, and a reason that shortens when the window is narrow."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._status = starting_status()
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.show_status(self._status)

    @property
    def status(self) -> Status:
        """What is shown."""
        return self._status

    def show_status(self, status: Status) -> None:
        """Show another state."""
        if status == self._status and self.accessibleName():
            return
        self._status = status
        self.setAccessibleName(filled(self.tr("State: {state}"), state=status.word))
        self.setAccessibleDescription(status.reason)
        self.setToolTip(status.reason)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as the whole reason needs."""
        width = self._word_end()
        if self._status.reason:
            width += _GAP + QFontMetricsF(theme.font(13)).horizontalAdvance(self._status.reason) + 2
        return QSize(round(width + _PADDING), _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """The state's word is always readable."""
        return QSize(round(self._word_end() + _PADDING), _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the pill."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.faded(self._status.colour, 0.14))
        painter.drawRoundedRect(QRectF(self.rect()), _HEIGHT / 2, _HEIGHT / 2)
        painter.setBrush(self._status.colour)
        painter.drawEllipse(QPointF(_PADDING + _DOT / 2, _HEIGHT / 2), _DOT / 2, _DOT / 2)
        painter.setPen(self._status.colour)
        painter.setFont(theme.font(12, bold=True))
        row = QRectF(_PADDING + _DOT + _GAP, 0, self.width(), _HEIGHT)
        painter.drawText(row, Qt.AlignmentFlag.AlignVCenter, self._status.word)
        painter.setPen(theme.TEXT)
        painter.setFont(theme.font(13))
        row.setLeft(self._word_end() + _GAP)
        room = self.width() - _PADDING - row.left()
        reason = QFontMetricsF(painter.font()).elidedText(self._status.reason, Qt.TextElideMode.ElideRight, room + 1)
        painter.drawText(row, Qt.AlignmentFlag.AlignVCenter, reason)

    def _word_end(self) -> float:
        word = QFontMetricsF(theme.font(12, bold=True)).horizontalAdvance(self._status.word)
        return _PADDING + _DOT + _GAP + word


class StateBar(QWidget):
    """The pill, marks for the demo camera and for pictures without the watermark, and the numbers."""

    details_requested = Signal()
    """The numbers were clicked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pill = StatePill()
        self._demo = StatePill()
        self._unlabelled = StatePill()
        self._numbers = QLabel()
        self._numbers.setFont(theme.font(12))
        self._numbers.setStyleSheet(f"color: {theme.TEXT_SOFT.name()};")
        self._numbers.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._machine = Machine("", "")
        self._machine_label = QLabel()
        self._machine_label.setFont(theme.font(12))
        self._machine_label.setStyleSheet(f"color: {theme.TEXT_SOFT.name()};")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE_SMALL)
        row.addWidget(self._demo)
        row.addWidget(self._unlabelled)
        row.addWidget(self.pill)
        row.addStretch(1)
        for label in (self._machine_label, self._numbers):
            label.setCursor(Qt.CursorShape.PointingHandCursor)
        row.addWidget(self._machine_label)
        row.addSpacing(theme.SPACE_SMALL)
        row.addWidget(self._numbers)
        self._demo.hide()
        self._unlabelled.hide()

    @property
    def is_demo(self) -> bool:
        """Whether the demo mark is shown."""
        return not self._demo.isHidden()

    def show_demo(self, reason: str | None) -> None:
        """Say that the picture is not the person's own, and why; None hides the mark."""
        self._demo.setVisible(reason is not None)
        if reason is not None:
            self._demo.show_status(Status(self.tr("DEMO"), theme.DEMO, reason))

    @property
    def is_unlabelled(self) -> bool:
        """Whether it says that pictures carry no watermark."""
        return not self._unlabelled.isHidden()

    def show_unlabelled(self, on: bool) -> None:
        """Say that pictures carry no watermark, as long as it is so; the word is always whole, the reason may go."""
        self._unlabelled.setVisible(on)
        self._unlabelled.show_status(
            Status(self.tr("NOT LABELLED"), theme.HOLD, self.tr("Labelling the picture is your duty"))
        )

    def show_numbers(self, numbers: Numbers | None, machine: Machine, economy: str = "") -> None:
        """Show how fast pictures come and what makes them; no numbers while none come.

        Args:
            numbers: How fast.
            machine: What makes them.
            economy: What is saved to keep up with the camera; "" = nothing.
        """
        text = f"{numbers.frames_per_second:.0f} fps  ·  {numbers.delay_ms:.0f} ms" if numbers is not None else ""
        self._numbers.setText(text)
        self._numbers.setAccessibleName(text)
        self._numbers.setToolTip(self._explained(numbers, machine, economy) if numbers is not None else "")
        self._machine = machine
        self._machine_label.setAccessibleName(machine.whole)
        self._machine_label.setToolTip(
            filled(self.tr("Engine, precision and device: {machine}"), machine=machine.whole)
        )
        self._fit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on the numbers asks for more of them."""
        if self.childAt(event.position().toPoint()) in (self._numbers, self._machine_label):
            self.details_requested.emit()

    def event(self, event: QEvent) -> bool:
        """Share the room anew when a part says more or less than before."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say as much about the engine as there is room for."""
        super().resizeEvent(event)
        self._fit()

    def _explained(self, numbers: Numbers, machine: Machine, economy: str) -> str:
        slow = filled(
            self.tr("From hand-over to the end of the paint, last 10 s: p50 {p50} ms, p95 {p95} ms, p99 {p99} ms"),
            **{name: f"{value:.1f}" for name, value in numbers.delays.as_json().items()},
        )
        lines = [slow, skips_sentence(numbers.skips), economy, machine.whole, self.tr("Click for more")]
        return "\n".join(filter(None, lines))

    def _fit(self) -> None:
        """Give room to what the mirror does and why first, then to why it is the demo, then to the engine."""
        asides = [each for each in (self._demo, self._unlabelled) if not each.isHidden()]
        parts = [*asides, *(each for each in (self.pill, self._numbers) if not each.isHidden())]
        room = self.width() - theme.SPACE - sum(each.sizeHint().width() + theme.SPACE_SMALL for each in parts)
        for aside in asides:
            shortest = aside.minimumSizeHint().width()
            is_tight = room < 0
            aside.setMaximumWidth(shortest if is_tight else _UNLIMITED)
            if is_tight:
                room += aside.sizeHint().width() - shortest
        metrics = QFontMetricsF(self._machine_label.font())
        names = (self._machine.whole, self._machine.short, "")
        self._machine_label.setText(next(name for name in names if not name or metrics.horizontalAdvance(name) <= room))
