"""Room: tests. The strip with the timing in the window: under the picture, by key and by click."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from mirror_app.gui.live_worker import LiveTurn
from mirror_app.gui.stats.words import ms_text
from tests.gui.conftest import Stage
from tests.gui.fakes import frame, result


def test_d_opens_and_closes_it(stage: Stage) -> None:
    QTest.keyClick(stage.window, Qt.Key.Key_D)
    assert stage.window.stats.isVisible()
    QTest.keyClick(stage.window, Qt.Key.Key_D)
    assert stage.window.stats.isHidden()


@pytest.mark.parametrize("size", [(900, 560), (1024, 640), (1312, 692)])
def test_it_lies_under_the_picture_and_covers_nothing(stage: Stage, size: tuple[int, int]) -> None:
    stage.window.resize(*size)
    QTest.keyClick(stage.window, Qt.Key.Key_D)
    window = stage.window
    stage.qtbot.waitUntil(lambda: window.preview.geometry().bottom() < window.stats.geometry().top())
    assert window.stats.geometry().bottom() < window.controls.geometry().top()
    assert window.stats.geometry().right() < window.gallery.geometry().left()
    assert window.preview.height() >= 200


def test_the_numbers_and_the_engine_stand_over_the_picture(stage: Stage) -> None:
    for _ in range(3):
        stage.show_frame()
    stage.window.live.refresh()
    (numbers,) = [label for label in stage.window.state_bar.findChildren(QLabel) if "fps" in label.text()]
    assert "before the work" in numbers.toolTip()
    assert any(label.text().startswith("Fake") for label in stage.window.state_bar.findChildren(QLabel))
    QTest.mouseClick(numbers, Qt.MouseButton.LeftButton)
    assert stage.window.stats.isVisible()


def test_without_a_camera_no_speed_is_said(stage: Stage) -> None:
    for _ in range(3):
        stage.show_frame()
    stage.window.toggle_pause()
    stage.window.live.refresh()
    assert not any("fps" in label.text() for label in stage.window.state_bar.findChildren(QLabel))


@pytest.mark.parametrize(("time_ms", "text"), [(0.04, "0.0"), (22.04, "22.0"), (999.9, "999.9"), (4162.2, "4162")])
def test_seconds_need_no_tenths_of_a_millisecond(time_ms: float, text: str) -> None:
    assert ms_text(time_ms) == text


def test_what_is_saved_to_keep_up_stands_in_the_panel_and_over_the_numbers(stage: Stage) -> None:
    told = "To keep up, the network runs on one frame in 2."
    shown = replace(result(frame(0)), economy=told)
    stage.window.stats.toggle()
    stage.window.preview.show_turn(LiveTurn(shown, 1.0))
    stage.qtbot.waitUntil(lambda: stage.window.stats.economy_line.text() == told)
    stage.window.live.refresh()
    assert stage.window.stats.economy == told
    stage.window.preview.show_turn(LiveTurn(replace(shown, economy=""), 1.0))
    stage.qtbot.waitUntil(lambda: "keeps up" in stage.window.stats.economy_line.text())
