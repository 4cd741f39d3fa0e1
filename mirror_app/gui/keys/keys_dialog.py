"""Room: gui. Lets the user give every action another key. Remembers nothing itself."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from mirror_app.gui import theme
from mirror_app.gui.keys.actions import Action, Group, as_written, clashes, group_title, in_group, is_usable, shown_key
from mirror_app.gui.keys.window_keys import WindowKeys
from mirror_app.gui.widgets.page_parts import heading, paragraph
from mirror_app.gui.wording import filled

_SIZE_WH: Final = (520, 620)
_SCREEN_MARGIN: Final = 60
_EDIT_WIDTH: Final = 150
_PORTABLE: Final = QKeySequence.SequenceFormat.PortableText
_CLEAR: Final = (Qt.Key.Key_Backspace, Qt.Key.Key_Delete)
_LEAVE: Final = (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class KeyField(QKeySequenceEdit):
    """Takes the next key struck. Backspace empties it; Tab, Enter and Escape work the dialog, as everywhere."""

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(QKeySequence.fromString(key, _PORTABLE), parent)
        self.setMaximumSequenceLength(1)
        self.setFixedWidth(_EDIT_WIDTH)

    @property
    def key(self) -> str:
        """The key in Qt's portable writing; "" when there is none."""
        return self.keySequence().toString(_PORTABLE)

    def show_as_wrong(self, wrong: bool) -> None:
        """Mark the key as one that cannot stay, or take the mark back."""
        self.setStyleSheet(f"QLineEdit {{ border: 2px solid {theme.SHIELD.name()}; }}" if wrong else "")

    def event(self, event: QEvent) -> bool:
        """Leave Tab to the dialog, which `QKeySequenceEdit` would take as a key."""
        if isinstance(event, QKeyEvent) and event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            if event.type() == QEvent.Type.KeyPress:
                self.focusNextPrevChild(event.key() == Qt.Key.Key_Tab)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Empty the field, leave it, or take the key."""
        if event.key() in _LEAVE:
            event.ignore()
        elif event.key() in _CLEAR and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self.clear()
        else:
            super().keyPressEvent(event)


class KeysDialog(QDialog):
    """A field for every action of the window whose key can be changed; nothing counts before "Save"."""

    def __init__(self, keys: WindowKeys, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys = keys
        self.fields: dict[str, KeyField] = {}
        self._actions: dict[str, Action] = {}
        self.setWindowTitle(self.tr("Keys"))
        self.setStyleSheet(f"QDialog {{ background: {theme.PANEL.name()}; }}")
        self.problem = QLabel()
        self.problem.setFont(theme.font(13))
        self.problem.setWordWrap(True)
        self.problem.setMinimumHeight(40)
        self.problem.setStyleSheet(f"color: {theme.SHIELD.name()};")
        self.defaults = self._button(self.tr("Reset to defaults"), self.reset)
        self.cancel = self._button(self.tr("Cancel"), self.reject)
        self.save = self._button(self.tr("Save"), self.accept)
        self.save.setProperty("primary", True)
        self.save.setDefault(True)
        self._lay_out()
        self.resize(QSize(*_SIZE_WH).boundedTo(self.screen().availableSize() - QSize(_SCREEN_MARGIN, _SCREEN_MARGIN)))

    @property
    def chosen(self) -> dict[str, str]:
        """The keys in the fields that differ from the table's."""
        return {name: field.key for name, field in self.fields.items() if field.key != self._actions[name].keys[0]}

    def reset(self) -> None:
        """Put the table's keys into all fields."""
        for name, field in self.fields.items():
            field.setKeySequence(QKeySequence.fromString(self._actions[name].keys[0], _PORTABLE))

    def accept(self) -> None:
        """Let the window hear these keys from now on."""
        if self.problem.text():
            return
        self._keys.use(self.chosen)
        super().accept()

    def _check(self) -> None:
        """Say what cannot stay, in words, and mark it."""
        wrong, sentence = self._first_problem()
        for name, field in self.fields.items():
            field.show_as_wrong(name in wrong)
        self.problem.setText(sentence)
        self.problem.setAccessibleName(sentence)
        self.save.setEnabled(not sentence)

    def _first_problem(self) -> tuple[set[str], str]:
        chosen = self.chosen
        for name, key in chosen.items():
            if key and not is_usable(key):
                words = self.tr("{key} works the buttons and cannot have another meaning.")
                return {name}, filled(words, key=shown_key(key))
        for clash in clashes({name: as_written(key) for name, key in chosen.items()}):
            first, second = clash.first, clash.second
            if {first.name, second.name} & self.fields.keys():
                words = self.tr('{key} would do two things: "{first}" and "{second}". Give one of them another key.')
                sentence = filled(words, key=shown_key(clash.key), first=first.text, second=second.text)
                return {first.name, second.name}, sentence
        return set(), ""

    def _lay_out(self) -> None:
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.viewport().setAutoFillBackground(False)
        self._fill(scroll)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.SPACE_SMALL)
        buttons.addWidget(self.defaults)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.save)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(10)
        column.addWidget(heading(self.tr("Keys")))
        column.addWidget(paragraph(self.tr("Go to a field and press a key. Backspace takes the key away.")))
        column.addWidget(scroll, 1)
        column.addWidget(self.problem)
        column.addLayout(buttons)

    def _fill(self, scroll: QScrollArea) -> None:
        page = QWidget()
        grid = QGridLayout(page)
        grid.setContentsMargins(0, 4, 14, 4)
        grid.setVerticalSpacing(theme.SPACE_SMALL)
        grid.setColumnStretch(0, 1)
        for group in Group:
            actions = [action for action in in_group(group, self._keys.names) if not action.is_fixed]
            if actions:
                grid.addWidget(heading(group_title(group), 15), grid.rowCount(), 0, 1, 2)
            for action in actions:
                self._add_row(grid, action)
        scroll.setWidget(page)
        page.setAutoFillBackground(False)

    def _add_row(self, grid: QGridLayout, action: Action) -> None:
        field = KeyField("".join(self._keys.key_map.keys_of(action.name)[:1]))
        self.fields[action.name], self._actions[action.name] = field, action
        field.setAccessibleName(action.text)
        for line in field.findChildren(QLineEdit):
            line.setPlaceholderText(self.tr("No key"))
            line.setAccessibleName(action.text)
        label = QLabel(action.text)
        label.setWordWrap(True)
        label.setBuddy(field)
        row = grid.rowCount()
        grid.addWidget(label, row, 0)
        grid.addWidget(field, row, 1)
        field.keySequenceChanged.connect(self._check)

    def _button(self, text: str, does: object) -> QPushButton:
        button = QPushButton(text)
        button.clicked.connect(does)
        return button
