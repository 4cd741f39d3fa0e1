"""Room: gui. Opens the first steps beside the picture at the first start, and knows whether they were seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from mirror_app.gui.camera.inputs import Inputs

if TYPE_CHECKING:
    from mirror_app.gui.settings.first_steps import FirstSteps


class Welcome(QObject):
    """The first steps, if they were opened in this run."""

    photo_requested = Signal()
    help_requested = Signal()

    def __init__(self, inputs: Inputs, window: QWidget) -> None:
        super().__init__(window)
        self._inputs, self._window = inputs, window
        self.steps: FirstSteps | None = None

    @property
    def is_seen(self) -> bool:
        """Whether they need not be shown at the next start."""
        return self.steps is not None and self.steps.is_seen

    def open_beside(self, picture: QWidget) -> None:
        """Show them; the mirror runs on."""
        # Loaded here: only a first start needs them.
        from mirror_app.gui.settings.first_steps import FirstSteps

        self.steps = FirstSteps(self._window)
        self.steps.camera_picked.connect(self._inputs.choose)
        self.steps.photo_requested.connect(self.photo_requested)
        self.steps.help_requested.connect(self.help_requested)
        self._inputs.choices_changed.connect(self._show_cameras)
        self._show_cameras()
        self.steps.show_beside(picture)

    def _show_cameras(self) -> None:
        if self.steps is not None:
            inputs = self._inputs
            self.steps.show_cameras(inputs.choices, inputs.current.camera_id, has_cameras=inputs.has_cameras)
