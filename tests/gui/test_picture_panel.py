"""Room: tests. The panel "Picture": every choice counts at once, is remembered, and can be made with the keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mirror_app.domain.assignment import Glasses, Joining, LivePart
from mirror_app.gui.picture_panel import PicturePanel
from mirror_app.settings import Settings
from tests.gui.conftest import Stage, build_stage


@pytest.fixture
def stage(stage: Stage) -> Stage:
    """The window with the built-in engine."""
    stage.window.picture.show_engine("mesh")
    return stage


def opened(stage: Stage) -> PicturePanel:
    QTest.keyClick(stage.window, Qt.Key.Key_P)
    assert stage.window.picture.isVisible()
    return stage.window.picture


def test_it_opens_and_closes_by_key_button_and_escape(stage: Stage) -> None:
    panel, button = stage.window.picture, stage.window.controls.picture
    assert panel.isHidden()
    QTest.keyClick(stage.window, Qt.Key.Key_P)
    assert panel.isVisible()
    assert panel.likeness.hasFocus()
    QTest.keyClick(panel.likeness, Qt.Key.Key_Escape)
    assert panel.isHidden()
    assert button.hasFocus()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert panel.isVisible()
    QTest.keyClick(stage.window, Qt.Key.Key_P)
    assert panel.isHidden()


@pytest.mark.parametrize("size", [(900, 560), (1312, 692), (1900, 1000)])
def test_it_lies_inside_the_window_and_above_its_button(stage: Stage, size: tuple[int, int]) -> None:
    panel = opened(stage)
    stage.window.resize(*size)
    button = stage.window.controls.picture
    stage.qtbot.waitUntil(lambda: stage.window.rect().contains(panel.geometry()))
    assert panel.geometry().bottom() < button.mapTo(stage.window, button.rect().topLeft()).y()


def test_every_choice_counts_at_once(stage: Stage) -> None:
    panel, worker = opened(stage), stage.worker
    target = worker.controls.target
    panel.likeness.setValue(35)
    assert worker.controls.likeness == 0.35
    for joining in Joining:
        panel.joining.choose(joining.value)
        assert worker.controls.joining is joining
    for glasses in Glasses:
        panel.glasses.choose(glasses.value)
        assert worker.controls.glasses is glasses
    assert worker.controls.likeness == 0.35
    assert worker.controls.target is target


def test_arrow_keys_move_the_slider_and_leave_the_faces_alone(stage: Stage) -> None:
    panel, worn = opened(stage), stage.window.gallery.current
    before = panel.likeness.value()
    QTest.keyClick(panel.likeness, Qt.Key.Key_Left)
    QTest.keyClick(panel.likeness, Qt.Key.Key_Left)
    assert stage.worker.controls.likeness == pytest.approx((before - 2) / 100)
    QTest.keyClick(panel.likeness, Qt.Key.Key_Home)
    assert stage.worker.controls.likeness == 0
    assert stage.window.gallery.current == worn
    QTest.keyClick(stage.window.preview, Qt.Key.Key_Right)
    stage.wait_for_target("bert")


def test_all_of_it_can_be_reached_by_tab_and_changed_by_keys(stage: Stage) -> None:
    panel = opened(stage)
    QTest.keyClick(panel.likeness, Qt.Key.Key_Tab)
    assert panel.joining.hasFocus()
    first = stage.worker.controls.joining
    QTest.keyClick(panel.joining, Qt.Key.Key_Down)
    assert stage.worker.controls.joining is not first
    QTest.keyClick(panel.joining, Qt.Key.Key_Tab)
    assert panel.glasses.hasFocus()
    QTest.keyClick(panel.glasses, Qt.Key.Key_Down)
    assert stage.worker.controls.glasses is Glasses.REPLACE


def test_space_compares_while_the_panel_has_the_focus(stage: Stage) -> None:
    panel = opened(stage)
    for control in (panel.likeness, panel.joining, panel.glasses):
        control.setFocus()
        QTest.keyPress(control, Qt.Key.Key_Space)
        assert stage.window.preview.is_comparing, control.accessibleName()
        QTest.keyRelease(control, Qt.Key.Key_Space)
        assert not stage.window.preview.is_comparing


def test_the_choices_are_remembered(stage: Stage, qtbot: QtBot, tmp_path: Path) -> None:
    panel = stage.window.picture
    panel.likeness.setValue(12)
    panel.joining.choose("poisson")
    panel.glasses.choose("replace")
    panel.kept[LivePart.MOUTH].setChecked(True)
    stage.window.close()
    saved = stage.saved[-1]
    assert saved.kept == ("mouth",)
    assert (saved.likeness, saved.joining, saved.glasses) == (0.12, "poisson", "replace")
    again = build_stage(qtbot, tmp_path, saved)
    assert again.window.picture.likeness.value() == 12
    controls = again.worker.controls
    assert (controls.likeness, controls.joining, controls.glasses) == (0.12, Joining.POISSON, Glasses.REPLACE)
    assert controls.kept == {LivePart.MOUTH}
    again.window.close()


def test_what_the_settings_say_is_worn_from_the_start(qtbot: QtBot, tmp_path: Path) -> None:
    stage = build_stage(qtbot, tmp_path, Settings(likeness=0.5, joining="alpha", glasses="replace"))
    controls = stage.worker.controls
    assert (controls.likeness, controls.joining, controls.glasses) == (0.5, Joining.ALPHA, Glasses.REPLACE)
    stage.window.close()


def test_every_joining_and_every_way_with_glasses_can_be_chosen_and_is_explained(stage: Stage) -> None:
    panel = stage.window.picture
    for box, words in ((panel.joining, Joining), (panel.glasses, Glasses)):
        assert {box.itemData(row) for row in range(box.count())} == {each.value for each in words}
        assert all(box.itemData(row, Qt.ItemDataRole.ToolTipRole) for row in range(box.count()))
    assert panel.likeness.accessibleName() == "Likeness"


@pytest.mark.parametrize(("engine", "is_offered"), [("", False), ("mesh", False), ("inswapper_128", True)])
def test_what_may_stay_is_asked_for_engines_that_would_replace_it(stage: Stage, engine: str, is_offered: bool) -> None:
    panel = opened(stage)
    panel.show_engine(engine)
    assert [switch.isVisible() for switch in panel.kept.values()] == [is_offered, is_offered]
    assert panel.likeness.isVisible() != is_offered
    stage.qtbot.waitUntil(lambda: stage.window.rect().contains(panel.geometry()))


def test_what_stays_counts_at_once_and_can_be_reached_by_keys(stage: Stage) -> None:
    panel, worker = opened(stage), stage.worker
    panel.show_engine("inswapper_128")
    panel.glasses.setFocus()
    for part in LivePart:
        QTest.keyClick(stage.window.focusWidget(), Qt.Key.Key_Tab)
        switch = panel.kept[part]
        assert switch.hasFocus()
        assert switch.toolTip()
        QTest.keyClick(switch, Qt.Key.Key_Return)
        assert part in worker.controls.kept
    assert worker.controls.kept == set(LivePart)


def test_the_panel_is_as_high_as_what_it_offers_and_opens_with_its_first_control(stage: Stage) -> None:
    panel = opened(stage)
    first = panel.height()
    panel.show_engine("inswapper_128")
    panel.show_engine("mesh")
    assert panel.height() == first
    panel.close_panel()
    panel.show_engine("inswapper_128")
    assert opened(stage).joining.hasFocus()


def test_another_engine_forgets_no_choice(stage: Stage) -> None:
    panel = stage.window.picture
    panel.keep(["eyes"])
    for engine in ("mesh", "inswapper_128", "mesh"):
        panel.show_engine(engine)
    assert stage.worker.controls.kept == {LivePart.EYES}
