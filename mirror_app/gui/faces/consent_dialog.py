"""Room: gui. Asks which face in a photo is meant and whose it is, in English and Chinese. Adds nothing itself."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from mirror_app.gui import theme
from mirror_app.gui.faces.photo_panel import PhotoPanel
from mirror_app.gui.widgets.choice_card import ChoiceCard
from mirror_app.targets.consent import Consent

if TYPE_CHECKING:
    from mirror_app.pipeline.photo_faces import PhotoFace

# Shown in both languages whatever the window's language is: nobody agrees to something she cannot read.
STATEMENTS: Final = {
    Consent.SELF: ("It is me", "这是我本人"),
    Consent.PERMISSION: ("It is somebody who has allowed me to use this face", "这是别人，本人已同意我使用"),
    Consent.PUBLIC_DOMAIN: ("It is an old work in the public domain", "这是公有领域的旧作品，不是在世的人"),
    Consent.FICTIONAL: ("It is an invented face: drawn, sculpted or generated", "这是虚构的脸：绘画、雕塑或生成"),
}
_QUESTION: Final = ("Whose face is this?", "这是谁的脸？")
_PROMISE: Final = (
    "The photo stays on this computer. Never use a person's face without her or his consent.",
    "照片只保存在这台电脑上。未经本人同意，请勿使用他人的脸。",
)


class ConsentDialog(QDialog):
    """Asks whose face it is and how to call it; nothing is chosen beforehand, without an answer nothing is added.

    Args:
        photos: One or more photos of one person.
    """

    def __init__(self, photos: Sequence[Path], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.photos = list(photos)
        self.setWindowTitle(self.tr("Add a target face"))
        self.setStyleSheet(f"QDialog {{ background: {theme.PANEL.name()}; }}")
        self.panel = PhotoPanel(photos)
        self._name = QLineEdit(self.photos[0].stem)
        self._name.setMaxLength(40)
        self._name.setAccessibleName(self.tr("Name"))
        self._choices = {consent: ChoiceCard(*lines) for consent, lines in STATEMENTS.items()}
        self._add = QPushButton(self.tr("Add face"))
        self._add.setProperty("primary", True)
        self._add.setEnabled(False)
        self._add.setDefault(True)
        self._add.clicked.connect(self.accept)
        self.panel.changed.connect(self._allow)
        for choice in self._choices.values():
            choice.toggled.connect(self._allow)
        self._lay_out()
        self._choices[Consent.SELF].setFocus()

    @property
    def consent(self) -> Consent | None:
        """What was chosen; None while nothing is."""
        return next((consent for consent, choice in self._choices.items() if choice.isChecked()), None)

    @property
    def title(self) -> str:
        """The name typed in; the file's name when the field was emptied."""
        return self._name.text().strip() or self.photos[0].stem

    @property
    def faces(self) -> list[PhotoFace]:
        """The chosen face of every photo that shows one."""
        return self.panel.chosen_faces

    def choose(self, consent: Consent) -> None:
        """Mark an answer, as a click on it does."""
        self._choices[consent].click()

    def _allow(self) -> None:
        self._add.setEnabled(self.consent is not None and self.panel.is_ready)

    def _lay_out(self) -> None:
        cancel = QPushButton(self.tr("Cancel"))
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        right = QVBoxLayout()
        right.setSpacing(theme.SPACE_SMALL)
        right.addWidget(_text(" ".join(_QUESTION), 18, bold=True))
        right.addSpacing(4)
        for choice in self._choices.values():
            right.addWidget(choice)
        right.addSpacing(4)
        right.addWidget(_text(self.tr("Name"), 12, soft=True))
        right.addWidget(self._name)
        right.addSpacing(4)
        right.addWidget(_text("\n".join(_PROMISE), 12, soft=True))
        right.addStretch(1)
        body = QHBoxLayout()
        body.setSpacing(24)
        body.addWidget(self.panel)
        body.addLayout(right, 1)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self._add)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 20)
        column.setSpacing(20)
        column.addLayout(body)
        column.addLayout(buttons)
        column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetFixedSize)


def _text(words: str, size_px: int, *, bold: bool = False, soft: bool = False) -> QLabel:
    label = QLabel(words)
    label.setFont(theme.font(size_px, bold=bold))
    label.setStyleSheet(f"color: {(theme.TEXT_SOFT if soft else theme.TEXT).name()};")
    return label
