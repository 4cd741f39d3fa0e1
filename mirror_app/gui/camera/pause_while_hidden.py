"""Room: gui. Gives the camera back while nobody can see any of the mirror's windows. Shows nothing."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

from mirror_app.gui.camera.inputs import Inputs, Pause

_PATIENCE_MS: Final = 400
"""A window that changes to full screen or moves to another desktop is hidden for a moment on some systems."""
_TELLING: Final = (QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.WindowStateChange)


class PauseWhileHidden(QObject):
    """Pauses `Inputs` while every watched window is hidden or minimised."""

    def __init__(self, inputs: Inputs, *windows: QWidget) -> None:
        """Watch windows.

        Args:
            inputs: The cameras.
            windows: Where the mirror can be seen; the first one owns this object.
        """
        super().__init__(windows[0])
        self._inputs = inputs
        self._windows = windows
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE_MS)
        self._patience.timeout.connect(lambda: inputs.pause(Pause.HIDDEN))
        for window in windows:
            window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice windows that come and go."""
        if event.type() in _TELLING:
            if any(window.isVisible() and not window.isMinimized() for window in self._windows):
                self._patience.stop()
                self._inputs.resume(Pause.HIDDEN)
            elif not self._patience.isActive():
                self._patience.start()
        return False
