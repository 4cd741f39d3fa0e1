"""Room: gui. The first minute: camera, face, marks and consent, in three short steps. Decides nothing itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from mirror_app.gui import theme
from mirror_app.gui.camera.inputs import Choice
from mirror_app.gui.widgets.bar_buttons import CameraPicker
from mirror_app.gui.widgets.page_parts import column_of, heading, paragraph
from mirror_app.gui.wording import filled

_SIZE_WH: Final = (520, 350)


class FirstSteps(QDialog):
    """Three pages; each can be skipped, and all of it works without a camera. The mirror runs behind it."""

    camera_picked = Signal(str)
    photo_requested = Signal()
    help_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Welcome"))
        self.setStyleSheet(f"QDialog {{ background: {theme.PANEL.name()}; }}")
        self.setFixedSize(*_SIZE_WH)
        self.picker = CameraPicker()
        self.picker.activated.connect(lambda row: self.camera_picked.emit(str(self.picker.itemData(row))))
        self._camera_words = paragraph("")
        self.pages = QStackedWidget()
        for page in (self._camera_page(), self._face_page(), self._marks_page()):
            self.pages.addWidget(page)
        self._count = QLabel()
        self._count.setStyleSheet(f"color: {theme.TEXT_SOFT.name()};")
        self.skip = QPushButton(self.tr("Skip"))
        self.skip.setAutoDefault(False)
        self.skip.clicked.connect(self.accept)
        self.back = QPushButton(self.tr("Back"))
        self.back.setAutoDefault(False)
        self.back.clicked.connect(lambda: self._turn(-1))
        self.forward = QPushButton()
        self.forward.setProperty("primary", True)
        self.forward.setDefault(True)
        self.forward.clicked.connect(lambda: self._turn(1))
        self.is_seen = False
        """To the end or skipped: not to be shown again."""
        self.finished.connect(self._note_seen)
        self._lay_out()
        self._turn(0)

    def show_cameras(self, choices: Sequence[Choice], running_id: str, *, has_cameras: bool) -> None:
        """Fill the picker; without a camera say that the demo takes its place."""
        self.picker.clear()
        for choice in choices:
            self.picker.addItem(choice.name, choice.camera_id)
        self.picker.setCurrentIndex(self.picker.findData(running_id))
        self.picker.setPlaceholderText(self.tr("Pick a camera"))
        self._camera_words.setText(
            self.tr("You see yourself behind this window. Another camera can be picked at any time.")
            if has_cameras
            else self.tr(
                "No camera was found. The demo camera shows how it works; plug one in, and it is used at once."
            )
        )

    def _camera_page(self) -> QWidget:
        page, column = self._page(self.tr("Your camera"))
        column.addWidget(self.picker)
        column.addWidget(self._camera_words)
        column.addStretch(1)
        return page

    def _face_page(self) -> QWidget:
        page, column = self._page(self.tr("Your new face"))
        column.addWidget(paragraph(self.tr("Click a face on the right of the window, or press a key from 1 to 9.")))
        column.addWidget(paragraph(self.tr("Hold Space to compare it with your own; only you see that.")))
        self.photo = QPushButton(self.tr("Add a photo…"))
        self.photo.setAutoDefault(False)
        self.photo.clicked.connect(self.photo_requested)
        column.addWidget(self.photo, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        return page

    def _marks_page(self) -> QWidget:
        page, column = self._page(self.tr("Marks and consent"))
        for sentence in (
            self.tr(
                "Pictures are marked “AI generated”. The mark is on at every start; the Watermark switch hides it."
            ),
            self.tr("Use a person's face only with her or his consent: you are asked for every photo."),
            self.tr("What leaves the mirror never shows your real face by accident: a card takes its place."),
            self.tr("Nothing is sent anywhere by itself. Settings, Privacy says what is kept and erases it."),
        ):
            column.addWidget(paragraph(sentence))
        self.help = QPushButton(self.tr("All keys (F1)"))
        self.help.setAutoDefault(False)
        self.help.clicked.connect(self.help_requested)
        column.addWidget(self.help, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        return page

    def _page(self, name: str) -> tuple[QWidget, QVBoxLayout]:
        page = QWidget()
        column = column_of(page)
        column.addWidget(heading(name, 20))
        return page, column

    def _turn(self, by: int) -> None:
        step = self.pages.currentIndex() + by
        if step >= self.pages.count():
            self.accept()
            return
        self.pages.setCurrentIndex(step)
        is_last = step == self.pages.count() - 1
        self.back.setEnabled(step > 0)
        self.skip.setVisible(not is_last)
        self.forward.setText(self.tr("Start") if is_last else self.tr("Next"))
        self._count.setText(filled(self.tr("{step} of {all}"), step=str(step + 1), all=str(self.pages.count())))
        self.forward.setFocus()

    def show_beside(self, picture: QWidget) -> None:
        """Come up at the picture's lower left, where the gallery stays free."""
        corner = picture.mapToGlobal(picture.rect().bottomLeft())
        self.move(corner.x() + theme.SPACE, corner.y() - self.height() - theme.SPACE)
        self.show()

    def _note_seen(self) -> None:
        self.is_seen = True

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setContentsMargins(24, 0, 24, 20)
        buttons.addWidget(self._count)
        buttons.addStretch(1)
        for button in (self.skip, self.back, self.forward):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.pages, 1)
        column.addLayout(buttons)
