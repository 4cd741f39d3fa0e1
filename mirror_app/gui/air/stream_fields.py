"""Room: gui. Where the stream goes, and its key, which is never shown. Sends nothing."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QFormLayout, QLabel, QLineEdit, QWidget

from mirror_app.gui import theme

_LOOKS_LIKE: Final = "rtmps://…"


class StreamFields(QWidget):
    """Two lines: the address and the key."""

    server_typed = Signal(str)
    key_typed = Signal(str)

    def __init__(self, server: str, *, is_key_kept: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.server = QLineEdit(server)
        self.server.setPlaceholderText(_LOOKS_LIKE)
        self.key = QLineEdit()
        self.key.setEchoMode(QLineEdit.EchoMode.Password)
        kept, forgotten = self.tr("Kept in the system's keyring"), self.tr("Kept until the window closes")
        self.key.setPlaceholderText(kept if is_key_kept else forgotten)
        self.server.editingFinished.connect(lambda: self.server_typed.emit(self.server.text()))
        self.key.editingFinished.connect(lambda: self.key_typed.emit(self.key.text()))
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(theme.SPACE_SMALL)
        form.setVerticalSpacing(4)
        place = self.key.placeholderText()
        rows = (
            (self.tr("Server"), self.server, self.tr("rtmp://, rtmps:// or udp://, as the streaming service shows it")),
            (self.tr("Key"), self.key, self.tr("Whoever has it can stream in your name") + f" · {place}"),
        )
        for name, field, explanation in rows:
            label = QLabel(name)
            label.setStyleSheet(f"color: {theme.TEXT_SOFT.name()};")
            label.setMinimumHeight(field.sizeHint().height())
            field.setAccessibleName(name)
            field.setAccessibleDescription(explanation)
            field.setToolTip(explanation)
            form.addRow(label, field)

    def show_address(self, server: str, key: str) -> None:
        """Show what is used."""
        for field, text in ((self.server, server), (self.key, key)):
            if field.text() != text:
                with QSignalBlocker(field):
                    field.setText(text)
