"""Room: gui. How outputs are to be: size, microphone, folder, server. What is remembered of it, and what never is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from mirror_app.deliver.sound import SoundFormat
from mirror_app.deliver.stream_address import parse_address
from mirror_app.domain.errors import InputError
from mirror_app.gui.air.kinds import Wish
from mirror_app.resources import videos_dir
from mirror_app.settings import Settings


class AirChoices(QObject):
    """The panel changes it, outputs are opened by it."""

    size_changed = Signal()
    microphone_changed = Signal()

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.size = settings.output_size
        self.microphone = settings.microphone
        self.folder = Path(settings.recordings_dir) if settings.recordings_dir else videos_dir()
        self.server = settings.stream_server
        self.key = ""
        """The stream's key: lives as long as the window, or in the system's keyring; see `key_keeper`."""

    def set_size(self, size: str) -> None:
        """One of `settings.OUTPUT_SIZES`."""
        if size != self.size:
            self.size = size
            self.size_changed.emit()

    def set_microphone(self, device_id: str) -> None:
        """A device's name in the system, "" for the system's own choice, "none" for no sound."""
        if device_id != self.microphone:
            self.microphone = device_id
            self.microphone_changed.emit()

    def set_server(self, text: str) -> None:
        """Take an address; a key in it moves to where keys are kept."""
        self.server = text.strip()
        if self.key or not self.server:
            return
        try:
            address = parse_address(self.server)
        except InputError:
            return
        if address.key:
            self.server, self.key = address.server_url, address.key

    def wish(self, sound: SoundFormat | None) -> Wish:
        """What to open an output with."""
        width, _, height = self.size.partition("x")
        return Wish((int(width), int(height)), self.folder, self.server, self.key, sound)

    def remembered_in(self, settings: Settings) -> Settings:
        """The settings with these choices, without any key."""
        folder = "" if self.folder == videos_dir() else str(self.folder)
        return replace(
            settings, output_size=self.size, microphone=self.microphone, recordings_dir=folder,
            stream_server=_without_secrets(self.server),
        )  # fmt: skip


def _without_secrets(server: str) -> str:
    """An address as it may be written down; "" when nobody can tell where a key would stand in it."""
    try:
        address = parse_address(server, "" if server.lower().startswith("udp:") else "none")
    except InputError:
        return ""
    return f"udp://{address.server}" if address.scheme == "udp" else address.server_url.partition("?")[0]
