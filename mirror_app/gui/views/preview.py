"""Room: gui. The big picture: paints the newest result and says when the paint ended. Decides nothing."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from mirror_app.gui import theme
from mirror_app.gui.live_worker import LiveTurn
from mirror_app.gui.views.picture_box import PictureBox, picture_box
from mirror_app.gui.views.preview_words import paint_compare_tag, paint_message, paint_state_mark
from mirror_app.gui.views.split_view import SplitDivider, paint_halves
from mirror_app.gui.widgets.icons import Icon
from mirror_app.gui.wording import filled, status_of
from mirror_app.pipeline.result import MirrorState, Unsafe

if TYPE_CHECKING:
    from mirror_app.gui.views.preview_painter import PreviewPainter

_EMPTY_SHAPE: Final = 16 / 9


class Preview(QWidget):
    """Shows the mirror's picture as large as it fits, or a calm sentence while there is none."""

    painted = Signal(object, object)
    """A result was painted for the first time: its `LiveTurn`, and `time.monotonic_ns()` at the end of the paint."""
    changed = Signal()
    """Another result or sentence is to be shown."""
    split_changed = Signal(bool)
    """Half of the picture shows the real face, or no longer."""
    notice = Signal(str)
    """A sentence: why what was asked for cannot be shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(320, 200)
        self.setAccessibleName(self.tr("Mirror picture"))
        self._turn: LiveTurn | None = None
        self._is_new = False
        self._painter: PreviewPainter | None = None
        self._message = (Icon.FACE, "", "")
        self._flip = True
        self._compare = False
        self._edge_to_edge = False
        self.divider = SplitDivider(self)
        self.divider.moved.connect(self.update)

    def sizeHint(self) -> QSize:
        """The size at which a 720p picture is shown at three quarters."""
        return QSize(960, 540)

    @property
    def turn(self) -> LiveTurn | None:
        """What is shown; None while there is only a sentence."""
        return self._turn

    @property
    def message(self) -> tuple[Icon, str, str]:
        """Icon, sentence and hint that are shown while there is no `turn`."""
        return self._message

    @property
    def picture_rect(self) -> QRectF | None:
        """Where the picture lies; None while there is only a sentence."""
        return None if self._turn is None else self._box(self._turn).rect

    @property
    def is_flipped(self) -> bool:
        """Whether the picture is shown as a mirror does."""
        return self._flip

    @property
    def is_comparing(self) -> bool:
        """Whether the camera's own picture is shown."""
        return self._compare

    @property
    def is_split(self) -> bool:
        """Whether the left half shows the camera's own picture."""
        return not self.divider.isHidden()

    def show_turn(self, turn: LiveTurn) -> None:
        """Show a result at the next paint."""
        self._turn, self._is_new = turn, True
        if turn.result.state is MirrorState.SHIELD:
            self.set_split(False)
        self._place_divider()
        self.update()
        self.changed.emit()

    def show_message(self, title: str, text: str = "", icon: Icon = Icon.FACE) -> None:
        """Show a sentence instead of any picture."""
        self._turn, self._is_new = None, False
        self._message = (icon, title, text)
        self.set_split(False)
        self.setAccessibleDescription(f"{title} {text}".strip())
        self.update()
        self.changed.emit()

    def show_paused(self, key: str) -> None:
        """Say that the camera was switched off on purpose, and which key brings the picture back ("" = none)."""
        hint = filled(self.tr("Press {key} to go on."), key=key) if key else ""
        self.show_message(self.tr("Paused. The camera is off."), hint, Icon.PAUSE)

    def set_flip(self, flip: bool) -> None:
        """Show the picture as a mirror does, or as others see it."""
        self._flip = flip
        self.update()

    def set_compare(self, compare: bool) -> None:
        """Show the camera's own picture, here and nowhere else."""
        if compare != self._compare:
            self._compare = compare
            self.update()

    def toggle_split(self) -> None:
        """Show the real face in the left half, here and nowhere else, or no longer."""
        if self.is_split:
            self.set_split(False)
        elif self._turn is None or self._turn.result.state is not MirrorState.LIVE:
            self.notice.emit(self.tr("There is no swapped picture to compare with yet."))
        else:
            self.set_split(True)

    def set_split(self, split: bool) -> None:
        """Begin or end the split view; it ends by itself with the swapped picture."""
        if split == self.is_split:
            return
        if not split and self.divider.hasFocus():
            self.setFocus()
        self.divider.setVisible(split)
        self._place_divider()
        self.update()
        self.split_changed.emit(split)

    def set_edge_to_edge(self, edge_to_edge: bool) -> None:
        """Show nothing but the picture, on black, with the state in a corner while it is not live."""
        self._edge_to_edge = edge_to_edge
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the split view's line on the picture."""
        super().resizeEvent(event)
        self._place_divider()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint, then tell when it was done."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.black if self._edge_to_edge else theme.WINDOW)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._turn is None:
            paint_message(painter, self._message_box(), *self._message)
            return
        self._paint_turn(painter, self._turn)
        painter.end()
        if self._is_new:
            self._is_new = False
            self.painted.emit(self._turn, time.monotonic_ns())

    def _paint_turn(self, painter: QPainter, turn: LiveTurn) -> None:
        # Imported here because it loads cv2, which would keep the window from showing for half a second.
        from mirror_app.gui.views.preview_painter import PreviewPainter

        if self._painter is None:
            self._painter = PreviewPainter()
        box = self._box(turn)
        is_card = _is_card(turn)
        bare_share = 1.0 if self._compare else self.divider.share if self.is_split else 0.0
        # A card holds no camera picture: mirroring it would only make its words unreadable.
        picture = self._painter.picture(turn.result, box.size_px, flip=self._flip and not is_card, bare=bare_share)
        picture.setDevicePixelRatio(box.ratio)
        painter.drawImage(box.place, picture)
        radius = 0.0 if self._edge_to_edge else theme.RADIUS
        if radius:
            _round_off_corners(painter, box.rect)
        if not is_card and (self._compare or turn.result.unsafe is Unsafe.SWAP_OFF):
            paint_compare_tag(painter, box.rect, radius, self.tr("Your real face — not what others see"))
        elif not is_card and turn.result.state is MirrorState.SHIELD:
            paint_compare_tag(painter, box.rect, radius, self.tr("Not what others see"))
        elif self.is_split:
            words = self.tr("Original — only you see this half"), self.tr("Original"), self.tr("Swapped")
            paint_halves(painter, box.rect, radius, self.divider.line_x, words)
        if self._edge_to_edge and turn.result.state is not MirrorState.LIVE:
            paint_state_mark(painter, QRectF(self.rect()), status_of(turn.result))

    def _box(self, turn: LiveTurn) -> PictureBox:
        height, width = turn.result.preview_bgr.shape[:2]
        return picture_box((width, height), self.size(), self.devicePixelRatioF())

    def _message_box(self) -> QRectF:
        if self._edge_to_edge:
            return QRectF(self.rect()).adjusted(1, 1, -1, -1)
        width = min(self.width(), self.height() * _EMPTY_SHAPE)
        box = QRectF(0, 0, width, width / _EMPTY_SHAPE)
        box.moveCenter(QRectF(self.rect()).center())
        return box

    def _place_divider(self) -> None:
        if self._turn is not None and self.is_split:
            self.divider.follow(self._box(self._turn).rect)


def _is_card(turn: LiveTurn) -> bool:
    """Whether a card stands where the camera's picture would be."""
    return turn.result.unsafe in (Unsafe.ERROR, Unsafe.PANIC)


def _round_off_corners(painter: QPainter, box: QRectF) -> None:
    """Paint the window's colour over the corners; clipping the picture itself costs far more."""
    corners = QPainterPath()
    corners.addRect(box)
    corners.addRoundedRect(box, theme.RADIUS, theme.RADIUS)
    painter.fillPath(corners, theme.WINDOW)
