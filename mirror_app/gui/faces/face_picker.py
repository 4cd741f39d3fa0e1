"""Room: gui. A photo with numbered boxes around its faces, and the faces alone, to click. Finds none itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QImage, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from mirror_app.gui import theme
from mirror_app.gui.widgets.icons import Icon, paint_icon

_SIDE: Final = 300
_LEAST_TARGET: Final = 28.0
"""Faces smaller than this on the screen are clicked within this square."""
_CLOSE_UPS: Final = 5
"""So many faces fit side by side below the photo; further ones come into view with the choice."""
_CLOSE_UP: Final = 54.0
_GAP: Final = (_SIDE - _CLOSE_UPS * _CLOSE_UP) / (_CLOSE_UPS - 1)


@dataclass(frozen=True, slots=True, eq=False)
class PickableFace:
    """A face to choose.

    Attributes:
        box: Where it is, as shares of the photo's width and height.
        close_up: The face alone, square.
    """

    box: QRectF
    close_up: QImage


class FacePicker(QWidget):
    """The photo in a rounded square, an icon until it is loaded; several faces also one by one below it."""

    chosen = Signal(int)
    """Index of the face that the user chose."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(_SIDE, _SIDE)
        self._photo: QImage | None = None
        self._faces: list[PickableFace] = []
        self._current = 0
        self._hovered: int | None = None
        self.setMouseTracking(True)

    @property
    def current(self) -> int:
        """Index of the face that is chosen."""
        return self._current

    def show_photo(self, photo: QImage | None, faces: Sequence[PickableFace] = (), current: int = 0) -> None:
        """Show a photo.

        Args:
            photo: None while it is not loaded.
            faces: Everybody in it; with more than one the user can choose.
            current: Which one is chosen.
        """
        self._photo, self._faces, self._current, self._hovered = photo, list(faces), current, None
        can_choose = len(self._faces) > 1
        self.setFixedHeight(round(_SIDE + _GAP + _CLOSE_UP) if can_choose else _SIDE)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if can_choose else Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(self.tr("Faces in the photo"))
        self._describe()
        self.update()

    def choose(self, index: int) -> None:
        """Choose a face, as a click on it does; other numbers are ignored."""
        if 0 <= index < len(self._faces) and index != self._current:
            self._current = index
            self._describe()
            self.update()
            self.chosen.emit(index)

    def box_on_screen(self, index: int) -> QRectF:
        """Where a face is in the photo, px of this widget."""
        shown, box = self._shown(), self._faces[index].box
        return QRectF(
            shown.x() + box.x() * shown.width(),
            shown.y() + box.y() * shown.height(),
            box.width() * shown.width(),
            box.height() * shown.height(),
        )

    def close_up_on_screen(self, index: int) -> QRectF | None:
        """Where a face is shown by itself; None when it is out of view."""
        first = min(max(self._current - _CLOSE_UPS // 2, 0), max(len(self._faces) - _CLOSE_UPS, 0))
        if not first <= index < first + _CLOSE_UPS:
            return None
        return QRectF((index - first) * (_CLOSE_UP + _GAP), _SIDE + _GAP, _CLOSE_UP, _CLOSE_UP)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the face under the pointer."""
        index = self._face_at(event.position())
        if index is not None:
            self.choose(index)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Brighten the face under the pointer."""
        index = self._face_at(event.position())
        if index != self._hovered:
            self._hovered = index
            self.setCursor(Qt.CursorShape.ArrowCursor if index is None else Qt.CursorShape.PointingHandCursor)
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows and numbers choose."""
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Up):
            self.choose(self._current - 1)
        elif event.key() in (Qt.Key.Key_Right, Qt.Key.Key_Down):
            self.choose(self._current + 1)
        elif Qt.Key.Key_1 <= event.key() <= Qt.Key.Key_9:
            self.choose(event.key() - Qt.Key.Key_1)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the photo, and the boxes where there is a choice."""
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        square = QRectF(0, 0, _SIDE, _SIDE)
        path = QPainterPath()
        path.addRoundedRect(square, theme.RADIUS, theme.RADIUS)
        painter.fillPath(path, theme.RAISED)
        if self._photo is None:
            icon = QRectF(0, 0, 48, 48)
            icon.moveCenter(square.center())
            paint_icon(painter, Icon.PHOTO, icon, theme.faded(theme.TEXT_SOFT, 0.6), stroke=1.2)
            return
        painter.setClipPath(path)
        painter.drawImage(self._shown(), self._photo)
        if len(self._faces) > 1:
            # The chosen one last: its box lies on top.
            order = sorted(range(len(self._faces)), key=lambda index: index == self._current)
            for index in order:
                box = self.box_on_screen(index)
                self._paint_box(painter, index, box, box.topLeft() + QPointF(-1, -1))
            painter.setClipping(False)
            for index in order:
                self._paint_close_up(painter, index)

    def _paint_close_up(self, painter: QPainter, index: int) -> None:
        place = self.close_up_on_screen(index)
        if place is not None:
            box = place.adjusted(2, 2, -2, -2)
            path = QPainterPath()
            path.addRoundedRect(box, 5, 5)
            painter.setClipPath(path)
            painter.drawImage(box, self._faces[index].close_up)
            painter.setClipping(False)
            self._paint_box(painter, index, box, box.topLeft() + QPointF(0, 18))

    def _paint_box(self, painter: QPainter, index: int, box: QRectF, tag_bottom_left: QPointF) -> None:
        is_current, is_marked = index == self._current, index == self._hovered
        colour = theme.ACCENT if is_current else theme.TEXT
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.faded(theme.WINDOW, 0.6), 4.5 if is_current else 3.5))
        painter.drawRoundedRect(box, 5, 5)
        painter.setPen(
            QPen(colour if is_current or is_marked else theme.faded(colour, 0.75), 2.5 if is_current else 1.5)
        )
        painter.drawRoundedRect(box, 5, 5)
        painter.setFont(theme.font(11, bold=True))
        tag = QRectF(0, 0, max(18.0, QFontMetricsF(painter.font()).horizontalAdvance(str(index + 1)) + 10), 18)
        tag.moveBottomLeft(tag_bottom_left)
        if tag.top() < 2:
            tag.moveTop(2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.ACCENT if is_current else theme.faded(theme.WINDOW, 0.85))
        painter.drawRoundedRect(tag, 5, 5)
        painter.setPen(theme.ACCENT_INK if is_current else theme.TEXT)
        painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, str(index + 1))

    def _shown(self) -> QRectF:
        """Where the photo lies in the square."""
        if self._photo is None:
            return QRectF(0, 0, _SIDE, _SIDE)
        scale = min(_SIDE / self._photo.width(), _SIDE / self._photo.height())
        shown = QRectF(0, 0, self._photo.width() * scale, self._photo.height() * scale)
        shown.moveCenter(QPointF(_SIDE / 2, _SIDE / 2))
        return shown

    def _face_at(self, point: QPointF) -> int | None:
        """The face under a point, the smallest of several; None where there is no choice."""
        if len(self._faces) < 2:
            return None
        hits = []
        for index in range(len(self._faces)):
            close_up = self.close_up_on_screen(index)
            if close_up is not None and close_up.contains(point):
                return index
            box = self.box_on_screen(index)
            grow_x, grow_y = (max((_LEAST_TARGET - length) / 2, 0.0) for length in (box.width(), box.height()))
            if box.adjusted(-grow_x, -grow_y, grow_x, grow_y).contains(point):
                hits.append((box.width() * box.height(), index))
        return min(hits)[1] if hits else None

    def _describe(self) -> None:
        if len(self._faces) > 1:
            self.setAccessibleDescription(f"{self._current + 1} / {len(self._faces)}")
