"""Room: gui. A large 3, 2, 1 over the picture, here only. Counts nothing itself."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from mirror_app.gui import theme

_SIDE: Final = 148


class CountdownMark(QWidget):
    """Lies over the preview; hidden at 0."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent
        self._count = 0
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFixedSize(_SIDE, _SIDE)
        self.hide()
        parent.installEventFilter(self)

    def show_count(self, count: int) -> None:
        """Show how many seconds are left."""
        self._count = count
        self.setAccessibleName(str(count))
        self._place()
        self.setVisible(count > 0)
        self.raise_()
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the middle."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the number on a disc."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.faded(theme.WINDOW, 0.82))
        painter.drawEllipse(self.rect())
        painter.setPen(theme.BARE_FACE)
        painter.setFont(theme.font(84, bold=True))
        painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, str(self._count))

    def _place(self) -> None:
        self.move((self._parent.width() - _SIDE) // 2, (self._parent.height() - _SIDE) // 2)
