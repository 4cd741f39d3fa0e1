"""Room: gui. Makes a window hear its keys. Which key does what stands in `actions`; does nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QWindow
from PySide6.QtWidgets import QApplication, QWidget

from mirror_app.gui.keys.actions import KeyMap, actions

EVERYWHERE: Final = "panic"
"""The action that is heard in every window of the app, over an open question too."""


class WindowKeys(QObject):
    """The shortcuts of one window."""

    changed = Signal()
    """The user changed a key."""

    def __init__(self, window: QWidget, deeds: Mapping[str, Callable[[], object]], chosen: Mapping[str, str]) -> None:
        """Make the shortcuts.

        Args:
            window: Where they are heard.
            deeds: What each action does, by its name in `actions`; one that is not here has no key.
            chosen: The user's own keys, see `KeyMap`.

        Raises:
            ValueError: There is no action of a name.
        """
        super().__init__(window)
        unknown = set(deeds) - {action.name for action in actions()}
        if unknown:
            raise ValueError(f"no action is called {', '.join(sorted(unknown))}")
        self._window = window
        self._deeds = dict(deeds)
        self.key_map = KeyMap(chosen)
        self.also_in(window)
        application = QApplication.instance()
        if isinstance(application, QApplication) and EVERYWHERE in deeds:
            application.focusWindowChanged.connect(self._reach_question)

    @property
    def names(self) -> frozenset[str]:
        """The actions of this window; hold-to-compare is always among them, the window itself hears its key."""
        return frozenset(self._deeds) | {"compare"}

    def shown(self, name: str) -> str:
        """An action's first key, for people; "" when it has none."""
        return self.key_map.shown(name)

    def also_in(self, window: QWidget) -> None:
        """Hear all keys in this window too, which stands for the first one."""
        for action in actions():
            if action.name in self._deeds:
                self._listen(window, action.name, repeats=action.repeats)

    def use(self, chosen: Mapping[str, str]) -> None:
        """Hear other keys from now on."""
        self.key_map = KeyMap(chosen)
        for window in QApplication.topLevelWidgets():
            for name in self._deeds:
                for shortcut in window.findChildren(QShortcut, name, Qt.FindChildOption.FindDirectChildrenOnly):
                    shortcut.setKeys(self._sequences(name))
        self.changed.emit()

    def _listen(self, window: QWidget, name: str, *, repeats: bool) -> None:
        shortcut = QShortcut(window)
        shortcut.setObjectName(name)
        shortcut.setKeys(self._sequences(name))
        shortcut.setAutoRepeat(repeats)
        shortcut.activated.connect(self._deeds[name])

    def _sequences(self, name: str) -> list[QKeySequence]:
        portable = QKeySequence.SequenceFormat.PortableText
        return [QKeySequence.fromString(key, portable) for key in self.key_map.keys_of(name)]

    def _reach_question(self, front: QWindow | None) -> None:
        """A question over the window would swallow the panic key: give it the key too."""
        for widget in QApplication.topLevelWidgets():
            is_in_front = front is not None and widget.windowHandle() == front
            if is_in_front and self._is_over(widget) and widget.findChild(QShortcut, EVERYWHERE) is None:
                self._listen(widget, EVERYWHERE, repeats=False)

    def _is_over(self, widget: QWidget) -> bool:
        """Whether a window belongs to ours, or to one that does."""
        owner = widget.parentWidget()
        return owner is not None and (owner.window() is self._window or self._is_over(owner.window()))
