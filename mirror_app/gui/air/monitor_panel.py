"""Room: gui. The small programme monitor in the window, with what it shows in words, and the outputs that are open."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from mirror_app.domain.frame import SafeFrame, Size
from mirror_app.gui import theme
from mirror_app.gui.air.monitor import Monitor
from mirror_app.gui.faces.gallery import GALLERY_WIDTH
from mirror_app.gui.widgets.icon_button import IconButton
from mirror_app.gui.widgets.icons import Icon
from mirror_app.gui.wording import Status


class MonitorPanel(QFrame):
    """Stands over the gallery while an output is open."""

    large_requested = Signal()

    def __init__(self, card: Callable[[Size], SafeFrame], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setStyleSheet(f"MonitorPanel {{ background: {theme.PANEL.name()}; border-radius: 14px; }}")
        self.setFixedWidth(GALLERY_WIDTH)
        self.heading = QLabel()
        self.heading.setFont(theme.font(13, bold=True))
        self.monitor = Monitor(card)
        self.monitor.setAccessibleName(self.tr("What others see"))
        inner = GALLERY_WIDTH - 2 * theme.SPACE
        self.monitor.setFixedSize(inner, self.monitor.heightForWidth(inner))
        self.monitor.pressed.connect(self.large_requested)
        self.large = IconButton(Icon.EXPAND, self.tr("Large"), self.tr("What others see, in a window of its own"))
        self.large.setFixedSize(28, 28)
        self.large.clicked.connect(self.large_requested)
        self.words = QLabel()
        self.words.setFont(theme.font(12))
        self.words.setWordWrap(True)
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._lay_out()
        self.hide()

    def show_status(self, status: Status, *, is_live: bool, outputs: str) -> None:
        """Say what others see, why, and through which outputs."""
        self.heading.setText(self.tr("What others see") if is_live else self.tr("What others will see"))
        self.monitor.show_status(status)
        self.words.setText("\n".join(line for line in (status.reason, outputs) if line))
        colour = theme.TEXT_SOFT if status.colour == theme.QUIET else theme.TEXT
        self.words.setStyleSheet(f"color: {colour.name()};")

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.heading, 1)
        top.addWidget(self.large)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE, 8, theme.SPACE, 10)
        column.setSpacing(6)
        column.addLayout(top)
        column.addWidget(self.monitor, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.words)
