"""Room: tests. Keys from one hand: the help opens, keys are changed, buttons name them, settings remember them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from mirror_app.gui.keys.help_dialog import HelpDialog
from mirror_app.gui.keys.key_desk import KeyDesk
from mirror_app.gui.keys.keys_dialog import KeysDialog
from mirror_app.gui.widgets.bar_buttons import ActionButton, SwitchButton
from mirror_app.gui.widgets.icons import Icon
from mirror_app.settings import Settings


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
    return window


@pytest.fixture
def desk(window: QWidget) -> KeyDesk:
    return KeyDesk(window, {"swap": lambda: None, "picture": lambda: None}, {"swap": "J"})


def the_help(window: QWidget) -> HelpDialog:
    (dialog,) = window.findChildren(HelpDialog)
    return dialog


def test_f1_opens_the_help_and_closes_it(desk: KeyDesk, window: QWidget, qtbot: QtBot) -> None:
    QTest.keyClick(window, Qt.Key.Key_F1)
    assert the_help(window).isVisible()
    desk.toggle_help()
    assert not the_help(window).isVisible()


def test_the_help_leads_to_the_pages_and_to_the_keys(desk: KeyDesk, window: QWidget, qtbot: QtBot) -> None:
    desk.toggle_help()
    for asked, passed_on in (
        ("doctor_requested", desk.doctor_requested),
        ("privacy_requested", desk.privacy_requested),
    ):
        with qtbot.waitSignal(passed_on, timeout=1000):
            getattr(the_help(window), asked).emit()
    the_help(window).keys_requested.emit()
    (dialog,) = window.findChildren(KeysDialog)
    assert dialog.isVisible()
    assert dialog.fields["swap"].key == "J"


def test_buttons_name_their_keys_also_after_a_change(desk: KeyDesk, window: QWidget) -> None:
    swap = SwitchButton("Swap", "X", "Wear the target face", on=True, parent=window)
    picture = ActionButton(Icon.SLIDERS, "Picture", "P", "How the face is worn", parent=window)
    desk.label({"swap": swap, "picture": picture})
    assert (swap.toolTip(), picture.toolTip()) == ("Wear the target face  [J]", "How the face is worn  [P]")
    width = swap.sizeHint().width()
    desk.keys.use({"swap": "", "picture": "Ctrl+Shift+F5"})
    assert (swap.toolTip(), picture.toolTip()) == ("Wear the target face", "How the face is worn  [Ctrl+Shift+F5]")
    assert swap.sizeHint().width() < width


def test_the_users_keys_are_remembered(desk: KeyDesk) -> None:
    assert desk.remembered_in(Settings()).keys == {"swap": "J"}
    desk.keys.use({"swap": "X", "picture": "X"})
    assert desk.remembered_in(Settings(target="anna")) == Settings(target="anna", keys={"swap": "X"})
