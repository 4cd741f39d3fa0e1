"""Room: gui. Loads the code of what most starts never open, once the picture is there. Makes no widgets.

The window's first picture does not wait for these files, and whoever opens the help does not wait for them either.
"""

from __future__ import annotations

from functools import partial
from importlib import import_module
from typing import Final

from PySide6.QtCore import QObject, QTimer

from mirror_app.gui.background import BackgroundJobs
from mirror_app.gui.views.preview import Preview

LATER: Final = (
    "mirror_app.gui.keys.help_dialog",
    "mirror_app.gui.keys.keys_dialog",
    "mirror_app.gui.settings.dialog",
    "mirror_app.gui.settings.general_page",
    "mirror_app.gui.settings.models_page",
    "mirror_app.gui.settings.models_desk",
    "mirror_app.gui.settings.doctor_page",
    "mirror_app.gui.settings.privacy_page",
    "mirror_app.gui.settings.about_page",
    "mirror_app.gui.batch.window",
)
"""What the window imports only when it is asked for."""
_REST_MS: Final = 1500
"""How long after the first picture: the gallery loads its small pictures first."""


class Preload(QObject):
    """Begins a while after the first picture, one file after the other, between other background work."""

    def __init__(self, preview: Preview, jobs: BackgroundJobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._preview = preview
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._load)
        preview.painted.connect(self._painted)

    def _painted(self) -> None:
        self._preview.painted.disconnect(self._painted)
        self._rest.start()

    def _load(self) -> None:
        for name in LATER:
            self._jobs.submit(partial(import_module, name), lambda _module: None, lambda _sentence: None)
