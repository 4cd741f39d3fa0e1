"""Room: gui. The scrolled tiles of the gallery. Only those near the visible part exist: a thousand cost nothing."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRect, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from mirror_app.gui.faces.tile import TILE_WH, TargetTile, TileInfo

COLUMNS: Final = 2
_GAP: Final = 12
SHELF_WIDTH: Final = COLUMNS * TILE_WH[0] + (COLUMNS - 1) * _GAP
_ROW: Final = TILE_WH[1] + _GAP
_SPARE_ROWS: Final = 1
"""Rows above and below the visible ones whose tiles exist too: Tab goes there."""
_KEPT_PICTURES: Final = 120
"""Thumbnails of 224x224 kept for scrolling back; 24 MB."""
_STEPS: Final = {Qt.Key.Key_Up: -COLUMNS, Qt.Key.Key_Down: COLUMNS}
_PAGES: Final = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
_ENDS: Final = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: -1}


class FaceShelf(QScrollArea):
    """Faces in two columns."""

    picked = Signal(str)
    star_toggled = Signal(str)
    remove_requested = Signal(str)
    discard_requested = Signal(str)
    thumbnails_wanted = Signal(list)
    """Names of the faces in sight that have no picture yet."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._faces: list[TileInfo] = []
        self._tiles: dict[str, TargetTile] = {}
        self._pictures: OrderedDict[str, QImage] = OrderedDict()
        self._current, self._is_loading = "", False
        self._canvas = QWidget()
        self.tab_start = QWidget(self._canvas)
        """Stands before the first tile in the order of the Tab key; being hidden it is passed over."""
        self.tab_start.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # without it Qt ignores its place in the order
        self.tab_start.hide()
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(self._canvas)
        self.viewport().setAutoFillBackground(False)
        self._canvas.setAutoFillBackground(False)
        self.verticalScrollBar().setSingleStep(_ROW // 3)
        self.verticalScrollBar().valueChanged.connect(self._show_tiles)

    @property
    def names(self) -> list[str]:
        """The faces in the order in which they are shown."""
        return [face.name for face in self._faces]

    @property
    def current(self) -> str:
        """The face with the ring; "" when it is none of those shown."""
        return self._current if self._current in self.names else ""

    @property
    def tiles(self) -> list[TargetTile]:
        """The tiles that exist, in the order in which they are shown."""
        return [self._tiles[face.name] for face in self._faces if face.name in self._tiles]

    def show_faces(self, faces: Sequence[TileInfo]) -> None:
        """Show these faces. A tile with the focus keeps it; when its face is gone, the one in its place gets it."""
        focused = next((position for position, tile in enumerate(self.tiles) if tile.hasFocus()), None)
        place = None if focused is None else self.names.index(self.tiles[focused].info.name)
        self._faces = list(faces)
        rows = -(-len(self._faces) // COLUMNS)
        self._canvas.setFixedSize(SHELF_WIDTH, max(rows * _ROW - _GAP, 0))
        self._show_tiles()
        if place is None:
            return
        if not any(tile.hasFocus() for tile in self.tiles):
            self._focus(min(place, len(self._faces) - 1))
        elif QApplication.mouseButtons() == Qt.MouseButton.NoButton:
            self._reveal(next(tile.info.name for tile in self.tiles if tile.hasFocus()))

    def set_thumbnail(self, name: str, thumbnail: QImage) -> None:
        """Give a face its picture."""
        self._pictures[name] = thumbnail
        if len(self._pictures) > _KEPT_PICTURES:
            self._pictures.popitem(last=False)
        if name in self._tiles:
            self._tiles[name].set_thumbnail(thumbnail)

    def picture(self, name: str) -> QImage | None:
        """A face's picture; None while it was not read."""
        return self._pictures.get(name)

    def set_current(self, name: str, *, loading: bool = False) -> None:
        """Put the ring around a face, and bring it into view when it is another one than before."""
        is_new = name != self._current
        self._current, self._is_loading = name, loading
        for tile in self._tiles.values():
            self._mark(tile)
        if is_new:
            # A window that opens has no size yet: scroll when the layout is done.
            QTimer.singleShot(0, self, lambda: self._reveal(name))

    def focus_first(self) -> None:
        """Give the first tile the focus."""
        self._focus(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another height shows other rows."""
        super().resizeEvent(event)
        self._show_tiles()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the focus by rows, pages or to an end; everything else goes on to the window."""
        place = next((place for place, name in enumerate(self.names) if self._has_focus(name)), None)
        key = Qt.Key(event.key())
        page = max(1, self.viewport().height() // _ROW) * COLUMNS
        if place is None:
            event.ignore()
        elif key in _STEPS or key in _PAGES:
            step = _STEPS.get(key) or _PAGES[key] * page
            self._focus(min(max(place + step, 0), len(self._faces) - 1))
        elif key in _ENDS:
            self._focus(_ENDS[key] % len(self._faces))
        else:
            event.ignore()

    def _has_focus(self, name: str) -> bool:
        return name in self._tiles and self._tiles[name].hasFocus()

    def _focus(self, place: int) -> None:
        if 0 <= place < len(self._faces):
            name = self._faces[place].name
            self._reveal(name)
            self._tiles[name].setFocus(Qt.FocusReason.TabFocusReason)

    def _reveal(self, name: str) -> None:
        """Scroll to a face; its tile exists afterwards."""
        if name in self.names:
            top = self.names.index(name) // COLUMNS * _ROW
            self.ensureVisible(SHELF_WIDTH // 2, top + TILE_WH[1] // 2, 0, TILE_WH[1] // 2 + _GAP)
            self._show_tiles()

    def _show_tiles(self) -> None:
        """Make the tiles in and near the visible part, and let go of the others."""
        top = self.verticalScrollBar().value() // _ROW - _SPARE_ROWS
        bottom = (self.verticalScrollBar().value() + self.viewport().height()) // _ROW + _SPARE_ROWS + 1
        near = range(max(top, 0) * COLUMNS, min(bottom * COLUMNS, len(self._faces)))
        places = {self._faces[place].name: place for place in near}
        for place, face in enumerate(self._faces):
            if self._has_focus(face.name):
                places[face.name] = place
        for name in [name for name in self._tiles if name not in places]:
            tile = self._tiles.pop(name)
            tile.hide()
            tile.deleteLater()
        before = self.tab_start
        for name, place in sorted(places.items(), key=lambda one: one[1]):
            tile = self._tile(name, place)
            QWidget.setTabOrder(before, tile)
            before = tile
        missing = [name for name in places if name not in self._pictures]
        self.thumbnails_wanted.emit(missing)

    def _tile(self, name: str, place: int) -> TargetTile:
        tile = self._tiles.get(name)
        if tile is None:
            tile = self._tiles[name] = TargetTile(self._faces[place], self._canvas)
            tile.clicked.connect(lambda: self.picked.emit(name))
            tile.star_toggled.connect(self.star_toggled)
            tile.remove_requested.connect(self.remove_requested)
            tile.discard_requested.connect(self.discard_requested)
            if name in self._pictures:
                self._pictures.move_to_end(name)
                tile.set_thumbnail(self._pictures[name])
        tile.show_info(self._faces[place], place + 1)
        corner = (place % COLUMNS * (TILE_WH[0] + _GAP), place // COLUMNS * _ROW)
        tile.setGeometry(QRect(*corner, *TILE_WH))
        tile.show()
        self._mark(tile)
        return tile

    def _mark(self, tile: TargetTile) -> None:
        is_current = tile.info.name == self._current
        tile.setChecked(is_current)
        tile.set_loading(is_current and self._is_loading)
