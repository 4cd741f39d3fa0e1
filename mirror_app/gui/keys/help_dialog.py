"""Room: gui. The help behind F1: every key, what the state says, where to go on. Changes nothing itself."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from mirror_app.gui import theme
from mirror_app.gui.keys.actions import NUMBERED, Action, Group, group_title, in_group, shown_key
from mirror_app.gui.keys.window_keys import WindowKeys
from mirror_app.gui.widgets.page_parts import heading, paragraph
from mirror_app.gui.wording import filled

_LARGEST: Final = QSize(960, 900)
_COLUMN_WIDTH: Final = 300
_COLUMNS: Final = ((Group.MIRROR, Group.WINDOW), (Group.FACES, Group.CAMERA))
_SCREEN_MARGIN: Final = 60
_KEYS_WIDTH: Final = 74
_GAP: Final = 28
_COMMANDS: Final = "mirror-app panic · release · face next · swap off · status"


class HelpDialog(QDialog):
    """Shows the keys as they are at the moment; stays open beside the mirror."""

    keys_requested = Signal()
    doctor_requested = Signal()
    privacy_requested = Signal()

    def __init__(self, keys: WindowKeys, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys = keys
        self.setWindowTitle(self.tr("Help"))
        self.setStyleSheet(_style_sheet())
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.viewport().setAutoFillBackground(False)
        self._scroll.setAccessibleName(self.tr("Keys"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 18)
        column.setSpacing(14)
        column.addWidget(self._scroll, 1)
        column.addLayout(self._buttons())
        self._fill()
        keys.changed.connect(self._fill)
        self.resize(self._fitting())

    def toggle(self) -> None:
        """Come to the front, or go."""
        if self.isVisible():
            self.close()
            return
        self.show()
        self.raise_()
        self.activateWindow()
        self._scroll.setFocus()

    def _fitting(self) -> QSize:
        """As large as all of it needs, where the screen has room; else it scrolls."""
        room = self._room()
        rest = self.sizeHint().height() - self._scroll.sizeHint().height()
        return QSize(room.width(), min(self._page.heightForWidth(room.width()) + rest, room.height()))

    def _room(self) -> QSize:
        """What the screen has room for."""
        return (self.screen().availableSize() - QSize(_SCREEN_MARGIN, _SCREEN_MARGIN)).boundedTo(_LARGEST)

    def _fill(self) -> None:
        """Build the page anew, in as many columns as the screen has room for."""
        page = QWidget()
        whole = QVBoxLayout(page)
        whole.setContentsMargins(24, 22, 24, 4)
        whole.setSpacing(theme.SPACE)
        row = QHBoxLayout()
        row.setSpacing(_GAP)
        whole.addLayout(row)
        count = max(min(self._room().width() // _COLUMN_WIDTH, 3), 1)
        columns = [QVBoxLayout() for _ in range(count)]
        for column in columns:
            column.setSpacing(theme.SPACE)
            row.addLayout(column, 1)
        for names, column in zip(_COLUMNS, cycle(columns), strict=False):
            for group in names:
                actions = in_group(group, self._keys.names)
                if actions:
                    column.addLayout(self._key_rows(group_title(group), actions))
        columns[-1].addLayout(self._states())
        outside = self.tr("A terminal, or a hot key of your desktop, steers this window too: {commands}")
        whole.addWidget(paragraph(filled(outside, commands=_COMMANDS)))
        for column in columns:
            column.addStretch(1)
        self._page = page
        # Wrapped text guesses its least height too high; what it needs at its width is asked for anyway.
        page.setMinimumSize(1, 1)
        self._scroll.setWidget(page)
        page.setAutoFillBackground(False)

    def _key_rows(self, title: str, rows: Sequence[Action]) -> QGridLayout:
        """A heading, and a line for every action; number keys share one."""
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(3)
        grid.setColumnMinimumWidth(0, _KEYS_WIDTH)
        grid.setColumnStretch(1, 1)
        grid.addWidget(heading(title, 15), 0, 0, 1, 2)
        for number, (text, keys) in enumerate(self._lines(rows), 1):
            grid.addLayout(_chips(keys), number, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(_line(text), number, 1)
        return grid

    def _lines(self, rows: Sequence[Action]) -> list[tuple[str, list[str]]]:
        families = {
            "face": self.tr("One of the first faces"),
            "preset": self.tr("One of the first presets"),
            "person": self.tr("Target of one of the first persons"),
        }
        lines = []
        for row in rows:
            keys = [shown_key(key) for key in self._keys.key_map.keys_of(row.name)]
            family, _, number = row.name.rpartition("_")
            if not number.isdecimal():
                lines.append((row.text, keys))
            elif int(number) == NUMBERED[0]:
                lines.append((families[family], [f"{keys[0]} – {NUMBERED[-1]}"]))
        return lines

    def _states(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(theme.SPACE_SMALL - 2)
        column.addWidget(heading(self.tr("What the state says"), 15))
        states = (
            (self.tr("SAFE"), theme.LIVE, self.tr("Every face in the picture is covered: the picture may leave.")),
            (self.tr("HOLD"), theme.HOLD, self.tr("A bad picture: the last good one stands in, for a moment.")),
            (
                self.tr("SHIELD"),
                theme.SHIELD,
                self.tr("A card stands in: the picture could show your real face, or you covered it."),
            ),
            (self.tr("DEMO"), theme.DEMO, self.tr("A demo person, not you: the camera is not used.")),
            (self.tr("OFF"), theme.QUIET, self.tr("No swap: you see your real face, others see the card.")),
        )
        for word, colour, meaning in states:
            column.addWidget(_pill(word, colour), 0, Qt.AlignmentFlag.AlignLeft)
            column.addWidget(paragraph(meaning))
        return column

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(24, 0, 24, 0)
        row.setSpacing(theme.SPACE_SMALL)
        for text, explanation, asked in (
            (self.tr("Change keys…"), self.tr("Give a command another key"), self.keys_requested),
            (self.tr("Doctor"), self.tr("Something does not work? Examine this computer"), self.doctor_requested),
            (self.tr("Privacy"), self.tr("What is kept on this computer, and how to erase it"), self.privacy_requested),
        ):
            button = _button(text, explanation)
            button.clicked.connect(asked)
            row.addWidget(button)
        row.addStretch(1)
        close = _button(self.tr("Close"), "")
        close.clicked.connect(self.close)
        row.addWidget(close)
        return row


def _button(text: str, explanation: str) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(explanation)
    button.setAccessibleDescription(explanation)
    button.setAutoDefault(True)  # Enter presses the one in focus
    return button


def _line(text: str) -> QLabel:
    label = QLabel(text)
    label.setFont(theme.font(13))
    label.setWordWrap(True)
    return label


def _chips(keys: Sequence[str]) -> QHBoxLayout:
    """Keys as they look on a keyboard; a dash where there is none."""
    row = QHBoxLayout()
    row.setSpacing(4)
    for key in keys:
        row.addWidget(_framed(key, "key"))
    if not keys:
        row.addWidget(_framed("—", "none"))
    row.addStretch(1)
    return row


def _framed(text: str, look: str) -> QLabel:
    label = QLabel(text)
    label.setFont(theme.font(12))
    label.setProperty("look", look)
    return label


def _pill(word: str, colour: QColor) -> QLabel:
    label = QLabel(word)
    label.setFont(theme.font(12, bold=True))
    ground = theme.faded(colour, 0.14)
    label.setStyleSheet(
        f"color: {colour.name()}; background: {ground.name(QColor.NameFormat.HexArgb)};"
        f" border-radius: 10px; padding: 3px 11px;"
    )
    return label


def _style_sheet() -> str:
    """One for the whole dialog: a hundred labels with one of their own would take a tenth of a second to open."""
    return (
        f"QDialog {{ background: {theme.PANEL.name()}; }}"
        f"QLabel[look] {{ border-radius: 5px; padding: 2px 7px; }}"
        f'QLabel[look="key"] {{ border: 1px solid {theme.LINE.name()}; background: {theme.RAISED.name()}; }}'
        f'QLabel[look="none"] {{ color: {theme.TEXT_FAINT.name()}; }}'
    )
