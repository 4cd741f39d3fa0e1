"""Room: gui. The panel of outputs: a row each with switch, state and settings. Opens nothing itself."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from mirror_app.gui import theme
from mirror_app.gui.air.air_desk import AirDesk, AirState
from mirror_app.gui.air.choices import AirChoices
from mirror_app.gui.air.kinds import OutputKind
from mirror_app.gui.air.output_row import OutputRow
from mirror_app.gui.air.sound_fields import SoundFields
from mirror_app.gui.air.stream_fields import StreamFields
from mirror_app.gui.air.words import said_of
from mirror_app.gui.widgets.combo_box import ChoiceBox
from mirror_app.gui.widgets.enter_button import EnterButton
from mirror_app.gui.widgets.popover import Popover
from mirror_app.gui.wording import filled
from mirror_app.settings import OUTPUT_SIZES

_WIDTH: Final = 408
_GAP: Final = 10
_DISK_MS: Final = 5000
_GIB: Final = 2**30


class OutputsPanel(Popover):
    """Above the button that opens it; Escape closes it."""

    opened = Signal(bool)
    """It was opened or closed."""

    def __init__(
        self, desk: AirDesk, choices: AirChoices, anchor: QWidget, parent: QWidget, *, is_key_kept: bool
    ) -> None:
        """Make it, hidden at first.

        Args:
            desk: The outputs.
            choices: How they are to be.
            anchor: The button above which it opens.
            parent: The window.
            is_key_kept: Whether the stream's key outlives the window.
        """
        super().__init__(anchor, parent)
        self._desk, self._choices = desk, choices
        self.rows = {kind: OutputRow(kind) for kind in OutputKind}
        self._size_help = self.tr("For window, recording and stream; one size for all costs least")
        self.size_box = ChoiceBox({size: (size.replace("x", " × "), self._size_help) for size in OUTPUT_SIZES})
        self.size_box.choose(choices.size)
        self.size_box.currentIndexChanged.connect(lambda: choices.set_size(self.size_box.value))
        self.folder = EnterButton(self.tr("Folder…"))
        self.folder.clicked.connect(self._choose_folder)
        self._folder_words = QLabel()
        self.stream = StreamFields(choices.server, is_key_kept=is_key_kept)
        self.sound = SoundFields(choices.microphone)
        self._scroll, self._content = QScrollArea(), QWidget()
        self._column = QVBoxLayout(self._content)
        for kind, row in self.rows.items():
            row.switched.connect(lambda on, kind=kind: desk.set_on(kind, on))
        desk.changed.connect(self.refresh)
        desk.looked.connect(self.refresh)
        self._disk = QTimer(self)
        self._disk.timeout.connect(self._say_folder)
        self._lay_out()
        self.refresh()

    def _first_control(self) -> QWidget:
        return self.rows[OutputKind.WINDOW].switch

    def showEvent(self, event: QShowEvent) -> None:
        """Look at the outputs, the disk and the microphones."""
        super().showEvent(event)
        self._say_folder()
        self._disk.start(_DISK_MS)
        self.refresh()
        self.opened.emit(True)

    def close_panel(self) -> None:
        """Hide it, and take over what was typed."""
        super().close_panel()
        self._disk.stop()
        self.opened.emit(False)

    def refresh(self) -> None:
        """Show how the outputs are doing; nothing while hidden."""
        if self.isHidden():
            return
        desk = self._desk
        is_live = desk.state is AirState.LIVE
        has_grown = False
        for kind, row in self.rows.items():
            way = desk.ways[kind]
            count = desk.count if kind is OutputKind.RECORDING else 0
            said = said_of(kind, way.phase, desk.reports.get(kind), way.trouble, is_live=is_live, count=count)
            has_grown |= row.show_state(on=desk.is_on(kind), said=said)
        if has_grown:
            self._place()

    def show_address(self) -> None:
        """Show the stream's address and key as they are used."""
        self.stream.show_address(self._choices.server, self._choices.key)

    def _choose_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.tr("Folder for recordings"), str(self._choices.folder))
        if folder:
            self._choices.folder = Path(folder)
            self._say_folder()

    def _say_folder(self) -> None:
        folder = self._choices.folder
        there = next((one for one in (folder, *folder.parents) if one.is_dir()), None)
        free = "" if there is None else f"{shutil.disk_usage(there).free / _GIB:.0f}"
        words = filled(self.tr("{folder} · {free} GB free"), folder=folder.name, free=free)
        self._folder_words.setText(words)
        self._folder_words.setToolTip(str(folder))

    def _place(self) -> None:
        anchor = self._anchor.mapTo(self._parent, self._anchor.rect().topLeft())
        self._column.activate()
        wanted = self._column.totalHeightForWidth(_WIDTH - 2)
        height = min(wanted + 2, max(anchor.y() - 2 * _GAP, 200))
        self.resize(_WIDTH, height)
        left = max(min(anchor.x(), self._parent.width() - _WIDTH - _GAP), _GAP)
        self.move(left, max(anchor.y() - height - _GAP, _GAP))

    def _lay_out(self) -> None:
        self.setFixedWidth(_WIDTH)
        self.setAccessibleName(self.tr("Outputs"))
        content = self._content
        column = self._column
        column.setContentsMargins(theme.SPACE, theme.SPACE - 2, theme.SPACE, theme.SPACE)
        column.setSpacing(theme.SPACE_SMALL)
        column.addLayout(self._head())
        self.rows[OutputKind.RECORDING].add(self._folder_row())
        self.rows[OutputKind.STREAM].add(self.stream)
        for row in self.rows.values():
            column.addWidget(row)
            column.addWidget(_line())
        column.addWidget(self.sound)
        content.setStyleSheet("background: transparent;")
        self._scroll.setWidget(content)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.viewport().setAutoFillBackground(False)
        around = QVBoxLayout(self)
        around.setContentsMargins(1, 1, 1, 1)
        around.addWidget(self._scroll)

    def _head(self) -> QHBoxLayout:
        heading = QLabel(self.tr("Outputs"))
        heading.setFont(theme.font(15, bold=True))
        label = QLabel(self.tr("Size"))
        label.setStyleSheet(f"color: {theme.TEXT_SOFT.name()};")
        label.setBuddy(self.size_box)
        self.size_box.setAccessibleName(self.tr("Size of outputs"))
        self.size_box.setAccessibleDescription(self._size_help)
        self.size_box.setToolTip(self._size_help)
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_SMALL)
        row.addWidget(heading)
        row.addStretch(1)
        row.addWidget(label)
        row.addWidget(self.size_box)
        return row

    def _folder_row(self) -> QWidget:
        self._folder_words.setFont(theme.font(12))
        self._folder_words.setStyleSheet(f"color: {theme.TEXT_SOFT.name()};")
        self._folder_words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.folder.setAccessibleName(self.tr("Folder for recordings"))
        self.folder.setToolTip(self.folder.accessibleName())
        place = QWidget()
        row = QHBoxLayout(place)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._folder_words, 1)
        row.addWidget(self.folder)
        return place


def _line() -> QFrame:
    line = QFrame()
    line.setFixedHeight(1)
    line.setStyleSheet(f"background: {theme.LINE.name()};")
    return line
