"""Room: gui. Before a download: its terms and its size. Nothing is fetched before the yes, and not by this file."""

from __future__ import annotations

import html
from collections.abc import Sequence
from itertools import groupby
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from mirror_app.gui import theme
from mirror_app.gui.settings.model_words import allows, licence_name, size_words
from mirror_app.gui.widgets.page_parts import column_of, heading, paragraph
from mirror_app.gui.wording import filled
from mirror_app.runtime.catalogue import Licence
from mirror_app.tools.models.rows import Fetch, ModelRow

_WIDTH: Final = 540


class LicenceDialog(QDialog):
    """Names every file that would come, and what its licence allows."""

    agreed = Signal(str)
    """The model's name: the user accepts the terms."""

    def __init__(self, row: ModelRow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(filled(self.tr("Get {model}"), model=row.spec.title))
        self.setStyleSheet(f"QDialog {{ background: {theme.PANEL.name()}; }}")
        self._row = row
        self.accept_terms = QPushButton(self.tr("I accept"))
        self.accept_terms.setProperty("primary", True)
        self.accept_terms.setAutoDefault(False)
        self.accept_terms.clicked.connect(self._agree)
        self.not_now = QPushButton(self.tr("Not now"))
        self.not_now.setDefault(True)
        self.not_now.clicked.connect(self.reject)
        self._lay_out(row.fetches)
        self.not_now.setFocus()

    def _agree(self) -> None:
        self.agreed.emit(self._row.spec.name)
        self.accept()

    def _lay_out(self, fetches: Sequence[Fetch]) -> None:
        column = column_of(self)
        column.addWidget(heading(self.windowTitle()))
        for licence, group in groupby(fetches, key=lambda fetch: fetch.spec.licence):
            column.addWidget(_terms(licence, list(group)))
        known = sum(fetch.size_bytes for fetch in fetches)
        is_whole = all(fetch.size_bytes for fetch in fetches)
        total = self.tr("{size} will be downloaded.") if is_whole else self.tr("More than {size} will be downloaded.")
        unknown = self.tr("The size of the download is not published.")
        column.addWidget(paragraph(filled(total, size=size_words(known)) if known else unknown, soft=False))
        column.addWidget(paragraph(self.tr("The files stay in this app's folder; “Remove” deletes them.")))
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.not_now)
        buttons.addWidget(self.accept_terms)
        column.addSpacing(theme.SPACE_SMALL)
        column.addLayout(buttons)
        self.setFixedSize(_WIDTH, column.totalHeightForWidth(_WIDTH))


def _terms(licence: Licence, fetches: Sequence[Fetch]) -> QWidget:
    """A box: the models under one licence, and what it allows."""
    box = QFrame()
    box.setObjectName("terms")
    box.setStyleSheet(f"QFrame#terms {{ background: {theme.RAISED.name()}; border-radius: 8px; }}")
    column = QVBoxLayout(box)
    column.setContentsMargins(14, 10, 14, 12)
    column.setSpacing(4)
    for fetch in fetches:
        column.addWidget(paragraph(f"{fetch.spec.title}  ·  {size_words(fetch.size_bytes)}"))
    column.addWidget(heading(licence_name(licence), 14))
    column.addWidget(paragraph(allows(licence), soft=False))
    if licence.url:
        address = html.escape(licence.url)
        link = paragraph(f'<a href="{address}" style="color: {theme.ACCENT.name()};">{address}</a>')
        link.setAccessibleName(licence.url)
        link.setOpenExternalLinks(True)
        link.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        column.addWidget(link)
    return box
