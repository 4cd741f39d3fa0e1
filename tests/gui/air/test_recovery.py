"""Room: tests. What a crash left of a recording is made whole when the window opens, and the user is told."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from mirror_app.deliver.recorder import open_recorder
from mirror_app.deliver.recording_file import growing_file
from mirror_app.gui.air.recovery import finish_broken_recordings
from mirror_app.gui.background import BackgroundJobs
from tests.deliver import marks


def test_a_broken_recording_is_saved_and_said(tmp_path: Path, qtbot: QtBot) -> None:
    recorder = open_recorder(tmp_path / "made.mp4", (64, 48), marks.card((64, 48)), None)
    recorder.send(marks.picture((64, 48), 0, 0, time.monotonic_ns()))
    recorder.close()
    part = growing_file(tmp_path / "film.mp4")
    (tmp_path / "made.mp4").rename(part)
    os.utime(part, (0, 0))
    jobs, said = BackgroundJobs(), list[str]()
    finish_broken_recordings(tmp_path, jobs, said.append)
    qtbot.waitUntil(lambda: bool(said), timeout=30_000)
    assert said == ["The recording film.mp4 broke off and was saved."]
    assert [entry.name for entry in tmp_path.iterdir()] == ["film.mp4"]
    jobs.stop()


@pytest.mark.parametrize("name", [".", "gone"])
def test_where_nothing_broke_nothing_is_said(tmp_path: Path, qtbot: QtBot, name: str) -> None:
    jobs, said, order = BackgroundJobs(), list[str](), list[str]()
    finish_broken_recordings(tmp_path / name, jobs, said.append)
    jobs.submit(lambda: "next", order.append, said.append)
    qtbot.waitUntil(lambda: bool(order), timeout=30_000)
    assert said == []
    jobs.stop()
