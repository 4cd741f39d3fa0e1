"""Room: tests. The window with fakes behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QLocale, QSettings
from pytestqt.qtbot import QtBot

from mirror_app.gui.background import BackgroundJobs
from mirror_app.gui.camera.inputs import Inputs
from mirror_app.gui.faces.wardrobe import Wardrobe
from mirror_app.gui.live_worker import LiveWorker
from mirror_app.gui.main_window import MainWindow
from mirror_app.gui.parts import Parts
from mirror_app.gui.settings.desk import Answers
from mirror_app.settings import Settings
from tests.gui.air.fakes import FakeMicrophone, open_fake
from tests.gui.fakes import FakeDesk, FakeMirror, FakeProvider, FakeShelf, record
from tests.gui.model_fakes import FakePlans, FakeShop


@dataclass
class Stage:
    """A running window and everything behind it."""

    window: MainWindow
    mirror: FakeMirror
    worker: LiveWorker
    jobs: BackgroundJobs
    camera: FakeProvider
    desk: FakeDesk
    inputs: Inputs
    pictures: Path
    qtbot: QtBot
    saved: list[Settings] = field(default_factory=list)

    def show_frame(self) -> None:
        """Deliver one frame and wait until it is painted."""
        with self.qtbot.waitSignal(self.window.preview.painted, timeout=3000):
            self.camera.give()

    def wait_for_target(self, name: str) -> None:
        """Wait until the worker wears a face."""

        def is_worn() -> bool:
            worn = self.worker.controls.target
            return worn is not None and worn.name == name

        self.qtbot.waitUntil(is_worn, timeout=3000)


def build_stage(qtbot: QtBot, tmp_path: Path, settings: Settings) -> Stage:
    shelf, mirror, jobs = FakeShelf("Front"), FakeMirror(), BackgroundJobs()
    desk = FakeDesk([record("anna"), record("bert"), record("carl"), record("own", builtin=False)])
    worker = LiveWorker(lambda: mirror)
    inputs = Inputs(shelf, lambda: FakeProvider("Demo"), worker.deliver, now_s=lambda: 0.0)  # no camera is ever late
    saved: list[Settings] = []

    def erase() -> None:
        for kept in tmp_path.iterdir():
            kept.unlink()

    parts = Parts(
        worker=worker,
        inputs=inputs,
        wardrobe=Wardrobe(lambda: desk, jobs, QLocale("en_US")),
        jobs=jobs,
        settings=settings,
        save_settings=saved.append,
        window_state=QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat),
        pictures_dir=lambda: tmp_path,
        presets_path=lambda: tmp_path / "presets.toml",
        label_log=lambda: tmp_path / "unlabelled.jsonl",
        answers=Answers(
            examine=list, kept=list, erase=erase, licences=list, models=FakeShop(), plans=FakePlans(), unlabelled=list
        ),
        open_mirror=lambda _settings: mirror,
        open_output=open_fake,
        open_microphone=FakeMicrophone,
    )
    window = MainWindow(parts)
    qtbot.addWidget(window)
    with qtbot.waitActive(window):  # shortcuts and hold-to-compare work in the window in front only
        window.show()
    window.start()
    camera = shelf.opened["Front"]
    return Stage(window, mirror, worker, jobs, camera, desk, inputs, tmp_path, qtbot, saved)


@pytest.fixture(autouse=True)
def no_window_outlives_its_test() -> Iterator[None]:
    """Qt deletes closed windows only in an event loop; left to Python they would go in the middle of another test."""
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path) -> Iterator[Stage]:
    """A window that shows one swapped frame."""
    stage = build_stage(qtbot, tmp_path, Settings(welcomed=True))
    stage.wait_for_target("anna")
    stage.show_frame()
    yield stage
    stage.mirror.gate.set()
    stage.window.close()
