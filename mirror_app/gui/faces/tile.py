"""Room: gui. One face to pick: its picture, name, key and star. Loads and changes nothing itself."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLocale, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFontMetricsF,
    QImage,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QAbstractButton, QMenu, QWidget

from mirror_app.gui import theme
from mirror_app.gui.translator import spoken
from mirror_app.gui.widgets.icons import Icon, paint_icon
from mirror_app.gui.wording import badge_colour, remark_sentence, title_of
from mirror_app.targets.names import folded
from mirror_app.targets.remarks import Badge

if TYPE_CHECKING:
    from mirror_app.targets.record import TargetRecord

TILE_WH: Final = (112, 136)
_SIDE: Final = TILE_WH[0]
_TITLE_HEIGHT: Final = TILE_WH[1] - _SIDE
_RING: Final = 4.0
_HEADROOM: Final = 0.3
"""Of what an upright picture is too tall, the part cut off at its top: faces are in the upper half."""
_BADGE_SIGNS: Final = {Badge.GOOD: "✓", Badge.FAIR: "~", Badge.POOR: "!"}
_KEYS: Final = 9
"""Faces that have a number key."""
_STAR_ZONE: Final = QRectF(_SIDE - 36, 2, 34, 34)
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


@dataclass(frozen=True, slots=True)
class TileInfo:
    """What a tile shows.

    Attributes:
        name: Key of the face.
        title: Its name in the user's language.
        credit: Who made the picture; "" when nothing is to be said.
        is_own: The user added it and may delete it.
        badge: How well its photos serve; None where there is nothing to say.
        remarks: What speaks against them, in sentences.
        searched: Its names in both languages, folded; what a search looks through.
        is_favourite: It has a star.
    """

    name: str
    title: str
    credit: str
    is_own: bool
    badge: Badge | None = None
    remarks: tuple[str, ...] = ()
    searched: str = ""
    is_favourite: bool = False


def tile_of(record: TargetRecord, locale: QLocale) -> TileInfo:
    """What the tile of a face shows, in the user's language. From any thread."""
    check = record.check
    return TileInfo(
        name=record.name,
        title=title_of(record, locale),
        credit=spoken(record.credit) if record.credit else "",
        is_own=not record.builtin,
        badge=None if check is None else check.badge,
        remarks=() if check is None else tuple(remark_sentence(remark) for remark in check.remarks),
        searched=folded(f"{record.title_en}\n{record.title_zh}"),
    )


