"""Room: gui. The programme monitor in a window of its own, as large as one likes. Shows, decides nothing."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from mirror_app.domain.frame import SafeFrame, Size
from mirror_app.gui import theme
from mirror_app.gui.air.monitor import Monitor
from mirror_app.gui.widgets.page_parts import paragraph


class MonitorWindow(QDialog):
    """Beside the main window; Escape closes it."""

    def __init__(self, card: Callable[[Size], SafeFrame], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("What others see"))
        self.setAccessibleName(self.windowTitle())
        self.setStyleSheet(f"MonitorWindow {{ background: {theme.PANEL.name()}; }}")
        self.monitor = Monitor(card)
        self.monitor.setAccessibleName(self.windowTitle())
        self.monitor.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 10)
        column.addWidget(self.monitor, 1)
        hint = paragraph(self.tr("Unmirrored, with the label, after the guard: this is what leaves."))
        hint.setContentsMargins(theme.SPACE, 0, theme.SPACE, 0)
        column.addWidget(hint)
        self.resize(960, 588)

    def toggle(self) -> None:
        """Open it in front, or close it."""
        if self.isVisible():
            self.close()
            return
        self.show()
        self.raise_()
        self.activateWindow()
