"""Room: gui. Lets a switch of the mark go off once the duty to label was taken over, on record. Marks nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QLocale, QObject, QSignalBlocker, Signal
from PySide6.QtWidgets import QAbstractButton, QWidget

from mirror_app.domain.errors import MirrorError
from mirror_app.gui.label.duty_dialog import DUTY_TEXT, DutyDialog
from mirror_app.gui.translator import spoken
from mirror_app.tools.label_log import Reason, note_unlabelled


class DutyDesk(QObject):
    """One for all windows: who agreed in one of them is not asked in another."""

    notice = Signal(str)
    """A sentence for the user."""

    def __init__(self, log_path: Callable[[], Path], parent: QWidget) -> None:
        """Prepare.

        Args:
            log_path: Gives the file of the log.
            parent: Qt's owner.
        """
        super().__init__(parent)
        self._log_path = log_path
        self.is_agreed = False
        """Whether the user took over the duty in this session."""
        self.dialog: DutyDialog | None = None
        """The question, while it is open."""

    def guard(self, switch: QAbstractButton, then: Callable[[bool], object]) -> None:
        """From now on the switch turns itself back on until the duty is taken over.

        Args:
            switch: Is on while pictures get the mark.
            then: Hears of every change that counts.
        """
        switch.toggled.connect(lambda on: self._heed(switch, then, on=on))

    def _heed(self, switch: QAbstractButton, then: Callable[[bool], object], *, on: bool) -> None:
        if on or self.is_agreed:
            then(on)
            return
        with QSignalBlocker(switch):
            switch.setChecked(True)
        if self.dialog is None:
            self._ask(switch)

    def _ask(self, switch: QAbstractButton) -> None:
        dialog = self.dialog = DutyDialog(switch.window())
        dialog.accepted.connect(lambda: self._agree(dialog.reason, switch))
        dialog.finished.connect(self._close)
        dialog.open()

    def _close(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
        self.dialog = None

    def _agree(self, reason: Reason | None, switch: QAbstractButton) -> None:
        """Write it down; where that fails the mark stays on."""
        if reason is None:
            return
        try:
            note_unlabelled(self._log_path(), reason, QLocale().name(), DUTY_TEXT)
        except MirrorError as error:
            self.notice.emit(spoken(error))
            return
        self.is_agreed = True
        switch.setChecked(False)
