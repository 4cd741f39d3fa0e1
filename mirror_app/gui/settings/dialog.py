"""Room: gui. The settings: pages beside a list of their names. Each page is its own file; keeps nothing itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QListWidget, QScrollArea, QStackedWidget, QWidget

from mirror_app.gui import theme

_SIZE_WH: Final = (880, 560)
# Narrower, the pages would be cut: they scroll up and down only.
_LEAST_WH: Final = (640, 320)
_LIST_WIDTH: Final = 170


class SettingsDialog(QDialog):
    """Shows one page at a time; every choice counts at once."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Settings"))
        self.setMinimumSize(*_LEAST_WH)
        self.resize(*_SIZE_WH)
        self.setStyleSheet(
            f"QDialog {{ background: {theme.PANEL.name()}; }}"
            f"QListWidget {{ background: {theme.WINDOW.name()}; border: none; padding: 8px; outline: none; }}"
            f"QListWidget::item {{ padding: 9px 10px; border-radius: 6px; color: {theme.TEXT.name()}; }}"
            f"QListWidget::item:selected {{ background: {theme.HOVER.name()}; color: {theme.TEXT.name()}; }}"
            f"QListWidget::item:selected:focus {{ border: 2px solid {theme.ACCENT.name()}; }}"
        )
        self.names = QListWidget()
        self.names.setFixedWidth(_LIST_WIDTH)
        self.names.setAccessibleName(self.tr("Pages"))
        self._pages = QStackedWidget()
        self._unmade: dict[int, Callable[[QWidget], QWidget]] = {}
        self.names.currentRowChanged.connect(self._show_page)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.names)
        row.addWidget(self._pages, 1)

    def add_page(self, name: str, make: Callable[[QWidget], QWidget]) -> None:
        """Put a page at the end.

        Args:
            name: In the list.
            make: Makes the page when it is first shown: all at once would hold the window's thread up. Gets the window
                through which the page is seen; a page taller than that scrolls.
        """
        holder = QScrollArea()
        holder.setFrameShape(QFrame.Shape.NoFrame)
        holder.setWidgetResizable(True)
        holder.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        holder.viewport().setAutoFillBackground(False)
        holder.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._unmade[self._pages.addWidget(holder)] = make
        self.names.addItem(name)

    def open_page(self, row: int) -> None:
        """Come to the front with one page."""
        self.names.setCurrentRow(row)
        self.show()
        self.raise_()
        self.activateWindow()
        self.names.setFocus()

    def _show_page(self, row: int) -> None:
        holder = self._pages.widget(row)
        if row in self._unmade and isinstance(holder, QScrollArea):
            page = self._unmade.pop(row)(holder.viewport())
            holder.setWidget(page)
            page.setAutoFillBackground(False)  # the scroll area turned it on; the page has the dialog's colour
        self._pages.setCurrentIndex(row)
