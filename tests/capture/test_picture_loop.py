"""Room: tests. Pictures at an even pace."""

from __future__ import annotations

import itertools
import threading
from pathlib import Path

import numpy as np
import pytest

from mirror_app.capture.picture_loop import PictureLoop, loop_video
from mirror_app.domain.errors import InputError
from mirror_app.domain.frame import PendingFrame
from tests.fakes import make_video, picture


def _collect(provider: PictureLoop, least: int) -> list[PendingFrame]:
    frames: list[PendingFrame] = []
    enough = threading.Event()

    def deliver(frame: PendingFrame) -> None:
        frames.append(frame)
        if len(frames) >= least:
            enough.set()

    provider.start(deliver)
    provider.start(deliver)
    assert enough.wait(20)
    provider.stop()
    provider.stop()
    return frames


def test_pictures_come_one_by_one_at_the_pace_asked_for() -> None:
    image = picture(16, 12)
    frames = _collect(PictureLoop("still", lambda: itertools.repeat(image), 100.0), 20)
    assert [frame.index for frame in frames] == list(range(len(frames)))
    gaps_s = np.diff([frame.captured_ns for frame in frames]) / 1e9
    assert gaps_s.sum() >= 0.01 * (len(gaps_s) - 3)


def test_after_stop_nothing_comes_any_more() -> None:
    frames = _collect(PictureLoop("still", lambda: itertools.repeat(picture(16, 12)), 500.0), 3)
    count = len(frames)
    threading.Event().wait(0.05)
    assert len(frames) == count


def test_a_video_begins_anew_when_it_is_over(tmp_path: Path) -> None:
    provider = loop_video(make_video(tmp_path / "三.mp4", frames=3, rate=120))
    frames = _collect(provider, 7)
    assert provider.description == "三.mp4"
    assert np.array_equal(frames[0].decode().image_bgr, frames[3].decode().image_bgr)


def test_a_file_that_is_no_video_is_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "x.mp4"
    path.write_text("no video")
    with pytest.raises(InputError):
        loop_video(path)
