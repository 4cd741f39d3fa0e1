"""Room: gui. Lets another engine take over when the user picks one, and says when one went out of use. Opens none."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal

from mirror_app.gui.parts import Parts
from mirror_app.gui.settings.desk import SettingsDesk
from mirror_app.gui.translator import spoken
from mirror_app.resources import has_models


class EngineDesk(QObject):
    """While another engine loads, in the background, the one before goes on."""

    notice = Signal(str)
    """A sentence for the user."""

    def __init__(self, parts: Parts, choices: SettingsDesk, parent: QObject | None = None) -> None:
        """Listen.

        Args:
            parts: Who runs the mirror, and who opens another one.
            choices: Where engines are picked.
            parent: Who owns this.
        """
        super().__init__(parent)
        self._parts, self._choices = parts, choices
        self._told = ""
        for changed in (
            choices.engine_requested, choices.detector_requested, choices.devices_changed, choices.models_changed,
        ):  # fmt: skip
            changed.connect(self._reopen)
        parts.worker.engine_changed.connect(self._tell)
        parts.worker.result_ready.connect(self._open_models, Qt.ConnectionType.SingleShotConnection)

    def _open_models(self) -> None:
        """The window shows its first picture, made by the built-in engine: who brought models gets theirs now."""
        if has_models():
            self._reopen()

    def _reopen(self, _choice: object = None) -> None:
        parts = self._parts
        settings = self._choices.remembered_in(parts.settings)
        parts.jobs.submit(lambda: parts.open_mirror(settings), parts.worker.replace, self.notice.emit)

    def _tell(self) -> None:
        worker = self._parts.worker
        self._choices.show_engine(worker.engine, worker.device, worker.trouble or worker.why)
        if worker.trouble and worker.trouble != self._told:
            self.notice.emit(spoken(worker.trouble))
        self._told = worker.trouble
