"""Room: gui. A square button with an icon only; its words are for tooltips and screen readers. Does nothing itself."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from mirror_app.gui import theme
from mirror_app.gui.widgets.combo_box import ICON
from mirror_app.gui.widgets.icons import Icon, paint_icon

_SIDE = 40


class IconButton(QAbstractButton):
    """Pressed by click or Enter; Space goes on to the window. Checkable ones show a frame while they are on."""

    def __init__(self, icon: Icon, name: str, tooltip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self._hovered = False
        self.alert = False
        """Whether it is painted in the colour of the shield while it is on."""
        self.setAccessibleName(name)
        self.setAccessibleDescription(tooltip)
        self.show_key("")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_key(self, key: str) -> None:
        """Say which key does the same; "" when none does."""
        words = f"{self.accessibleName()}: {self.accessibleDescription()}"
        self.setToolTip(f"{words}  [{key}]" if key else words)

    def sizeHint(self) -> QSize:
        """A square as high as the bar."""
        return QSize(_SIDE, _SIDE)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Space goes on to the window."""
        event.ignore()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Light up."""
        self._hovered = True
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """And out."""
        self._hovered = False
        self.update()
        super().leaveEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground and icon."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        ground = theme.HOVER if self.isDown() or self._hovered or self.isChecked() else theme.RAISED
        painter.setPen(self._frame())
        painter.setBrush(ground)
        painter.drawRoundedRect(box, theme.RADIUS_SMALL, theme.RADIUS_SMALL)
        corner = (self.width() - ICON) / 2, (self.height() - ICON) / 2
        paint_icon(painter, self._icon, QRectF(*corner, ICON, ICON), self._ink())

    def _frame(self) -> QPen:
        if self.hasFocus():
            return QPen(theme.ACCENT, 2)
        return QPen(self._ink(), 1.6) if self.isChecked() else QPen(theme.LINE, 1)

    def _ink(self) -> QColor:
        if not self.isEnabled():
            return theme.TEXT_FAINT
        if self.isChecked():
            return theme.SHIELD if self.alert else theme.ACCENT
        return theme.TEXT
