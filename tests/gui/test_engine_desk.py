"""Room: tests. Another engine is picked while the mirror runs, and one goes out of use. The engines are fakes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mirror_app.domain.errors import ModelError
from mirror_app.gui import engine_desk
from mirror_app.gui.engine_desk import EngineDesk
from mirror_app.gui.live_worker import Mirror
from mirror_app.settings import Settings
from tests.gui.conftest import Stage
from tests.gui.fakes import FakeMirror


class Opener:
    """Opens a fake mirror for every settings, or fails."""

    def __init__(self, error: ModelError | None = None) -> None:
        self.asked: list[Settings] = []
        self.made: list[FakeMirror] = []
        self._error = error

    def __call__(self, settings: Settings) -> Mirror:
        self.asked.append(settings)
        if self._error is not None:
            raise self._error
        mirror = FakeMirror()
        mirror.engine = settings.engine
        self.made.append(mirror)
        return mirror


def desk_of(stage: Stage, opener: Opener) -> EngineDesk:
    """A desk of its own, so that a test says what opens."""
    return EngineDesk(replace(stage.window.parts, open_mirror=opener), stage.window.settings, stage.window)


def test_a_picked_engine_takes_over_while_the_old_one_goes_on(stage: Stage) -> None:
    opener = Opener()
    desk = desk_of(stage, opener)
    assert desk is not None
    stage.window.settings.engine_requested.emit("inswapper_128")
    stage.qtbot.waitUntil(lambda: len(opener.made) == 1)
    stage.show_frame()
    stage.qtbot.waitUntil(lambda: opener.made[0].seen != [])
    assert stage.worker.engine == opener.asked[0].engine


@pytest.mark.parametrize("has_models", [True, False])
def test_models_are_opened_once_the_window_shows_a_picture_without_them(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, has_models: bool
) -> None:
    monkeypatch.setattr(engine_desk, "has_models", lambda: has_models)
    opener = Opener()
    desk = desk_of(stage, opener)
    for _ in range(2):
        stage.worker.result_ready.emit()
    done: list[None] = []
    stage.window.parts.jobs.submit(lambda: None, done.append, desk.notice.emit)
    stage.qtbot.waitUntil(lambda: done != [])
    assert len(opener.asked) == has_models


def test_an_engine_that_cannot_be_opened_is_said_and_the_old_one_stays(stage: Stage) -> None:
    desk = desk_of(stage, Opener(ModelError("The model is damaged.")))
    said: list[str] = []
    desk.notice.connect(said.append)
    stage.window.settings.engine_requested.emit("inswapper_128")
    stage.qtbot.waitUntil(lambda: said == ["The model is damaged."])
    stage.show_frame()
    assert stage.worker.engine == stage.mirror.engine


@pytest.mark.parametrize("times", [1, 3])
def test_an_engine_out_of_use_is_said_once_however_many_frames_follow(stage: Stage, times: int) -> None:
    said: list[str] = []
    stage.window.engines.notice.connect(said.append)
    stage.mirror.trouble = "The engine inswapper_128 failed."
    for _ in range(times):
        stage.show_frame()
    stage.qtbot.waitUntil(lambda: said == ["The engine inswapper_128 failed."])
