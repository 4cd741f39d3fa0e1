"""Room: gui. Where the window lay the last time, and how large it is the first time."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QWidget

_FIRST_WH: Final = (1312, 692)
"""The picture then fills its place without margins."""
_GEOMETRY: Final = "geometry"


def restore_place(window: QWidget, state: QSettings) -> None:
    """Lay the window where it lay the last time."""
    window.resize(*_FIRST_WH)
    place = state.value(_GEOMETRY)
    if isinstance(place, QByteArray):
        window.restoreGeometry(place)


def keep_place(window: QWidget, state: QSettings) -> None:
    """Remember where the window lies."""
    state.setValue(_GEOMETRY, window.saveGeometry())
