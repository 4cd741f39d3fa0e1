"""Room: gui. What the models page asks: which file, which model it is, whether to remove one. Changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QListWidget, QMessageBox, QPushButton, QWidget

from mirror_app.gui import theme
from mirror_app.gui.settings.licence_dialog import LicenceDialog
from mirror_app.gui.settings.model_words import size_words
from mirror_app.gui.widgets.page_parts import column_of, heading, paragraph
from mirror_app.gui.wording import filled
from mirror_app.tools.models.rows import ModelRow

_CHOICE_WH = (440, 300)


class ModelDialogs(QObject):
    """Asks over the settings without stopping anything; no answer calls nothing."""

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self._page = page

    def ask_licence(self, row: ModelRow, then: Callable[[str], None]) -> None:
        """Show the terms of a download."""
        dialog = LicenceDialog(row, self._page)
        dialog.agreed.connect(then)
        dialog.open()

    def choose_file(self, then: Callable[[Path], None]) -> None:
        """Let the user pick a model's file."""
        dialog = QFileDialog(self._page, self.tr("Import a model"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([self.tr("Models (*.onnx)"), self.tr("All files (*)")])
        dialog.fileSelected.connect(lambda path: then(Path(path)))
        dialog.open()

    def choose_model(self, path: Path, rows: Sequence[ModelRow], then: Callable[[str], None]) -> None:
        """Ask which of several models a file is."""
        dialog = ModelChoice(path, rows, self._page)
        dialog.accepted.connect(lambda: then(dialog.chosen))
        dialog.open()

    def ask_removal(self, row: ModelRow, then: Callable[[str], None]) -> None:
        """Ask whether a model is to be deleted."""
        box = QMessageBox(self._page)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle(self.tr("Remove a model"))
        box.setText(filled(self.tr("Remove {model} from this computer?"), model=row.spec.title))
        size = size_words(row.size_bytes)
        box.setInformativeText(filled(self.tr("{size}; to use it again it must be got or imported anew."), size=size))
        remove = box.addButton(self.tr("Remove"), QMessageBox.ButtonRole.DestructiveRole)
        keep = box.addButton(self.tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(keep)
        box.setEscapeButton(keep)
        remove.clicked.connect(lambda: then(row.spec.name))
        box.open()


class ModelChoice(QDialog):
    """Which of the models that fit a file it is."""

    def __init__(self, path: Path, rows: Sequence[ModelRow], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Which model is it?"))
        self.setStyleSheet(f"QDialog {{ background: {theme.PANEL.name()}; }}")
        self.resize(*_CHOICE_WH)
        self._names = [row.spec.name for row in rows]
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Models that fit"))
        self.list.addItems([row.spec.title for row in rows])
        self.list.setCurrentRow(0)
        self.list.setStyleSheet(
            f"QListWidget {{ background: {theme.RAISED.name()}; border: 1px solid {theme.LINE.name()};"
            f" border-radius: 8px; padding: 6px; outline: none; }}"
            f"QListWidget:focus {{ border: 2px solid {theme.ACCENT.name()}; padding: 5px; }}"
            f"QListWidget::item {{ padding: 7px 8px; border-radius: 6px; color: {theme.TEXT.name()}; }}"
            f"QListWidget::item:selected {{ background: {theme.HOVER.name()}; }}"
        )
        self.list.itemActivated.connect(self.accept)
        self.take = QPushButton(self.tr("Import"))
        self.take.setProperty("primary", True)
        self.take.setDefault(True)
        self.take.clicked.connect(self.accept)
        self.cancel = QPushButton(self.tr("Cancel"))
        self.cancel.setAutoDefault(False)
        self.cancel.clicked.connect(self.reject)
        self._lay_out(path)

    @property
    def chosen(self) -> str:
        """The name of the marked model."""
        return self._names[self.list.currentRow()]

    def _lay_out(self, path: Path) -> None:
        words = self.tr("{file} is built like several models. Pick the one that it is; a wrong one makes wrong faces.")
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.take)
        column = column_of(self)
        column.addWidget(heading(self.windowTitle()))
        column.addWidget(paragraph(filled(words, file=path.name)))
        column.addWidget(self.list, 1)
        column.addLayout(buttons)
        self.list.setFocus()
