"""Room: gui. Settings page: what is right and wrong on this computer, as cards. Examines nothing itself."""

from __future__ import annotations

import re
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from mirror_app.gui import theme
from mirror_app.gui.translator import spoken
from mirror_app.gui.widgets.page_parts import column_of, heading, paragraph
from mirror_app.tools.finding import Finding, Health

_COMMAND: Final = re.compile(r"`([^`]+)`")


class DoctorPage(QWidget):
    """One card per finding, the worst first; a command in its cure can be copied."""

    examine_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sum = paragraph(self.tr("Press the button: it takes some seconds."))
        self.again = QPushButton(self.tr("Examine this computer"))
        self.again.clicked.connect(self._ask)
        self._cards = QVBoxLayout()
        self._cards.setSpacing(theme.SPACE_SMALL)
        column = column_of(self)
        column.addWidget(heading(self.tr("Doctor")))
        column.addWidget(self._sum)
        column.addWidget(self.again, 0, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(self._cards)
        column.addStretch(1)

    @property
    def cards(self) -> list[Card]:
        """What is shown."""
        return self.findChildren(Card)

    def show_findings(self, findings: list[Finding]) -> None:
        """Show them; what was shown before goes."""
        for card in self.cards:
            card.setParent(None)
        order = (Health.PROBLEM, Health.NOTE, Health.OK)
        for finding in sorted(findings, key=lambda one: order.index(one.health)):
            self._cards.addWidget(Card(finding))
        is_usable = all(one.health is not Health.PROBLEM for one in findings)
        self._sum.setText(
            self.tr("The mirror can be used.") if is_usable else self.tr("Something below stops the mirror.")
        )
        self.again.setEnabled(True)

    def _ask(self) -> None:
        self.again.setEnabled(False)
        self._sum.setText(self.tr("Examining…"))
        self.examine_requested.emit()


class Card(QFrame):
    """A finding: its sign, what it is about, what was found and what to do."""

    def __init__(self, finding: Finding, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        colour = {Health.OK: theme.LIVE, Health.NOTE: theme.HOLD, Health.PROBLEM: theme.SHIELD}[finding.health]
        self.setStyleSheet(
            f"Card {{ background: {theme.RAISED.name()}; border-left: 4px solid {colour.name()}; border-radius: 6px; }}"
        )
        words = {Health.OK: self.tr("fine"), Health.NOTE: self.tr("note"), Health.PROBLEM: self.tr("problem")}
        sign = QLabel(words[finding.health])
        sign.setFont(theme.font(12, bold=True))
        sign.setStyleSheet(f"color: {colour.name()};")
        top = QHBoxLayout()
        top.addWidget(heading(spoken(finding.subject), 13), 1)
        top.addWidget(sign)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 10)
        column.setSpacing(4)
        column.addLayout(top)
        column.addWidget(paragraph(spoken(finding.detail)))
        self.command = ""
        if finding.cure:
            cure = spoken(finding.cure)
            column.addWidget(paragraph(cure, soft=False))
            match = _COMMAND.search(cure)
            if match:
                self.command = match[1]
                self.copy = QPushButton(self.tr("Copy command"))
                self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.command))
                column.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignLeft)
