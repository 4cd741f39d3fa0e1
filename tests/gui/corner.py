"""Room: tests. A window with nothing but the gallery, and what is behind it."""

from __future__ import annotations

from PySide6.QtCore import QLocale, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from mirror_app.domain.target import TargetFace
from mirror_app.gui.background import BackgroundJobs
from mirror_app.gui.faces.collection import Collection
from mirror_app.gui.faces.face_dialogs import FaceDialogs
from mirror_app.gui.faces.gallery import Gallery
from mirror_app.gui.faces.tile import TargetTile
from mirror_app.gui.faces.wardrobe import Wardrobe
from mirror_app.settings import Settings
from tests.gui.fakes import FakeDesk, record

FEW = ("anna", "bert", "carl", "dora")


class Corner:
    """A window with nothing but the gallery, and what is behind it."""

    def __init__(self, qtbot: QtBot, names: tuple[str, ...] = FEW, settings: Settings | None = None) -> None:
        settings = settings or Settings()
        self.qtbot = qtbot
        self.desk = FakeDesk([*map(record, names), record("own", builtin=False)])
        self.jobs = BackgroundJobs()
        self.wardrobe = Wardrobe(lambda: self.desk, self.jobs, QLocale("en_US"))
        self.window = QWidget()
        self.gallery = Gallery()
        QVBoxLayout(self.window).addWidget(self.gallery)
        self.collection = Collection(self.gallery, self.wardrobe, FaceDialogs(self.wardrobe, self.window))
        self.worn: list[str] = []
        self.wardrobe.target_ready.connect(self._wear)
        qtbot.addWidget(self.window)
        self.window.resize(320, 640)
        with qtbot.waitActive(self.window):
            self.window.show()
        self.wardrobe.open(settings.target, settings.favourites, settings.recent)
        qtbot.waitUntil(lambda: bool(self.worn))

    def tile(self, name: str) -> TargetTile:
        return next(tile for tile in self.gallery.shelf.tiles if tile.info.name == name)

    def press(self, name: str, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.tile(name).setFocus()
        QTest.keyClick(self.tile(name), key, modifier)

    def wait_until_gone(self, name: str) -> None:
        self.qtbot.waitUntil(lambda: name not in self.gallery.names)

    def wait_until_there(self, name: str) -> None:
        self.qtbot.waitUntil(lambda: name in self.gallery.names)

    def wait_until_worn(self, name: str) -> None:
        self.qtbot.waitUntil(lambda: self.worn[-1] == name)

    def _wear(self, target: TargetFace) -> None:
        self.worn.append(target.name)
