"""Room: gui. A small panel over the window that belongs to a button: how it closes and looks. Knows no contents."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QWidget

from mirror_app.gui import theme


class Popover(QFrame):
    """Hidden at first; Escape closes it. Who inherits says where it stands, in `_place`, and what gets the focus."""

    def __init__(self, anchor: QWidget, parent: QWidget) -> None:
        """Make it.

        Args:
            anchor: The button beside which it opens; gets the focus back.
            parent: The window.
        """
        super().__init__(parent)
        self._parent, self._anchor = parent, anchor
        self.setStyleSheet(
            f"Popover {{ background: {theme.PANEL.name()}; border: 1px solid {theme.LINE.name()};"
            f" border-radius: {round(theme.RADIUS)}px; }}"
        )
        self.hide()
        parent.installEventFilter(self)

    def toggle(self) -> None:
        """Open the panel with its first control in focus, or close it."""
        if not self.isHidden():
            self.close_panel()
            return
        self.show()
        self._refresh()
        self.raise_()
        self._first_control().setFocus()

    def close_panel(self) -> None:
        """Hide the panel; the focus goes back to its button where it was in the panel."""
        had_focus = self._has_focus()
        self.hide()
        if had_focus:
            self._anchor.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_panel()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the window's size."""
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            self._place()
        return False

    def _has_focus(self) -> bool:
        focused = self.window().focusWidget()
        return focused is not None and (focused is self or self.isAncestorOf(focused))

    def _refresh(self) -> None:
        """Make it fit what is to be seen now."""
        self._place()

    def _place(self) -> None:
        raise NotImplementedError

    def _first_control(self) -> QWidget:
        raise NotImplementedError
