"""Room: gui. A small panel over the window: presets to apply, save, rename and delete. Keeps and applies none."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from mirror_app.gui import theme
from mirror_app.gui.faces.preset_list import ROW_HEIGHT, PresetList
from mirror_app.gui.widgets.enter_button import EnterButton
from mirror_app.gui.widgets.popover import Popover
from mirror_app.targets.presets import NAME_CHARS

_WIDTH: Final = 340
_GAP: Final = 8
_MOST_ROWS: Final = 6


class PresetsPanel(Popover):
    """Opens below the button that asks for it; Escape closes."""

    save_requested = Signal(str)

    def __init__(self, anchor: QWidget, parent: QWidget) -> None:
        """Make it, hidden at first.

        Args:
            anchor: The button below which the panel opens; gets the focus back.
            parent: The window.
        """
        super().__init__(anchor, parent)
        self.rows = PresetList()
        self.name = QLineEdit()
        self.name.setMaxLength(NAME_CHARS)
        self.name.setPlaceholderText(self.tr("Save what you wear now as…"))
        self.name.setAccessibleName(self.tr("Name of the new preset"))
        self.save = _button(self.tr("Save"), primary=True)
        self.rename = _button(self.tr("Rename"))
        self.delete = _button(self.tr("Delete"))
        self._hint = QLabel(self.tr("A preset keeps the face and how it is worn: likeness, joining, glasses and flip."))
        self._hint.setWordWrap(True)
        self._hint.setStyleSheet(f"color: {theme.TEXT_SOFT.name()};")
        self.name.textChanged.connect(self._allow)
        self.name.returnPressed.connect(self._ask_to_save)
        self.save.clicked.connect(self._ask_to_save)
        self.rename.clicked.connect(self.rows.rename_chosen)
        self.delete.clicked.connect(self.rows.delete_chosen)
        self._lay_out()
        self.show_presets([])

    def show_presets(self, rows: list[tuple[str, str]]) -> None:
        """Show presets, each as a name and what it wears."""
        self.rows.show_presets(rows)
        self._hint.setVisible(not rows)
        self.rows.setVisible(bool(rows))
        self.rows.setFixedHeight(min(len(rows), _MOST_ROWS) * ROW_HEIGHT)
        self.rename.setVisible(bool(rows))
        self.delete.setVisible(bool(rows))
        self._allow()
        if not self.isHidden():
            self._place()

    def clear_name(self) -> None:
        """Empty the field after its preset was saved."""
        self.name.clear()

    def _first_control(self) -> QWidget:
        """The list, or the name while there is no preset."""
        return self.name if self.rows.isHidden() else self.rows

    def _ask_to_save(self) -> None:
        if self.name.text().strip():
            self.save_requested.emit(self.name.text())

    def _allow(self) -> None:
        self.save.setEnabled(bool(self.name.text().strip()))

    def _place(self) -> None:
        self.adjustSize()
        corner = self._anchor.mapTo(self._parent, self._anchor.rect().bottomRight())
        left = min(corner.x() - self.width() + 1, self._parent.width() - self.width() - _GAP)
        self.move(max(left, _GAP), min(corner.y() + _GAP, max(self._parent.height() - self.height() - _GAP, _GAP)))

    def _lay_out(self) -> None:
        self.setFixedWidth(_WIDTH)
        heading = QLabel(self.tr("Presets"))
        heading.setFont(theme.font(15, bold=True))
        top = QHBoxLayout()
        top.setSpacing(theme.SPACE_SMALL)
        top.addWidget(heading, 1)
        top.addWidget(self.rename)
        top.addWidget(self.delete)
        saving = QHBoxLayout()
        saving.setSpacing(theme.SPACE_SMALL)
        saving.addWidget(self.name, 1)
        saving.addWidget(self.save)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE, theme.SPACE - 4, theme.SPACE, theme.SPACE)
        column.setSpacing(10)
        column.addLayout(top)
        column.addWidget(self._hint)
        column.addWidget(self.rows)
        column.addLayout(saving)


def _button(text: str, *, primary: bool = False) -> EnterButton:
    button = EnterButton(text)
    button.setProperty("primary", primary)
    return button
