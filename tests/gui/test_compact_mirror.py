"""Room: tests. The small mirror stands for the main window: it shows the same, gives it back, and finds its place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from mirror_app.gui.live_worker import LiveTurn
from mirror_app.gui.views.compact_mirror import CompactMirror
from mirror_app.gui.views.preview import Preview
from tests.gui.fakes import REAL_FACE_BGR, SWAPPED_BGR, frame, result


@dataclass
class Stage:
    main: QWidget
    preview: Preview
    swap: QPushButton
    flip: QPushButton
    state: QSettings
    compact: CompactMirror


def build(qtbot: QtBot, folder: Path) -> Stage:
    main, swap, flip = QWidget(), QPushButton(), QPushButton()
    preview = Preview(main)
    for switch in (swap, flip):
        switch.setCheckable(True)
        switch.setChecked(True)
    state = QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)
    compact = CompactMirror(main, preview, swap=swap, flip=flip, state=state)
    stage = Stage(main, preview, swap, flip, state, compact)
    # It holds the stage until it closes the window: else Python may take both away while the window is being painted.
    qtbot.addWidget(main, before_close_func=lambda _main: stage.main.hide())
    main.show()
    return stage


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path) -> Stage:
    """The small mirror is up and shows a result."""
    stage = build(qtbot, tmp_path)
    stage.preview.show_turn(turn())
    stage.compact.show_up()
    return stage


def turn(index: int = 0) -> LiveTurn:
    return LiveTurn(result(frame(index)), 1.0)


def middle_bgr(widget: QWidget) -> tuple[int, int, int]:
    image = widget.grab().toImage()
    colour = QColor(image.pixel(image.width() // 2, image.height() // 2))
    return colour.blue(), colour.green(), colour.red()


def choose(stage: Stage, text: str) -> None:
    menu: QMenu = stage.compact.menu()
    next(action for action in menu.actions() if action.text() == text).trigger()


def test_it_shows_what_the_preview_shows_from_its_first_moment(stage: Stage) -> None:
    assert stage.compact.is_up
    assert not stage.main.isVisible()
    assert middle_bgr(stage.compact) == SWAPPED_BGR
    for shown in (turn(1), turn(2), None):
        if shown is None:
            stage.preview.show_paused("O")
        else:
            stage.preview.show_turn(shown)
        assert stage.compact.picture.turn is shown
    assert stage.compact.picture.message == stage.preview.message


def test_it_never_shows_the_real_face_of_the_split_view_or_of_comparing(stage: Stage) -> None:
    stage.preview.set_compare(True)
    stage.preview.set_split(True)
    stage.preview.show_turn(turn(1))
    image = stage.compact.grab().toImage()
    places = [(x, y) for x in range(0, image.width(), 9) for y in range(0, image.height(), 9)]
    seen = {image.pixelColor(x, y).name() for x, y in places}
    assert QColor(*REAL_FACE_BGR[::-1]).name() not in seen
    assert QColor(*SWAPPED_BGR[::-1]).name() in seen


def test_while_it_is_not_up_it_does_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    stage = build(qtbot, tmp_path)
    stage.preview.show_turn(turn())
    assert stage.compact.picture.turn is None


def test_its_paints_count_as_the_previews(stage: Stage, qtbot: QtBot) -> None:
    newer = turn(1)
    with qtbot.waitSignal(stage.preview.painted) as painted:
        stage.preview.show_turn(newer)
    assert painted.args is not None
    assert painted.args[0] is newer


@pytest.mark.parametrize("how", ["escape", "double-click", "button", "menu", "closed", "toggle"])
def test_there_are_many_ways_back(stage: Stage, how: str) -> None:
    compact = stage.compact
    if how == "escape":
        QTest.keyClick(compact, Qt.Key.Key_Escape)
    elif how == "double-click":
        QTest.mouseDClick(compact, Qt.MouseButton.LeftButton)
    elif how == "button":
        compact.back.click()
    elif how == "menu":
        choose(stage, "Back to the window")
    elif how == "closed":
        compact.close()
    else:
        compact.toggle()
    assert stage.main.isVisible()
    assert not compact.is_up


def test_the_main_window_that_comes_back_by_itself_takes_its_place(stage: Stage) -> None:
    stage.main.show()
    assert not stage.compact.is_up


def test_the_main_window_can_be_closed_meanwhile(stage: Stage, qtbot: QtBot) -> None:
    stage.main.close()
    qtbot.waitUntil(lambda: not stage.main.isVisible())
    assert not stage.compact.is_up


@pytest.mark.parametrize(("size", "width"), [("Small", 240), ("Medium", 360), ("Large", 540)])
def test_the_menu_has_three_sizes_of_the_pictures_shape(stage: Stage, size: str, width: int) -> None:
    choose(stage, size)
    assert stage.compact.width() == width
    assert stage.compact.height() == pytest.approx(width * 9 / 16, abs=1)
    checked = [action.text() for action in stage.compact.menu().actions() if action.isChecked()]
    assert size in checked


def test_the_menu_works_the_main_windows_switches(stage: Stage) -> None:
    choose(stage, "Swap")
    choose(stage, "Flip")
    assert not stage.swap.isChecked()
    assert not stage.flip.isChecked()
    choose(stage, "Swap")
    assert stage.swap.isChecked()


def test_the_flip_of_the_main_window_is_its_own(stage: Stage) -> None:
    halves = result(frame(0))
    picture = np.zeros((90, 160, 3), np.uint8)
    picture[:, :80] = 255
    halves.preview_bgr[:] = picture
    stage.preview.show_turn(LiveTurn(halves, 1.0))

    def left_level() -> int:
        image = stage.compact.grab().toImage()
        return image.pixelColor(image.width() // 4, image.height() // 2).red()

    assert left_level() == 0
    stage.flip.setChecked(False)
    assert left_level() == 255


def test_dragging_its_corner_keeps_the_shape(stage: Stage) -> None:
    compact = stage.compact
    choose(stage, "Small")
    QTest.mousePress(compact.grip, Qt.MouseButton.LeftButton, pos=QPoint(12, 12))
    QTest.mouseMove(compact.grip, QPoint(72, 12))
    assert compact.width() == 300
    assert compact.height() == pytest.approx(300 * 9 / 16, abs=1)
    QTest.mouseMove(compact.grip, QPoint(-2000, -2000))
    assert compact.width() == 160
    QTest.mouseMove(compact.grip, QPoint(9000, 9000))
    room = compact.screen().availableGeometry()
    assert compact.width() <= room.width()
    assert compact.height() <= room.height()


def test_it_takes_the_shape_of_another_camera(stage: Stage) -> None:
    square = replace(result(frame(0)), preview_bgr=np.zeros((90, 90, 3), np.uint8))
    stage.preview.show_turn(LiveTurn(square, 1.0))
    assert stage.compact.width() == stage.compact.height()


def test_it_can_be_dragged_anywhere(stage: Stage) -> None:
    compact = stage.compact
    compact.move(100, 120)
    QTest.mousePress(compact, Qt.MouseButton.LeftButton, pos=QPoint(50, 50))
    QTest.mouseMove(compact, QPoint(130, 80))
    assert (compact.x(), compact.y()) == (180, 150)
    QTest.mouseRelease(compact, Qt.MouseButton.LeftButton)


def test_place_and_size_are_remembered(stage: Stage, qtbot: QtBot, tmp_path: Path) -> None:
    stage.compact.set_width(300)
    stage.compact.move(70, 80)
    stage.compact.go_back()
    stage.state.sync()
    again = build(qtbot, tmp_path)
    again.compact.show_up()
    assert (again.compact.x(), again.compact.y(), again.compact.width()) == (70, 80, 300)


@pytest.mark.parametrize("position", [QPoint(-5000, 90), QPoint(90, 9000), QPoint(790, 10), "nonsense"])
def test_a_place_on_a_screen_that_is_gone_is_not_used(qtbot: QtBot, tmp_path: Path, position: object) -> None:
    stage = build(qtbot, tmp_path)
    stage.state.setValue("compact/position", position)
    stage.state.setValue("compact/width", "nonsense")
    stage.compact.show_up()
    assert stage.compact.screen().availableGeometry().contains(stage.compact.geometry())


def test_it_stays_on_top_and_has_no_frame_and_says_what_it_is(stage: Stage) -> None:
    flags = stage.compact.windowFlags()
    assert flags & Qt.WindowType.WindowStaysOnTopHint
    assert flags & Qt.WindowType.FramelessWindowHint
    assert stage.compact.windowTitle()
    assert stage.compact.accessibleDescription()
