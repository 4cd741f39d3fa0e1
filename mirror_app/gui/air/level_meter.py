"""Room: gui. How loud the microphone is, as a bar. Hears nothing itself."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from mirror_app.gui import theme

_QUIETEST_DB: Final = -54.0
_LOUD_DB: Final = -9.0
_CLIPPED_DB: Final = -1.0
_FALL: Final = 0.06
"""How much of its width the bar falls between two looks, so that an eye can follow."""


class LevelMeter(QWidget):
    """Green, amber when it gets loud, red when it clips; empty while the microphone is closed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.share = 0.0
        """How much of the bar is lit, 0..1."""
        self._peak_db = _QUIETEST_DB
        self.setFixedHeight(6)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_level(self, peak: float) -> None:
        """Show a loudest sample, 0..1; below 0 = closed."""
        if peak < 0:
            self.share = 0.0
        else:
            self._peak_db = 20 * math.log10(max(peak, 1e-4))
            self.share = max(min(1 - self._peak_db / _QUIETEST_DB, 1.0), self.share - _FALL, 0.0)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint groove and bar."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.LINE)
        painter.drawRoundedRect(QRectF(self.rect()), 3, 3)
        if self.share > 0:
            loud = theme.SHIELD if self._peak_db > _CLIPPED_DB else theme.HOLD
            painter.setBrush(loud if self._peak_db > _LOUD_DB else theme.LIVE)
            painter.drawRoundedRect(QRectF(0, 0, self.width() * self.share, self.height()), 3, 3)
