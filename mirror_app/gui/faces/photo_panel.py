"""Room: gui. The photos a face is made from: which face in each, and what speaks against it. Reads no files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from mirror_app.gui import theme
from mirror_app.gui.faces.face_picker import FacePicker, PickableFace
from mirror_app.gui.wording import badge_colour, badge_word, filled, remark_sentence

if TYPE_CHECKING:
    from mirror_app.gui.faces.target_desk import LookedAt
    from mirror_app.pipeline.photo_faces import PhotoFace

_WIDTH: Final = 300
_CLOSE_UP_PX: Final = 108
_MOST_REMARKS: Final = 4
"""More would not be read."""


@dataclass(slots=True, eq=False)
class _Shown:
    """One photo: its picture, once it is loaded, and who is in it or why nobody is."""

    path: Path
    picture: QImage | None = None
    looked: LookedAt | None = None
    problem: str = ""
    faces: list[PickableFace] = field(default_factory=list)
    choice: int = 0


class PhotoPanel(QWidget):
    """Shows one photo at a time and lets the user choose the face in each."""

    changed = Signal()
    """Another face is chosen, or a photo has been looked at."""

    def __init__(self, photos: Sequence[Path], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._photos = [_Shown(path) for path in photos]
        self._at = 0
        self.picker = FacePicker()
        self.picker.chosen.connect(self._choose)
        self._badge = _label(13, bold=True)
        self._hint = _label(12)
        self._hint.setText(self.tr("Several faces: click the one you mean."))
        self._words = _label(12)
        self._words.setMinimumHeight(72)  # so that the buttons do not jump with every word
        self._words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._place = _label(12)
        self._place.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.before, self.after = QPushButton("‹"), QPushButton("›")
        self.before.setAccessibleName(self.tr("Photo before"))
        self.after.setAccessibleName(self.tr("Next photo"))
        for button, step in ((self.before, -1), (self.after, 1)):
            button.setFixedWidth(52)
            button.setAutoDefault(False)
            button.clicked.connect(lambda _checked, step=step: self._turn(step))
        self._lay_out()
        self._show()

    @property
    def chosen_faces(self) -> list[PhotoFace]:
        """The chosen face of every photo that shows one."""
        return [shown.looked.found.faces[shown.choice] for shown in self._photos if shown.looked is not None]

    @property
    def is_ready(self) -> bool:
        """Whether every photo has been looked at, and one of them shows a face."""
        return all(shown.looked or shown.problem for shown in self._photos) and bool(self.chosen_faces)

    @property
    def words(self) -> str:
        """What is said about the photo in view."""
        return self._words.text()

    def show_picture(self, index: int, picture: QImage) -> None:
        """Show a photo while nobody has looked at it yet."""
        shown = self._photos[index]
        if shown.looked is None:
            shown.picture = picture
            self._show()

    def show_faces(self, index: int, looked: LookedAt) -> None:
        """Show who is in a photo."""
        shown = self._photos[index]
        shown.looked = looked
        shown.picture = _as_image(looked.found.preview_bgr)
        shown.faces = _pickable(looked)
        self._show()
        self.changed.emit()

    def show_problem(self, index: int, sentence: str) -> None:
        """Say why a photo cannot be used; the others can."""
        self._photos[index].problem = sentence
        self._show()
        self.changed.emit()

    def _choose(self, index: int) -> None:
        self._photos[self._at].choice = index
        self._show_words()
        self.changed.emit()

    def _turn(self, step: int) -> None:
        self._at = (self._at + step) % len(self._photos)
        self._show()

    def _show(self) -> None:
        shown = self._photos[self._at]
        self.picker.show_photo(shown.picture, shown.faces, shown.choice)
        place = self.tr("Photo {number} of {count}")
        self._place.setText(filled(place, number=str(self._at + 1), count=str(len(self._photos))))
        self._show_words()

    def _show_words(self) -> None:
        shown = self._photos[self._at]
        badge, colour, lines = "", theme.TEXT_SOFT, [self.tr("Looking for faces…")]
        if shown.problem:
            colour, lines = theme.SHIELD, [shown.problem]
            if len(self._photos) > 1:
                lines.append(self.tr("This photo is left out."))
        elif shown.looked is not None:
            check = shown.looked.checks[shown.choice]
            badge = badge_word(check.badge)
            lines = [f"• {remark_sentence(remark)}" for remark in check.remarks[:_MOST_REMARKS]]
            self._badge.setStyleSheet(f"color: {badge_colour(check.badge).name()};")
        self._hint.setVisible(len(shown.faces) > 1)
        self._badge.setText(badge)
        self._badge.setVisible(bool(badge))
        self._words.setStyleSheet(f"color: {colour.name()};")
        self._words.setText("\n".join(lines))

    def _lay_out(self) -> None:
        pager = QWidget()
        row = QHBoxLayout(pager)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.before)
        row.addWidget(self._place, 1)
        row.addWidget(self.after)
        pager.setVisible(len(self._photos) > 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_SMALL)
        column.addWidget(self.picker)
        column.addWidget(self._hint)
        column.addWidget(pager)
        column.addWidget(self._badge)
        column.addWidget(self._words)
        column.addStretch(1)
        self.setFixedWidth(_WIDTH)


def _pickable(looked: LookedAt) -> list[PickableFace]:
    width, height = looked.found.photo_wh
    faces = []
    for face in looked.found.faces:
        left, top, right, bottom = (float(edge) for edge in face.box_xyxy)
        box = QRectF(left / width, top / height, (right - left) / width, (bottom - top) / height)
        faces.append(PickableFace(box, _close_up(face)))
    return faces


def _close_up(face: PhotoFace) -> QImage:
    """The square around a face."""
    image, points = face.view.image_bgr, face.view.points
    low, high = points[:, :2].min(0), points[:, :2].max(0)
    side = min(round(float((high - low).max()) * 1.1), *image.shape[:2])
    left, top = (
        min(max(round(float(middle) - side / 2), 0), length - side)
        for middle, length in zip((low + high) / 2, image.shape[1::-1], strict=True)
    )
    square = _as_image(image[top : top + side, left : left + side])
    size = QSize(_CLOSE_UP_PX, _CLOSE_UP_PX)
    return square.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)


def _as_image(image_bgr: NDArray[np.uint8]) -> QImage:
    height, width = image_bgr.shape[:2]
    return QImage(image_bgr.tobytes(), width, height, 3 * width, QImage.Format.Format_BGR888).copy()


def _label(size_px: int, *, bold: bool = False) -> QLabel:
    label = QLabel()
    label.setFont(theme.font(size_px, bold=bold))
    label.setWordWrap(True)
    label.setStyleSheet(f"color: {theme.TEXT_SOFT.name()};")
    return label
