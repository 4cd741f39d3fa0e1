"""Room: tests. Gallery and wardrobe together: stars, order, search, deleting and undoing, a thousand faces."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QLocale, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QImage, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from mirror_app.gui.background import BackgroundJobs
from mirror_app.gui.faces.wardrobe import Wardrobe
from mirror_app.settings import Settings
from tests.gui.corner import FEW, Corner
from tests.gui.fakes import FakeDesk, record


@pytest.fixture
def corner(qtbot: QtBot) -> Iterator[Corner]:
    corner = Corner(qtbot)
    yield corner
    assert corner.jobs.stop()


def test_favourites_and_recent_faces_come_first_and_number_keys_follow(qtbot: QtBot) -> None:
    corner = Corner(qtbot, settings=Settings(favourites=("dora", "gone"), recent=("carl", "dora")))
    assert corner.gallery.names == ["dora", "carl", "anna", "bert", "own"]
    assert corner.worn == ["dora"], "nothing remembered: the first one shown"
    corner.gallery.pick_number(2)
    qtbot.waitUntil(lambda: corner.worn == ["dora", "carl"])
    assert corner.gallery.names == ["dora", "carl", "anna", "bert", "own"], "nothing jumps"
    corner.jobs.stop()


@pytest.mark.parametrize(
    ("key", "modifier"),
    [
        (Qt.Key.Key_Asterisk, Qt.KeyboardModifier.ShiftModifier),
        (Qt.Key.Key_Asterisk, Qt.KeyboardModifier.KeypadModifier),
        (Qt.Key.Key_F, Qt.KeyboardModifier.ShiftModifier),
    ],
)
def test_a_star_is_given_and_taken_by_key_and_the_tile_keeps_the_focus(
    corner: Corner, key: Qt.Key, modifier: Qt.KeyboardModifier
) -> None:
    corner.press("carl", key, modifier)
    assert corner.gallery.names[0] == "carl"
    assert corner.tile("carl").hasFocus()
    assert corner.tile("carl").info.is_favourite
    assert "Favourite" in corner.tile("carl").accessibleDescription()
    corner.press("carl", key, modifier)
    assert corner.gallery.names == [*FEW, "own"]


def test_the_current_face_gets_a_star_wherever_the_focus_is(corner: Corner) -> None:
    corner.wardrobe.pick("carl")
    corner.collection.toggle_star()
    assert corner.gallery.names[0] == "carl"
    assert corner.gallery.current == "carl"


def test_a_click_on_the_star_toggles_it_and_picks_nothing(corner: Corner) -> None:
    QTest.mouseClick(corner.tile("bert"), Qt.MouseButton.LeftButton, pos=QPoint(94, 18))
    assert corner.gallery.names[0] == "bert"
    assert corner.gallery.current == "anna"
    QTest.mouseClick(corner.tile("bert"), Qt.MouseButton.LeftButton, pos=QPoint(50, 60))
    corner.qtbot.waitUntil(lambda: corner.worn[-1] == "bert")


def test_stars_and_faces_worn_are_remembered_and_those_that_are_gone_dropped(qtbot: QtBot) -> None:
    corner = Corner(qtbot, settings=Settings(target="bert", favourites=("dora", "gone"), recent=("gone", "carl")))
    saved = corner.wardrobe.remembered_in(Settings())
    assert (saved.target, saved.favourites, saved.recent) == ("bert", ("dora",), ("bert", "carl"))
    corner.jobs.stop()


def test_before_the_library_was_read_the_settings_stay_as_they_are(qtbot: QtBot) -> None:
    settings = Settings(target="bert", favourites=("dora",), recent=("carl",))
    jobs = BackgroundJobs()
    assert Wardrobe(lambda: FakeDesk([]), jobs, QLocale("en")).remembered_in(settings) == settings
    jobs.stop()


def test_only_a_face_worn_for_a_while_counts_as_recent(corner: Corner) -> None:
    for name in ("bert", "carl"):
        corner.wardrobe.pick(name)
        corner.wait_until_worn(name)
    corner.wardrobe._worn_for_a_while.timeout.emit()  # three seconds later
    assert corner.wardrobe.remembered_in(Settings()).recent == ("carl",)


def test_old_trash_is_emptied_at_the_start(corner: Corner) -> None:
    corner.qtbot.waitUntil(lambda: corner.desk.discarded == 1)


def test_delete_moves_an_own_face_to_the_trash_at_once_and_undo_brings_it_back_worn(corner: Corner) -> None:
    corner.wardrobe.pick("own")
    corner.qtbot.waitUntil(lambda: corner.worn[-1] == "own")
    corner.press("own", Qt.Key.Key_Delete)
    corner.wait_until_gone("own")
    strip = corner.gallery.undo_strip
    assert strip.isVisible()
    assert strip.sentence == "Own was deleted. Its photos stay in the trash for 7 days."
    corner.qtbot.waitUntil(lambda: corner.worn[-1] == "anna")
    QTest.mouseClick(strip.button, Qt.MouseButton.LeftButton)
    corner.qtbot.waitUntil(lambda: corner.worn[-1] == "own")
    assert corner.gallery.names == [*FEW, "own"]
    assert strip.isHidden()


def test_undo_can_be_asked_for_again_and_again_and_does_nothing_when_there_is_nothing(corner: Corner) -> None:
    corner.desk.shelf.append(record("second", builtin=False))
    corner.wardrobe.open("")
    corner.qtbot.waitUntil(lambda: "second" in corner.gallery.names)
    for name in ("own", "second"):
        corner.wardrobe.remove(name)
        corner.wait_until_gone(name)
    for name in ("second", "own"):
        corner.collection.undo()
        corner.wait_until_there(name)
    corner.collection.undo()
    assert corner.gallery.names.count("own") == 1


def test_a_face_that_left_the_trash_meanwhile_is_said(corner: Corner) -> None:
    said: list[str] = []
    corner.wardrobe.notice.connect(said.append)
    corner.wardrobe.remove("own")
    corner.wait_until_gone("own")
    corner.desk.trash.clear()
    corner.collection.undo()
    corner.qtbot.waitUntil(lambda: said == ["The deleted face is no longer in the trash."])


def test_the_strip_goes_by_itself_but_not_while_its_button_has_the_focus(corner: Corner) -> None:
    strip = corner.gallery.undo_strip
    strip.say("Own")
    strip.button.setFocus()
    strip._hide_later.timeout.emit()
    assert strip.isVisible()
    corner.tile("anna").setFocus()
    strip._hide_later.timeout.emit()
    assert strip.isHidden()


def test_the_focus_goes_to_the_face_that_takes_the_place_of_a_deleted_one(corner: Corner) -> None:
    corner.press("own", Qt.Key.Key_Delete)
    corner.wait_until_gone("own")
    assert corner.tile("dora").hasFocus()


@pytest.mark.parametrize(("answer", "is_gone"), [("Keep", False), ("Delete for good", True)])
def test_deleting_for_good_is_asked_first_and_leaves_nothing_in_the_trash(
    corner: Corner, answer: str, is_gone: bool
) -> None:
    corner.press("own", Qt.Key.Key_Delete, Qt.KeyboardModifier.ShiftModifier)
    box = QApplication.activeModalWidget()
    assert isinstance(box, QMessageBox)
    assert box.text() == "Delete Own for good?"
    next(button for button in box.findChildren(QPushButton) if button.text() == answer).click()
    if is_gone:
        corner.wait_until_gone("own")
    else:
        corner.qtbot.wait(30)
    assert ("own" not in corner.gallery.names) is is_gone
    assert corner.desk.trash == []
    assert corner.gallery.undo_strip.isHidden()


def test_delete_held_down_deletes_one_face_only(corner: Corner) -> None:
    corner.tile("own").setFocus()
    held = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Delete, Qt.KeyboardModifier.NoModifier, "", True)
    QApplication.sendEvent(corner.tile("own"), held)
    corner.qtbot.wait(30)
    assert "own" in corner.gallery.names


def test_built_in_faces_cannot_be_deleted_by_key(corner: Corner) -> None:
    for modifier in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier):
        corner.press("anna", Qt.Key.Key_Delete, modifier)
    assert QApplication.activeModalWidget() is None
    corner.qtbot.wait(30)
    assert "anna" in corner.gallery.names


@pytest.mark.parametrize(("name", "entries"), [("anna", 1), ("own", 3)])
def test_the_menu_offers_what_can_be_done_with_a_face(corner: Corner, name: str, entries: int) -> None:
    tile = corner.tile(name)
    QApplication.sendEvent(tile, QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(5, 5), QPoint(5, 5)))
    menu = tile.findChild(QMenu)
    assert menu is not None
    actions = [action for action in menu.actions() if not action.isSeparator()]
    assert len(actions) == entries
    actions[0].trigger()
    assert corner.gallery.names[0] == name
    menu.close()


def test_few_faces_have_no_search(corner: Corner) -> None:
    assert corner.gallery.search.isHidden()
    corner.gallery.start_search()
    assert not corner.gallery.search.hasFocus()


def test_a_tile_brightens_under_the_pointer(corner: Corner) -> None:
    tile = corner.tile("bert")
    before = tile.grab().toImage()
    tile.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
    after = tile.grab().toImage()
    assert before.pixelColor(60, 20) != after.pixelColor(60, 20)
    QApplication.sendEvent(tile, QEvent(QEvent.Type.Leave))


def test_a_picture_on_the_disk_reaches_its_tile(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "anna.png"
    assert QImage(300, 300, QImage.Format.Format_RGB32).save(str(path))
    corner = Corner(qtbot)
    corner.desk.shelf[0] = replace(record("anna"), image_path=path)
    corner.wardrobe.open("")
    qtbot.waitUntil(lambda: corner.tile("anna").thumbnail is not None)
    assert corner.tile("bert").thumbnail is None
    corner.jobs.stop()
