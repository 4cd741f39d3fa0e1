"""Room: gui. What lies in the corners of the small mirror while the mouse is there. Does nothing itself."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from mirror_app.gui import theme
from mirror_app.gui.widgets.icons import Icon, paint_icon


class BackButton(QAbstractButton):
    """A round button in the corner, there while the mouse is."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedSize(30, 30)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(self.tr("Back to the window"))
        self.setToolTip(self.tr("Back to the window"))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a disc with an icon."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.faded(theme.HOVER if self.underMouse() else theme.WINDOW, 0.9))
        painter.drawEllipse(self.rect())
        paint_icon(painter, Icon.EXPAND, QRectF(7, 7, 16, 16), theme.TEXT)


class Grip(QWidget):
    """The lower right corner: dragged, it changes the size; the shape stays."""

    wanted = Signal(int)
    """Another width, px."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._start: tuple[QPoint, QSize] | None = None
        self.setFixedSize(24, 24)
        self.setCursor(Qt.CursorShape.SizeFDiagCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the corner."""
        self._start = event.globalPosition().toPoint(), self._window.size()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Ask for the size that brings the corner to the mouse."""
        if self._start is not None:
            way, size = event.globalPosition().toPoint() - self._start[0], self._start[1]
            self.wanted.emit(size.width() + max(way.x(), way.y() * size.width() // max(size.height(), 1)))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let it go."""
        self._start = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Two clicks on the corner are no wish to go back."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint two strokes across the corner, seen on any picture."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for width, colour in ((4.0, theme.faded(theme.WINDOW, 0.7)), (2.0, theme.TEXT)):
            painter.setPen(QPen(colour, width, c=Qt.PenCapStyle.RoundCap))
            for step in (8, 13):
                painter.drawLine(20, 20 - step, 20 - step, 20)
