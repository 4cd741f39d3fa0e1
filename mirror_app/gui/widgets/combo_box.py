"""Room: gui. Lists to choose from. They leave Space to the window, where it compares, and open with Enter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QStyledItemDelegate, QWidget

from mirror_app.gui import theme
from mirror_app.gui.widgets.icons import Icon, paint_icon

ICON: Final = 18.0
_ICON_RIGHT: Final = 28.0
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ComboBox(QComboBox):
    """A combo box for this window."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setItemDelegate(QStyledItemDelegate(self))  # the combo box's own one ignores the height in the style sheet

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the list with Enter; Space goes on to the window."""
        if event.key() in _ENTER:
            self.showPopup()
        elif event.key() == Qt.Key.Key_Space:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Space goes on to the window."""
        if event.key() == Qt.Key.Key_Space:
            event.ignore()
        else:
            super().keyReleaseEvent(event)

    def paint_chevron(self, painter: QPainter) -> None:
        """Paint the sign that there is a list; the style sheet leaves the style's own one out."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.width() - _ICON_RIGHT, (self.height() - ICON) / 2, ICON, ICON)
        paint_icon(painter, Icon.CHEVRON_DOWN, box, theme.TEXT_SOFT)


class ChoiceBox(ComboBox):
    """A few named choices, each with a value and an explanation."""

    def __init__(self, choices: Mapping[str, tuple[str, str]], parent: QWidget | None = None) -> None:
        """Fill the box.

        Args:
            choices: From each choice's value to its name and an explanation.
            parent: Qt's owner.
        """
        super().__init__(parent)
        for row, (value, (name, explanation)) in enumerate(choices.items()):
            self.addItem(name, value)
            self.setItemData(row, explanation, Qt.ItemDataRole.ToolTipRole)

    @property
    def value(self) -> str:
        """What is chosen."""
        return str(self.currentData())

    def choose(self, value: str) -> None:
        """Choose by value, as a click does."""
        self.setCurrentIndex(self.findData(value))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the chosen name and the chevron."""
        super().paintEvent(event)
        self.paint_chevron(QPainter(self))
