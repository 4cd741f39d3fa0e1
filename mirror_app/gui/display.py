"""Room: gui. Whether a window can be opened here, found out before Qt ends the process over it. Imports no Qt."""

from __future__ import annotations

import ctypes
import importlib.util
import sys
from collections.abc import Mapping
from pathlib import Path

from mirror_app.domain.errors import MissingLibraryError
from mirror_app.domain.sentence import Sentence
from mirror_app.tools.system_libraries import explain


def no_display_reason(environ: Mapping[str, str]) -> str | None:
    """Why no window can be shown, as a sentence; None when one can be, as far as can be told beforehand."""
    if sys.platform != "linux" or environ.get("QT_QPA_PLATFORM") or environ.get("WAYLAND_DISPLAY"):
        return None
    name = environ.get("DISPLAY")
    if not name:
        return Sentence("No display was found (neither DISPLAY nor WAYLAND_DISPLAY is set).")
    return None if _x_server_answers(name) else Sentence("The display {name} does not answer.", name=name)


def check_window_libraries(environ: Mapping[str, str]) -> None:
    """Load the part of Qt that talks to the display, as Qt itself would abort the process where it cannot.

    Raises:
        MissingLibraryError: A system library is missing.
    """
    if sys.platform != "linux" or environ.get("QT_QPA_PLATFORM"):
        return
    names = [
        name
        for name, variable in (("libqwayland.so", "WAYLAND_DISPLAY"), ("libqxcb.so", "DISPLAY"))
        if environ.get(variable)
    ]
    problems = [problem for name in names if (problem := _load_problem(_plugin_dir() / name)) is not None]
    if problems and len(problems) == len(names):  # one that loads is enough: Qt falls back to it
        unknown = Sentence("Qt cannot reach the display: {why}.", why=problems[-1])
        raise MissingLibraryError(explain(problems[-1]) or unknown)


def _plugin_dir() -> Path:
    found = importlib.util.find_spec("PySide6")
    folder = Path(found.origin).parent if found is not None and found.origin else Path()
    return folder / "Qt" / "plugins" / "platforms"


def _load_problem(plugin: Path) -> str | None:
    """What the loader says about a plugin; None when it loads, or is not where PySide6's wheels put it."""
    if not plugin.is_file():
        return None
    try:
        ctypes.CDLL(str(plugin))
    except OSError as error:
        return str(error)
    return None


def _x_server_answers(display: str) -> bool:
    """Ask the X server; a system without libxcb gets the benefit of the doubt, and its sentence later."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(display.encode(), None)
    answers = bool(xcb.xcb_connection_has_error(connection) == 0)
    xcb.xcb_disconnect(connection)
    return answers
