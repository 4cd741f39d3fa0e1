"""Room: gui. One output in the panel: its name, how it is doing, its switch, and what it needs. Opens nothing."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from mirror_app.gui import theme
from mirror_app.gui.air.kinds import OutputKind
from mirror_app.gui.air.row_switch import RowSwitch
from mirror_app.gui.air.words import Said, kind_name, kind_purpose
from mirror_app.gui.widgets.page_parts import breakable


class OutputRow(QWidget):
    """Says what was asked for."""

    switched = Signal(bool)

    def __init__(self, kind: OutputKind, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = kind
        self._name = QLabel(kind_name(kind))
        self._name.setFont(theme.font(14, bold=True))
        self._name.setToolTip(kind_purpose(kind))
        self.state = QLabel()
        self.state.setFont(theme.font(12))
        self.state.setWordWrap(True)
        self.state.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.switch = RowSwitch(kind_name(kind), kind_purpose(kind))
        self.switch.toggled.connect(self.switched)
        self._said: Said | None = None
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.SPACE_SMALL)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(0, 1)
        self._grid.addWidget(self._name, 0, 0)
        self._grid.addWidget(self.switch, 0, 1, Qt.AlignmentFlag.AlignRight)
        self._grid.addWidget(self.state, 1, 0, 1, 2)

    def add(self, widget: QWidget) -> None:
        """Put what the output needs below."""
        self._grid.setRowMinimumHeight(self._grid.rowCount(), theme.SPACE_SMALL - 4)
        self._grid.addWidget(widget, self._grid.rowCount(), 0, 1, 2)

    def show_state(self, *, on: bool, said: Said) -> bool:
        """Show how the output is doing.

        Returns:
            Whether the words are others than before: the row may be higher now.
        """
        with QSignalBlocker(self.switch):
            self.switch.setChecked(on)
        self.switch.update()
        if said == self._said:
            return False
        self._said = said
        self.state.setText(breakable(said.text))
        self.state.setStyleSheet(f"color: {said.colour.name()};")
        self.switch.setAccessibleDescription(said.text)
        return True
