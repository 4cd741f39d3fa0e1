"""Room: gui. The button that goes live and cuts: quiet before, red with the time while others see. Decides nothing."""

from __future__ import annotations

import re
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from mirror_app.gui import theme
from mirror_app.gui.air.words import clock, outputs_count
from mirror_app.gui.widgets.combo_box import ICON
from mirror_app.gui.widgets.icons import Icon, paint_icon
from mirror_app.gui.widgets.painted_button import PaintedButton
from mirror_app.gui.wording import filled

_HEIGHT: Final = 40
_PADDING: Final = 12.0
_GAP: Final = 8.0


class LiveButton(PaintedButton):
    """Says what a press does, or how long others have been seeing the mirror and on how many outputs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_live = False
        self._is_short = False
        self._key = self._short = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFont(theme.font(13, bold=True))
        self.show_off()

    @property
    def is_red(self) -> bool:
        """Whether it says that others see the mirror."""
        return self._is_live

    def show_key(self, key: str) -> None:
        """Say which key does the same; "" when none does."""
        self._key = key
        self._say_tooltip()

    def set_short(self, short: bool) -> None:
        """Show the count of outputs as a bare number, or in words."""
        if short != self._is_short:
            self._is_short = short
            self.updateGeometry()
            self.update()

    def show_off(self) -> None:
        """Others do not see the mirror."""
        self._is_live = False
        self.setText(self.tr("Go live"))
        self.setAccessibleName(self.text())
        self.setAccessibleDescription(self.tr("Let others see the mirror. Until then they see a card"))
        self._say_tooltip()

    def show_live(self, seconds: float, outputs: int) -> None:
        """Others see it."""
        self._is_live = True
        self._short = f"{clock(seconds)} · {outputs}"
        self.setText(f"{clock(seconds)} · {outputs_count(outputs)}")
        self.setAccessibleName(filled(self.tr("Live for {time}: cut"), time=clock(seconds)))
        self.setAccessibleDescription(self.tr("Cut at once: others see a card"))
        self._say_tooltip()

    def sizeHint(self) -> QSize:
        """As wide as its words with the widest digits, so that the bar stands still while the time runs."""
        words = re.sub(r"\d", "0", self._shown_text())
        width = QFontMetricsF(self.font()).horizontalAdvance(words)
        return QSize(round(2 * _PADDING + ICON + _GAP + width) + 1, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground, a sign and the words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setBrush(self._ground())
        painter.setPen(self._frame())
        painter.drawRoundedRect(box, theme.RADIUS_SMALL, theme.RADIUS_SMALL)
        ink = theme.WINDOW if self._is_live else theme.TEXT
        paint_icon(painter, Icon.ON_AIR, QRectF(_PADDING, (self.height() - ICON) / 2, ICON, ICON), ink)
        painter.setPen(ink)
        painter.setFont(self.font())
        row = QRectF(_PADDING + ICON + _GAP, 0, self.width(), self.height())
        painter.drawText(row, Qt.AlignmentFlag.AlignVCenter, self._shown_text())

    def _shown_text(self) -> str:
        return self._short if self._is_short and self._is_live else self.text()

    def _ground(self) -> QColor:
        if self._is_live:
            return theme.BARE_FACE.darker(112) if self.isDown() or self._hovered else theme.BARE_FACE
        return theme.HOVER if self.isDown() or self._hovered else theme.RAISED

    def _frame(self) -> QPen:
        if self.hasFocus():
            return QPen(theme.TEXT if self._is_live else theme.ACCENT, 2)
        return QPen(theme.BARE_FACE if self._is_live else theme.LINE, 1)

    def _say_tooltip(self) -> None:
        words = self.accessibleDescription()
        self.setToolTip(f"{words}  [{self._key}]" if self._key else words)
        self.updateGeometry()
        self.update()
