"""Room: gui. A choice as large as a card, in two languages at once. Knows no question."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from mirror_app.gui import theme


class ChoiceCard(QAbstractButton):
    """A radio button with two lines, as large as a card."""

    def __init__(self, english: str, chinese: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = (english, chinese)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setText(f"{english} / {chinese}")
        self.setAccessibleName(self.text())

    def sizeHint(self) -> QSize:
        """As wide as the longer line needs."""
        width = max(QFontMetricsF(theme.font(13)).horizontalAdvance(line) for line in self._lines)
        return QSize(round(width) + 62, 56)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go from card to card."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the card."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        is_marked = self.isChecked() or self.hasFocus()
        painter.setPen(QPen(theme.ACCENT if is_marked else theme.LINE, 2 if self.hasFocus() else 1))
        painter.setBrush(theme.HOVER if self.underMouse() or self.isChecked() else theme.RAISED)
        painter.drawRoundedRect(box, theme.RADIUS_SMALL, theme.RADIUS_SMALL)
        ring = QRectF(16, box.center().y() - 8, 16, 16)
        painter.setPen(QPen(theme.ACCENT if self.isChecked() else theme.QUIET, 1.6))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(ring)
        if self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.ACCENT)
            painter.drawEllipse(ring.adjusted(4, 4, -4, -4))
        text = QRectF(46, 8, self.width() - 56, 20)
        painter.setFont(theme.font(13))
        painter.setPen(theme.TEXT)
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, self._lines[0])
        painter.setPen(theme.TEXT_SOFT)
        painter.drawText(text.translated(0, 20), Qt.AlignmentFlag.AlignVCenter, self._lines[1])
