"""Room: gui. The questions about the user's own photos: which one, whose face, really remove. Changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget
from shiboken6 import isValid

from mirror_app.gui.faces.consent_dialog import ConsentDialog
from mirror_app.gui.faces.wardrobe import Wardrobe
from mirror_app.gui.wording import filled

if TYPE_CHECKING:
    from mirror_app.gui.faces.target_desk import LookedAt

_ENDINGS: Final = "*.jpg *.jpeg *.png *.webp *.bmp *.tif *.tiff *.avif"
_MOST_PHOTOS: Final = 12
"""More photos of one person add nothing but waiting."""


class FaceDialogs(QObject):
    """Asks over the window, without stopping the live picture, and hands the answers to the wardrobe."""

    def __init__(self, wardrobe: Wardrobe, window: QWidget) -> None:
        super().__init__(window)
        self._wardrobe = wardrobe
        self._window = window

    def choose_photo(self) -> None:
        """Let the user pick one file or several, then ask whose face they show."""
        dialog = QFileDialog(self._window, self.tr("Add photos of a face"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters([filled(self.tr("Pictures ({endings})"), endings=_ENDINGS), self.tr("All files (*)")])
        dialog.filesSelected.connect(lambda paths: self.add_photos([Path(path) for path in paths]))
        dialog.open()

    def add_photos(self, photos: Sequence[Path]) -> None:
        """Ask whose face some photos show; of several also whether they show one person."""
        photos = photos[:_MOST_PHOTOS]
        if len(photos) == 1:
            self._ask_consent([photos])
        elif photos:
            self._ask_how_many(photos)

    def _ask_how_many(self, photos: Sequence[Path]) -> None:
        box = QMessageBox(self._window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setText(filled(self.tr("Do these {count} photos show one person?"), count=str(len(photos))))
        box.setInformativeText(
            self.tr("Several photos of one person make a better face: each shows what the others hide.")
        )
        one = box.addButton(self.tr("One person"), QMessageBox.ButtonRole.YesRole)
        separate = box.addButton(self.tr("Separate faces"), QMessageBox.ButtonRole.NoRole)
        cancel = box.addButton(self.tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        one.setProperty("primary", True)
        box.setDefaultButton(one)
        box.setEscapeButton(cancel)
        one.clicked.connect(lambda: self._ask_consent([photos]))
        separate.clicked.connect(lambda: self._ask_consent([[photo] for photo in photos]))
        box.open()

    def _ask_consent(self, people: Sequence[Sequence[Path]]) -> None:
        """Ask whose face the first person's photos show, then the next one's; added is only what was answered."""
        if not people:
            return
        dialog = ConsentDialog(people[0], self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self._add(dialog))
        dialog.finished.connect(lambda _result: self._ask_consent(people[1:]))
        for index, photo in enumerate(people[0]):
            self._look_at(dialog, index, photo)
        dialog.open()

    def _look_at(self, dialog: ConsentDialog, index: int, photo: Path) -> None:
        """Fill a dialog; the answer may come sooner than the picture, then the dialog is gone."""

        def show_picture(picture: QImage) -> None:
            if isValid(dialog):
                dialog.panel.show_picture(index, picture)

        def show_faces(looked: LookedAt) -> None:
            if isValid(dialog):
                dialog.panel.show_faces(index, looked)

        def show_problem(sentence: str) -> None:
            if isValid(dialog):
                dialog.panel.show_problem(index, sentence)

        self._wardrobe.load_photo_view(photo, show_picture)
        self._wardrobe.look_at(photo, lambda: isValid(dialog), show_faces, show_problem)

    def confirm_removal(self, name: str) -> None:
        """Ask before one of the user's own faces is deleted without the trash."""
        title = next((tile.title for tile in self._wardrobe.tiles if tile.name == name), name)
        box = QMessageBox(self._window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setText(filled(self.tr("Delete {face} for good?"), face=title))
        box.setInformativeText(
            self.tr("Its photos are deleted from this app at once, without the trash. Your own files stay.")
        )
        remove = box.addButton(self.tr("Delete for good"), QMessageBox.ButtonRole.DestructiveRole)
        remove.setProperty("danger", True)
        keep = box.addButton(self.tr("Keep"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(keep)
        box.setEscapeButton(keep)
        remove.clicked.connect(lambda: self._wardrobe.remove_for_good(name))
        box.open()

    def _add(self, dialog: ConsentDialog) -> None:
        if dialog.consent is not None:
            self._wardrobe.add(dialog.faces, dialog.consent, dialog.title)
