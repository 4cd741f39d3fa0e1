"""Room: tests. Each window, panel and dialog by keyboard: names said, the way of Tab, closing, keys after."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QKeySequenceEdit, QLineEdit, QWidget

from mirror_app.gui.settings.desk import Page
from mirror_app.gui.settings.first_steps import FirstSteps
from tests.gui.conftest import Stage

Opener = Callable[[Stage], object]


def _first_steps(page: int) -> Opener:
    def opened(stage: Stage) -> None:
        steps = FirstSteps(stage.window)
        steps.show()
        for _ in range(page):
            steps.forward.click()

    return opened


PARTS: Final[dict[str, Opener]] = {
    "picture": lambda stage: stage.window.picture.toggle(),
    "camera": lambda stage: stage.window.camera.toggle(),
    "stats": lambda stage: stage.window.stats.toggle(),
    "presets": lambda stage: stage.window.presets.toggle(),
    "outputs": lambda stage: stage.window.air.panel.toggle(),
    "full screen": lambda stage: stage.window.full_screen.toggle(),
}
WINDOWS: Final[dict[str, Opener]] = {
    "help": lambda stage: stage.window.keys.toggle_help(),
    "keys": lambda stage: stage.window.keys.change_keys(),
    "general": lambda stage: stage.window.settings.open(Page.GENERAL),
    "models": lambda stage: stage.window.settings.open(Page.MODELS),
    "doctor": lambda stage: stage.window.settings.open(Page.DOCTOR),
    "privacy": lambda stage: stage.window.settings.open(Page.PRIVACY),
    "watermark": lambda stage: stage.window.settings.open(Page.WATERMARK),
    "duty to label": lambda stage: stage.window.controls.watermark.click(),
    "about": lambda stage: stage.window.settings.open(Page.ABOUT),
    "files": lambda stage: stage.window.batch.open(),
    "small mirror": lambda stage: stage.window.compact.toggle(),
    "what others see": lambda stage: stage.window.air.toggle_monitor(),
    "consent": lambda stage: stage.window.faces.add_photos([Path("a.png")]),
    "consent to several photos": lambda stage: stage.window.faces.add_photos([Path("a.png"), Path("b.png")]),
    "delete for good": lambda stage: stage.window.faces.confirm_removal("own"),
    "first step": _first_steps(0),
    "second step": _first_steps(1),
    "third step": _first_steps(2),
}
BY_KEY: Final = {
    "picture": "P", "camera": "K", "stats": "D", "presets": "T", "outputs": "U", "full screen": "F", "help": "F1",
    "files": "B", "general": "Ctrl+,", "small mirror": "C", "what others see": "N",
}  # fmt: skip
EVERYTHING: Final = PARTS | WINDOWS


def front(stage: Stage) -> QWidget:
    return QApplication.activeModalWidget() or QApplication.activeWindow() or stage.window


def opened(stage: Stage, name: str) -> QWidget:
    """Open something and give the window it is in."""
    EVERYTHING[name](stage)
    return arrived(stage, name)


def arrived(stage: Stage, name: str) -> QWidget:
    """The window of something that was asked for, when it is in front."""
    if name in WINDOWS:
        stage.qtbot.waitUntil(lambda: front(stage) is not stage.window and front(stage).isActiveWindow())
    return front(stage)


def press(window: QWidget, key: Qt.Key) -> None:
    """Strike a key where a person's would arrive."""
    QTest.keyClick(window.focusWidget() or window, key)


def by_tab(window: QWidget) -> list[QWidget]:
    """What the Tab key can reach, in its order."""
    found: list[QWidget] = []
    widget = window.nextInFocusChain()
    while widget is not None and widget is not window:
        can_have_focus = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.isEnabled()
        if can_have_focus and widget.isVisible() and widget.window() is window:
            found.append(widget)
        widget = widget.nextInFocusChain()
    return found


def said(widget: QWidget) -> str:
    """What a screen reader says a widget is called."""
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


@pytest.mark.parametrize("name", ["main", *EVERYTHING])
def test_whatever_can_be_reached_has_a_name(stage: Stage, name: str) -> None:
    window = stage.window if name == "main" else opened(stage, name)
    wanted = [widget for widget in window.findChildren(QWidget) if _is_worked_with(widget, window)]
    nameless = [widget for widget in wanted if not said(widget)]
    assert [type(widget).__name__ for widget in nameless] == []
    assert said(window)


def _is_worked_with(widget: QWidget, root: QWidget) -> bool:
    is_inside = isinstance(widget, QLineEdit) and isinstance(widget.parentWidget(), QKeySequenceEdit)
    is_list_of_box = widget.window() is not root.window() and isinstance(widget, QAbstractItemView)
    is_mark = type(widget) is QWidget  # a place in the order of Tab
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and not (is_inside or is_list_of_box or is_mark)


@pytest.mark.parametrize("name", list(EVERYTHING))
def test_escape_closes_it_and_the_windows_keys_work_again(stage: Stage, name: str) -> None:
    window = opened(stage, name)
    was_swapping = stage.window.controls.swap.isChecked()
    press(window, Qt.Key.Key_Escape)
    stage.qtbot.waitUntil(lambda: _all_closed(stage))
    with stage.qtbot.waitActive(stage.window):
        stage.window.activateWindow()
    press(stage.window, Qt.Key.Key_X)
    assert stage.window.controls.swap.isChecked() is not was_swapping
    QTest.keyPress(stage.window.focusWidget() or stage.window, Qt.Key.Key_Space)
    assert stage.window.preview.is_comparing


def _all_closed(stage: Stage) -> bool:
    window = stage.window
    panels = (window.picture, window.camera, window.stats, window.presets, window.air.panel)
    others = [each for each in QApplication.topLevelWidgets() if each.isVisible() and each is not window]
    is_plain = not window.isFullScreen() and not any(panel.isVisible() for panel in panels)
    return window.isVisible() and is_plain and others == []


@pytest.mark.parametrize(("name", "key"), BY_KEY.items(), ids=list(BY_KEY))
def test_its_key_opens_it_a_second_time(stage: Stage, name: str, key: str) -> None:
    for _ in range(2):
        QTest.keySequence(stage.window.focusWidget() or stage.window, key)
        assert not _all_closed(stage)
        press(arrived(stage, name), Qt.Key.Key_Escape)
        stage.qtbot.waitUntil(lambda: _all_closed(stage))
        with stage.qtbot.waitActive(stage.window):
            stage.window.activateWindow()


def test_tab_goes_as_the_window_is_read(stage: Stage) -> None:
    window, controls = stage.window, stage.window.controls
    wanted = [
        window.gallery.presets_button, *window.gallery.shelf.tiles, window.gallery.add_button,
        controls.live, controls.outputs, controls.picker, controls.camera, controls.swap, controls.flip,
        controls.watermark, controls.picture, controls.compare, controls.screenshot, controls.cover, controls.more,
    ]  # fmt: skip
    assert by_tab(window) == wanted


@pytest.mark.parametrize("width", [900, 960, 1024, 1312])
def test_no_word_of_the_controls_is_cut(stage: Stage, width: int) -> None:
    controls = stage.window.controls
    stage.window.resize(width, 640)
    buttons = (
        controls.swap,
        controls.flip,
        controls.watermark,
        controls.picture,
        controls.compare,
        controls.screenshot,
    )
    stage.qtbot.waitUntil(lambda: all(each.width() >= each.minimumSizeHint().width() for each in buttons))
    assert controls.picker.width() >= controls.picker.minimumSizeHint().width()
