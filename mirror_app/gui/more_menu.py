"""Room: gui. One menu with all that has no button of its own, each line with its key. Does nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QWidget

from mirror_app.gui.keys.actions import actions
from mirror_app.gui.keys.window_keys import WindowKeys

TAB = "\t"
"""Qt sets what follows it to the menu's right side, where keys stand."""


class MoreMenu(QMenu):
    """Opens above its button."""

    def __init__(
        self,
        keys: WindowKeys,
        deeds: Mapping[str, Callable[[], object]],
        groups: Sequence[Sequence[str]],
        parent: QWidget,
    ) -> None:
        """Prepare; the lines are written anew at every opening, as keys may have changed.

        Args:
            keys: Which key does what.
            deeds: What each action does.
            groups: The actions' names in their order; a line stands between groups.
            parent: The window.
        """
        super().__init__(parent)
        self._keys = keys
        self._deeds = deeds
        self._groups = groups
        self.setAccessibleName(self.tr("More"))

    def open_above(self, anchor: QWidget) -> None:
        """Come up over a button, right edges in line."""
        self._fill()
        size = self.sizeHint()
        self.popup(anchor.mapToGlobal(QPoint(anchor.width() - size.width(), -size.height() - 6)))

    def _fill(self) -> None:
        self.clear()
        table = {action.name: action.text for action in actions()}
        for number, names in enumerate(self._groups):
            if number:
                self.addSeparator()
            for name in names:
                line = self.addAction(f"{table[name]}{TAB}{self._keys.shown(name)}")
                line.triggered.connect(lambda _checked=False, deed=self._deeds[name]: deed())
