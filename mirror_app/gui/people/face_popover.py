"""Room: gui. A small panel beside a face in the picture: what this person wears. Asks; does nothing itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QHideEvent, QImage
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from mirror_app.gui import theme
from mirror_app.gui.faces.tile import TileInfo
from mirror_app.gui.people.small_tile import SMALL_WH, SmallTile
from mirror_app.gui.people.words import person_words
from mirror_app.gui.widgets.enter_button import EnterButton
from mirror_app.gui.widgets.icon_button import IconButton
from mirror_app.gui.widgets.icons import Icon
from mirror_app.gui.widgets.page_parts import heading, paragraph
from mirror_app.gui.widgets.popover import Popover

_COLUMNS: Final = 4
MOST_TILES: Final = 2 * _COLUMNS
_GAP: Final = 12


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom the panel is about.

    Attributes:
        person: Her number; None while she is not recognised.
        worn: The name of the target she wears; "" = none.
        part: What becomes of her face, in a few words.
    """

    person: int | None
    worn: str
    part: str


class FacePopover(Popover):
    """Stays where it was opened, while the face may move; Escape closes it."""

    given = Signal(str)
    """The name of a target for this person."""
    left_out = Signal()
    """This person shall wear nothing."""
    closed = Signal()

    def __init__(self, anchor: QWidget, parent: QWidget) -> None:
        """Hidden at first.

        Args:
            anchor: The picture; gets the focus back.
            parent: The window.
        """
        super().__init__(anchor, parent)
        self.subject = Subject(None, "", "")
        self.tiles: list[SmallTile] = []
        self._face = QRect()
        self._title, self._part = heading("", 15), paragraph("")
        self._hint = paragraph("")
        self._hint.setFont(theme.font(12))
        self.leave_out = EnterButton(self.tr("Leave out"))
        self.leave_out.setToolTip(self.tr("This person wears nothing: blurred or covered, as “Other people” says"))
        self.leave_out.clicked.connect(self.left_out)
        self.close_button = IconButton(Icon.CLOSE, self.tr("Close"), self.tr("Close this panel"))
        self.close_button.clicked.connect(self.close_panel)
        self._grid = QGridLayout()
        self._grid.setSpacing(6)
        self._lay_out()

    def show_subject(self, subject: Subject, faces: Sequence[tuple[TileInfo, QImage | None]]) -> None:
        """Say whom it is about, and offer these target faces."""
        focused = next((place for place, tile in enumerate(self.tiles) if tile.hasFocus()), None)
        self.subject = subject
        is_known = subject.person is not None
        self._title.setText(person_words(subject.person))
        self._part.setText(subject.part)
        self.setAccessibleName(self._title.text())
        self.setAccessibleDescription(subject.part)
        self._offer(faces if is_known else ())
        self.leave_out.setVisible(is_known and bool(subject.worn))
        known = self.tr("Or pick any face of the gallery: it is this person's then")
        unknown = self.tr("Not recognised yet: a moment of the whole face, from the front, is needed.")
        self._hint.setText(known if is_known else unknown)
        if focused is not None and self.tiles:
            self.tiles[min(focused, len(self.tiles) - 1)].setFocus()
        self._place()

    def open_beside(self, face: QRectF) -> None:
        """Open beside a face; `face` is its box in the window."""
        self._face = face.toAlignedRect()
        self._place()
        self.show()
        self.raise_()
        self._place()
        self._first_control().setFocus()

    def hideEvent(self, event: QHideEvent) -> None:
        """Tell that nobody is chosen for any more."""
        super().hideEvent(event)
        self.closed.emit()

    def _first_control(self) -> QWidget:
        worn = [tile for tile in self.tiles if tile.isChecked()]
        return next(iter(worn or self.tiles), self.close_button)

    def _offer(self, faces: Sequence[tuple[TileInfo, QImage | None]]) -> None:
        for tile in self.tiles:
            self._grid.removeWidget(tile)
            tile.hide()
            tile.deleteLater()
        self.tiles = []
        for place, (info, thumbnail) in enumerate(faces[:MOST_TILES]):
            tile = SmallTile(info, thumbnail, self)
            tile.setChecked(info.name == self.subject.worn)
            tile.clicked.connect(lambda _checked=False, name=info.name: self.given.emit(name))
            self._grid.addWidget(tile, place // _COLUMNS, place % _COLUMNS)
            tile.show()
            self.tiles.append(tile)
        before: QWidget | None = None
        for control in (*self.tiles, self.leave_out, self.close_button):
            if before is not None:
                QWidget.setTabOrder(before, control)
            before = control

    def _place(self) -> None:
        if (layout := self.layout()) is not None:
            layout.activate()  # what was hidden a moment ago still counts until then
        self.resize(self.width(), self.heightForWidth(self.width()))
        room, face = self._parent.rect().adjusted(_GAP, _GAP, -_GAP, -_GAP), self._face
        corner = self._anchor.mapTo(self._parent, QPoint(0, 0))
        picture = QRect(corner, self._anchor.size()).intersected(room)
        right, left = face.right() + _GAP, face.left() - _GAP - self.width()
        # Over the picture if it fits, as the gallery beside it may be picked from; else over the window.
        fitting = (
            x
            for within in (picture, room)
            for x in (right, left)
            if within.left() <= x and x + self.width() <= within.right()
        )
        top = face.center().y() - self.height() // 2
        self.move(next(fitting, room.right() - self.width()), max(min(top, room.bottom() - self.height()), room.top()))

    def _lay_out(self) -> None:
        self.setFixedWidth(_COLUMNS * SMALL_WH[0] + (_COLUMNS - 1) * 6 + 2 * theme.SPACE)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._part)
        top = QHBoxLayout()
        top.addLayout(words, 1)
        top.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE, theme.SPACE - 4, theme.SPACE, theme.SPACE)
        column.setSpacing(theme.SPACE_SMALL)
        column.addLayout(top)
        column.addLayout(self._grid)
        column.addWidget(self._hint)
        column.addWidget(self.leave_out)
