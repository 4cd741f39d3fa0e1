"""Room: tests. Changing keys: by striking them, with clashes said in words, and nothing counts before "Save"."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from mirror_app.gui.keys.actions import actions
from mirror_app.gui.keys.keys_dialog import KeysDialog
from mirror_app.gui.keys.window_keys import WindowKeys

CHANGEABLE = {action.name for action in actions() if not action.is_fixed}


@pytest.fixture
def keys(qtbot: QtBot) -> WindowKeys:
    window = QWidget()
    qtbot.addWidget(window)
    return WindowKeys(window, {action.name: lambda: None for action in actions() if action.name != "compare"}, {})


@pytest.fixture
def dialog(keys: WindowKeys, qtbot: QtBot) -> KeysDialog:
    dialog = KeysDialog(keys)
    qtbot.addWidget(dialog)
    with qtbot.waitActive(dialog):
        dialog.open()
    return dialog


def strike(dialog: KeysDialog, name: str, key: Qt.Key, qtbot: QtBot) -> None:
    dialog.fields[name].setFocus()
    QTest.keyClick(dialog.fields[name], key)


def test_every_action_that_can_have_another_key_has_a_field_with_a_name(dialog: KeysDialog) -> None:
    assert set(dialog.fields) == CHANGEABLE
    assert all(field.accessibleName() for field in dialog.fields.values())
    assert (dialog.problem.text(), dialog.chosen) == ("", {})
    assert dialog.fields["swap"].key == "X"


def test_only_actions_of_the_window_are_listed(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    dialog = KeysDialog(WindowKeys(window, {"swap": lambda: None, "face_1": lambda: None}, {}))
    qtbot.addWidget(dialog)
    assert list(dialog.fields) == ["swap"]


def test_a_key_struck_counts_from_save_on(dialog: KeysDialog, keys: WindowKeys, qtbot: QtBot) -> None:
    strike(dialog, "swap", Qt.Key.Key_J, qtbot)
    assert dialog.chosen == {"swap": "J"}
    assert keys.shown("swap") == "X"
    with qtbot.waitSignal(keys.changed, timeout=1000):
        dialog.save.click()
    assert keys.key_map.chosen == {"swap": "J"}
    assert keys.shown("swap") == "J"
    assert not dialog.isVisible()


def test_cancel_and_escape_change_nothing(dialog: KeysDialog, keys: WindowKeys, qtbot: QtBot) -> None:
    strike(dialog, "swap", Qt.Key.Key_J, qtbot)
    strike(dialog, "swap", Qt.Key.Key_Escape, qtbot)
    assert not dialog.isVisible()
    assert keys.shown("swap") == "X"


def test_a_clash_is_said_in_words_and_cannot_be_saved_until_it_is_solved(dialog: KeysDialog, qtbot: QtBot) -> None:
    strike(dialog, "swap", Qt.Key.Key_M, qtbot)
    assert dialog.problem.text().startswith('M would do two things: "Swap on or off" and "Flip the preview".')
    assert not dialog.save.isEnabled()
    dialog.accept()
    assert dialog.isVisible()
    strike(dialog, "flip", Qt.Key.Key_X, qtbot)
    assert dialog.problem.text() == ""
    assert dialog.save.isEnabled()
    assert dialog.chosen == {"swap": "M", "flip": "X"}


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_4, Qt.Key.Key_F11])
def test_keys_of_actions_without_a_field_and_second_keys_clash_too(
    dialog: KeysDialog, qtbot: QtBot, key: Qt.Key
) -> None:
    strike(dialog, "swap", key, qtbot)
    assert "Swap on or off" in dialog.problem.text()
    assert not dialog.save.isEnabled()


@pytest.mark.parametrize("key", [Qt.Key.Key_Backspace, Qt.Key.Key_Delete])
def test_a_key_can_be_taken_away(dialog: KeysDialog, keys: WindowKeys, qtbot: QtBot, key: Qt.Key) -> None:
    strike(dialog, "swap", key, qtbot)
    dialog.save.click()
    assert keys.key_map.chosen == {"swap": ""}


def test_tab_goes_to_the_next_field_and_is_no_key(dialog: KeysDialog, qtbot: QtBot) -> None:
    strike(dialog, "swap", Qt.Key.Key_Tab, qtbot)
    assert dialog.fields["swap"].key == "X"
    assert dialog.focusWidget() is not dialog.fields["swap"]
    assert dialog.fields["split"].isAncestorOf(dialog.focusWidget()) or dialog.focusWidget() is dialog.fields["split"]


def test_reset_brings_the_first_keys_back(dialog: KeysDialog, keys: WindowKeys, qtbot: QtBot) -> None:
    keys.use({"stats": "J"})
    strike(dialog, "swap", Qt.Key.Key_M, qtbot)
    strike(dialog, "full_screen", Qt.Key.Key_G, qtbot)
    dialog.defaults.click()
    assert (dialog.problem.text(), dialog.chosen) == ("", {})
    dialog.save.click()
    assert keys.key_map.chosen == {}
    assert keys.key_map.keys_of("full_screen") == ("F", "F11")
