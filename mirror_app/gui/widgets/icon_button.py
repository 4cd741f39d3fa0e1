"""Room: gui. A square button with an icon only; its words are for tooltips and screen readers. Does nothing itself."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from mirror_app.gui import theme
from mirror_app.gui.widgets.combo_box import ICON
from mirror_app.gui.widgets.icons import Icon, paint_icon
from mirror_app.gui.widgets.painted_button import PaintedButton

_SIDE = 40


class IconButton(PaintedButton):
    """Pressed by click or Enter; Space goes on to the window. Checkable ones show a frame while they are on."""

    def __init__(self, icon: Icon, name: str, tooltip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
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
