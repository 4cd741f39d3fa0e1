"""Room: gui. The big picture: paints the newest result and says when the paint ended. Decides nothing."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from mirror_app.gui import theme
from mirror_app.gui.icons import Icon, paint_icon
from mirror_app.gui.live_worker import LiveTurn
from mirror_app.pipeline.result import Unsafe

if TYPE_CHECKING:
    from mirror_app.gui.label_finder import LabelFinder
    from mirror_app.gui.picture import ScreenPicture

_EMPTY_SHAPE = 16 / 9


class Preview(QWidget):
    """Shows the mirror's picture as large as it fits, or a calm sentence while there is none."""

    painted = Signal(object, object)
    """A result was painted for the first time: its `LiveTurn`, and `time.monotonic_ns()` at the end of the paint."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(320, 200)
        self.setAccessibleName(self.tr("Mirror picture"))
        self._turn: LiveTurn | None = None
        self._is_new = False
        self._screen: ScreenPicture | None = None
        self._labels: LabelFinder | None = None
        self._message = ("", "")
        self._flip = True
        self._compare = False

    def sizeHint(self) -> QSize:
        """The size at which a 720p picture is shown at three quarters."""
        return QSize(960, 540)

    @property
    def turn(self) -> LiveTurn | None:
        """What is shown; None while there is only a sentence."""
        return self._turn

    @property
    def is_comparing(self) -> bool:
        """Whether the camera's own picture is shown."""
        return self._compare

    def show_turn(self, turn: LiveTurn) -> None:
        """Show a result at the next paint."""
        self._turn, self._is_new = turn, True
        self.update()

    def show_message(self, title: str, text: str = "") -> None:
        """Show a sentence instead of any picture."""
        self._turn, self._is_new = None, False
        self._message = (title, text)
        self.setAccessibleDescription(f"{title} {text}".strip())
        self.update()

    def set_flip(self, flip: bool) -> None:
        """Show the picture as a mirror does, or as others see it."""
        self._flip = flip
        self.update()

    def set_compare(self, compare: bool) -> None:
        """Show the camera's own picture, here and nowhere else."""
        if compare != self._compare:
            self._compare = compare
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint, then tell when it was done."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.WINDOW)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._turn is None:
            self._paint_message(painter)
            return
        box = self._paint_picture(painter, self._turn)
        if self._compare:
            self._paint_compare_tag(painter, box)
        painter.end()
        if self._is_new:
            self._is_new = False
            self.painted.emit(self._turn, time.monotonic_ns())

    def _paint_picture(self, painter: QPainter, turn: LiveTurn) -> QRectF:
        # Imported here because it loads cv2, which would keep the window from showing for half a second.
        from mirror_app.gui.label_finder import LabelFinder
        from mirror_app.gui.picture import ScreenPicture, fitted_wh

        if self._screen is None or self._labels is None:
            self._screen, self._labels = ScreenPicture(), LabelFinder()
        image_bgr = turn.result.original_bgr if self._compare else turn.result.preview_bgr
        ratio = self.devicePixelRatioF()
        room_wh = (max(1, int(self.width() * ratio)), max(1, int(self.height() * ratio)))
        size_wh = fitted_wh((image_bgr.shape[1], image_bgr.shape[0]), room_wh)
        # A card holds no camera picture: mirroring it would only make its words unreadable.
        flip = self._flip and turn.result.unsafe is not Unsafe.ERROR
        plate = self._labels.find(turn.result) if flip and not self._compare else None
        picture = self._screen.fit(image_bgr, size_wh, flip_horizontal=flip, plate=plate)
        picture.setDevicePixelRatio(ratio)
        left, top = int((room_wh[0] - size_wh[0]) / 2) / ratio, int((room_wh[1] - size_wh[1]) / 2) / ratio
        painter.drawImage(QPointF(left, top), picture)
        box = QRectF(left, top, size_wh[0] / ratio, size_wh[1] / ratio)
        _round_off_corners(painter, box)
        return box

    def _paint_compare_tag(self, painter: QPainter, box: QRectF) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.BARE_FACE, 4))
        painter.drawRoundedRect(box.adjusted(2, 2, -2, -2), theme.RADIUS, theme.RADIUS)
        text = self.tr("Your real face — only you see this")
        painter.setFont(theme.font(16, bold=True))
        width = QFontMetricsF(painter.font()).horizontalAdvance(text) + 40
        tag = QRectF(box.center().x() - width / 2, box.top() + 18, width, 38)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.BARE_FACE)
        painter.drawRoundedRect(tag, 19, 19)
        painter.setPen(theme.WINDOW)
        painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_message(self, painter: QPainter) -> None:
        width = min(self.width(), self.height() * _EMPTY_SHAPE)
        box = QRectF(0, 0, width, width / _EMPTY_SHAPE)
        box.moveCenter(QRectF(self.rect()).center())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.PANEL)
        painter.drawRoundedRect(box, theme.RADIUS, theme.RADIUS)
        title, text = self._message
        icon = QRectF(0, 0, 56, 56)
        icon.moveCenter(box.center() - QPointF(0, 48))
        paint_icon(painter, Icon.FACE, icon, theme.faded(theme.TEXT_SOFT, 0.6), stroke=1.2)
        words = QRectF(box.left() + 32, icon.bottom() + 14, box.width() - 64, 26)
        painter.setFont(theme.font(17, bold=True))
        painter.setPen(theme.TEXT)
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, title)
        painter.setFont(theme.font(13))
        painter.setPen(theme.TEXT_SOFT)
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(words.translated(0, 32).adjusted(0, 0, 0, 60), flags, text)


def _round_off_corners(painter: QPainter, box: QRectF) -> None:
    """Paint the window's colour over the corners; clipping the picture itself costs far more."""
    corners = QPainterPath()
    corners.addRect(box)
    corners.addRoundedRect(box, theme.RADIUS, theme.RADIUS)
    painter.fillPath(corners, theme.WINDOW)
