"""Room: gui. Questions about display and cameras that may end the process: made to be called in a child process."""

from __future__ import annotations

import os
import sys

from mirror_app.domain.errors import MissingLibraryError
from mirror_app.gui.display import check_window_libraries, no_display_reason


def probe_display() -> list[str]:
    """The screens a window can open on, by name and size; ends the process with a sentence where there is none."""
    reason = no_display_reason(os.environ)
    if reason is not None:
        sys.exit(reason)
    try:
        check_window_libraries(os.environ)
    except MissingLibraryError as error:
        sys.exit(str(error))
    from PySide6.QtGui import QGuiApplication

    application = QGuiApplication([])
    sizes = [(screen.name(), screen.size()) for screen in application.screens()]
    return [f"{name or 'screen'} {size.width()}x{size.height()}" for name, size in sizes]


def probe_cameras() -> list[str]:
    """The cameras' names, the default one first."""
    os.environ["QT_LOGGING_RULES"] = "qt.multimedia*=false"
    from PySide6.QtCore import QCoreApplication

    from mirror_app.capture.camera import CameraList

    application = QCoreApplication([])
    return [camera.name for camera in CameraList(application).cameras()]
