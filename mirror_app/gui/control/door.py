"""Room: gui. Lets commands of other processes reach the window, where this system has what it takes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject

from mirror_app.resources import control_names

_logger = logging.getLogger(__name__)


def open_door(answer: Callable[[Mapping[str, object]], Mapping[str, object]], window: QObject) -> None:
    """Hear `mirror-app panic` and the like until the app ends; a window that cannot goes without.

    Args:
        answer: What the window makes of a request.
        window: Owns the door.
    """
    try:
        from mirror_app.gui.control.server import ControlServer
    except ImportError as error:  # QtNetwork needs a system library that windows do not need
        _logger.warning("commands cannot reach the window: %s", error)
        return
    server = ControlServer(answer, window)
    if not any(server.listen(name) for name in control_names()):
        _logger.warning("commands cannot reach the window")
