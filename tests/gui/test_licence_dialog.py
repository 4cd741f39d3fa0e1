"""Room: tests. The licence dialog does not make sizes up, fits its words, and says yes only by its own button."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from mirror_app.gui.settings.licence_dialog import LicenceDialog
from mirror_app.tools.models.rows import Fetch, ModelRow
from tests.gui.model_fakes import ARC, BOTH, SWAP


@pytest.mark.parametrize(
    ("fetches", "words"),
    [
        (BOTH, "720 MB will be downloaded."),
        ((BOTH[0], Fetch(ARC, 0)), "More than 550 MB will be downloaded."),
        ((Fetch(ARC, 0),), "The size of the download is not published."),
    ],
)
def test_a_size_that_nobody_published_is_not_made_up(qtbot: QtBot, fetches: tuple[Fetch, ...], words: str) -> None:
    dialog = LicenceDialog(ModelRow(SWAP, fetches=fetches))
    qtbot.addWidget(dialog)
    dialog.show()
    labels = dialog.findChildren(QLabel)
    assert words in [label.text() for label in labels]
    assert all(label.height() >= label.heightForWidth(label.width()) for label in labels if label.wordWrap())


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape])
def test_neither_enter_nor_escape_says_yes(qtbot: QtBot, key: Qt.Key) -> None:
    dialog = LicenceDialog(ModelRow(SWAP, fetches=BOTH))
    qtbot.addWidget(dialog)
    said: list[str] = []
    dialog.agreed.connect(said.append)
    dialog.show()
    QTest.keyClick(dialog, key)
    assert not dialog.isVisible()
    assert said == []
