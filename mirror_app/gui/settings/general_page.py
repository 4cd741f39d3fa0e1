"""Room: gui. Settings page: language, look, keys. Says what was chosen; changes nothing itself."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFormLayout, QLabel, QPushButton, QWidget

from mirror_app.gui import theme
from mirror_app.gui.widgets.combo_box import ChoiceBox
from mirror_app.gui.widgets.page_parts import column_of, heading, paragraph


class GeneralPage(QWidget):
    """What concerns the whole window."""

    language_picked = Signal(str)
    """"" for the system's, "en", "zh_CN"."""
    look_picked = Signal(str)
    """"" for the desktop's, "dark", "light"."""
    keys_requested = Signal()

    def __init__(self, language: str, look: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.language = ChoiceBox(
            {
                "": (self.tr("As the system"), self.tr("English where the system speaks neither")),
                # A language's own name: whoever looks for it cannot read the others.
                "en": ("English", "English"),
                "zh_CN": ("\u7b80\u4f53\u4e2d\u6587", "\u7b80\u4f53\u4e2d\u6587"),
            }
        )
        self.look = ChoiceBox(
            {
                "": (self.tr("As the system"), self.tr("Dark where the system does not say")),
                "dark": (self.tr("Dark"), self.tr("For dark rooms")),
                "light": (self.tr("Light"), self.tr("For bright rooms")),
            }
        )
        self.language.choose(language)
        self.look.choose(look)
        self.language.currentIndexChanged.connect(lambda: self.language_picked.emit(self.language.value))
        self.look.currentIndexChanged.connect(lambda: self.look_picked.emit(self.look.value))
        self._keys = QPushButton(self.tr("Change keys…"))
        self._keys.clicked.connect(self.keys_requested)
        self._lay_out()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(theme.SPACE)
        form.setVerticalSpacing(theme.SPACE_SMALL)
        for name, control in ((self.tr("Language"), self.language), (self.tr("Look"), self.look)):
            control.setAccessibleName(name)
            control.setMinimumWidth(220)
            label = QLabel(name)
            label.setMinimumHeight(control.sizeHint().height())  # in line with the words beside it
            form.addRow(label, control)
        column = column_of(self)
        column.addWidget(heading(self.tr("General")))
        column.addLayout(form)
        column.addWidget(paragraph(self.tr("Language and look change at the next start.")))
        column.addSpacing(theme.SPACE_SMALL)
        column.addWidget(heading(self.tr("Keys"), 15))
        column.addWidget(paragraph(self.tr("Every command of the window has a key; each can be changed.")))
        column.addWidget(self._keys, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
