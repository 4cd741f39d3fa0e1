"""Room: gui. Everything the window does at a key, the keys it has at first, and the user's own. No widgets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QKeySequence

from mirror_app.gui.wording import filled

NUMBERED: Final = range(1, 10)
"""The faces that have a number key."""
_NEVER: Final = frozenset({"", "Tab", "Shift+Tab", "Return", "Enter", "Esc"})
"""Keys with which controls are reached, pressed and closed."""


class Group(Enum):
    """Where an action stands in the list of keys."""

    MIRROR = "mirror"
    FACES = "faces"
    CAMERA = "camera"
    WINDOW = "window"


@dataclass(frozen=True, slots=True)
class Action:
    """Something the window does at a key.

    Attributes:
        name: As in the settings file.
        group: Where it stands in the list of keys.
        text: What it does, in the user's language.
        keys: Its keys unless the user chose another, in Qt's portable writing.
        repeats: Whether a key held down does it again and again.
        is_fixed: Whether the user cannot change the key.
    """

    name: str
    group: Group
    text: str
    keys: tuple[str, ...]
    repeats: bool = False
    is_fixed: bool = False


@dataclass(frozen=True, slots=True)
class Clash:
    """Two actions with one key; `first` comes first in the table."""

    first: Action
    second: Action
    key: str


def actions() -> tuple[Action, ...]:
    """The table, in the user's language; no key stands in it twice."""
    mirror, faces, camera, window = Group
    return (
        Action("panic", mirror, _tr("Panic: cover or uncover all"), ("F9",)),
        Action("live", mirror, _tr("Go live, or cut at once"), ("F10",)),
        Action("compare", mirror, _tr("Hold: see your real face"), ("Space",), is_fixed=True),
        Action("swap", mirror, _tr("Swap on or off"), ("X",)),
        Action("split", mirror, _tr("Half your face, half the new one"), ("V",)),
        Action("picture", mirror, _tr("How the face is worn"), ("P",)),
        Action("outputs", mirror, _tr("Outputs: window, camera, recording, stream"), ("U",)),
        Action("monitor", mirror, _tr("What others see, large"), ("N",)),
        Action("boxes", mirror, _tr("Show who is who in the picture"), ("I",)),
        Action("watermark", mirror, _tr("Watermark on or off"), ("W",)),
        Action("screenshot", mirror, _tr("Save a screenshot"), ("S",)),
        *(Action(f"face_{n}", faces, _numbered_text(n), (str(n),), is_fixed=True) for n in NUMBERED),
        Action("next_face", faces, _tr("Next face"), ("Right",), repeats=True),
        Action("previous_face", faces, _tr("Previous face"), ("Left",), repeats=True),
        Action("find_face", faces, _tr("Search the faces"), ("Ctrl+F",)),
        Action("favourite", faces, _tr("Star for this face, or none"), ("Ctrl+D",)),
        Action("presets", faces, _tr("Presets"), ("T",)),
        *(Action(f"preset_{n}", faces, _preset_text(n), (f"Alt+{n}",), is_fixed=True) for n in NUMBERED),
        Action("next_person", faces, _tr("Target of the next person in the picture"), ("E",)),
        *(Action(f"person_{n}", faces, _person_text(n), (f"Ctrl+{n}",), is_fixed=True) for n in NUMBERED),
        Action("add_photo", faces, _tr("Add a photo"), ("Ctrl+O",)),
        Action("undo", faces, _tr("Bring a removed face back"), ("Ctrl+Z",)),
        Action("camera", camera, _tr("Camera settings"), ("K",)),
        Action("pause", camera, _tr("Camera off or on"), ("O",)),
        Action("flip", camera, _tr("Flip the preview"), ("M",)),
        Action("full_screen", window, _tr("Full screen"), ("F", "F11")),
        Action("compact", window, _tr("Small mirror, always on top"), ("C",)),
        Action("stats", window, _tr("Speed and delay in detail"), ("D",)),
        Action("batch", window, _tr("Videos and pictures from files"), ("B",)),
        Action("settings", window, _tr("Settings"), ("Ctrl+,",)),
        Action("help", window, _tr("Help"), ("F1",)),
        Action("quit", window, _tr("Quit"), ("Ctrl+Q",)),
    )


