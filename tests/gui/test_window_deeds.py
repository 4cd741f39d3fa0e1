"""Room: tests. Every action of the window has a key, and the key does what the list of keys says."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from mirror_app.gui.camera.shelf import Pause
from mirror_app.gui.keys.actions import actions
from mirror_app.gui.keys.help_dialog import HelpDialog
from mirror_app.gui.main_window import MainWindow
from mirror_app.gui.settings.dialog import SettingsDialog
from mirror_app.gui.window_deeds import IN_MENU, deeds_of
from tests.gui.conftest import Stage

ON = Qt.KeyboardModifier
KEY = Qt.Key


def press(stage: Stage, key: Qt.Key, modifier: Qt.KeyboardModifier = ON.NoModifier) -> None:
    QTest.keyClick(stage.window, key, modifier)


def is_open(kind: type) -> bool:
    return any(isinstance(widget, kind) and widget.isVisible() for widget in QApplication.topLevelWidgets())


def shows_picture(stage: Stage) -> bool:
    return stage.window.preview.turn is not None


def test_every_action_of_the_table_is_carried_out_by_the_window(stage: Stage) -> None:
    by_window_itself = {"compare", "help"}
    assert set(deeds_of(stage.window)) | by_window_itself == {action.name for action in actions()}


Look = Callable[[MainWindow], object]
SWITCHES: list[tuple[str, Qt.Key, Qt.KeyboardModifier, Look]] = [
    ("swap", KEY.Key_X, ON.NoModifier, lambda w: w.controls.swap.isChecked()),
    ("flip", KEY.Key_M, ON.NoModifier, lambda w: w.controls.flip.isChecked()),
    ("picture", KEY.Key_P, ON.NoModifier, lambda w: w.picture.isVisible()),
    ("camera", KEY.Key_K, ON.NoModifier, lambda w: w.camera.isVisible()),
    ("stats", KEY.Key_D, ON.NoModifier, lambda w: w.stats.isVisible()),
    ("outputs", KEY.Key_U, ON.NoModifier, lambda w: w.air.panel.isVisible()),
    ("presets", KEY.Key_T, ON.NoModifier, lambda w: w.presets.isVisible()),
    ("split", KEY.Key_V, ON.NoModifier, lambda w: w.preview.is_split),
    ("favourite", KEY.Key_D, ON.ControlModifier, lambda w: w.parts.wardrobe.remembered_in(w.parts.settings).favourites),
    ("pause", KEY.Key_O, ON.NoModifier, lambda w: w.parts.inputs.is_paused),
]


@pytest.mark.parametrize(("name", "key", "modifier", "look"), SWITCHES, ids=[row[0] for row in SWITCHES])
def test_a_key_switches_and_switches_back(
    stage: Stage, name: str, key: Qt.Key, modifier: Qt.KeyboardModifier, look: Look
) -> None:
    first = look(stage.window)
    press(stage, key, modifier)
    assert look(stage.window) != first, name
    stage.window.activateWindow()
    stage.window.preview.setFocus()
    press(stage, key, modifier)
    assert look(stage.window) == first, name


@pytest.mark.parametrize(
    ("key", "modifier", "kind"),
    [(KEY.Key_F1, ON.NoModifier, HelpDialog), (KEY.Key_Comma, ON.ControlModifier, SettingsDialog)],
)
def test_a_key_opens_a_window_beside_the_mirror(
    stage: Stage, key: Qt.Key, modifier: Qt.KeyboardModifier, kind: type
) -> None:
    assert not is_open(kind)
    press(stage, key, modifier)
    assert is_open(kind)
    stage.show_frame()


def test_the_panic_key_covers_the_preview_at_once_and_what_leaves_from_then_on(stage: Stage) -> None:
    press(stage, KEY.Key_F9)
    assert stage.window.shield.is_on
    assert not shows_picture(stage), "not even the last picture stays"
    assert stage.window.controls.cover.isChecked()
    QTest.keyPress(stage.window, KEY.Key_Space)
    assert not stage.window.preview.is_comparing
    QTest.keyRelease(stage.window, KEY.Key_Space)
    stage.window.controls.cover.click()
    stage.show_frame()
    assert shows_picture(stage)
    assert stage.worker.controls.shield is False


def test_under_the_cover_the_state_is_the_cover_whatever_the_camera_does(stage: Stage) -> None:
    press(stage, KEY.Key_F9)
    covered = stage.window.state_bar.pill.toolTip()
    for change in (stage.inputs.pause, stage.inputs.resume):
        change()
        assert stage.window.state_bar.pill.toolTip() == covered
        assert not shows_picture(stage)


def test_a_paused_mirror_gives_the_camera_back_and_says_how_to_go_on(stage: Stage) -> None:
    press(stage, KEY.Key_O)
    assert stage.inputs.running_id == ""
    _, title, hint = stage.window.preview.message
    assert title == "Paused. The camera is off."
    assert "O" in hint
    stage.inputs.resume(Pause.USER)
    assert stage.inputs.running_id == "id-Front"


def test_the_menu_offers_each_of_its_actions_once_with_its_key(stage: Stage) -> None:
    names = [name for group in IN_MENU for name in group]
    assert len(set(names)) == len(names)
    assert set(names) <= {action.name for action in actions()}
    stage.window.controls.more.click()
    lines = [line.text() for line in stage.window.menu.actions() if not line.isSeparator()]
    assert len(lines) == len(names)
    assert all(line.split("\t")[1] for line in lines)
    stage.window.menu.close()


def test_a_changed_key_counts_at_once_and_is_remembered(stage: Stage) -> None:
    stage.window.keys.keys.use({"swap": "Ctrl+J"})
    press(stage, KEY.Key_X)
    assert stage.window.controls.swap.isChecked()
    press(stage, KEY.Key_J, ON.ControlModifier)
    assert not stage.window.controls.swap.isChecked()
    stage.window.close()
    assert stage.saved[-1].keys == {"swap": "Ctrl+J"}


@pytest.mark.parametrize("is_small", [False, True])
def test_after_erasing_nothing_is_written_anew(stage: Stage, is_small: bool) -> None:
    if is_small:
        stage.window.compact.show_up()  # it keeps its place when it goes
    stage.window.settings.erased.emit()
    stage.qtbot.waitUntil(lambda: not (stage.window.isVisible() or stage.window.compact.isVisible()))
    stage.window.parts.window_state.sync()
    assert stage.saved == []
    assert list(stage.pictures.iterdir()) == []
