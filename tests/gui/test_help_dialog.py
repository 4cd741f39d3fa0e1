"""Room: tests. The help lists what the window does, with the keys of the moment, and leads on."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from mirror_app.gui.keys.actions import actions
from mirror_app.gui.keys.help_dialog import HelpDialog
from mirror_app.gui.keys.window_keys import WindowKeys


@pytest.fixture
def keys(qtbot: QtBot) -> WindowKeys:
    window = QWidget()
    qtbot.addWidget(window)
    return WindowKeys(window, {action.name: lambda: None for action in actions() if action.name != "compare"}, {})


@pytest.fixture
def dialog(keys: WindowKeys, qtbot: QtBot) -> HelpDialog:
    dialog = HelpDialog(keys)
    qtbot.addWidget(dialog)
    return dialog


def texts(dialog: HelpDialog) -> list[str]:
    QApplication.processEvents()
    return [label.text() for label in dialog.findChildren(QLabel)]


def test_every_action_stands_in_it_with_its_keys(dialog: HelpDialog) -> None:
    said = texts(dialog)
    for action in actions():
        assert (action.text in said) == (not action.name[-1].isdecimal())
    for key in ("F9", "Space", "X", "F", "F11", "←", "→", "1 – 9", "Alt+1 – 9", "Ctrl+O"):
        assert key in said


def test_what_the_window_cannot_do_is_left_out(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    dialog = HelpDialog(WindowKeys(window, {"swap": lambda: None}, {}))
    qtbot.addWidget(dialog)
    said = texts(dialog)
    assert "Swap on or off" in said
    assert "Full screen" not in said
    assert "Faces" not in said


def test_the_states_are_explained(dialog: HelpDialog) -> None:
    assert {"SAFE", "HOLD", "SHIELD", "DEMO", "OFF"} <= set(texts(dialog))


def test_keys_changed_meanwhile_are_shown(dialog: HelpDialog, keys: WindowKeys) -> None:
    keys.use({"swap": "J", "flip": ""})
    said = texts(dialog)
    assert "J" in said
    assert "X" not in said
    assert "—" in said


def test_f1_opens_it_and_closes_it_and_so_does_escape(dialog: HelpDialog, qtbot: QtBot) -> None:
    dialog.toggle()
    assert dialog.isVisible()
    dialog.toggle()
    assert not dialog.isVisible()
    dialog.toggle()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


@pytest.mark.parametrize(
    ("text", "signal"),
    [("Change keys…", "keys_requested"), ("Doctor", "doctor_requested"), ("Privacy", "privacy_requested")],
)
def test_its_buttons_lead_on_by_keyboard_too(dialog: HelpDialog, qtbot: QtBot, text: str, signal: str) -> None:
    with qtbot.waitActive(dialog):
        dialog.toggle()
    button = next(button for button in dialog.findChildren(QPushButton) if button.text() == text)
    with qtbot.waitSignal(getattr(dialog, signal), timeout=1000):
        button.setFocus()
        QTest.keyClick(button, Qt.Key.Key_Return)


@pytest.mark.parametrize("width", [960, 760, 420])
def test_at_no_width_is_a_word_cut_off(dialog: HelpDialog, width: int) -> None:
    dialog.resize(width, 560)
    dialog.show()
    QApplication.processEvents()
    for label in dialog.findChildren(QLabel):
        assert label.height() >= label.heightForWidth(label.width())
        assert label.width() >= label.minimumSizeHint().width()
