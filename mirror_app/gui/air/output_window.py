"""Room: gui. The clean output window: what others see and nothing else, for window capture. Decides nothing."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from mirror_app.domain.frame import SafeFrame, size_of
from mirror_app.gui.air.window_feed import WindowFeed
from mirror_app.gui.views.picture_box import picture_box

TITLE: Final = "Mirror output"
"""The same in every language: capture programs find the window by it."""
_PAINT_MS: Final = 16
"""It looks for something newer this often; a picture is painted once."""


class OutputWindow(QWidget):
    """Has the output's size to the pixel, whatever the screen's scale. A double-click fills the screen and back."""

    closed = Signal()
    """The user closed it."""

    def __init__(self, feed: WindowFeed) -> None:
        """Make it, hidden. It has no owner: it stays when the main window hides."""
        super().__init__(None, Qt.WindowType.Window | Qt.WindowType.MSWindowsFixedSizeDialogHint)
        self.feed = feed
        """What it shows."""
        self._shown: SafeFrame | None = None
        self._is_wanted = True
        self.setWindowTitle(TITLE)
        self.setAccessibleName(TITLE)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setCursor(Qt.CursorShape.BlankCursor)
        self._take_size()
        self._clock = QTimer(self)
        self._clock.setTimerType(Qt.TimerType.PreciseTimer)
        self._clock.timeout.connect(self._look)
        self._clock.start(_PAINT_MS)

    @property
    def shown(self) -> SafeFrame | None:
        """The picture painted last."""
        return self._shown

    def end(self) -> None:
        """Close it for good, from outside."""
        self._is_wanted = False
        self._clock.stop()
        self.close()
        self.deleteLater()

    def sizeHint(self) -> QSize:
        """The output's own size, in the units of this screen."""
        width, height = self.feed.size_wh
        ratio = self.devicePixelRatioF()
        return QSize(round(width / ratio), round(height / ratio))

    def changeEvent(self, event: QEvent) -> None:
        """On a screen of another scale it has other units."""
        if event.type() == QEvent.Type.DevicePixelRatioChange and not self.isFullScreen():
            self._take_size()
        super().changeEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Fill the screen, or go back."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._set_full_screen(not self.isFullScreen())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape comes back from full screen."""
        if event.key() == Qt.Key.Key_Escape and self.isFullScreen():
            self._set_full_screen(False)
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Whoever opened it closes the output."""
        super().closeEvent(event)
        if self._is_wanted:
            self._is_wanted = False
            self.closed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what others see at this moment."""
        frame = self._shown = self.feed.now()
        painter = QPainter(self)
        image_bgr = frame.image_bgr
        width, height = size_of(image_bgr)
        box = picture_box((width, height), self.size(), self.devicePixelRatioF())
        if box.rect != QRectF(self.rect()):
            painter.fillRect(self.rect(), Qt.GlobalColor.black)
        picture = QImage(image_bgr.data, width, height, image_bgr.strides[0], QImage.Format.Format_BGR888)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, box.size_px != (width, height))
        painter.drawImage(box.rect, picture)
        self.feed.painted(frame)

    def _look(self) -> None:
        if self.feed.now() is not self._shown:
            self.update()

    def _set_full_screen(self, on: bool) -> None:
        if on:
            self.setMinimumSize(0, 0)
            self.setMaximumSize(16_777_215, 16_777_215)
            self.showFullScreen()
        else:
            self.showNormal()
            self._take_size()

    def _take_size(self) -> None:
        self.setFixedSize(self.sizeHint())
