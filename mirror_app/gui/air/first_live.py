"""Room: gui. Asked once, before the first time ever: the picture that others will see, and what guards it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from mirror_app.domain.frame import SafeFrame, Size
from mirror_app.gui import theme
from mirror_app.gui.air.monitor import Monitor
from mirror_app.gui.widgets.page_parts import heading, paragraph
from mirror_app.gui.wording import filled


class FirstLive(QDialog):
    """Accepted = others may see the mirror, now and later without this question."""

    def __init__(self, card: Callable[[Size], SafeFrame], *, live_key: str, panic_key: str, parent: QWidget) -> None:
        """Make it.

        Args:
            card: Gives the card that outputs show.
            live_key: Goes live and cuts; "" = no key does.
            panic_key: Covers everything; "" = no key does.
            parent: The window.
        """
        super().__init__(parent)
        self.setWindowTitle(self.tr("Going live for the first time"))
        self.setStyleSheet(f"FirstLive {{ background: {theme.PANEL.name()}; }}")
        self.monitor = Monitor(card)
        self.monitor.setAccessibleName(self.tr("What others will see"))
        self.monitor.setFixedSize(528, 297)
        self.go = QPushButton(self.tr("Go live"))
        self.go.setProperty("primary", True)
        self.go.setAutoDefault(False)
        self.go.clicked.connect(self.accept)
        self.stay = QPushButton(self.tr("Not yet"))
        self.stay.setDefault(True)
        self.stay.clicked.connect(self.reject)
        self._lay_out(live_key, panic_key)
        self.stay.setFocus()

    def _lay_out(self, live_key: str, panic_key: str) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(10)
        column.addWidget(heading(self.tr("This is what others will see")))
        column.addWidget(self.monitor, 0, Qt.AlignmentFlag.AlignHCenter)
        for words in (
            self.tr("It is not mirrored and carries the label. Whenever your face is not fully covered, others see the"
                    " last good picture for a moment, then a card: never your real face."),
            self.tr("Compare and the swap switched off show your real face here only."),
            filled(self.tr("Panic ({panic}) covers everything at once; {live} cuts. Neither asks."),
                   panic=panic_key or "—", live=live_key or self.tr("the red button")),
            self.tr("No guard is perfect: what you say, your room and your papers are seen as they are."),
        ):  # fmt: skip
            line = paragraph(words)
            line.setFixedWidth(528)
            line.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
            column.addWidget(line)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.stay)
        buttons.addWidget(self.go)
        column.addSpacing(6)
        column.addLayout(buttons)
        column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetFixedSize)
