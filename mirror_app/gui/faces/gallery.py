"""Room: gui. The faces to pick from, with search, presets and undo. Loads and deletes nothing itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from mirror_app.gui import theme
from mirror_app.gui.faces.shelf import SHELF_WIDTH, FaceShelf
from mirror_app.gui.faces.tile import TileInfo
from mirror_app.gui.faces.undo_strip import UndoStrip
from mirror_app.gui.widgets.bar_buttons import ActionButton
from mirror_app.gui.widgets.icons import Icon
from mirror_app.gui.wording import filled
from mirror_app.targets.names import folded

_SEARCH_FROM: Final = 13
"""With so many faces there is a search field."""
_SCROLL_BAR: Final = 10
GALLERY_WIDTH: Final = SHELF_WIDTH + 2 * theme.SPACE + _SCROLL_BAR
"""Of everything in the window's right column, px."""


class SearchField(QLineEdit):
    """Words to look for; Enter takes the first face, Down goes to it, Escape empties the field, then leaves it."""

    taken = Signal()
    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the field by Enter, Down or Escape."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.taken.emit()
        elif event.key() == Qt.Key.Key_Down:
            self.left.emit()
        elif event.key() == Qt.Key.Key_Escape:
            if self.text():
                self.clear()
            else:
                self.clearFocus()  # the letters are the window's keys again
        else:
            super().keyPressEvent(event)


class Gallery(QFrame):
    """All target faces, and the buttons for presets and for adding one."""

    picked = Signal(str)
    star_toggled = Signal(str)
    remove_requested = Signal(str)
    discard_requested = Signal(str)
    """Delete without the trash."""
    thumbnails_wanted = Signal(list)
    """Names of the faces in sight that have no picture yet."""
    add_requested = Signal()
    undo_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._faces: list[TileInfo] = []
        self._wearer = ""
        self.setFixedWidth(GALLERY_WIDTH)
        self.setStyleSheet(f"Gallery {{ background: {theme.PANEL.name()}; border-radius: 14px; }}")
        self._heading = QLabel(self.tr("Target face"))
        self._heading.setFont(theme.font(15, bold=True))
        self._hint = QLabel()
        self._hint.setFont(theme.font(12))
        self._hint.setStyleSheet(f"color: {theme.TEXT_SOFT.name()};")
        self.presets_button = ActionButton(
            Icon.BOOKMARK, self.tr("Presets"), "", self.tr("A face and how it is worn, under a name")
        )
        self.search = SearchField()
        self.search.setPlaceholderText(self.tr("Search faces"))
        self.search.setAccessibleName(self.tr("Search faces"))
        self.search.setClearButtonEnabled(True)
        self.search.hide()
        self.search.textChanged.connect(self._show_matching)
        self.search.taken.connect(lambda: self.pick_number(1))
        self.shelf = FaceShelf()
        self.shelf.picked.connect(self.picked)
        self.shelf.star_toggled.connect(self.star_toggled)
        self.shelf.remove_requested.connect(self.remove_requested)
        self.shelf.discard_requested.connect(self.discard_requested)
        self.shelf.thumbnails_wanted.connect(self.thumbnails_wanted)
        self.search.left.connect(self.shelf.focus_first)
        self.undo_strip = UndoStrip()
        self.undo_strip.undo_requested.connect(self.undo_requested)
        self.add_button = ActionButton(
            Icon.PLUS, self.tr("Add photo…"), "", self.tr("Add a photo, or drop one anywhere on the window")
        )
        self.add_button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.add_button.clicked.connect(self.add_requested)
        self._lay_out()
        self._say_hint()

    @property
    def names(self) -> list[str]:
        """The faces in the order in which they are shown."""
        return self.shelf.names

    @property
    def current(self) -> str | None:
        """The face with the ring."""
        return self.shelf.current or None

    @property
    def hint(self) -> str:
        """What stands above the faces: for whom one is picked, if for somebody."""
        return self._hint.text()

    @property
    def by_action(self) -> Mapping[str, ActionButton | UndoStrip]:
        """What names its key, by the names of the actions in `actions`."""
        return {"presets": self.presets_button, "add_photo": self.add_button, "undo": self.undo_strip}

    def show_faces(self, faces: Sequence[TileInfo]) -> None:
        """Show these faces in this order; pictures already there are kept."""
        self._faces = list(faces)
        can_search = len(self._faces) >= _SEARCH_FROM
        if not can_search:
            self.search.clear()
        self.search.setVisible(can_search)
        self._show_matching()

    def set_thumbnail(self, name: str, thumbnail: QImage) -> None:
        """Give a face its picture."""
        self.shelf.set_thumbnail(name, thumbnail)

    def set_current(self, name: str, *, loading: bool = False) -> None:
        """Put the ring around a face and bring it into view."""
        self.shelf.set_current(name, loading=loading)

    def show_wearer(self, person: str) -> None:
        """Say for whom a face is picked; "" = for whoever wears the target."""
        self._wearer = person
        colour = theme.ACCENT if person else theme.TEXT_SOFT
        self._hint.setStyleSheet(f"color: {colour.name()};")
        self._say_hint()

    def start_search(self) -> None:
        """Go to the search field, if there is one."""
        if not self.search.isHidden():
            self.search.setFocus()
            self.search.selectAll()

    def pick_number(self, number: int) -> None:
        """Pick the n-th face, counted from 1; does nothing when there are fewer."""
        if 1 <= number <= len(self.names):
            self.picked.emit(self.names[number - 1])

    def pick_neighbour(self, step: int) -> None:
        """Pick the next (1) or previous (-1) face; after the last comes the first."""
        names = self.names
        if names:
            place = (names.index(self.shelf.current) + step) % len(names) if self.shelf.current else 0
            self.picked.emit(names[place])

    def _show_matching(self) -> None:
        wanted, shown = folded(self.search.text()), self._faces
        if wanted:
            shown = [face for face in shown if wanted in face.searched]
        self.shelf.show_faces(shown)
        self._say_hint()

    def _say_hint(self) -> None:
        if not self._faces:
            self._hint.setText(self.tr("No face here yet: add a photo"))
        elif not self.names:
            self._hint.setText(self.tr("No face has this name"))
        elif self._wearer:
            self._hint.setText(filled(self.tr("{person}: pick one, or press ← →"), person=self._wearer))
        else:
            self._hint.setText(self.tr("Pick one, or press ← →"))

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self._heading, 1)
        top.addWidget(self.presets_button)
        top.setContentsMargins(0, 0, _SCROLL_BAR - 6, 0)
        below = QVBoxLayout()
        below.setContentsMargins(0, 0, _SCROLL_BAR - 6, 0)
        below.setSpacing(theme.SPACE_SMALL)
        below.addWidget(self.undo_strip)
        below.addWidget(self.add_button)
        searching = QHBoxLayout()
        searching.setContentsMargins(0, 0, _SCROLL_BAR - 6, 0)
        searching.addWidget(self.search)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE, theme.SPACE - 4, theme.SPACE - 4, theme.SPACE)
        column.setSpacing(4)
        column.addLayout(top)
        column.addWidget(self._hint)
        column.addSpacing(4)
        column.addLayout(searching)
        column.addSpacing(4)
        column.addWidget(self.shelf, 1)
        column.addSpacing(8)
        column.addLayout(below)
        # As it is read, not as it was made.
        order = (self.presets_button, self.search, self.shelf.tab_start, self.undo_strip.button, self.add_button)
        for before, after in pairwise(order):
            self.setTabOrder(before, after)
