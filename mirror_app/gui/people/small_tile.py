"""Room: gui. A target face, small, to pick for one person: picture, name, ring. Loads nothing itself."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from mirror_app.gui import theme
from mirror_app.gui.faces.tile import TileInfo, paint_thumbnail
from mirror_app.gui.widgets.painted_button import PaintedButton

SMALL_WH: Final = (76, 94)
_SIDE: Final = float(SMALL_WH[0])
_RING: Final = 3.5
_STEPS: Final = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}


class SmallTile(PaintedButton):
    """Pressed by click or Enter. Arrow keys go on to its neighbours, though elsewhere they pick a face."""

    def __init__(self, info: TileInfo, thumbnail: QImage | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.info = info
        self._thumbnail = thumbnail
        self.setCheckable(True)
        self.setFixedSize(*SMALL_WH)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(info.title)
        self.setToolTip(info.title)

    def nextCheckState(self) -> None:
        """A click asks for the face; the ring comes when it is worn."""

    def event(self, event: QEvent) -> bool:
        """Claim the arrow keys before the window's shortcuts get them."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in _STEPS:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go to the neighbours."""
        step = next((step for key, step in _STEPS.items() if key == event.key()), None)
        if step is None:
            super().keyPressEvent(event)
        else:
            self.focusNextPrevChild(step > 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint picture, ring and name."""
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        outer = QRectF(0, 0, _SIDE, _SIDE).adjusted(1.25, 1.25, -1.25, -1.25)
        self._paint_picture(painter, outer.adjusted(_RING, _RING, -_RING, -_RING))
        if self.isChecked() or self.hasFocus():
            painter.setPen(QPen(theme.ACCENT if self.isChecked() else theme.TEXT_SOFT, 2.25))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(outer, theme.RADIUS, theme.RADIUS)
        painter.setFont(theme.font(11, bold=self.isChecked()))
        painter.setPen(theme.TEXT if self.isChecked() or self._hovered else theme.TEXT_SOFT)
        title = QFontMetricsF(painter.font()).elidedText(self.info.title, Qt.TextElideMode.ElideRight, _SIDE - 2)
        painter.drawText(QRectF(0, _SIDE, _SIDE, self.height() - _SIDE), Qt.AlignmentFlag.AlignCenter, title)

    def _paint_picture(self, painter: QPainter, box: QRectF) -> None:
        path = paint_thumbnail(painter, box, self._thumbnail, theme.RADIUS - 3, 26)
        if self._hovered and not self.isChecked():
            painter.fillPath(path, theme.faded(theme.TEXT, 0.10))
