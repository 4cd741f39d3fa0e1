"""Room: tests. The panic switch: at once, for the frame in work too, and not taken back by a second cry."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from mirror_app.gui.live_worker import LiveWorker
from mirror_app.gui.shield import Shield
from mirror_app.pipeline.result import Unsafe
from tests.gui.fakes import FakeMirror, frame, result

MS = 1_000_000


class Clock:
    now_ns = 10**12

    def __call__(self) -> int:
        return self.now_ns


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def shield(qtbot: QtBot, clock: Clock) -> Shield:
    return Shield(LiveWorker(FakeMirror), now_ns=clock)


def test_a_second_cry_right_after_the_first_does_not_uncover(shield: Shield, clock: Clock, qtbot: QtBot) -> None:
    with qtbot.waitSignal(shield.changed, timeout=1000) as said:
        shield.toggle()
    assert said.args == [True]
    clock.now_ns += 400 * MS
    shield.toggle()
    assert shield.is_on
    clock.now_ns += 500 * MS
    with qtbot.waitSignal(shield.changed, timeout=1000) as said:
        shield.toggle()
    assert said.args == [False]
    assert not shield.is_on


def test_covering_twice_says_so_once(shield: Shield, qtbot: QtBot) -> None:
    shield.set_on(True)
    with qtbot.assertNotEmitted(shield.changed):
        shield.set_on(True)
    assert shield.is_on


@pytest.mark.parametrize("unsafe", [None, *Unsafe])
def test_while_covered_the_window_shows_only_results_made_for_it(shield: Shield, unsafe: Unsafe | None) -> None:
    assert shield.lets_through(result(frame(0), unsafe=unsafe))
    shield.set_on(True)
    assert shield.lets_through(result(frame(0), unsafe=unsafe)) == (unsafe is Unsafe.PANIC)


def test_the_frame_in_work_hears_of_the_cover(qtbot: QtBot) -> None:
    mirror = FakeMirror()
    worker = LiveWorker(lambda: mirror)
    mirror.gate.clear()
    with qtbot.waitSignal(worker.opened, timeout=3000):
        worker.start()
    worker.deliver(frame(0))
    qtbot.waitUntil(lambda: mirror.begun == 1, timeout=3000)
    Shield(worker).set_on(True)
    assert mirror.controls.shield
    mirror.gate.set()
    assert worker.stop()