class TargetTile(QAbstractButton):
    """One face: a square picture, its name, and a ring when it is worn. Whoever shows it says when that is."""

    star_toggled = Signal(str)
    remove_requested = Signal(str)
    discard_requested = Signal(str)
    """Delete without the trash."""

    def __init__(self, info: TileInfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.info = info
        self._number = 0
        self.thumbnail: QImage | None = None
        self._is_loading = False
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCheckable(True)
        self.setFixedSize(*TILE_WH)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_info(self, info: TileInfo, number: int) -> None:
        """Say what is shown, and which place it has, counted from 1."""
        self.info, self._number = info, number
        key = f"  [{number}]" if number <= _KEYS else ""
        starred = self.tr("Favourite") if info.is_favourite else ""
        self.setToolTip("\n".join(filter(None, (info.title + key, info.credit, *info.remarks))))
        self.setAccessibleName(info.title)
        self.setAccessibleDescription(" ".join(filter(None, (starred, *info.remarks))))
        self.update()

    def set_thumbnail(self, thumbnail: QImage) -> None:
        """Show a picture; a square part of it is used."""
        self.thumbnail = thumbnail
        self.update()

    def set_loading(self, loading: bool) -> None:
        """Show that the face was picked but is not worn yet."""
        if loading != self._is_loading:
            self._is_loading = loading
            self.update()

    def nextCheckState(self) -> None:
        """A click asks for the face; the ring comes when the face is picked."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on the star toggles it."""
        if event.button() == Qt.MouseButton.LeftButton and _STAR_ZONE.contains(event.position()):
            self.star_toggled.emit(self.info.name)
        else:
            super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter picks, * and Shift+F star, Delete deletes, Shift+Delete for good; all else goes on to the window."""
        key, is_shifted = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.isAutoRepeat():
            event.ignore()  # Delete held down would delete the next face too
        elif key in _ENTER:
            self.click()
        elif key == Qt.Key.Key_Asterisk or (key == Qt.Key.Key_F and is_shifted):
            self.star_toggled.emit(self.info.name)
        elif key == Qt.Key.Key_Delete and self.info.is_own:
            (self.discard_requested if is_shifted else self.remove_requested).emit(self.info.name)
        else:
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Space belongs to the window."""
        event.ignore()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer the star, and deleting the user's own faces."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        starred = self.tr("Remove from favourites") if self.info.is_favourite else self.tr("Add to favourites")
        menu.addAction(_with_key(starred, "*")).triggered.connect(lambda: self.star_toggled.emit(self.info.name))
        if self.info.is_own:
            menu.addSeparator()
            remove = menu.addAction(_with_key(self.tr("Delete"), "Del"))
            remove.triggered.connect(lambda: self.remove_requested.emit(self.info.name))
            discard = menu.addAction(_with_key(self.tr("Delete for good…"), "Shift+Del"))
            discard.triggered.connect(lambda: self.discard_requested.emit(self.info.name))
        menu.popup(event.globalPos())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint picture, ring, key, star and name."""
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        outer = QRectF(0, 0, _SIDE, _SIDE).adjusted(1.25, 1.25, -1.25, -1.25)
        inner = outer.adjusted(_RING, _RING, -_RING, -_RING)
        self._paint_thumbnail(painter, inner)
        if self.isChecked() or self.hasFocus():
            ring = theme.ACCENT if self.isChecked() else theme.TEXT_SOFT
            style = Qt.PenStyle.DotLine if self._is_loading else Qt.PenStyle.SolidLine
            painter.setPen(QPen(ring, 2.5, style))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(outer, theme.RADIUS + 2, theme.RADIUS + 2)
        if self._number <= _KEYS:
            self._paint_key(painter, inner)
        if self.info.is_favourite or self.underMouse() or self.hasFocus():
            _paint_star(painter, inner, is_filled=self.info.is_favourite)
        if self.info.badge is not None:
            _paint_badge(painter, inner, self.info.badge)
        painter.setFont(theme.font(12, bold=self.isChecked()))
        painter.setPen(theme.TEXT if self.isChecked() or self.underMouse() else theme.TEXT_SOFT)
        title = QFontMetricsF(painter.font()).elidedText(self.info.title, Qt.TextElideMode.ElideRight, _SIDE - 4)
        painter.drawText(QRectF(0, _SIDE, _SIDE, _TITLE_HEIGHT), Qt.AlignmentFlag.AlignCenter, title)

    def _paint_thumbnail(self, painter: QPainter, box: QRectF) -> None:
        path = paint_thumbnail(painter, box, self.thumbnail, theme.RADIUS - 2, 32)
        if self.underMouse() and not self.isChecked():
            painter.fillPath(path, theme.faded(theme.TEXT, 0.10))

    def _paint_key(self, painter: QPainter, box: QRectF) -> None:
        badge = QRectF(box.left() + 6, box.top() + 6, 20, 20)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.ACCENT if self.isChecked() else theme.faded(theme.WINDOW, 0.66))
        painter.drawRoundedRect(badge, 6, 6)
        painter.setPen(theme.ACCENT_INK if self.isChecked() else theme.TEXT)
        painter.setFont(theme.font(11, bold=True))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, str(self._number))


def _with_key(text: str, key: str) -> str:
    """A menu's line with a key at its right."""
    return f"{text}\t{QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)}"


def _paint_star(painter: QPainter, box: QRectF, *, is_filled: bool) -> None:
    """Paint the star in its dark disc: filled for a favourite, an outline where one can be given."""
    disc = QRectF(box.right() - 28, box.top() + 5, 22, 22)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.faded(theme.WINDOW, 0.66))
    painter.drawEllipse(disc)
    centre = disc.center()
    corners = [
        QPointF(centre.x() + radius * math.sin(turn), centre.y() - radius * math.cos(turn))
        for turn, radius in ((math.pi / 5 * step, 3.0 if step % 2 else 7.2) for step in range(10))
    ]
    painter.setPen(QPen(theme.HOLD if is_filled else theme.TEXT, 1.3, j=Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(theme.HOLD if is_filled else Qt.BrushStyle.NoBrush)
    painter.drawPolygon(QPolygonF(corners))


def _paint_badge(painter: QPainter, box: QRectF, badge: Badge) -> None:
    """Paint how well the photo serves, by colour and by sign."""
    disc = QRectF(box.right() - 24, box.bottom() - 24, 18, 18)
    painter.setPen(QPen(theme.faded(theme.WINDOW, 0.75), 2))
    painter.setBrush(badge_colour(badge))
    painter.drawEllipse(disc)
    painter.setPen(theme.WINDOW)
    painter.setFont(theme.font(12, bold=True))
    painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, _BADGE_SIGNS[badge])


def paint_thumbnail(
    painter: QPainter, box: QRectF, thumbnail: QImage | None, radius: float, icon_side: int
) -> QPainterPath:
    """Paint a face's picture with round corners, or a sign for a face where there is none yet; returns its outline."""
    path = QPainterPath()
    path.addRoundedRect(box, radius, radius)
    painter.fillPath(path, theme.RAISED)
    if thumbnail is None:
        icon = QRectF(0, 0, icon_side, icon_side)
        icon.moveCenter(box.center())
        paint_icon(painter, Icon.FACE, icon, theme.faded(theme.TEXT_SOFT, 0.5), stroke=1.3)
        return path
    side = min(thumbnail.width(), thumbnail.height())
    part = QRectF(0, 0, side, side)
    part.moveCenter(QRectF(thumbnail.rect()).center())
    part.moveTop(part.top() * _HEADROOM)
    painter.save()
    painter.setClipPath(path)
    painter.drawImage(box, thumbnail, part)
    painter.restore()
    return path
