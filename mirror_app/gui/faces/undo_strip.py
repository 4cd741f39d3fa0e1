"""Room: gui. Says for some seconds that a face was deleted, with a button that brings it back. Deletes nothing."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from mirror_app.gui import theme
from mirror_app.gui.widgets.enter_button import EnterButton
from mirror_app.gui.wording import filled

_SHOWN_MS: Final = 12_000
_TITLE_PX: Final = 150


class UndoStrip(QFrame):
    """A sentence and a button; goes by itself, but not from under the pointer or the focus."""

    undo_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("undo")
        radius = round(theme.RADIUS_SMALL)
        self.setStyleSheet(f"#undo {{ background: {theme.RAISED.name()}; border-radius: {radius}px; }}")
        self._sentence = QLabel()
        self._sentence.setFont(theme.font(12))
        self._sentence.setWordWrap(True)
        self._sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.button = EnterButton(self.tr("Undo"))
        self.button.setAccessibleName(self.tr("Undo"))
        self.button.clicked.connect(self.undo_requested)
        self.button.installEventFilter(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 12)
        column.setSpacing(theme.SPACE_SMALL)
        column.addWidget(self._sentence)
        column.addWidget(self.button)
        self._hide_later = QTimer(self)
        self._hide_later.setSingleShot(True)
        self._hide_later.setInterval(_SHOWN_MS)
        self._hide_later.timeout.connect(self._go)
        self.hide()

    @property
    def sentence(self) -> str:
        """What is said."""
        return self._sentence.text()

    def show_key(self, key: str) -> None:
        """Say which key does the same; "" when none does."""
        self.button.setText(f"{self.tr('Undo')}  {key}".rstrip())

    def say(self, title: str) -> None:
        """Say that a face was deleted, and where it is kept."""
        short = QFontMetricsF(self._sentence.font()).elidedText(title, Qt.TextElideMode.ElideMiddle, _TITLE_PX)
        sentence = self.tr("{face} was deleted. Its photos stay in the trash for 7 days.")
        self._sentence.setText(filled(sentence, face=short))
        self.button.setAccessibleDescription(filled(sentence, face=title))
        self.show()
        self._hide_later.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Count anew when the button loses the focus."""
        if event.type() == QEvent.Type.FocusOut and not self.isHidden():
            self._hide_later.start()
        return False

    def leaveEvent(self, event: QEvent) -> None:
        """Count anew when the pointer goes."""
        if not self.isHidden():
            self._hide_later.start()
        super().leaveEvent(event)

    def _go(self) -> None:
        if not self.underMouse() and not self.button.hasFocus():
            self.hide()
