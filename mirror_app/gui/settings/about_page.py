"""Room: gui. Settings page: the version, and whose work the app carries. Reads no files itself."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QPlainTextEdit, QSplitter, QWidget

from mirror_app import __version__
from mirror_app.gui import theme
from mirror_app.gui.widgets.page_parts import column_of, heading, paragraph
from mirror_app.gui.wording import filled
from mirror_app.tools.licences import Licence


class AboutPage(QWidget):
    """A list of packages and the text of the licence that is picked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._licences: Sequence[Licence] = ()
        self.names = QListWidget()
        self.names.setAccessibleName(self.tr("Packages"))
        self.names.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.names.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName(self.tr("Licence"))
        self.text.setFont(theme.font(12))
        self.names.currentRowChanged.connect(self._show)
        halves = QSplitter(Qt.Orientation.Horizontal)
        halves.addWidget(self.names)
        halves.addWidget(self.text)
        halves.setSizes([190, 340])
        halves.setChildrenCollapsible(False)
        column = column_of(self)
        column.addWidget(heading(filled(self.tr("Mirror {version}"), version=__version__)))
        column.addWidget(paragraph(self.tr("A face mirror under the Apache License 2.0. It is built of:")))
        column.addWidget(halves, 1)

    def show_licences(self, found: Sequence[Licence]) -> None:
        """Fill the list."""
        self._licences = found
        self.names.clear()
        self.names.addItems([f"{one.name}\n{one.licence}" if one.licence else one.name for one in found])
        for row in range(self.names.count()):
            self.names.item(row).setToolTip(self.names.item(row).text())  # the list shortens long names
        self.names.setCurrentRow(0)

    def _show(self, row: int) -> None:
        if 0 <= row < len(self._licences):
            self.text.setPlainText(self._licences[row].text or self._licences[row].licence)
