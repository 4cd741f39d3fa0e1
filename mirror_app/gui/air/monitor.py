"""Room: gui. The programme monitor: the picture others see, unmirrored and after the guard. Shows, decides nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetricsF, QHideEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from mirror_app.deliver.current import PATIENCE_NS
from mirror_app.domain.frame import SafeFrame, Size
from mirror_app.gui import theme
from mirror_app.gui.views.picture_box import picture_box
from mirror_app.gui.wording import Status
from mirror_app.pipeline.result import MirrorResult

if TYPE_CHECKING:
    from mirror_app.gui.views.picture import ScreenPicture

_LOOK_MS: Final = 33
"""At most 30 paints a second, whatever the camera does."""
_CARD_WH: Final = (640, 360)
_SHAPE: Final = 9 / 16


class Monitor(QWidget):
    """Shows `MirrorResult.safe`; the card when nothing new came for as long as outputs wait before they show theirs.

    Does nothing while it is hidden.
    """

    pressed = Signal()
    """Clicked, or Enter."""

    def __init__(self, card: Callable[[Size], SafeFrame], parent: QWidget | None = None) -> None:
        """Make it, empty.

        Args:
            card: Gives the card that outputs show.
            parent: Qt's owner.
        """
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 90)
        self._make_card = card
        self._card: SafeFrame | None = None
        self._newest: SafeFrame | None = None
        self._shown: SafeFrame | None = None
        self._status: Status | None = None
        self._screen: ScreenPicture | None = None
        self.paints = 0
        """Pictures painted so far."""
        self._clock = QTimer(self)
        self._clock.timeout.connect(self._look)

    @property
    def shown(self) -> SafeFrame | None:
        """The picture painted last; None = nothing yet."""
        return self._shown

    def show_result(self, result: MirrorResult) -> None:
        """The mirror made another picture."""
        self._newest = result.safe

    def show_card(self) -> None:
        """The mirror is covered or has stopped."""
        self._newest = None

    def show_status(self, status: Status) -> None:
        """Write this over the picture: whether others see it, and why they see something else."""
        if status != self._status:
            self._status = status
            self.setAccessibleDescription(f"{status.word} {status.reason}".strip())
            self.setToolTip(status.reason)
            self.update()

    def sizeHint(self) -> QSize:
        """Small."""
        return QSize(320, 180)

    def hasHeightForWidth(self) -> bool:
        """Wide pictures."""
        return True

    def heightForWidth(self, width: int) -> int:
        """16:9."""
        return round(width * _SHAPE)

    def showEvent(self, event: QShowEvent) -> None:
        """Begin to look for pictures."""
        super().showEvent(event)
        self._clock.start(_LOOK_MS)

    def hideEvent(self, event: QHideEvent) -> None:
        """And end."""
        super().hideEvent(event)
        self._clock.stop()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click asks for more."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.pressed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """So does Enter; Space goes on to the window."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.pressed.emit()
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture, its frame and its state."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.PANEL)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = self._now()
        if frame is not None:
            self._paint_frame(painter, frame)
            self.paints += frame is not self._shown
        self._shown = frame
        if self._status is not None:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            is_quiet = self._status.colour == theme.QUIET
            painter.setPen(QPen(theme.LINE if is_quiet else self._status.colour, 2))
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))
            _paint_tag(painter, QRectF(self.rect()), self._status)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.ACCENT, 2))
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    def _paint_frame(self, painter: QPainter, frame: SafeFrame) -> None:
        # Imported here because it loads cv2, as the preview's painter does.
        from mirror_app.gui.views.picture import ScreenPicture

        if self._screen is None:
            self._screen = ScreenPicture()
        height, width = frame.image_bgr.shape[:2]
        box = picture_box((width, height), self.size(), self.devicePixelRatioF())
        picture = self._screen.fit(frame.image_bgr, box.size_px, flip_horizontal=False)
        picture.setDevicePixelRatio(box.ratio)
        painter.drawImage(box.place, picture)

    def _now(self) -> SafeFrame | None:
        newest = self._newest
        if newest is not None and 0 <= time.monotonic_ns() - newest.captured_ns <= PATIENCE_NS:
            return newest
        if self._card is None and (newest is not None or self._shown is not None):
            self._card = self._make_card(_CARD_WH)
        return self._card

    def _look(self) -> None:
        if self._now() is not self._shown:
            self.update()


def _paint_tag(painter: QPainter, box: QRectF, status: Status) -> None:
    """The state in the left upper corner; filled with its colour, so that nobody overlooks it."""
    painter.setFont(theme.font(11, bold=True))
    width = QFontMetricsF(painter.font()).horizontalAdvance(status.word) + 16
    tag = QRectF(box.left() + 6, box.top() + 6, width, 20)
    is_quiet = status.colour == theme.QUIET
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.faded(theme.WINDOW, 0.9) if is_quiet else status.colour)
    painter.drawRoundedRect(tag, 5, 5)
    painter.setPen(theme.TEXT_SOFT if is_quiet else theme.WINDOW)
    painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, status.word)
