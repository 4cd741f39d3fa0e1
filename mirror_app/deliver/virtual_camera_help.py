"""Room: deliver. What to do when the virtual camera cannot be opened, for each system. Opens nothing."""

from __future__ import annotations

import platform
import sys
from typing import Final

from mirror_app.deliver.virtual_camera_words import BROKEN, ENDED, LOST, MISSING
from mirror_app.domain.errors import MirrorError, MissingLibraryError, OutputError

INSTALL: Final = 'pip install "mirror-app[virtual-camera]"'
INSTALL_DRIVER: Final = "sudo apt install v4l2loopback-dkms"
LOAD_DRIVER: Final = 'sudo modprobe v4l2loopback devices=1 exclusive_caps=1 card_label="Mirror"'
JOIN_GROUP: Final = "sudo usermod -a -G video $USER"
_AGAIN: Final = 'pip install --force-reinstall "pyvirtualcam>=0.13,<1"'
# What pyvirtualcam 0.13 to 0.15 says in its C++ sources, by what it means.
_NO_RIGHT: Final = "missing permissions"
_IN_USE: Final = ("resource busy", "already in use", "could not be started", "Couldn't start", "Multiple cameras")
_NO_DEVICE: Final = ("No v4l2 loopback device", "not found", "No camera registered", "not installed")


def explain(what: str, why: str, system: str | None = None) -> MirrorError:
    """The error for a camera that cannot be used.

    Args:
        what: `MISSING`, `BROKEN`, `REFUSED`, `LOST` or `ENDED`.
        why: What the library said.
        system: "Linux", "Windows" or "Darwin"; this one when None.
    """
    if what == MISSING:
        return _missing()
    if what == BROKEN:
        return OutputError(
            "pyvirtualcam is installed, but cannot be loaded: {why}. Run `{command}`.", why=why, command=_AGAIN
        )
    if what == ENDED:
        return OutputError(
            "The virtual camera's driver ended the process that used it: {why}. Restart the computer; if that does not"
            " help, install the driver again.",
            why=why,
        )
    if what == LOST:
        return OutputError("The virtual camera's device takes no more pictures: {why}.", why=why.rstrip("."))
    return _refused(why.rstrip("."), system or platform.system())


def _missing() -> MirrorError:
    if getattr(sys, "frozen", False):
        return MissingLibraryError(
            "This package of the app has no virtual camera: the library for it, pyvirtualcam, is under GPL-2.0. Show"
            " the clean output window in OBS instead, or install the app with `{command}`.",
            command=INSTALL,
        )
    return MissingLibraryError(
        "The virtual camera needs pyvirtualcam, which is under GPL-2.0 and therefore not installed by itself. Run"
        " `{command}`, or in a source folder `uv sync --extra virtual-camera`.",
        command=INSTALL,
    )


def _refused(why: str, system: str) -> MirrorError:
    if _NO_RIGHT in why:
        return OutputError(
            "You may not write to the virtual camera's device. Run `{command}`, then log out and in again.",
            command=JOIN_GROUP,
        )
    if any(words in why for words in _IN_USE):
        return OutputError(
            "Another program uses the virtual camera. End it there (in OBS: Stop Virtual Camera), then try again."
        )
    if any(words in why for words in _NO_DEVICE):
        return _no_device(why, system)
    return OutputError("The virtual camera cannot be opened: {why}.", why=why)


def _no_device(why: str, system: str) -> MirrorError:
    if system == "Linux":
        return OutputError(
            "There is no virtual camera device. Run `{install}` once, and `{load}` after every start of the computer.",
            install=INSTALL_DRIVER,
            load=LOAD_DRIVER,
        )
    if system == "Windows":
        return OutputError(
            "There is no virtual camera device. Install OBS Studio 26 or newer (obsproject.com), which brings one; it"
            " need not run. UnityCapture works, too."
        )
    if system == "Darwin":
        return OutputError(
            "There is no virtual camera device. Install OBS Studio 30 or newer (obsproject.com), click Start Virtual"
            " Camera in it once, allow its extension in System Settings, then end OBS."
        )
    return OutputError("The virtual camera cannot be opened: {why}.", why=why)