class KeyMap:
    """Which key does what: the table with the user's own keys where these can be used.

    What cannot be used is left out: names and keys that do not exist, keys that controls need, and of two actions with
    one key the one further down. Then the table's key stands.
    """

    def __init__(self, chosen: Mapping[str, str]) -> None:
        """Take the user's choices: a key in Qt's portable writing for an action's name; "" means no key."""
        table = {action.name: action for action in actions()}
        kept = {
            name: as_written(key)
            for name, key in chosen.items()
            if name in table and not table[name].is_fixed and (not key or is_usable(key))
        }
        while found := clashes(kept):
            clash = found[0]
            del kept[clash.second.name if clash.second.name in kept else clash.first.name]
        self._table = table
        self.chosen: Mapping[str, str] = kept
        """The choices that are used; what is to be remembered."""

    def keys_of(self, name: str) -> tuple[str, ...]:
        """The keys of an action, in Qt's portable writing."""
        return _keys(self._table[name], self.chosen)

    def shown(self, name: str) -> str:
        """An action's first key as it is written on this system's keyboards; "" when it has none."""
        return "".join(shown_key(key) for key in self.keys_of(name)[:1])


def clashes(chosen: Mapping[str, str]) -> list[Clash]:
    """Every pair of actions that would have one key."""
    owners: dict[str, Action] = {}
    found = []
    for action in actions():
        for key in _keys(action, chosen):
            other = owners.setdefault(key, action)
            if other is not action:
                found.append(Clash(other, action, key))
    return found


def is_usable(key: str) -> bool:
    """Whether an action may have this key: one stroke, and none that controls are worked with."""
    sequence = QKeySequence.fromString(key, QKeySequence.SequenceFormat.PortableText)
    return sequence.count() == 1 and as_written(key) not in _NEVER


def as_written(key: str) -> str:
    """A key in the one way of writing in which keys are compared."""
    portable = QKeySequence.SequenceFormat.PortableText
    return QKeySequence.fromString(key, portable).toString(portable)


def shown_key(key: str) -> str:
    """A key for people; arrows are arrows and Space has a name in the user's language."""
    said = {"Left": "←", "Right": "→", "Up": "↑", "Down": "↓", "Space": _tr("Space")}
    if key in said:
        return said[key]
    sequence = QKeySequence.fromString(key, QKeySequence.SequenceFormat.PortableText)
    return sequence.toString(QKeySequence.SequenceFormat.NativeText)


def in_group(group: Group, names: Iterable[str]) -> list[Action]:
    """The actions of a group, as far as they are among the names, in the table's order."""
    wanted = frozenset(names)
    return [action for action in actions() if action.group is group and action.name in wanted]


def group_title(group: Group) -> str:
    """What stands above a group, in the user's language."""
    return {
        Group.MIRROR: _tr("Mirror"),
        Group.FACES: _tr("Faces"),
        Group.CAMERA: _tr("Camera"),
        Group.WINDOW: _tr("Window"),
    }[group]


def _keys(action: Action, chosen: Mapping[str, str]) -> tuple[str, ...]:
    own = chosen.get(action.name)
    if own is None or action.is_fixed:
        return action.keys
    return (own,) if own else ()


def _numbered_text(number: int) -> str:
    return filled(_tr("Wear face {number}"), number=str(number))


def _preset_text(number: int) -> str:
    return filled(_tr("Preset {number}"), number=str(number))


def _person_text(number: int) -> str:
    return filled(_tr("Target of person {number}"), number=str(number))


def _tr(text: str) -> str:
    return QCoreApplication.translate("Actions", text)
