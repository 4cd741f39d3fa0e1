"""Room: gui. What the window for files asks: which files, which folder, go on or not. Changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from mirror_app.gui.wording import filled
from mirror_app.pipeline.batch_inputs import PICTURE_INPUTS, VIDEO_INPUTS


class BatchDialogs(QObject):
    """Asks over the window without stopping anything; no answer calls nothing."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window

    def choose_files(self, then: Callable[[list[Path]], None]) -> None:
        """Let the user pick videos and pictures."""
        dialog = self._dialog(self.tr("Add videos and pictures"), QFileDialog.FileMode.ExistingFiles, then)
        endings = " ".join(f"*{ending}" for ending in sorted(VIDEO_INPUTS | PICTURE_INPUTS))
        names = filled(self.tr("Videos and pictures ({endings})"), endings=endings)
        dialog.setNameFilters([names, self.tr("All files (*)")])
        dialog.open()

    def choose_input_folder(self, then: Callable[[list[Path]], None]) -> None:
        """Let the user pick a folder of videos and pictures."""
        self._dialog(self.tr("Add a folder"), QFileDialog.FileMode.Directory, then).open()

    def choose_output_folder(self, then: Callable[[list[Path]], None]) -> None:
        """Let the user pick where the results go."""
        self._dialog(self.tr("Where the results go"), QFileDialog.FileMode.Directory, then).open()

    def offer(self, count: int, go_on: Callable[[], None], leave_out: Callable[[], None]) -> None:
        """Ask whether an earlier queue that was cut short shall go on."""
        box = QMessageBox(self._window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setText(filled(self.tr("Go on with the files of last time? Not done yet: {count}."), count=str(count)))
        box.setInformativeText(self.tr("What was done is kept. The file that was in work is done again."))
        yes = box.addButton(self.tr("Go on"), QMessageBox.ButtonRole.AcceptRole)
        yes.setProperty("primary", True)
        no = box.addButton(self.tr("Leave them out"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(yes)
        box.setEscapeButton(no)
        yes.clicked.connect(go_on)
        no.clicked.connect(leave_out)
        box.open()

    def _dialog(self, title: str, mode: QFileDialog.FileMode, then: Callable[[list[Path]], None]) -> QFileDialog:
        dialog = QFileDialog(self._window, title)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(mode)
        dialog.filesSelected.connect(lambda paths: then([Path(path) for path in paths]))
        return dialog
