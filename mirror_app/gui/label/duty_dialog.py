"""Room: gui. Asks, in English and Chinese, who labels the pictures when the mark is off. Turns nothing off itself."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from mirror_app.gui import theme
from mirror_app.gui.widgets.choice_card import ChoiceCard
from mirror_app.tools.label_log import Reason

_WIDTH: Final = 560
# Shown in both languages whatever the window's language is: nobody agrees to something she cannot read.
REASONS: Final = {
    Reason.PLATFORM: ("I label it in the platform's own way", "我会用发布平台自己的方式标识"),
    Reason.OWN_MARK: ("I put a mark of my own on it", "我会自己加上标识"),
    Reason.OWN_USE: ("It is for my own use: nobody else sees it", "仅供自己使用，不给别人看"),
}
_QUESTION: Final = ("Who labels the picture?", "由谁来标识画面？")
_DUTY: Final = (
    "Whoever shows others a picture that an AI has made or changed must say so where they see it. While the mark is "
    "off, that is your duty. What files say about themselves stays in them.",
    "向他人展示由人工智能生成或合成的画面，必须在显著位置标识。水印关闭期间，标识义务由您承担。写入文件的隐式标识仍会保留。",
)
_LOG: Final = (
    "This computer notes the time, the reason, the language and the app's version for a year, and sends them nowhere.",
    "本机会记录时间、原因、语言和软件版本，保存一年，不会发送到任何地方。",
)
DUTY_TEXT: Final = "\n".join(
    (*_QUESTION, *_DUTY, *_LOG, *(line for lines in REASONS.values() for line in lines)),
)
"""All that the user agrees to, for the log's checksum."""


class DutyDialog(QDialog):
    """Nothing is chosen beforehand; without a reason the mark stays."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Turn the watermark off"))
        self.setStyleSheet(f"QDialog {{ background: {theme.PANEL.name()}; }}")
        self.choices = {reason: ChoiceCard(*lines) for reason, lines in REASONS.items()}
        self.turn_off = QPushButton(self.tr("I label it: turn off"))
        self.turn_off.setEnabled(False)
        self.turn_off.setAutoDefault(False)
        self.turn_off.clicked.connect(self.accept)
        self.keep = QPushButton(self.tr("Keep the watermark"))
        self.keep.setProperty("primary", True)
        self.keep.setDefault(True)
        self.keep.clicked.connect(self.reject)
        for choice in self.choices.values():
            choice.toggled.connect(lambda: self.turn_off.setEnabled(self.reason is not None))
        self._lay_out()
        self.keep.setFocus()

    @property
    def reason(self) -> Reason | None:
        """What was chosen; None while nothing is."""
        return next((reason for reason, choice in self.choices.items() if choice.isChecked()), None)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 20)
        column.setSpacing(theme.SPACE_SMALL)
        column.addWidget(_text("  ".join(_QUESTION), 18, bold=True))
        for line in _DUTY:
            column.addWidget(_text(line, 13))
        column.addSpacing(4)
        for choice in self.choices.values():
            column.addWidget(choice)
        column.addSpacing(4)
        for line in _LOG:
            column.addWidget(_text(line, 12, soft=True))
        column.addSpacing(theme.SPACE_SMALL)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.turn_off)
        buttons.addWidget(self.keep)
        column.addLayout(buttons)
        self.setFixedWidth(_WIDTH)


def _text(words: str, size_px: int, *, bold: bool = False, soft: bool = False) -> QLabel:
    label = QLabel(words)
    label.setFont(theme.font(size_px, bold=bold))
    label.setWordWrap(True)
    label.setStyleSheet(f"color: {(theme.TEXT_SOFT if soft else theme.TEXT).name()};")
    return label
