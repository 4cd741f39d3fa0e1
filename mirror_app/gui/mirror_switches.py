"""Room: gui. Brings what the user chose to the mirror. Paints nothing."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject

from mirror_app.domain.label import LabelStyle
from mirror_app.domain.target import TargetFace
from mirror_app.gui.live_worker import LiveWorker
from mirror_app.gui.overlays import Note
from mirror_app.gui.picture_panel import PicturePanel
from mirror_app.gui.state_bar import StateBar


class MirrorSwitches(QObject):
    """Replaces the worker's controls as a whole, which is how another thread may read them."""

    def __init__(
        self, worker: LiveWorker, picture: PicturePanel, note: Note, state_bar: StateBar, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._worker = worker
        self._picture = picture
        self._note = note
        self._state_bar = state_bar

    def wear(self, target: TargetFace) -> None:
        """Another face."""
        self._worker.controls = replace(self._worker.controls, target=target)

    def set_swap(self, on: bool) -> None:
        """The swap, or the bare face for the person at the camera alone."""
        self._worker.controls = replace(self._worker.controls, swap_on=on)

    def set_picture(self) -> None:
        """What the picture panel says."""
        self._worker.controls = self._picture.applied_to(self._worker.controls)

    def set_watermark(self, on: bool) -> None:
        """The visible mark; taking it away is never silent."""
        self._worker.controls = replace(self._worker.controls, label_on=on)
        self._state_bar.show_unlabelled(not on)
        if on:
            self._note.hide()
        else:
            self._note.say(self.tr("The watermark is off until the next start. Tell people what they see."))

    def set_label_style(self, style: LabelStyle) -> None:
        """How the visible mark looks."""
        self._worker.controls = replace(self._worker.controls, label_style=style)
