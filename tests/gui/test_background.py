"""Room: tests. Slow work beside the window."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from mirror_app.domain.errors import InputError, ModelError
from mirror_app.domain.frame import PendingFrame
from mirror_app.gui.background import BackgroundJobs
from mirror_app.gui.camera.deferred_provider import DeferredProvider
from tests.gui.fakes import FakeProvider, frame


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[BackgroundJobs]:
    jobs = BackgroundJobs()
    yield jobs
    assert jobs.stop()


def unexpected(sentence: str) -> None:
    raise AssertionError(sentence)


def test_work_is_done_elsewhere_and_its_outcome_comes_back(jobs: BackgroundJobs, qtbot: QtBot) -> None:
    threads: list[threading.Thread] = []
    jobs.submit(
        threading.current_thread, lambda worker: threads.extend((worker, threading.current_thread())), unexpected
    )
    qtbot.waitUntil(lambda: len(threads) == 2)
    assert threads[0] is not threading.main_thread()
    assert threads[1] is threading.main_thread()


def test_jobs_are_done_one_after_the_other(jobs: BackgroundJobs, qtbot: QtBot) -> None:
    done: list[int] = []
    for number in range(20):
        jobs.submit(partial(int, number), done.append, unexpected)
    qtbot.waitUntil(lambda: len(done) == 20)
    assert done == list(range(20))


@pytest.mark.parametrize(
    ("trouble", "words"), [(InputError("It is a folder."), "It is a folder."), (KeyError("x"), "unexpected error")]
)
def test_trouble_comes_back_as_a_sentence(jobs: BackgroundJobs, qtbot: QtBot, trouble: Exception, words: str) -> None:
    sentences: list[str] = []

    def work() -> None:
        raise trouble

    jobs.submit(work, lambda _none: unexpected("done"), sentences.append)
    qtbot.waitUntil(lambda: len(sentences) == 1)
    assert words in sentences[0]


def test_after_the_stop_nothing_comes_back(qtbot: QtBot) -> None:
    jobs = BackgroundJobs()
    done: list[int] = []
    jobs.submit(lambda: 1, done.append, unexpected)
    assert jobs.stop()
    qtbot.wait(30)
    assert done == []


def test_a_deferred_provider_passes_frames_on_until_it_is_stopped(qtbot: QtBot) -> None:
    inner, frames = FakeProvider(), list[PendingFrame]()
    provider = DeferredProvider("Slow camera", lambda: inner)
    provider.start(frames.append)
    qtbot.waitUntil(lambda: inner.deliver is not None)
    inner.give()
    late = inner.deliver
    assert late is not None
    provider.stop()
    late(frame(9))
    assert [received.index for received in frames] == [0]
    qtbot.waitUntil(lambda: inner.deliver is None)


def test_a_provider_stopped_while_it_is_opened_never_starts(qtbot: QtBot) -> None:
    inner, gate = FakeProvider(), threading.Event()

    def open_slowly() -> FakeProvider:
        gate.wait(5)
        return inner

    provider = DeferredProvider("Slow camera", open_slowly)
    provider.start(lambda frame: None)
    provider.stop()
    gate.set()
    qtbot.waitUntil(lambda: not any(thread.name == "open provider" for thread in threading.enumerate()))
    assert inner.starts == 0


def test_a_provider_that_is_slow_to_stop_keeps_nobody_waiting(qtbot: QtBot) -> None:
    gate, frames = threading.Event(), list[PendingFrame]()

    class SlowToStop(FakeProvider):
        def stop(self) -> None:
            gate.wait(5)
            super().stop()

    inner = SlowToStop()
    provider = DeferredProvider("Slow camera", lambda: inner)
    provider.start(frames.append)
    qtbot.waitUntil(lambda: inner.deliver is not None)
    provider.stop()  # a window that waited here would wait for good: the gate is closed
    inner.give()
    assert frames == []
    gate.set()
    qtbot.waitUntil(lambda: inner.deliver is None)


@pytest.mark.parametrize("trouble", [ModelError("The portrait is missing."), ZeroDivisionError()])
def test_a_provider_that_cannot_be_opened_says_so(qtbot: QtBot, trouble: Exception) -> None:
    def refuse() -> FakeProvider:
        raise trouble

    provider = DeferredProvider("Slow camera", refuse)
    with qtbot.waitSignal(provider.failed) as failed:
        provider.start(lambda frame: None)
    assert str(failed.args).count(" ") > 2
    provider.stop()


def test_a_job_that_outlasts_the_window_says_nothing_any_more(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mirror_app.gui.background._STOP_MS", 10)
    jobs, gate = BackgroundJobs(), threading.Event()
    said: list[object] = []
    jobs._finished.connect(said.append, Qt.ConnectionType.DirectConnection)
    jobs.submit(partial(gate.wait, 10), lambda _: unexpected("done"), unexpected)
    assert not jobs.stop()
    gate.set()
    monkeypatch.setattr("mirror_app.gui.background._STOP_MS", 5000)
    assert jobs.stop()
    assert said == []
