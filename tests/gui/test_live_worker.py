"""Room: tests. The worker keeps order, drops what is stale, and survives whatever goes wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from mirror_app.domain.errors import InputError, ModelError
from mirror_app.gui.live_worker import LiveWorker
from mirror_app.pipeline.result import MirrorControls
from tests.gui.fakes import FakeMirror, frame


@pytest.fixture
def mirror() -> FakeMirror:
    return FakeMirror()


@pytest.fixture
def worker(mirror: FakeMirror, qtbot: QtBot) -> Iterator[LiveWorker]:
    worker = LiveWorker(lambda: mirror)
    with qtbot.waitSignal(worker.opened):
        worker.start()
    assert (worker.engine, worker.device) == ("fake", "nowhere")
    yield worker
    mirror.gate.set()
    assert worker.stop()


def wait_for(qtbot: QtBot, mirror: FakeMirror, *, frames: int) -> None:
    """Wait until the mirror has seen so many frames."""
    qtbot.waitUntil(lambda: len(mirror.seen) == frames)


def test_a_frame_becomes_a_result(worker: LiveWorker, qtbot: QtBot) -> None:
    with qtbot.waitSignal(worker.result_ready):
        worker.deliver(frame(7))
    turn = worker.take_turn()
    assert turn is not None
    assert turn.result.index == 7
    assert turn.pipeline_ms >= 0
    assert worker.take_turn() is None


def test_while_one_frame_is_in_work_only_the_newest_waits(worker: LiveWorker, mirror: FakeMirror, qtbot: QtBot) -> None:
    mirror.gate.clear()
    worker.deliver(frame(0))
    qtbot.waitUntil(lambda: mirror.begun == 1)
    for index in range(1, 6):
        worker.deliver(frame(index))
    mirror.gate.set()
    qtbot.waitUntil(lambda: len(mirror.seen) == 2)
    assert mirror.seen == [0, 5]
    assert worker.drops >= 4


def test_results_that_the_window_did_not_take_are_dropped_and_counted(
    worker: LiveWorker, mirror: FakeMirror, qtbot: QtBot
) -> None:
    announcements: list[None] = []
    worker.result_ready.connect(lambda: announcements.append(None))
    for index in range(4):
        worker.deliver(frame(index))
        wait_for(qtbot, mirror, frames=index + 1)
    qtbot.waitUntil(lambda: worker.drops == 3)
    assert len(announcements) == 1, "one announcement is enough until the result is taken"
    turn = worker.take_turn()
    assert turn is not None
    assert turn.result.index == 3
    with qtbot.waitSignal(worker.result_ready):
        worker.deliver(frame(4))


def test_controls_reach_the_mirror_before_the_next_frame(worker: LiveWorker, mirror: FakeMirror, qtbot: QtBot) -> None:
    worker.controls = replace(worker.controls, label_on=False)
    with qtbot.waitSignal(worker.result_ready):
        worker.deliver(frame(0))
    assert mirror.controls is worker.controls


def test_another_camera_makes_the_mirror_forget(worker: LiveWorker, mirror: FakeMirror, qtbot: QtBot) -> None:
    worker.forget_faces()
    with qtbot.waitSignal(worker.result_ready):
        worker.deliver(frame(0))
    assert mirror.resets == 1


@pytest.mark.parametrize(
    ("trouble", "words"),
    [(InputError("The camera sent a damaged picture."), "damaged picture"), (ZeroDivisionError(), "unexpected error")],
    ids=["a sentence", "a bug"],
)
def test_trouble_with_a_frame_is_said_once_and_the_next_frame_works(
    worker: LiveWorker, mirror: FakeMirror, qtbot: QtBot, trouble: Exception, words: str
) -> None:
    sentences: list[str] = []
    worker.failed.connect(sentences.append)
    mirror.error = trouble
    for index in range(3):
        worker.deliver(frame(index))
        wait_for(qtbot, mirror, frames=index + 1)
    qtbot.waitUntil(lambda: len(sentences) == 1)
    assert words in sentences[0]
    assert worker.take_turn() is None, "a failed frame shows nothing"
    mirror.error = None
    with qtbot.waitSignal(worker.result_ready):
        worker.deliver(frame(3))
    assert worker.isRunning()


@pytest.mark.parametrize(
    ("trouble", "words"), [(ModelError("The model file x is missing."), "model file x"), (OSError(), "cannot start")]
)
def test_a_mirror_that_cannot_be_opened_is_said(qtbot: QtBot, trouble: Exception, words: str) -> None:
    def refuse() -> FakeMirror:
        raise trouble

    worker = LiveWorker(refuse)
    with qtbot.waitSignal(worker.failed) as failed:
        worker.start()
    assert words in str(failed.args)
    assert words in worker.why_closed
    assert worker.stop()


def test_another_mirror_takes_over_at_the_next_frame_with_the_same_controls(
    worker: LiveWorker, mirror: FakeMirror, qtbot: QtBot
) -> None:
    other = FakeMirror()
    other.engine, other.why = "other", "because"
    worker.controls = MirrorControls(likeness=0.25)
    worker.deliver(frame(0))
    wait_for(qtbot, mirror, frames=1)
    with qtbot.waitSignal(worker.engine_changed):
        worker.replace(other)
        worker.deliver(frame(1))
    wait_for(qtbot, other, frames=1)
    assert (worker.engine, worker.why, other.controls.likeness) == ("other", "because", 0.25)
    # With numbers of its own, whoever comes first there would wear what was given to somebody else here.
    assert other.people is mirror.people
    assert mirror.seen == [0]


def test_an_engine_that_goes_out_of_use_is_told_once(worker: LiveWorker, mirror: FakeMirror, qtbot: QtBot) -> None:
    changes: list[str] = []
    worker.engine_changed.connect(lambda: changes.append(worker.trouble))
    mirror.engine, mirror.trouble = "mesh", "the network broke"
    for index in range(3):
        worker.deliver(frame(index))
        wait_for(qtbot, mirror, frames=index + 1)
    qtbot.waitUntil(lambda: bool(changes))
    qtbot.wait(50)
    assert changes == ["the network broke"]
    assert worker.engine == "mesh"


def test_stopping_wakes_a_thread_that_waits_for_a_frame(qtbot: QtBot) -> None:
    worker = LiveWorker(FakeMirror)
    with qtbot.waitSignal(worker.opened):
        worker.start()
    assert worker.stop()
    assert worker.isFinished()
    worker.deliver(frame(0))  # a late frame of the provider is harmless
