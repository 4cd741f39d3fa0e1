"""Room: gui. The ways out that the window offers, and what the user wants of them. Data only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

from mirror_app.deliver.protocol import Output
from mirror_app.deliver.sound import SoundFormat
from mirror_app.domain.frame import SafeFrame, Size


class OutputKind(Enum):
    """A way out; the value is its name in the settings and in the status of `mirror-app status --json`."""

    WINDOW = "window"
    CAMERA = "camera"
    RECORDING = "recording"
    STREAM = "stream"


ON_AIR: Final = frozenset({OutputKind.WINDOW, OutputKind.CAMERA, OutputKind.STREAM})
"""Others see these at once: they show the card until the mirror goes live. A recording stays on this computer."""
WITH_SOUND: Final = frozenset({OutputKind.RECORDING, OutputKind.STREAM})
CAMERA_WH: Final[Size] = (1280, 720)
"""The virtual camera's size whatever the user chose: programs for meetings expect it."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How the outputs are to be opened.

    Attributes:
        size_wh: Of the picture, px; the virtual camera has its own.
        folder: Where recordings go.
        server: Where the stream goes.
        key: The stream's key; never written down with the settings and never shown.
        sound: What the microphone gives; None = no sound.
    """

    size_wh: Size
    folder: Path
    server: str = ""
    key: str = ""
    sound: SoundFormat | None = None

    def __repr__(self) -> str:
        """Without the key: it must not get into a log."""
        return f"Wish({self.size_wh}, {self.folder})"


Opener = Callable[[OutputKind, Wish, SafeFrame], Output]
"""Opens an output that begins with a card; in the background. Raises a `MirrorError`."""


def size_of_kind(kind: OutputKind, wish: Wish) -> Size:
    """The size an output is opened with."""
    return CAMERA_WH if kind is OutputKind.CAMERA else wish.size_wh
