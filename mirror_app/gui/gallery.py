"""Room: gui. The faces to pick from: tiles with picture, name and key. Loads and removes nothing itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QEnterEvent,
    QFontMetricsF,
    QImage,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QGridLayout,
    QLabel,
    QMenu,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from mirror_app.gui import theme
from mirror_app.gui.bar_buttons import ActionButton
from mirror_app.gui.icons import Icon, paint_icon
from mirror_app.gui.wording import badge_colour
from mirror_app.targets.remarks import Badge

_COLUMNS = 2
_TILE = 112
_TITLE_HEIGHT = 24
_RING = 4.0
_HEADROOM = 0.3
"""Of what an upright picture is too tall, the part cut off at its top: faces are in the upper half."""
_BADGE_SIGNS = {Badge.GOOD: "✓", Badge.FAIR: "~", Badge.POOR: "!"}
_KEYS = 9
"""Faces that have a number key."""


@dataclass(frozen=True, slots=True)
class TileInfo:
    """What a tile shows.

    Attributes:
        name: Key of the face.
        title: Its name in the user's language.
        credit: Who made the picture; "" when nothing is to be said.
        is_own: The user added it and may remove it.
        badge: How well its photos serve; None where there is nothing to say.
        remarks: What speaks against them, in sentences.
    """

    name: str
    title: str
    credit: str
    is_own: bool
    badge: Badge | None = None
    remarks: tuple[str, ...] = ()


class TargetTile(QAbstractButton):
    """One face: a square picture, its name, and a ring when it is worn."""

    remove_requested = Signal(str)

    def __init__(self, info: TileInfo, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.info = info
        self._number = number
        self.thumbnail: QImage | None = None
        self._hovered = False
        self._is_loading = False
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setFixedSize(_TILE, _TILE + _TITLE_HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(info.title)
        key = f"  [{number}]" if number <= _KEYS else ""
        self.setToolTip("\n".join(filter(None, (info.title + key, info.credit, *info.remarks))))
        self.setAccessibleDescription(" ".join(info.remarks))

    def set_thumbnail(self, thumbnail: QImage) -> None:
        """Show a picture; a square part of it is used."""
        self.thumbnail = thumbnail
        self.update()

    def set_loading(self, loading: bool) -> None:
        """Show that the face was picked but is not worn yet."""
        if loading != self._is_loading:
            self._is_loading = loading
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter picks, Delete asks to remove; everything else goes on to the window."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() == Qt.Key.Key_Delete and self.info.is_own:
            self.remove_requested.emit(self.info.name)
        else:
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Space belongs to the window."""
        event.ignore()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer removal for the user's own photos."""
        if not self.info.is_own:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        remove = menu.addAction(self.tr("Remove this face…"))
        remove.triggered.connect(lambda: self.remove_requested.emit(self.info.name))
        menu.popup(event.globalPos())

    def enterEvent(self, event: QEnterEvent) -> None:
        """Brighten under the pointer."""
        self._hovered = True
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Dim again."""
        self._hovered = False
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint picture, ring, key and name."""
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        outer = QRectF(0, 0, _TILE, _TILE).adjusted(1.25, 1.25, -1.25, -1.25)
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
        if self.info.badge is not None:
            _paint_badge(painter, inner, self.info.badge)
        painter.setFont(theme.font(12, bold=self.isChecked()))
        painter.setPen(theme.TEXT if self.isChecked() or self._hovered else theme.TEXT_SOFT)
        title = QFontMetricsF(painter.font()).elidedText(self.info.title, Qt.TextElideMode.ElideRight, _TILE - 4)
        painter.drawText(QRectF(0, _TILE, _TILE, _TITLE_HEIGHT), Qt.AlignmentFlag.AlignCenter, title)

    def _paint_thumbnail(self, painter: QPainter, box: QRectF) -> None:
        path = QPainterPath()
        path.addRoundedRect(box, theme.RADIUS - 2, theme.RADIUS - 2)
        painter.fillPath(path, theme.RAISED)
        if self.thumbnail is None:
            icon = QRectF(0, 0, 32, 32)
            icon.moveCenter(box.center())
            paint_icon(painter, Icon.FACE, icon, theme.faded(theme.TEXT_SOFT, 0.5), stroke=1.3)
        else:
            side = min(self.thumbnail.width(), self.thumbnail.height())
            part = QRectF(0, 0, side, side)
            part.moveCenter(QRectF(self.thumbnail.rect()).center())
            part.moveTop(part.top() * _HEADROOM)
            painter.save()
            painter.setClipPath(path)
            painter.drawImage(box, self.thumbnail, part)
            painter.restore()
        if self._hovered and not self.isChecked():
            painter.fillPath(path, theme.faded(theme.TEXT, 0.10))

    def _paint_key(self, painter: QPainter, box: QRectF) -> None:
        badge = QRectF(box.left() + 6, box.top() + 6, 20, 20)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.ACCENT if self.isChecked() else theme.faded(theme.WINDOW, 0.66))
        painter.drawRoundedRect(badge, 6, 6)
        painter.setPen(theme.ACCENT_INK if self.isChecked() else theme.TEXT)
        painter.setFont(theme.font(11, bold=True))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, str(self._number))


