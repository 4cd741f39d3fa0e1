"""Room: gui. Settings page: what is kept on this computer, where, and how it is erased. Deletes nothing itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QDateTime, QLocale, Qt, Signal
from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget

from mirror_app.gui import theme
from mirror_app.gui.widgets.page_parts import column_of, heading, paragraph
from mirror_app.gui.wording import filled
from mirror_app.tools.label_log import Reason, Unlabelled
from mirror_app.tools.stored import Kept

_MOST_SHOWN: Final = 5


class PrivacyPage(QWidget):
    """The promises, the folders, and the way to get rid of everything."""

    erase_confirmed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folders = paragraph(self.tr("Looking…"), soft=False)
        self.unlabelled = paragraph(self.tr("Looking…"), soft=False)
        self.erase = QPushButton(self.tr("Erase everything…"))
        self.erase.setProperty("danger", True)
        self.erase.clicked.connect(self._ask)
        column = column_of(self)
        column.addWidget(heading(self.tr("Privacy")))
        for sentence in (
            self.tr("No picture, no face and no number about you leaves this computer by itself. There is no account."),
            self.tr("The camera runs only while the window shows it. Nothing of it is stored but what you save."),
            self.tr("Kept are your settings, models you got, and photos of faces that you added, with whose they are."),
        ):
            column.addWidget(paragraph(sentence))
        column.addSpacing(theme.SPACE_SMALL)
        column.addWidget(heading(self.tr("Kept on this computer"), 15))
        column.addWidget(self._folders)
        column.addSpacing(theme.SPACE_SMALL)
        column.addWidget(heading(self.tr("When the watermark was off"), 15))
        column.addWidget(self.unlabelled)
        column.addWidget(
            paragraph(
                self.tr(
                    "Only the time, the reason, the language and the app's version. China's rules for AI content ask "
                    "for such a note for six months; after a year it goes by itself, earlier only with everything else."
                )
            )
        )
        column.addSpacing(theme.SPACE_SMALL)
        column.addWidget(paragraph(self.tr("The same in a terminal: mirror-app erase")))
        column.addWidget(self.erase, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)

    def show_kept(self, found: Sequence[Kept]) -> None:
        """Name the folders."""
        size = QLocale()
        line = self.tr("{folder}\n{files} files, {size}")
        lines = [
            filled(line, folder=str(one.folder), files=str(one.files), size=size.formattedDataSize(one.size_bytes))
            for one in found
        ]
        self._folders.setText("\n\n".join(lines) or self.tr("Nothing yet."))

    def show_unlabelled(self, entries: Sequence[Unlabelled]) -> None:
        """Name the times at which the user took over the duty to label, the last ones first."""
        line, locale = self.tr("{time}: {reason}"), QLocale()
        lines = [
            filled(
                line,
                time=locale.toString(_local(entry.time), QLocale.FormatType.ShortFormat),
                reason=self._reason(entry.reason),
            )
            for entry in reversed(entries[-_MOST_SHOWN:])
        ]
        if len(entries) > _MOST_SHOWN:
            lines.append(filled(self.tr("and {count} earlier ones"), count=str(len(entries) - _MOST_SHOWN)))
        self.unlabelled.setText("\n".join(lines) or self.tr("Never within the last year."))

    def _reason(self, value: str) -> str:
        return {
            Reason.PLATFORM.value: self.tr("labelled in the platform's own way"),
            Reason.OWN_MARK.value: self.tr("labelled with a mark of one's own"),
            Reason.OWN_USE.value: self.tr("for one's own use"),
            Reason.COMMAND_LINE.value: self.tr("asked for in a terminal"),
        }.get(value, value)

    def _ask(self) -> None:
        question = QMessageBox(self)
        question.setWindowTitle(self.tr("Erase everything"))
        question.setText(self.tr("Erase your settings, all faces that you added, and the models you got?"))
        question.setInformativeText(
            self.tr("The window closes. Screenshots and videos that you saved stay where they are.")
        )
        erase = question.addButton(self.tr("Erase and close"), QMessageBox.ButtonRole.DestructiveRole)
        question.addButton(self.tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        question.buttonClicked.connect(lambda button: self.erase_confirmed.emit() if button is erase else None)
        question.open()


def _local(time: str) -> QDateTime:
    return QDateTime.fromString(time, Qt.DateFormat.ISODate).toLocalTime()
