"""Room: tests. The choice of engine, detector and devices offers what is here and says what was chosen, once."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot

from mirror_app.gui.settings.engine_choices import EngineChoices
from mirror_app.runtime.catalogue import Role
from mirror_app.tools.models.rows import ModelRow
from tests.gui.model_fakes import DETECT, GHOST, SWAP


@pytest.fixture
def choices(qtbot: QtBot) -> EngineChoices:
    choices = EngineChoices("auto", "auto", {"swapper": "gpu"})
    qtbot.addWidget(choices)
    choices.show()
    return choices


def offered(box: QComboBox) -> list[str]:
    return [box.itemText(row) for row in range(box.count())]


def test_only_models_that_are_here_can_be_chosen(choices: EngineChoices) -> None:
    assert offered(choices.engine) == ["Automatic", "Geometric (built in)"]
    choices.show_models([ModelRow(SWAP, ("fp32",)), ModelRow(GHOST), ModelRow(DETECT, ("fp32",))])
    assert offered(choices.engine) == ["Automatic", "Geometric (built in)", "Swap 128"]
    assert offered(choices.detector) == ["Automatic", "Built in", "Detect 10"]


def test_a_model_that_can_work_on_a_larger_crop_is_offered_with_it_too(choices: EngineChoices) -> None:
    choices.show_models([ModelRow(SWAP, ("fp32",), tiled=("swap_128@256",)), ModelRow(GHOST, tiled=("ghost@512",))])
    assert offered(choices.engine) == ["Automatic", "Geometric (built in)", "Swap 128", "Swap 128 · 256 px"]
    choices.engine.choose("swap_128@256")
    assert choices.engine.value == "swap_128@256"


def test_the_running_model_is_called_by_its_title_as_soon_as_that_is_known(choices: EngineChoices) -> None:
    choices.show_engine("swap_128", "RTX", "")
    choices.show_models([ModelRow(SWAP, ("fp32",))])
    assert choices.running.text() == "Runs now: Swap 128, on RTX."


def test_a_choice_is_said_once_and_showing_models_says_nothing(qtbot: QtBot, choices: EngineChoices) -> None:
    said: list[str] = []
    choices.engine_picked.connect(said.append)
    choices.detector_picked.connect(said.append)
    choices.show_models([ModelRow(SWAP, ("fp32",)), ModelRow(DETECT, ("fp32",))])
    choices.engine.choose("swap_128")
    choices.show_models([ModelRow(SWAP, ("fp32",)), ModelRow(DETECT, ("fp32",))])
    choices.detector.choose("detect")
    assert said == ["swap_128", "detect"]


def test_a_chosen_model_that_is_gone_is_called_so(choices: EngineChoices) -> None:
    rows = [ModelRow(SWAP, ("fp32",))]
    choices.show_models(rows)
    choices.engine.choose("swap_128")
    choices.show_models([ModelRow(SWAP)])
    assert choices.engine.currentText() == "Swap 128 (not there)"
    choices.show_models(rows)
    assert choices.engine.currentText() == "Swap 128"


def test_devices_are_hidden_until_asked_for_and_said_by_role(qtbot: QtBot, choices: EngineChoices) -> None:
    assert not choices.devices
    choices.more.click()
    swapper = choices.devices[Role.SWAPPER]
    assert swapper.isVisible()
    choices.more.click()
    assert not swapper.isVisible()
    assert (swapper.value, choices.devices[Role.DETECTOR].value) == ("gpu", "auto")
    with qtbot.waitSignal(choices.devices_picked) as said:
        choices.devices[Role.DETECTOR].choose("cpu")
    assert said.args == [{"swapper": "gpu", "detector": "cpu"}]
    with qtbot.waitSignal(choices.devices_picked) as said:
        swapper.choose("auto")
    assert said.args == [{"detector": "cpu"}]


def test_the_wheel_scrolls_the_page_and_changes_nothing(choices: EngineChoices) -> None:
    place = QPointF(10, 10)
    wheel = QWheelEvent(
        place, choices.engine.mapToGlobal(place), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(choices.engine, wheel)
    assert choices.engine.value == "auto"
    assert not wheel.isAccepted()


@pytest.mark.parametrize(
    ("running", "words"),
    [
        (("mesh", "CPU", ""), "Runs now: Geometric (built in), on the processor."),
        (("swap_128", "RTX 3060", "It is the best."), "Runs now: Swap 128, on RTX 3060. It is the best."),
        (("", "", ""), ""),
    ],
)
def test_the_running_engine_is_said(choices: EngineChoices, running: tuple[str, str, str], words: str) -> None:
    choices.show_models([ModelRow(SWAP, ("fp32",))])
    choices.show_engine(*running)
    assert choices.running.text() == words
    assert choices.running.isVisible() is bool(words)


def test_all_of_it_can_be_reached_and_changed_by_keys(choices: EngineChoices) -> None:
    choices.engine.setFocus()
    QTest.keyClick(choices.engine, Qt.Key.Key_Down)
    assert choices.engine.value == "mesh"
    QTest.keyClick(choices.engine, Qt.Key.Key_Tab)
    QTest.keyClick(choices.detector, Qt.Key.Key_Down)
    assert choices.detector.value == "builtin"
    QTest.keyClick(choices.detector, Qt.Key.Key_Tab)
    QTest.keyClick(choices.more, Qt.Key.Key_Space)
    assert choices.devices
    for box in choices.devices.values():
        QTest.keyClick(choices.window().focusWidget(), Qt.Key.Key_Tab)
        assert choices.window().focusWidget() is box
        assert box.accessibleName()
