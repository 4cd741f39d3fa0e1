"""Room: tests. The watch over the window's thread."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QRectF, QTimer
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from mirror_app.gui.heartbeat import Block, Heartbeat
from mirror_app.gui.widgets.icons import Icon, paint_icon


@pytest.fixture
def heartbeat(qtbot: QtBot) -> Iterator[Heartbeat]:
    heartbeat = Heartbeat()
    heartbeat.start()
    qtbot.wait(100)
    yield heartbeat
    heartbeat.stop()


def longest(heartbeat: Heartbeat) -> float:
    return max((block.ms for block in heartbeat.blocks), default=0.0)


def paint_for(seconds: float) -> None:
    """Keep the thread busy inside the package."""
    image = QImage(64, 64, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    until_s = time.monotonic() + seconds
    while time.monotonic() < until_s:
        paint_icon(painter, Icon.FACE, QRectF(0, 0, 64, 64), QColor("white"))
    painter.end()


def test_a_busy_thread_is_noticed_with_its_place(qtbot: QtBot, heartbeat: Heartbeat) -> None:
    for _ in range(5):  # on a busy computer the look-on may come too late for a place
        paint_for(0.4)
        qtbot.waitUntil(lambda: longest(heartbeat) > 300)
        block = max(heartbeat.blocks, key=lambda each: (bool(each.place), each.ms))
        if block.place:
            break
    assert block.place == "icons.py:paint_icon"
    assert block.busy_ms > 50
    assert block.end_ns <= time.monotonic_ns()


def test_a_sleeping_thread_is_noticed_as_not_busy(qtbot: QtBot, heartbeat: Heartbeat) -> None:
    QTimer.singleShot(0, heartbeat, lambda: time.sleep(0.3))
    qtbot.waitUntil(lambda: longest(heartbeat) > 200)
    assert max(heartbeat.blocks, key=lambda each: each.ms).busy_ms < 100


@pytest.mark.parametrize(("ms", "starved_ms", "own_ms"), [(50.0, 20.0, 30.0), (40.0, 41.0, 0.0), (40.0, 0.0, 40.0)])
def test_what_other_work_took_is_not_its_own(ms: float, starved_ms: float, own_ms: float) -> None:
    assert Block(0, ms, 1.0, starved_ms, "").own_ms == own_ms


def test_after_the_stop_nothing_is_noticed(qtbot: QtBot) -> None:
    heartbeat = Heartbeat()
    heartbeat.start()
    heartbeat.stop()
    seen = len(heartbeat.blocks)
    time.sleep(0.2)
    qtbot.wait(50)
    assert len(heartbeat.blocks) == seen


def test_one_that_never_began_can_be_stopped() -> None:
    Heartbeat().stop()
