"""Room: gui. Words painted in the place of the picture, or into a corner of it. No widgets, no states of its own."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from mirror_app.gui import theme
from mirror_app.gui.widgets.icons import Icon, paint_icon
from mirror_app.gui.wording import Status

_ICON: Final = 56.0
_TITLE_HEIGHT: Final = 26.0
_MARK_HEIGHT: Final = 28.0
_MARK_GAP: Final = 12.0
_SMALL_WH: Final = (420.0, 230.0)
"""A box smaller than this gets the sentence alone."""


def paint_message(painter: QPainter, box: QRectF, icon: Icon, title: str, text: str) -> None:
    """A calm sentence with an icon over it and a hint below; in a small box the sentence alone."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.PANEL)
    painter.drawRoundedRect(box, theme.RADIUS, theme.RADIUS)
    wrapped = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    if box.width() < _SMALL_WH[0] or box.height() < _SMALL_WH[1]:
        painter.setFont(theme.font(13, bold=True))
        painter.setPen(theme.TEXT)
        painter.drawText(box.adjusted(16, 8, -16, -8), wrapped, title)
        return
    place = QRectF(0, 0, _ICON, _ICON)
    place.moveCenter(box.center() - QPointF(0, 48))
    paint_icon(painter, icon, place, theme.faded(theme.TEXT_SOFT, 0.6), stroke=1.2)
    words = QRectF(box.left() + 32, place.bottom() + 14, box.width() - 64, _TITLE_HEIGHT)
    painter.setFont(theme.font(17, bold=True))
    painter.setPen(theme.TEXT)
    painter.drawText(words, Qt.AlignmentFlag.AlignCenter, title)
    painter.setFont(theme.font(13))
    painter.setPen(theme.TEXT_SOFT)
    flags = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
    painter.drawText(words.translated(0, 32).adjusted(0, 0, 0, 60), flags, text)


def paint_compare_tag(painter: QPainter, box: QRectF, radius: float, text: str) -> None:
    """A frame in the warning colour around the picture, and a sentence at its upper edge."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.BARE_FACE, 4))
    painter.drawRoundedRect(box.adjusted(2, 2, -2, -2), radius, radius)
    painter.setFont(theme.font(16, bold=True))
    width = QFontMetricsF(painter.font()).horizontalAdvance(text) + 40
    tag = QRectF(box.center().x() - width / 2, box.top() + 18, width, 38)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.BARE_FACE)
    painter.drawRoundedRect(tag, 19, 19)
    painter.setPen(theme.WINDOW)
    painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, text)


def paint_state_mark(painter: QPainter, box: QRectF, status: Status) -> None:
    """A dot and a word in the left upper corner: the state pill, small."""
    painter.setFont(theme.font(12, bold=True))
    width = QFontMetricsF(painter.font()).horizontalAdvance(status.word) + 40
    mark = QRectF(box.left() + _MARK_GAP, box.top() + _MARK_GAP, width, _MARK_HEIGHT)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.faded(theme.WINDOW, 0.88))
    painter.drawRoundedRect(mark, _MARK_HEIGHT / 2, _MARK_HEIGHT / 2)
    painter.setBrush(status.colour)
    painter.drawEllipse(QPointF(mark.left() + 16, mark.center().y()), 4, 4)
    painter.setPen(status.colour)
    painter.drawText(mark.adjusted(26, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, status.word)
