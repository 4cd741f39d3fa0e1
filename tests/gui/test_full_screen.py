"""Room: tests. Full screen shows the picture alone, brings the controls when somebody moves, and puts all back."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from mirror_app.gui.views import full_screen
from mirror_app.gui.views.full_screen import FullScreen
from mirror_app.gui.views.preview import Preview


@dataclass
class Stage:
    window: QWidget
    preview: Preview
    bar: QWidget
    button: QPushButton
    side: QLabel
    absent: QLabel
    full: FullScreen


@pytest.fixture
def stage(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Stage:
    monkeypatch.setattr(full_screen, "_REST_MS", 60)
    monkeypatch.setattr(full_screen, "_SLIDE_MS", 0)
    window, preview, bar, side, absent = QWidget(), Preview(), QWidget(), QLabel("side"), QLabel("absent")
    button = QPushButton("Swap")
    QHBoxLayout(bar).addWidget(button)
    column, row = QVBoxLayout(window), QHBoxLayout()
    row.addWidget(preview, 1)
    row.addWidget(side)
    row.addWidget(absent)
    column.addLayout(row, 1)
    column.addWidget(bar)
    column.addWidget(QLabel("below"))
    column.setContentsMargins(16, 15, 14, 13)
    preview.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    absent.hide()
    qtbot.addWidget(window)
    window.resize(700, 500)
    with qtbot.waitActive(window):
        window.show()
    return Stage(window, preview, bar, button, side, absent, FullScreen(window, preview, bar))


def is_seen(stage: Stage) -> bool:
    """Whether the controls lie inside the window."""
    place = stage.bar.mapTo(stage.window, QPoint())
    return stage.bar.isVisible() and place.y() + stage.bar.height() <= stage.window.height()


def move_mouse(stage: Stage, x: int) -> None:
    place, nothing = QPoint(x, 100), Qt.MouseButton.NoButton
    on_screen = QPointF(stage.preview.mapToGlobal(place))
    move = QMouseEvent(
        QEvent.Type.MouseMove, QPointF(place), on_screen, nothing, nothing, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(stage.preview, move)


def test_the_picture_fills_the_screen_and_everything_comes_back(stage: Stage, qtbot: QtBot) -> None:
    before = stage.preview.geometry(), stage.bar.geometry(), stage.side.geometry()
    stage.full.enter()
    assert stage.window.isFullScreen()
    qtbot.waitUntil(lambda: stage.preview.geometry() == stage.window.rect())
    assert not stage.side.isVisible()
    stage.full.leave()
    assert not stage.window.isFullScreen()
    qtbot.waitUntil(lambda: (stage.preview.geometry(), stage.bar.geometry(), stage.side.geometry()) == before)
    assert stage.side.isVisible()
    assert stage.absent.isHidden(), "what was hidden before stays hidden"


def test_the_controls_leave_and_come_back_with_the_mouse(stage: Stage, qtbot: QtBot) -> None:
    stage.full.enter()
    assert stage.preview.hasMouseTracking(), "moves without a button are heard"
    qtbot.waitUntil(lambda: is_seen(stage))
    qtbot.waitUntil(lambda: not stage.bar.isVisible())
    assert stage.preview.cursor().shape() is Qt.CursorShape.BlankCursor
    move_mouse(stage, 100)
    move_mouse(stage, 140)
    qtbot.waitUntil(lambda: is_seen(stage))
    assert stage.preview.cursor().shape() is not Qt.CursorShape.BlankCursor


def test_the_controls_come_back_with_any_key(stage: Stage, qtbot: QtBot) -> None:
    stage.full.enter()
    qtbot.waitUntil(lambda: not stage.bar.isVisible())
    QTest.keyClick(stage.window, Qt.Key.Key_J)
    qtbot.waitUntil(lambda: is_seen(stage))


def test_the_controls_stay_for_somebody_who_works_them_by_keyboard(stage: Stage, qtbot: QtBot) -> None:
    stage.full.enter()
    stage.button.setFocus()
    QTest.keyClick(stage.button, Qt.Key.Key_J)
    qtbot.wait(200)
    assert is_seen(stage)
    move_mouse(stage, 100)
    move_mouse(stage, 140)
    qtbot.waitUntil(lambda: not stage.bar.isVisible())
    assert stage.preview.hasFocus()


@pytest.mark.parametrize("how", ["escape", "double-click", "toggle", "desktop"])
def test_there_are_many_ways_back(stage: Stage, qtbot: QtBot, how: str) -> None:
    stage.full.enter()
    with qtbot.waitSignal(stage.full.changed) as changed:
        if how == "escape":
            QTest.keyClick(stage.window, Qt.Key.Key_Escape)
        elif how == "double-click":
            QTest.mouseDClick(stage.preview, Qt.MouseButton.LeftButton)
        elif how == "toggle":
            stage.full.toggle()
        else:
            stage.window.showNormal()
    assert changed.args == [False]
    assert not stage.window.isFullScreen()
    assert stage.side.isVisible()


def test_a_double_click_on_the_picture_begins_full_screen(stage: Stage) -> None:
    QTest.mouseDClick(stage.preview, Qt.MouseButton.LeftButton)
    assert stage.full.is_on


def test_escape_does_nothing_outside_full_screen(stage: Stage) -> None:
    QTest.keyClick(stage.window, Qt.Key.Key_Escape)
    assert not stage.full.is_on


def test_a_maximised_window_is_maximised_again(stage: Stage) -> None:
    stage.window.showMaximized()
    stage.full.enter()
    stage.full.leave()
    assert stage.window.isMaximized()


def test_a_window_that_closes_in_full_screen_is_remembered_as_it_was(stage: Stage) -> None:
    stage.full.enter()
    stage.window.close()
    assert not stage.full.is_on
    assert not stage.window.isFullScreen()
