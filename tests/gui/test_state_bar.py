"""Room: tests. The numbers in the line above the picture."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from mirror_app.gui import theme
from mirror_app.gui.state_bar import StateBar, StatePill
from mirror_app.gui.stats.record import Numbers, Skips
from mirror_app.gui.stats.words import Machine
from mirror_app.gui.wording import Status
from mirror_app.pipeline.clock import Percentiles

NUMBERS = Numbers(29.6, 12.4, Percentiles(12.0, 18.0, 25.04), Skips(7, 2))
MESH = Machine("mesh", "CPU")


def shown(qtbot: QtBot, width: int, numbers: Numbers | None = NUMBERS, machine: Machine = MESH) -> StateBar:
    bar = StateBar()
    qtbot.addWidget(bar)
    bar.show_demo("This is not you")
    bar.pill.show_status(Status("HOLD", theme.HOLD, "The face is not fully covered: turn toward the camera"))
    bar.show()
    bar.resize(width, 32)
    bar.show_numbers(numbers, machine)
    return bar


def texts(bar: StateBar) -> list[str]:
    return [label.text() for label in bar.findChildren(QLabel) if label.text()]


@pytest.mark.parametrize(
    ("width", "machine"), [(1000, ["Mesh · FP32 · CPU"]), (700, ["Mesh · CPU"]), (500, [])], ids=lambda each: str(each)
)
def test_the_engine_is_said_as_far_as_there_is_room(qtbot: QtBot, width: int, machine: list[str]) -> None:
    bar = shown(qtbot, 1200)
    bar.resize(width, 32)
    assert texts(bar) == [*machine, "30 fps  ·  12 ms"]


def test_the_tooltip_says_the_rest(qtbot: QtBot) -> None:
    bar = shown(qtbot, 1000)
    (numbers,) = [label for label in bar.findChildren(QLabel) if "fps" in label.text()]
    tip = numbers.toolTip()
    for part in ("p95 18.0 ms", "p99 25.0 ms", "7 before the work, 2 before the paint", "Mesh · FP32 · CPU"):
        assert part in tip


def test_the_tooltip_says_what_is_saved_and_nothing_when_nothing_is(qtbot: QtBot) -> None:
    bar = shown(qtbot, 1000)
    (numbers,) = [label for label in bar.findChildren(QLabel) if "fps" in label.text()]
    plain = numbers.toolTip()
    bar.show_numbers(NUMBERS, MESH, "One frame in 2.")
    assert numbers.toolTip().splitlines() == [*plain.splitlines()[:2], "One frame in 2.", *plain.splitlines()[2:]]


def test_a_click_on_the_numbers_asks_for_more_and_one_on_the_pill_does_not(qtbot: QtBot) -> None:
    bar = shown(qtbot, 1000)
    asked: list[None] = []
    bar.details_requested.connect(lambda: asked.append(None))
    QTest.mouseClick(bar.pill, Qt.MouseButton.LeftButton)
    assert asked == []
    for label in [label for label in bar.findChildren(QLabel) if label.text()]:
        QTest.mouseClick(label, Qt.MouseButton.LeftButton)
    assert len(asked) == 2


def test_without_pictures_there_are_no_numbers_and_the_engine_stays(qtbot: QtBot) -> None:
    bar = shown(qtbot, 1000, None)
    assert texts(bar) == ["Mesh · FP32 · CPU"]
    bar.show_numbers(None, Machine("", ""))
    assert texts(bar) == []


@pytest.mark.parametrize(("width", "is_whole"), [(1000, True), (700, False)])
def test_why_it_is_the_demo_makes_room_for_what_the_mirror_does(qtbot: QtBot, width: int, is_whole: bool) -> None:
    bar = shown(qtbot, width)
    QTest.qWait(0)
    (demo,) = [pill for pill in bar.findChildren(StatePill) if pill is not bar.pill and not pill.isHidden()]
    assert bar.pill.width() >= bar.pill.sizeHint().width(), "the reason is whole"
    assert (demo.width() >= demo.sizeHint().width()) is is_whole
    bar.pill.show_status(Status("LIVE", theme.LIVE, ""))
    qtbot.waitUntil(lambda: demo.width() >= demo.sizeHint().width())
