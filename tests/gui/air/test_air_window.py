"""Room: tests. Going live in the window: asked once, red while live, cut without a question, gone at the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mirror_app.domain.assignment import Empty, Others
from mirror_app.domain.errors import InputError
from mirror_app.gui.air.air_desk import AirState
from mirror_app.gui.air.first_live import FirstLive
from mirror_app.gui.air.kinds import OutputKind
from mirror_app.pipeline.result import MirrorState, Unsafe
from mirror_app.settings import Settings
from tests.gui.conftest import Stage, build_stage
from tests.gui.fakes import SAFE_BGR

KIND = OutputKind
KEY = Qt.Key


def question() -> FirstLive | None:
    return next((one for one in QApplication.topLevelWidgets() if isinstance(one, FirstLive) and one.isVisible()), None)


def switch_on(stage: Stage, kind: OutputKind = KIND.STREAM) -> None:
    stage.window.air.desk.set_on(kind, True)
    stage.qtbot.waitUntil(lambda: kind in stage.window.air.desk.open_kinds, timeout=3000)


def press(stage: Stage, key: Qt.Key = KEY.Key_F10) -> None:
    QTest.keyClick(stage.window, key)


def go_live(stage: Stage) -> None:
    switch_on(stage)
    press(stage)
    asked = question()
    assert asked is not None
    asked.go.click()
    assert is_live(stage)


def is_live(stage: Stage) -> bool:
    return stage.worker.outlets.is_live


def test_the_first_time_is_confirmed_and_later_ones_are_not(stage: Stage, qtbot: QtBot, tmp_path: Path) -> None:
    switch_on(stage)
    press(stage)
    asked = question()
    assert asked is not None
    assert not is_live(stage)
    asked.stay.click()
    assert not is_live(stage)
    press(stage)
    asked = question()
    assert asked is not None
    asked.go.click()
    assert is_live(stage)
    press(stage)
    assert not is_live(stage), "cutting never asks"
    press(stage)
    assert is_live(stage)
    stage.window.close()
    assert stage.saved[-1].live_agreed
    again = build_stage(qtbot, tmp_path, stage.saved[-1])
    assert not is_live(again), "that it was live is not remembered"
    switch_on(again)
    press(again)
    assert is_live(again)
    again.window.close()


def test_the_question_shows_what_others_will_see(stage: Stage) -> None:
    switch_on(stage)
    press(stage)
    stage.show_frame()
    asked = question()
    assert asked is not None
    picture = asked.monitor.grab().toImage()
    colour = QColor(picture.pixel(picture.width() // 2, picture.height() // 2))
    assert (colour.blue(), colour.green(), colour.red()) == SAFE_BGR
    asked.stay.click()


def test_without_an_output_the_panel_opens_and_nothing_goes_live(stage: Stage) -> None:
    press(stage)
    assert stage.window.air.panel.isVisible()
    assert question() is None
    assert "switch an output on" in stage.window.note.text
    assert not is_live(stage)


def test_the_button_is_red_and_counts_outputs_while_live(stage: Stage) -> None:
    button = stage.window.controls.live
    assert button.text() == "Go live"
    go_live(stage)
    assert "1 output" in button.text()
    switch_on(stage, KIND.CAMERA)
    assert "2 outputs" in button.text()
    assert button.is_red
    button.click()
    assert button.text() == "Go live"
    assert not is_live(stage)


def test_a_command_may_go_live_only_after_the_window_was_asked_once(stage: Stage) -> None:
    switch_on(stage)
    answer = stage.window.remote.answer
    with pytest.raises(InputError, match="confirmed in the window"):
        answer({"do": "live", "live": True})
    assert not is_live(stage)
    go_live(stage)
    status = answer({"do": "live", "live": False})
    assert (status["live"], status["outputs"]) == (False, ["stream"])
    assert answer({"do": "live", "live": True})["live"] is True
    with pytest.raises(InputError, match="mirror-app live --help"):
        answer({"do": "live"})


def test_closing_the_window_cuts_and_closes_the_outputs(stage: Stage) -> None:
    go_live(stage)
    switch_on(stage, KIND.WINDOW)
    output_window = stage.window.air.output_window
    assert output_window is not None
    assert output_window.isVisible()
    stage.window.close()
    assert not is_live(stage)
    assert stage.worker.outlets.sizes == ()
    assert not output_window.isVisible()


def test_the_output_window_closed_by_hand_is_switched_off_and_cut(stage: Stage) -> None:
    switch_on(stage, KIND.WINDOW)
    stage.window.air.desk.go_live()
    output_window = stage.window.air.output_window
    assert output_window is not None
    output_window.close()
    assert not stage.window.air.desk.is_on(KIND.WINDOW)
    assert not is_live(stage)


def test_the_output_window_stays_while_the_small_mirror_stands_for_the_main_one(stage: Stage) -> None:
    switch_on(stage, KIND.WINDOW)
    stage.window.compact.toggle()
    output_window = stage.window.air.output_window
    assert output_window is not None
    assert output_window.isVisible()
    assert not stage.window.isVisible()
    QTest.keyClick(output_window, KEY.Key_F9)
    assert stage.window.shield.is_on, "panic is heard in it"
    stage.window.compact.toggle()


@pytest.mark.parametrize(
    ("state", "unsafe", "word"),
    [
        (MirrorState.LIVE, None, "ON AIR"),
        (MirrorState.HOLD, None, "HOLD"),
        (MirrorState.SHIELD, Unsafe.NO_FACE, "SHIELD"),
    ],
)
def test_the_monitor_says_what_others_see_and_why(
    stage: Stage, state: MirrorState, unsafe: Unsafe | None, word: str
) -> None:
    monitor = stage.window.air.monitor
    assert monitor.isHidden()
    switch_on(stage)
    stage.show_frame()
    assert "NOT LIVE" in monitor.monitor.accessibleDescription()
    stage.window.air.desk.go_live()
    stage.mirror.state, stage.mirror.unsafe = state, unsafe
    stage.show_frame()
    assert monitor.monitor.accessibleDescription().startswith(word)
    assert bool(monitor.monitor.toolTip()) == (unsafe is not None)
    stage.window.shield.set_on(True)
    assert monitor.monitor.accessibleDescription().startswith("SHIELD")


def is_framed(stage: Stage) -> bool:
    """Whether a red sentence stands over the picture."""
    preview = stage.window.preview
    picture, row = preview.grab().toImage(), preview.height() // 2 - preview.width() * 9 // 32 + 36
    reds = [QColor(picture.pixel(x, row)).red() for x in range(picture.width() // 2 - 100, picture.width() // 2 + 100)]
    return sum(reds) / len(reds) > 150


def _swap_off(stage: Stage) -> None:
    stage.window.controls.swap.setChecked(False)
    stage.show_frame()


@pytest.mark.parametrize("how", [_swap_off, lambda stage: stage.window.preview.set_compare(True)])
def test_the_bare_face_is_framed_as_not_what_others_see(stage: Stage, how: Callable[[Stage], object]) -> None:
    assert not is_framed(stage)
    how(stage)
    assert is_framed(stage)


def test_the_choices_on_others_and_nobody_reach_the_mirror_and_name_their_risk(stage: Stage) -> None:
    panel = stage.window.picture
    panel.others.choose("blur")
    panel.empty.choose("pass")
    controls = stage.worker.controls
    assert (controls.others, controls.empty) == (Others.BLUR, Empty.PASS)
    chosen = panel.remembered_in(Settings())
    assert (chosen.others, chosen.empty) == ("blur", "pass")
    assert panel.applied_to(replace(controls, others=Others.SHIELD)).others is Others.BLUR


def test_outputs_and_size_are_remembered(stage: Stage) -> None:
    switch_on(stage, KIND.CAMERA)
    stage.window.air.panel.size_box.choose("1920x1080")
    stage.window.close()
    saved = stage.saved[-1]
    assert (saved.outputs, saved.output_size, saved.live_agreed) == (("camera",), "1920x1080", False)


def test_another_size_opens_the_output_window_anew(stage: Stage) -> None:
    switch_on(stage, KIND.WINDOW)
    stage.window.air.panel.size_box.choose("1920x1080")
    stage.qtbot.waitUntil(lambda: stage.worker.outlets.sizes == ((1920, 1080),), timeout=3000)
    assert stage.window.air.desk.state is AirState.READY


def test_a_live_output_window_of_another_size_stays_live(stage: Stage) -> None:
    switch_on(stage, KIND.WINDOW)
    stage.window.air.desk.go_live()
    stage.window.air.panel.size_box.choose("1920x1080")
    stage.qtbot.waitUntil(lambda: stage.worker.outlets.sizes == ((1920, 1080),), timeout=3000)
    assert stage.window.air.desk.state in (AirState.LIVE, AirState.READY)
    assert is_live(stage) == (stage.window.air.desk.state is AirState.LIVE)
