"""Room: gui. The line above the picture: what the mirror is doing, why, and how fast. Measures nothing."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from mirror_app.gui import theme
from mirror_app.gui.readout import Rate
from mirror_app.gui.wording import Status, filled, starting_status

_HEIGHT = 32
_PADDING = 13.0
_DOT = 8.0
_GAP = 8.0


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
        self.setAccessibleName(self.tr("State: ") + status.word)
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
    """The pill, a mark for the demo camera, and the numbers."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pill = StatePill()
        self._demo = StatePill()
        self._numbers = QLabel()
        self._numbers.setFont(theme.font(12))
        self._numbers.setStyleSheet(f"color: {theme.TEXT_SOFT.name()};")
        self._numbers.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE_SMALL)
        row.addWidget(self._demo)
        row.addWidget(self.pill)
        row.addStretch(1)
        row.addWidget(self._numbers)
        self._demo.hide()

    @property
    def is_demo(self) -> bool:
        """Whether the demo mark is shown."""
        return not self._demo.isHidden()

    def show_demo(self, reason: str | None) -> None:
        """Say that the picture is not the person's own, and why; None hides the mark."""
        self._demo.setVisible(reason is not None)
        if reason is not None:
            self._demo.show_status(Status(self.tr("DEMO"), theme.DEMO, reason))

    def show_rate(self, rate: Rate | None, drops: int) -> None:
        """Show how fast pictures come, and how many were left out; nothing while none come."""
        text = f"{rate.frames_per_second:.0f} fps  ·  {rate.delay_ms:.0f} ms" if rate is not None else ""
        explanation = self.tr(
            "Pictures per second; time from a picture's hand-over to the end of its paint; left out: {drops}"
        )
        self._numbers.setText(text)
        self._numbers.setToolTip(filled(explanation, drops=str(drops)) if text else "")
        self._numbers.setAccessibleName(text)
