"""Room: tests. When the mirror's thread hangs or is gone, every output shows its card within its patience."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from mirror_app.deliver.current import PATIENCE_NS, Current
from mirror_app.deliver.protocol import OutputReport
from mirror_app.domain.frame import PendingFrame, SafeFrame, Size
from mirror_app.gui.live_worker import LiveWorker
from mirror_app.pipeline.result import MirrorResult
from tests.gui.fakes import SIZE_WH, FakeMirror, frame

MS = 1_000_000


class Screen:
    """An output over the real `Current`."""

    size_wh: Size = SIZE_WH

    def __init__(self, card: SafeFrame, now_ns: Callable[[], int]) -> None:
        self.current = Current(card, now_ns=now_ns)

    def send(self, frame: SafeFrame) -> None:
        self.current.put(frame)

    def report(self) -> OutputReport:
        return OutputReport(0, 0, 0)

    def close(self) -> None:
        """Nothing to end."""

    def shows_card(self) -> bool:
        return np.array_equal(self.current.now().image_bgr, self.current.card.image_bgr)


class MortalMirror(FakeMirror):
    """Hangs at the frame of this number."""

    def __init__(self) -> None:
        super().__init__()
        self.hangs_at = -1
        self.woken = threading.Event()

    def process(self, pending: PendingFrame) -> MirrorResult:
        if pending.index == self.hangs_at:
            self.woken.wait(30)
        return super().process(pending)


@pytest.fixture
def mirror() -> Iterator[MortalMirror]:
    mirror = MortalMirror()
    yield mirror
    mirror.woken.set()


def live_worker(mirror: MortalMirror, qtbot: QtBot) -> LiveWorker:
    worker = LiveWorker(lambda: mirror)
    with qtbot.waitSignal(worker.opened):
        worker.start()
    worker.outlets.go_live()
    return worker


def hung_worker(mirror: MortalMirror, qtbot: QtBot) -> tuple[LiveWorker, Screen, list[int]]:
    """A worker that hangs in its second frame, a screen that shows the first, and the screen's clock."""
    worker, now_ns = live_worker(mirror, qtbot), [0]
    screen = Screen(worker.outlets.card(SIZE_WH), lambda: now_ns[0])
    worker.outlets.add(screen)
    mirror.hangs_at = 1
    first = frame(0)
    now_ns[0] = first.captured_ns
    worker.deliver(first)
    qtbot.waitUntil(lambda: not screen.shows_card())
    worker.deliver(frame(1))
    return worker, screen, now_ns


def test_a_hung_thread_leaves_the_card_after_350_ms_of_the_outputs_own_clock(
    mirror: MortalMirror, qtbot: QtBot
) -> None:
    worker, screen, now_ns = hung_worker(mirror, qtbot)
    now_ns[0] += PATIENCE_NS
    assert not screen.shows_card()
    now_ns[0] += 1
    assert screen.shows_card()
    # The picture that is still in work when the thread wakes is old by then.
    mirror.woken.set()
    qtbot.waitUntil(lambda: len(mirror.seen) == 2)
    now_ns[0] += PATIENCE_NS
    assert screen.shows_card()
    assert worker.stop()


def test_a_hung_thread_leaves_the_card_soon_by_the_real_clock(mirror: MortalMirror, qtbot: QtBot) -> None:
    worker = live_worker(mirror, qtbot)
    screen = Screen(worker.outlets.card(SIZE_WH), time.monotonic_ns)
    worker.outlets.add(screen)
    mirror.hangs_at = 1
    worker.deliver(frame(0))
    qtbot.waitUntil(lambda: len(mirror.seen) == 1)
    worker.deliver(frame(1))
    qtbot.waitUntil(screen.shows_card, timeout=20_000)
    mirror.woken.set()
    assert worker.stop()


def test_an_ended_thread_leaves_the_card_too(mirror: MortalMirror, qtbot: QtBot) -> None:
    worker, now_ns = live_worker(mirror, qtbot), [0]
    screen = Screen(worker.outlets.card(SIZE_WH), lambda: now_ns[0])
    worker.outlets.add(screen)
    first = frame(0)
    now_ns[0] = first.captured_ns
    worker.deliver(first)
    qtbot.waitUntil(lambda: not screen.shows_card())
    assert worker.stop()
    worker.deliver(frame(1))
    now_ns[0] += PATIENCE_NS + 1
    assert screen.shows_card()


def test_the_panic_key_works_while_the_thread_hangs(mirror: MortalMirror, qtbot: QtBot) -> None:
    worker, screen, _ = hung_worker(mirror, qtbot)
    worker.outlets.cover(True)
    assert screen.shows_card()
    mirror.woken.set()
    qtbot.waitUntil(lambda: len(mirror.seen) == 2)
    assert worker.stop()
    assert screen.shows_card()
