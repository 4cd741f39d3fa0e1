"""Room: gui. The window's keys from one hand: hearing them, showing them, the help and the dialog that changes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from mirror_app.gui.keys.window_keys import WindowKeys
from mirror_app.settings import Settings

if TYPE_CHECKING:
    from mirror_app.gui.keys.help_dialog import HelpDialog


class Keyed(Protocol):
    """A button that names its key."""

    def show_key(self, key: str) -> None:
        """Say which key does the same; "" when none does."""


class KeyDesk(QObject):
    """Makes help and dialog when they are first asked for."""

    doctor_requested = Signal()
    privacy_requested = Signal()

    def __init__(self, window: QWidget, deeds: Mapping[str, Callable[[], object]], chosen: Mapping[str, str]) -> None:
        """Hear the keys from now on.

        Args:
            window: Where they are heard.
            deeds: What each action of `actions` does; the help is added here.
            chosen: The user's own keys, as they are remembered.
        """
        super().__init__(window)
        self._window = window
        self._buttons: Mapping[str, Keyed] = {}
        self._help: HelpDialog | None = None
        self.keys = WindowKeys(window, {**deeds, "help": self.toggle_help}, chosen)
        self.keys.changed.connect(self._label_buttons)

    def label(self, buttons: Mapping[str, Keyed]) -> None:
        """Write each action's key on its button, now and whenever it changes."""
        self._buttons = buttons
        self._label_buttons()

    def toggle_help(self) -> None:
        """Open the help, or close it."""
        if self._help is None:
            # Loaded here: most starts never open the help.
            from mirror_app.gui.keys.help_dialog import HelpDialog

            self._help = HelpDialog(self.keys, self._window)
            self._help.keys_requested.connect(self.change_keys)
            self._help.doctor_requested.connect(self.doctor_requested)
            self._help.privacy_requested.connect(self.privacy_requested)
        self._help.toggle()

    def change_keys(self) -> None:
        """Let the user change keys, without stopping the live picture."""
        from mirror_app.gui.keys.keys_dialog import KeysDialog

        dialog = KeysDialog(self.keys, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def remembered_in(self, settings: Settings) -> Settings:
        """The settings with the user's keys."""
        return replace(settings, keys=dict(self.keys.key_map.chosen))

    def _label_buttons(self) -> None:
        for name, button in self._buttons.items():
            button.show_key(self.keys.shown(name))
