"""Room: gui. A switch without words, at the end of a row that has them. Does nothing itself."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from mirror_app.gui import theme
from mirror_app.gui.widgets.painted_button import PaintedButton

_WIDTH: Final = 36.0
_HEIGHT: Final = 20.0
_MARGIN: Final = 4.0


class RowSwitch(PaintedButton):
    """On or off; by click or Enter."""

    def __init__(self, name: str, tooltip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setAccessibleName(name)
        self.setAccessibleDescription(tooltip)
        self.setToolTip(tooltip)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Room for the ring of the focus."""
        return QSize(round(_WIDTH + 2 * _MARGIN), round(_HEIGHT + 2 * _MARGIN))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint groove, knob and ring."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(_MARGIN, _MARGIN, _WIDTH, _HEIGHT)
        is_on = self.isChecked()
        painter.setPen(QPen(theme.ACCENT if is_on else theme.QUIET, 1.4))
        painter.setBrush(theme.ACCENT if is_on else theme.HOVER if self._hovered else theme.PANEL)
        painter.drawRoundedRect(box.adjusted(0.7, 0.7, -0.7, -0.7), _HEIGHT / 2, _HEIGHT / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.ACCENT_INK if is_on else theme.QUIET)
        knob_x = box.right() - _HEIGHT / 2 if is_on else box.left() + _HEIGHT / 2
        painter.drawEllipse(QPointF(knob_x, box.center().y()), 6.5, 6.5)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.ACCENT, 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 14, 14)
