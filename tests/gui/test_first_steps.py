"""Room: tests. The first steps are short, can be skipped, and work without a camera."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from mirror_app.gui.camera.inputs import Choice
from mirror_app.gui.settings.first_steps import FirstSteps

CHOICES = [Choice("a", "Camera A"), Choice("demo", "Demo camera")]


@pytest.fixture
def steps(qtbot: QtBot) -> FirstSteps:
    dialog = FirstSteps()
    qtbot.addWidget(dialog)
    dialog.show_cameras(CHOICES, "a", has_cameras=True)
    dialog.show()
    return dialog


def words_of(steps: FirstSteps) -> str:
    page = steps.pages.currentWidget()
    assert page is not None
    return " ".join(label.text() for label in page.findChildren(QLabel))


def test_three_steps_lead_to_the_end(steps: FirstSteps) -> None:
    seen = []
    for _ in range(2):
        seen.append(words_of(steps))
        steps.forward.click()
    seen.append(words_of(steps))
    assert len(set(seen)) == 3
    assert "AI generated" in seen[2]
    steps.forward.click()
    assert steps.is_seen
    assert not steps.isVisible()


def test_back_and_forth_stay_inside(steps: FirstSteps) -> None:
    steps.back.click()
    assert steps.pages.currentIndex() == 0
    steps.forward.click()
    steps.back.click()
    assert steps.pages.currentIndex() == 0


@pytest.mark.parametrize("step", [0, 1])
def test_each_step_can_be_skipped_and_that_counts_as_seen(steps: FirstSteps, step: int) -> None:
    for _ in range(step):
        steps.forward.click()
    steps.skip.click()
    assert steps.is_seen


def test_closing_the_window_counts_as_seen(steps: FirstSteps) -> None:
    steps.reject()
    assert steps.is_seen


def test_a_camera_can_be_picked(qtbot: QtBot, steps: FirstSteps) -> None:
    assert steps.picker.currentData() == "a"
    with qtbot.waitSignal(steps.camera_picked) as said:
        steps.picker.activated.emit(1)
    assert said.args == ["demo"]


def test_without_a_camera_the_demo_is_explained(steps: FirstSteps) -> None:
    steps.show_cameras(CHOICES[1:], "demo", has_cameras=False)
    assert "demo camera" in words_of(steps).lower()
    assert "No camera was found" in words_of(steps)
