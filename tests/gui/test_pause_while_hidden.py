"""Room: tests. The camera is given back while nobody can see the mirror."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from mirror_app.gui.camera.inputs import Pause
from mirror_app.gui.camera.pause_while_hidden import PauseWhileHidden
from tests.gui.camera_stage import CameraStage


def test_a_hidden_or_minimised_window_gives_the_camera_back_and_a_seen_one_takes_it_again(qtbot: QtBot) -> None:
    stage, window = CameraStage("Front"), QWidget()
    qtbot.addWidget(window)
    window.show()
    stage.inputs.start("")
    PauseWhileHidden(stage.inputs, window)
    for leave, come_back in ((window.hide, window.show), (window.showMinimized, window.showNormal)):
        leave()
        qtbot.waitUntil(lambda: stage.inputs.is_paused)
        assert stage.open_providers == []
        come_back()
        qtbot.waitUntil(lambda: stage.delivers("Front"))


def test_a_moment_is_not_enough_and_the_users_own_pause_stays(qtbot: QtBot) -> None:
    stage, window = CameraStage("Front"), QWidget()
    qtbot.addWidget(window)
    window.show()
    stage.inputs.start("")
    PauseWhileHidden(stage.inputs, window)
    window.hide()
    window.show()
    qtbot.wait(500)
    assert len(stage.shelf.made) == 1
    stage.inputs.pause()
    window.hide()
    qtbot.wait(500)
    window.show()
    assert stage.inputs.is_paused
    stage.inputs.resume()
    assert stage.delivers("Front")


def test_one_window_that_can_be_seen_is_enough(qtbot: QtBot) -> None:
    stage, window, small = CameraStage("Front"), QWidget(), QWidget()
    qtbot.addWidget(window)
    qtbot.addWidget(small)
    small.show()
    window.show()
    stage.inputs.start("")
    PauseWhileHidden(stage.inputs, window, small)
    window.hide()
    qtbot.wait(500)
    assert not stage.inputs.is_paused
    small.hide()
    qtbot.waitUntil(lambda: stage.inputs.is_paused)
    stage.inputs.resume(Pause.HIDDEN)
