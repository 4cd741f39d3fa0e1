"""Room: tests. Qt's Python binding must not lose references: the window makes hundreds of calls a second for hours."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot


class _Sender(QObject):
    sent = Signal()


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None and True cannot be used up from Python 3.12 on")
def test_calls_into_qt_do_not_use_up_none_and_true(qtbot: QtBot) -> None:
    """PySide6 6.12.0 does on Python 3.10 and 3.11, which ends the process: use an older one there, see pyproject."""
    sender = _Sender()
    sender.sent.connect(lambda: None)
    before = sys.getrefcount(None), sys.getrefcount(True)
    for number in range(100):
        sender.setObjectName(str(number))
        sender.sent.emit()
    after = sys.getrefcount(None), sys.getrefcount(True)
    assert after[0] > before[0] - 50
    assert after[1] > before[1] - 50
