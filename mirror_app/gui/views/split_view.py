"""Room: gui. Half the real face, half the new one: the line between them, and the words over each half. No pixels."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from mirror_app.gui import theme
from mirror_app.gui.wording import filled

_MIDDLE: Final = 0.5
_LIMITS: Final = (0.04, 0.96)
_STEP: Final = 0.02
_WIDTH: Final = 32
_HANDLE: Final = 13.0
_TAG_HEIGHT: Final = 30.0
_TAG_GAP: Final = 14.0
_KEYS: Final = {Qt.Key.Key_Left: -_STEP, Qt.Key.Key_Right: _STEP}


class SplitDivider(QWidget):
    """The line; it is dragged, or moved by the arrow keys, though elsewhere in the window these pick a face."""

    moved = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._share = _MIDDLE
        self._box = QRectF(parent.rect())
        self._grabbed_at: float | None = None
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Line between your face and the new one"))
        self.setToolTip(self.tr("Drag, or use the arrow keys"))
        self._describe()
        self.hide()

    @property
    def share(self) -> float:
        """0..1, the part of the picture's width left of the line."""
        return self._share

    @property
    def line_x(self) -> float:
        """Where the line is in its parent."""
        return self._box.left() + self._share * self._box.width()

    def set_share(self, share: float) -> None:
        """Move the line; it stays inside the picture."""
        self._share = min(max(share, _LIMITS[0]), _LIMITS[1])
        self._describe()
        self._place()
        self.moved.emit()

    def follow(self, box: QRectF) -> None:
        """Lie over the picture, which is here now."""
        if box != self._box:
            self._box = QRectF(box)
            self._place()

    def event(self, event: QEvent) -> bool:
        """Claim the arrow keys before the window's shortcuts get them."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in _KEYS:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and Right move the line by a fiftieth."""
        step = next((step for key, step in _KEYS.items() if key == event.key()), None)
        if step is None:
            super().keyPressEvent(event)
        else:
            self.set_share(self._share + step)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the line."""
        self._grabbed_at = event.position().x() - self.width() / 2

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag it."""
        if self._grabbed_at is not None:
            x = self.mapToParent(event.position()).x() - self._grabbed_at
            self.set_share((x - self._box.left()) / max(self._box.width(), 1.0))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let it go."""
        self._grabbed_at = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Back to the middle."""
        self.set_share(_MIDDLE)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line and its handle."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x, middle = self.line_x - self.geometry().left(), self.height() / 2
        painter.setPen(QPen(theme.BARE_FACE, 4))
        painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
        painter.setPen(QPen(theme.TEXT if self.hasFocus() else theme.BARE_FACE, 3))
        painter.setBrush(theme.WINDOW)
        painter.drawEllipse(QPointF(x, middle), _HANDLE, _HANDLE)
        painter.setPen(QPen(theme.TEXT, 2, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin))
        for side in (-1, 1):
            tip = QPointF(x + side * 8, middle)
            painter.drawPolyline([tip + QPointF(-side * 4, -4), tip, tip + QPointF(-side * 4, 4)])

    def _place(self) -> None:
        left = round(self.line_x - _WIDTH / 2)
        self.setGeometry(left, round(self._box.top()), _WIDTH, round(self._box.height()))
        self.update()

    def _describe(self) -> None:
        percent = str(round(100 * self._share))
        self.setAccessibleDescription(filled(self.tr("{percent} % of the picture show your face"), percent=percent))


def paint_halves(painter: QPainter, box: QRectF, radius: float, line_x: float, words: tuple[str, str, str]) -> None:
    """Frame the real half in the warning colour and say in each half what it shows.

    Args:
        painter: Of the widget.
        box: The picture.
        radius: Of its corners.
        line_x: Where the line is.
        words: For the real half, long and short, and for the other one; the longest that fits is shown.
    """
    painter.save()
    painter.setClipRect(QRectF(box.left(), box.top(), line_x - box.left(), box.height()))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.BARE_FACE, 4))
    painter.drawRoundedRect(box.adjusted(2, 2, -2, -2), radius, radius)
    painter.restore()
    painter.setFont(theme.font(13, bold=True))
    real_room = line_x - _WIDTH / 2 - box.left() - _TAG_GAP
    new_room = box.right() - _TAG_GAP - line_x - _WIDTH / 2
    for text in words[:2]:
        if _tag_width(painter, text) <= real_room:
            tag = QRectF(box.left() + _TAG_GAP, box.top() + _TAG_GAP, _tag_width(painter, text), _TAG_HEIGHT)
            _paint_tag(painter, tag, text, is_real=True)
            break
    width = _tag_width(painter, words[2])
    if width <= new_room:
        tag = QRectF(box.right() - _TAG_GAP - width, box.top() + _TAG_GAP, width, _TAG_HEIGHT)
        _paint_tag(painter, tag, words[2], is_real=False)


def _tag_width(painter: QPainter, text: str) -> float:
    return QFontMetricsF(painter.font()).horizontalAdvance(text) + 2 * _TAG_GAP


def _paint_tag(painter: QPainter, tag: QRectF, text: str, *, is_real: bool) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.BARE_FACE if is_real else theme.faded(theme.WINDOW, 0.85))
    painter.drawRoundedRect(tag, _TAG_HEIGHT / 2, _TAG_HEIGHT / 2)
    painter.setPen(theme.WINDOW if is_real else theme.TEXT)
    painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, text)
