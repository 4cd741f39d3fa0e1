"""Room: gui. The questions about the user's own photos: which one, whose face, really remove. Changes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget
from shiboken6 import isValid

from mirror_app.gui.consent_dialog import ConsentDialog
from mirror_app.gui.wardrobe import Wardrobe
from mirror_app.gui.wording import filled

_ENDINGS: Final = "*.jpg *.jpeg *.png *.webp *.bmp *.tif *.tiff *.avif"


class FaceDialogs(QObject):
    """Asks over the window, without stopping the live picture, and hands the answers to the wardrobe."""

    def __init__(self, wardrobe: Wardrobe, window: QWidget) -> None:
        super().__init__(window)
        self._wardrobe = wardrobe
        self._window = window

    def choose_photo(self) -> None:
        """Let the user pick a file, then ask whose face it shows."""
        dialog = QFileDialog(self._window, self.tr("Add a photo of a face"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([filled(self.tr("Pictures ({endings})"), endings=_ENDINGS), self.tr("All files (*)")])
        dialog.fileSelected.connect(lambda path: self.ask_consent(Path(path)))
        dialog.open()

    def ask_consent(self, photo: Path) -> None:
        """Ask whose face a photo shows; it is added only when that was answered."""
        dialog = ConsentDialog(photo, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self._add(dialog))
        # The answer may come sooner than the picture; then the dialog is gone.
        self._wardrobe.load_photo_view(photo, lambda image: dialog.show_photo(image) if isValid(dialog) else None)
        dialog.open()

    def confirm_removal(self, name: str) -> None:
        """Ask before one of the user's own faces is removed."""
        title = next((tile.title for tile in self._wardrobe.tiles if tile.name == name), name)
        box = QMessageBox(self._window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setText(filled(self.tr("Remove {face}?"), face=title))
        box.setInformativeText(self.tr("Its photo is deleted from this app. Your own file stays where it is."))
        remove = box.addButton(self.tr("Remove"), QMessageBox.ButtonRole.DestructiveRole)
        remove.setProperty("danger", True)
        keep = box.addButton(self.tr("Keep"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(keep)
        box.setEscapeButton(keep)
        remove.clicked.connect(lambda: self._wardrobe.remove(name))
        box.open()

    def _add(self, dialog: ConsentDialog) -> None:
        if dialog.consent is not None:
            self._wardrobe.add_photo(dialog.photo_path, dialog.consent, dialog.title)
