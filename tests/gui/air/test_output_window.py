"""Room: tests. The clean window: the picture to the pixel, nothing else, and the card when nobody feeds it any more."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mirror_app.gui.air.output_window import TITLE, OutputWindow
from mirror_app.gui.air.window_feed import WindowFeed
from tests.gui.air.fakes import CARD_BGR, safe

SIZE_WH = (320, 180)
PICTURE_BGR = (10, 120, 230)


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[OutputWindow]:
    window = OutputWindow(WindowFeed(safe(CARD_BGR, SIZE_WH)))
    window.show()
    yield window
    window.end()


def seen(window: OutputWindow) -> set[tuple[int, int, int]]:
    """All colours in it."""
    picture = window.grab().toImage()
    pixels = [QColor(picture.pixel(x, y)) for x in range(0, picture.width(), 7) for y in range(0, picture.height(), 7)]
    return {(colour.blue(), colour.green(), colour.red()) for colour in pixels}


def test_it_begins_with_the_card_and_shows_nothing_but_the_picture(window: OutputWindow) -> None:
    assert seen(window) == {CARD_BGR}
    window.feed.send(safe(PICTURE_BGR, SIZE_WH))
    assert seen(window) == {PICTURE_BGR}


def test_it_has_the_outputs_size_and_a_title_that_capture_programs_find(window: OutputWindow) -> None:
    picture = window.grab()
    assert (picture.width(), picture.height()) == SIZE_WH
    assert window.minimumSize() == window.maximumSize()
    assert window.windowTitle() == TITLE == "Mirror output"
    assert window.cursor().shape() is Qt.CursorShape.BlankCursor
    assert window.parentWidget() is None


def test_the_card_comes_by_itself_when_the_thread_that_feeds_it_dies(window: OutputWindow, qtbot: QtBot) -> None:
    is_over = threading.Event()

    def feed() -> None:
        while not is_over.wait(0.01):
            window.feed.send(safe(PICTURE_BGR, SIZE_WH))

    worker = threading.Thread(target=feed)
    worker.start()
    qtbot.waitUntil(lambda: window.shown is not None and bool((window.shown.image_bgr == PICTURE_BGR).all()))
    is_over.set()
    worker.join()
    qtbot.waitUntil(lambda: window.shown is not None and bool((window.shown.image_bgr == CARD_BGR).all()))


def test_a_picture_that_was_old_when_it_came_is_never_shown(window: OutputWindow) -> None:
    window.feed.send(safe(PICTURE_BGR, SIZE_WH, captured_ns=time.monotonic_ns() - 10**9))
    assert seen(window) == {CARD_BGR}


def test_a_double_click_fills_the_screen_and_another_one_goes_back(window: OutputWindow) -> None:
    before = window.size()
    QTest.mouseDClick(window, Qt.MouseButton.LeftButton)
    assert window.isFullScreen()
    QTest.mouseDClick(window, Qt.MouseButton.LeftButton)
    assert not window.isFullScreen()
    assert window.size() == before


def test_escape_leaves_the_full_screen_and_nothing_more(window: OutputWindow) -> None:
    QTest.mouseDClick(window, Qt.MouseButton.LeftButton)
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isFullScreen()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert window.isVisible()


def test_closing_it_says_so_once(window: OutputWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.closed, timeout=1000):
        window.close()
    with qtbot.assertNotEmitted(window.closed):
        window.end()


def test_pictures_are_counted_when_they_are_seen(window: OutputWindow) -> None:
    window.feed.send(safe(PICTURE_BGR, SIZE_WH))
    window.grab()
    window.feed.send(safe(PICTURE_BGR, SIZE_WH))
    window.feed.send(safe(PICTURE_BGR, SIZE_WH))
    window.grab()
    report = window.feed.report()
    assert (report.frames, report.missing) == (2, 1)
