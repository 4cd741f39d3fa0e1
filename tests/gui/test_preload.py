"""Room: tests. What most starts never open is loaded after the first picture, in the background, and not before."""

from __future__ import annotations

import importlib
import subprocess
import sys
import threading

import pytest
from pytestqt.qtbot import QtBot

from mirror_app.gui.background import BackgroundJobs
from mirror_app.gui.preload import LATER, Preload
from mirror_app.gui.views.preview import Preview
from tests.gui.conftest import Stage


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files loaded, in order; each must come from another thread than the window's."""
    names: list[str] = []

    def note(name: str) -> None:
        assert threading.current_thread() is not threading.main_thread()
        names.append(name)

    monkeypatch.setattr("mirror_app.gui.preload.import_module", note)
    monkeypatch.setattr("mirror_app.gui.preload._REST_MS", 0)
    return names


def test_nothing_is_loaded_before_the_first_picture(qtbot: QtBot, loaded: list[str]) -> None:
    preview, jobs = Preview(), BackgroundJobs()
    qtbot.addWidget(preview)
    Preload(preview, jobs, preview)
    qtbot.wait(20)
    assert loaded == []
    preview.painted.emit(None, 0)
    qtbot.waitUntil(lambda: loaded == list(LATER))


def test_the_window_loads_each_file_once(qtbot: QtBot, loaded: list[str], stage: Stage) -> None:
    qtbot.waitUntil(lambda: loaded == list(LATER))
    stage.show_frame()
    qtbot.wait(20)
    assert loaded == list(LATER)


@pytest.mark.parametrize("name", LATER)
def test_its_files_exist(name: str) -> None:
    assert importlib.import_module(name)


def test_the_app_itself_loads_none_of_them() -> None:
    script = f"import sys, mirror_app.app; print([name for name in {LATER!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
