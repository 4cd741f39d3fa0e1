"""Room: tests. A thousand faces: tiles, pictures, keys, search."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mirror_app.gui.faces.tile import TargetTile
from tests.gui.corner import Corner

MANY = tuple(f"face-{number:03d}" for number in range(1000))


@pytest.fixture
def crowd(qtbot: QtBot) -> Iterator[Corner]:
    corner = Corner(qtbot, MANY)
    yield corner
    assert corner.jobs.stop()


def test_of_a_thousand_faces_only_those_in_sight_have_a_tile_and_ask_for_a_picture(crowd: Corner) -> None:
    shelf = crowd.gallery.shelf
    asked: list[list[str]] = []
    crowd.gallery.thumbnails_wanted.connect(asked.append)
    for value in (0, 5000, shelf.verticalScrollBar().maximum()):
        shelf.verticalScrollBar().setValue(value)
        assert 4 <= len(shelf.tiles) <= 16
        in_sight = [tile for tile in shelf.tiles if not tile.visibleRegion().isEmpty()]
        assert len(in_sight) >= 4
    assert max(map(len, asked)) <= 16
    assert "own" in asked[-1], "the last one"


def test_a_picture_once_read_is_not_asked_for_again_while_it_is_kept(crowd: Corner) -> None:
    shelf = crowd.gallery.shelf
    asked: list[list[str]] = []
    for tile in shelf.tiles:
        crowd.gallery.set_thumbnail(tile.info.name, QImage(8, 8, QImage.Format.Format_RGB32))
    crowd.gallery.thumbnails_wanted.connect(asked.append)
    shelf.verticalScrollBar().setValue(9000)
    shelf.verticalScrollBar().setValue(0)
    assert asked[-1] == []
    assert all(tile.thumbnail is not None for tile in shelf.tiles)


def focused(corner: Corner) -> TargetTile:
    tile = corner.window.focusWidget()
    assert isinstance(tile, TargetTile)
    return tile


def test_keys_move_the_focus_through_all_faces(crowd: Corner) -> None:
    crowd.tile("face-000").setFocus()
    for key, name in (
        (Qt.Key.Key_Down, "face-002"),
        (Qt.Key.Key_Up, "face-000"),
        (Qt.Key.Key_Up, "face-000"),
        (Qt.Key.Key_End, "own"),
        (Qt.Key.Key_PageDown, "own"),
        (Qt.Key.Key_Home, "face-000"),
    ):
        QTest.keyClick(focused(crowd), key)
        assert focused(crowd).info.name == name
        assert not focused(crowd).visibleRegion().isEmpty()
    QTest.keyClick(focused(crowd), Qt.Key.Key_PageDown)
    assert crowd.gallery.shelf.verticalScrollBar().value() > 0


def test_tab_walks_through_the_faces_in_their_order(crowd: Corner) -> None:
    crowd.tile("face-000").setFocus()
    walked = []
    for _ in range(12):
        walked.append(focused(crowd).info.name)
        QTest.keyClick(focused(crowd), Qt.Key.Key_Tab)
    assert walked == list(MANY[:12])


def test_the_face_picked_comes_into_view(crowd: Corner) -> None:
    crowd.wardrobe.pick("face-700")
    crowd.qtbot.waitUntil(lambda: any(tile.info.name == "face-700" for tile in crowd.gallery.shelf.tiles))
    assert crowd.tile("face-700").isChecked()
    crowd.gallery.pick_neighbour(1)
    crowd.qtbot.waitUntil(lambda: crowd.gallery.current == "face-701")
    assert [tile.info.name for tile in crowd.gallery.shelf.tiles if tile.isChecked()] == ["face-701"]


@pytest.mark.parametrize("words", ["FACE-12", "ｆａｃｅ-12", "face-12"])
def test_a_search_shows_matching_faces_and_number_keys_follow(crowd: Corner, words: str) -> None:
    assert crowd.gallery.search.isVisible()
    crowd.gallery.start_search()
    crowd.gallery.search.setText(words)
    assert crowd.gallery.names == [f"face-12{digit}" for digit in range(10)]
    crowd.gallery.pick_number(3)
    crowd.qtbot.waitUntil(lambda: crowd.worn[-1] == "face-122")


def test_a_search_finds_the_other_languages_title_and_can_be_left_by_keys(crowd: Corner) -> None:
    search = crowd.gallery.search
    crowd.gallery.start_search()
    assert search.hasFocus()
    QTest.keyClicks(search, "face-55")
    search.setText("face-555的脸")
    assert crowd.gallery.names == ["face-555"]
    QTest.keyClick(search, Qt.Key.Key_Return)
    crowd.qtbot.waitUntil(lambda: crowd.worn[-1] == "face-555")
    QTest.keyClick(search, Qt.Key.Key_Down)
    assert crowd.tile("face-555").hasFocus()
    search.setFocus()
    QTest.keyClick(search, Qt.Key.Key_Escape)
    assert len(crowd.gallery.names) == 1001
    assert search.hasFocus()
    QTest.keyClick(search, Qt.Key.Key_Escape)
    assert not search.hasFocus(), "letters are keys of the window again"


def test_a_search_without_a_match_is_said(crowd: Corner) -> None:
    crowd.gallery.search.setText("nobody at all")
    assert crowd.gallery.names == []
    assert crowd.gallery._hint.text() == "No face has this name"
    crowd.gallery.pick_number(1)
    crowd.gallery.pick_neighbour(1)
    assert crowd.wardrobe.current == "face-000"
