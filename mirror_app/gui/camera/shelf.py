"""Room: gui. What is needed of the computer's cameras, and the words for them. Runs nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final, Protocol

from PySide6.QtCore import QCoreApplication, SignalInstance

from mirror_app.capture.camera_modes import CameraMode
from mirror_app.capture.protocol import FrameProvider
from mirror_app.gui.camera.watch import Fault
from mirror_app.gui.wording import filled

DEMO_ID: Final = "demo"
"""The camera id that means the demo camera."""
PEOPLE_ID: Final = "demo-people"
"""The camera id that means the demo camera with four people."""
DEMO_IDS: Final = frozenset({DEMO_ID, PEOPLE_ID})


class CameraEntry(Protocol):
    """A camera as the picker shows it."""

    @property
    def camera_id(self) -> str:
        """Stays the same over restarts."""

    @property
    def name(self) -> str:
        """What the system calls it."""


class CameraShelf(Protocol):
    """What is needed of `capture.camera.CameraList`."""

    @property
    def changed(self) -> SignalInstance:
        """A camera was plugged in or out."""

    def cameras(self) -> Sequence[CameraEntry]:
        """All cameras, the default first."""

    def modes(self, camera_id: str) -> Sequence[CameraMode]:
        """What one camera offers."""

    def open(self, camera_id: str, mode: str = "") -> FrameProvider:
        """Make the provider of one camera; it may have the signals `failed(str)` and `refused(str)`, and knobs."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A line of the camera picker."""

    camera_id: str
    name: str


class Pause(Enum):
    """Why the camera is given back for a while."""

    USER = "the user paused the mirror"
    HIDDEN = "nobody can see the window"


def due_id(choices: Sequence[Choice], wanted_id: str) -> str:
    """Id of the camera that should run now; "" when it must be waited for.

    Args:
        choices: The cameras, then the demos.
        wanted_id: The camera the user wants; "" = whichever comes first.
    """
    ids = [choice.camera_id for choice in choices]
    if wanted_id in ids:
        return wanted_id
    return "" if wanted_id and ids[0] not in DEMO_IDS else ids[0]


def fault_sentence(fault: Fault, camera: str) -> str:
    """What to say about a camera that says nothing itself."""
    sentences = {
        Fault.SILENT: _tr("{camera} gives no picture. Check its cover and cable; it is tried again by itself."),
        Fault.FROZEN: _tr("{camera} gives no more pictures. It is started again by itself."),
        Fault.DAMAGED: _tr(
            "{camera} sends damaged pictures. Check its cable or use another USB port; it is tried again by itself."
        ),
    }
    return filled(sentences[fault], camera=camera)


def _tr(text: str) -> str:
    return QCoreApplication.translate("CameraShelf", text)