def _paint_badge(painter: QPainter, box: QRectF, badge: Badge) -> None:
    """Paint how well the photo serves, by colour and by sign."""
    disc = QRectF(box.right() - 24, box.bottom() - 24, 18, 18)
    painter.setPen(QPen(theme.faded(theme.WINDOW, 0.75), 2))
    painter.setBrush(badge_colour(badge))
    painter.drawEllipse(disc)
    painter.setPen(theme.WINDOW)
    painter.setFont(theme.font(12, bold=True))
    painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, _BADGE_SIGNS[badge])


class Gallery(QFrame):
    """All target faces, and the button that adds one."""

    picked = Signal(str)
    remove_requested = Signal(str)
    add_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tiles: list[TargetTile] = []
        self.setFixedWidth(_COLUMNS * _TILE + 12 + 2 * theme.SPACE + 10)
        self.setStyleSheet(f"Gallery {{ background: {theme.PANEL.name()}; border-radius: 14px; }}")
        heading = QLabel(self.tr("Target face"))
        heading.setFont(theme.font(15, bold=True))
        self._hint = QLabel(self.tr("Pick one, or press ← →"))
        self._hint.setFont(theme.font(12))
        self._hint.setStyleSheet(f"color: {theme.TEXT_SOFT.name()};")
        self._shelf = QWidget()
        self._grid = QGridLayout(self._shelf)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(12)
        self._grid.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self._shelf)
        self._scroll.viewport().setAutoFillBackground(False)
        self._shelf.setAutoFillBackground(False)
        self.add_button = ActionButton(
            Icon.PLUS, self.tr("Add photo…"), "", self.tr("Add a photo, or drop one anywhere on the window")
        )
        self.add_button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.add_button.clicked.connect(self.add_requested)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE, theme.SPACE, theme.SPACE - 6, theme.SPACE)
        column.setSpacing(4)
        column.addWidget(heading)
        column.addWidget(self._hint)
        column.addSpacing(8)
        column.addWidget(self._scroll, 1)
        column.addSpacing(8)
        column.addWidget(self.add_button)

    @property
    def names(self) -> list[str]:
        """The faces in the order in which they are shown."""
        return [tile.info.name for tile in self._tiles]

    @property
    def current(self) -> str | None:
        """The face with the ring."""
        return next((tile.info.name for tile in self._tiles if tile.isChecked()), None)

    def show_faces(self, faces: Sequence[TileInfo]) -> None:
        """Replace all tiles, keeping the pictures of faces that stay; no face has the ring afterwards."""
        thumbnails = {tile.info.name: tile.thumbnail for tile in self._tiles}
        for tile in self._tiles:
            self._grid.removeWidget(tile)
            tile.deleteLater()
        self._tiles = [TargetTile(info, number) for number, info in enumerate(faces, 1)]
        for position, tile in enumerate(self._tiles):
            tile.clicked.connect(lambda _checked, name=tile.info.name: self.picked.emit(name))
            tile.remove_requested.connect(self.remove_requested)
            if (thumbnail := thumbnails.get(tile.info.name)) is not None:
                tile.set_thumbnail(thumbnail)
            self._grid.addWidget(tile, position // _COLUMNS, position % _COLUMNS)
        if not faces:
            self._hint.setText(self.tr("No face here yet: add a photo"))

    def set_thumbnail(self, name: str, thumbnail: QImage) -> None:
        """Give a face its picture."""
        for tile in self._tiles:
            if tile.info.name == name:
                tile.set_thumbnail(thumbnail)

    def set_current(self, name: str, *, loading: bool = False) -> None:
        """Put the ring around a face and bring it into view."""
        for tile in self._tiles:
            is_current = tile.info.name == name
            tile.setChecked(is_current)
            tile.set_loading(is_current and loading)
            if is_current:
                # A new tile has no place yet: scroll when the layout is done.
                QTimer.singleShot(0, tile, lambda tile=tile: self._scroll.ensureWidgetVisible(tile, 0, 12))

    def pick_number(self, number: int) -> None:
        """Pick the n-th face, counted from 1; does nothing when there are fewer."""
        if 1 <= number <= len(self._tiles):
            self.picked.emit(self._tiles[number - 1].info.name)

    def pick_neighbour(self, step: int) -> None:
        """Pick the next (1) or previous (-1) face; after the last comes the first."""
        if self._tiles:
            checked = [position for position, tile in enumerate(self._tiles) if tile.isChecked()]
            position = (checked[0] + step) % len(self._tiles) if checked else 0
            self.picked.emit(self._tiles[position].info.name)
