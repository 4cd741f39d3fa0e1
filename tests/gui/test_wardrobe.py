"""Room: tests. Picking, loading and keeping faces."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QLocale
from pytestqt.qtbot import QtBot

from mirror_app.domain.target import TargetFace
from mirror_app.gui.background import BackgroundJobs
from mirror_app.gui.faces.wardrobe import Wardrobe
from tests.gui.fakes import FakeDesk, record


class Room:
    """A wardrobe, its library, and what it gave."""

    def __init__(self, locale: str = "en_US") -> None:
        self.desk = FakeDesk([record(name) for name in ("anna", "bert", "carl", "dora")])
        self.jobs = BackgroundJobs()
        self.wardrobe = Wardrobe(lambda: self.desk, self.jobs, QLocale(locale))
        self.worn: list[str] = []
        self.said: list[str] = []
        self.wardrobe.target_ready.connect(self._wear)
        self.wardrobe.notice.connect(self.said.append)

    def wait_for(self, qtbot: QtBot, name: str) -> None:
        """Wait until a face is worn."""
        qtbot.waitUntil(lambda: bool(self.worn) and self.worn[-1] == name)

    def _wear(self, target: TargetFace) -> None:
        self.worn.append(target.name)


@pytest.fixture
def room(qtbot: QtBot) -> Iterator[Room]:
    room = Room()
    yield room
    assert room.jobs.stop()


@pytest.mark.parametrize(("wanted", "worn"), [("carl", "carl"), ("", "anna"), ("gone", "anna")])
def test_the_remembered_face_is_worn_at_the_start(room: Room, qtbot: QtBot, wanted: str, worn: str) -> None:
    room.wardrobe.open(wanted)
    qtbot.waitUntil(lambda: room.worn == [worn])
    assert not room.wardrobe.is_loading


def test_titles_follow_the_language(qtbot: QtBot) -> None:
    for locale, title in (("zh_CN", "anna的脸"), ("en_GB", "Anna"), ("de_DE", "Anna")):
        room = Room(locale)
        room.wardrobe.open("")
        room.wait_for(qtbot, "anna")
        assert room.wardrobe.tiles[0].title == title
        room.jobs.stop()


def test_faces_passed_over_quickly_are_not_loaded(room: Room, qtbot: QtBot) -> None:
    room.wardrobe.open("anna")
    qtbot.waitUntil(lambda: room.worn == ["anna"])
    gate = threading.Event()
    room.jobs.submit(gate.wait, lambda _: None, room.said.append)  # the background is busy while the keys are pressed
    for name in ("bert", "carl", "dora"):
        room.wardrobe.pick(name)
    gate.set()
    room.wait_for(qtbot, "dora")
    assert room.worn == ["anna", "dora"]
    assert room.desk.loaded == 2


def test_a_face_worn_before_is_not_loaded_again(room: Room, qtbot: QtBot) -> None:
    room.wardrobe.open("anna")
    for name in ("anna", "bert", "anna"):
        room.wardrobe.pick(name)
        room.wait_for(qtbot, name)
    assert room.desk.loaded == 2


def test_a_damaged_face_is_said_and_the_one_before_stays(room: Room, qtbot: QtBot) -> None:
    room.desk.broken = frozenset({"bert"})
    room.wardrobe.open("anna")
    qtbot.waitUntil(lambda: room.worn == ["anna"])
    room.wardrobe.pick("bert")
    qtbot.waitUntil(lambda: room.said == ["The target face bert is damaged."])
    assert room.wardrobe.current == "anna"
    assert not room.wardrobe.is_loading


def test_an_unknown_face_is_ignored(room: Room, qtbot: QtBot) -> None:
    room.wardrobe.open("anna")
    qtbot.waitUntil(lambda: room.worn == ["anna"])
    room.wardrobe.pick("nobody")
    assert room.wardrobe.current == "anna"


def test_removing_the_worn_face_wears_the_first_one(room: Room, qtbot: QtBot) -> None:
    room.desk.shelf.append(record("own", builtin=False))
    room.wardrobe.open("own")
    qtbot.waitUntil(lambda: room.worn == ["own"])
    room.wardrobe.remove("own")
    qtbot.waitUntil(lambda: room.worn == ["own", "anna"])
    assert "own" not in [tile.name for tile in room.wardrobe.tiles]


def test_a_library_that_cannot_be_read_is_said(qtbot: QtBot) -> None:
    def refuse() -> FakeDesk:
        raise OSError

    said: list[str] = []
    jobs = BackgroundJobs()
    wardrobe = Wardrobe(refuse, jobs, QLocale("en"))
    wardrobe.notice.connect(said.append)
    wardrobe.open("")
    qtbot.waitUntil(lambda: len(said) == 1)
    assert "unexpected error" in said[0]
    jobs.stop()
