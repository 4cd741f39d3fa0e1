"""Room: tests. A window hears its keys, each once, also after they were changed; panic is heard over a question."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from mirror_app.gui.keys.actions import actions
from mirror_app.gui.keys.window_keys import WindowKeys


@pytest.fixture
def done() -> list[str]:
    """What was done, in order."""
    return []


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
    return window


def deeds(done: list[str]) -> dict[str, Callable[[], None]]:
    return {action.name: partial(done.append, action.name) for action in actions() if action.name != "compare"}


def test_every_key_of_the_table_does_its_deed_once(window: QWidget, done: list[str], qtbot: QtBot) -> None:
    WindowKeys(window, deeds(done), {})
    expected = []
    for action in actions():
        for key in action.keys if action.name != "compare" else ():
            expected.append(action.name)
            *modifiers, stroke = key.replace(",", "Comma").split("+")
            held = Qt.KeyboardModifier.NoModifier
            for modifier in modifiers:
                held |= {"Ctrl": Qt.KeyboardModifier.ControlModifier, "Alt": Qt.KeyboardModifier.AltModifier}[modifier]
            QTest.keyClick(window, Qt.Key[f"Key_{stroke}"], held)
    assert done == expected


def test_keys_can_be_changed_while_the_window_is_open(window: QWidget, done: list[str], qtbot: QtBot) -> None:
    keys = WindowKeys(window, deeds(done), {"swap": "J"})
    QTest.keyClick(window, Qt.Key.Key_J)
    QTest.keyClick(window, Qt.Key.Key_X)
    assert done == ["swap"]
    with qtbot.waitSignal(keys.changed, timeout=1000):
        keys.use({"swap": "M", "flip": "X"})
    for key in (Qt.Key.Key_J, Qt.Key.Key_M, Qt.Key.Key_X):
        QTest.keyClick(window, key)
    assert done == ["swap", "swap", "flip"]
    assert keys.shown("swap") == "M"


def test_actions_without_a_deed_have_no_key(window: QWidget, done: list[str], qtbot: QtBot) -> None:
    keys = WindowKeys(window, {"swap": partial(done.append, "swap")}, {})
    QTest.keyClick(window, Qt.Key.Key_M)
    assert done == []
    assert keys.names == {"swap", "compare"}


def test_a_deed_for_no_action_is_a_mistake(window: QWidget) -> None:
    with pytest.raises(ValueError, match="fly"):
        WindowKeys(window, {"fly": lambda: None}, {})


def test_panic_is_heard_over_an_open_question_and_while_typing(window: QWidget, done: list[str], qtbot: QtBot) -> None:
    keys = WindowKeys(window, deeds(done), {})
    question = QDialog(window)
    field = QLineEdit(question)
    with qtbot.waitActive(question):
        question.open()
    field.setFocus()
    qtbot.waitUntil(lambda: question.findChild(QShortcut, "panic") is not None, timeout=1000)
    QTest.keyClick(field, Qt.Key.Key_F9)
    QTest.keyClick(field, Qt.Key.Key_X)
    assert done == ["panic"]
    assert field.text() == "x"
    keys.use({"panic": "F8"})
    QTest.keyClick(field, Qt.Key.Key_F9)
    QTest.keyClick(field, Qt.Key.Key_F8)
    assert done == ["panic", "panic"]
    question.close()
    with qtbot.waitActive(window):
        window.activateWindow()
    QTest.keyClick(window, Qt.Key.Key_F8)
    assert done == ["panic", "panic", "panic"]


def test_a_question_over_a_question_hears_panic_and_a_stranger_does_not(
    window: QWidget, done: list[str], qtbot: QtBot
) -> None:
    WindowKeys(window, deeds(done), {})
    first = QDialog(window)
    second, stranger = QDialog(first), QWidget()
    qtbot.addWidget(stranger)
    for other in (first, second):
        with qtbot.waitActive(other):
            other.open()
    qtbot.waitUntil(lambda: second.findChild(QShortcut, "panic") is not None, timeout=1000)
    QTest.keyClick(second, Qt.Key.Key_F9)
    assert done == ["panic"]
    second.close()
    first.close()
    with qtbot.waitActive(stranger):
        stranger.show()
    qtbot.wait(50)
    assert stranger.findChild(QShortcut) is None


def test_a_window_that_stands_for_the_first_one_hears_all_keys_and_their_changes(
    window: QWidget, done: list[str], qtbot: QtBot
) -> None:
    keys = WindowKeys(window, deeds(done), {})
    other = QWidget()
    qtbot.addWidget(other)
    keys.also_in(other)
    window.hide()
    with qtbot.waitActive(other):
        other.show()
    for key in (Qt.Key.Key_F9, Qt.Key.Key_X, Qt.Key.Key_Right):
        QTest.keyClick(other, key)
    keys.use({"swap": "J"})
    QTest.keyClick(other, Qt.Key.Key_J)
    assert done == ["panic", "swap", "next_face", "swap"]
