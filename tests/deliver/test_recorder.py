"""Room: tests. Recordings: in step, counted, whole at the end, playable after a crash, honest about trouble."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import namedtuple
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest

from mirror_app.deliver import recorder as under_test
from mirror_app.deliver import recording_file
from mirror_app.deliver.live_encoder import LiveEncoder
from mirror_app.deliver.marks import marks_of
from mirror_app.deliver.recorder import SPARE_BYTES, Recorder, open_recorder
from mirror_app.deliver.recording_file import growing_file, make_whole, recover
from mirror_app.deliver.sound import SoundFormat
from mirror_app.domain.errors import OutputError
from mirror_app.domain.frame import SafeFrame, Size
from tests.deliver import marks
from tests.deliver.shooting import NS, opened, shoot

SIZE: Size = (128, 96)
Usage = namedtuple("Usage", ["total", "used", "free"])


def until(is_so: Callable[[], bool]) -> None:
    """Wait for something that happens in another thread or process."""
    end_s = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < end_s, "it did not happen"
        time.sleep(0.005)


def silent(path: Path) -> Recorder:
    return open_recorder(path, SIZE, marks.card(SIZE), None)


def feed(recorder: Recorder) -> None:
    recorder.send(SafeFrame(marks.plain(SIZE, marks.DARK), 0, time.monotonic_ns()))


def fed_until(recorder: Recorder, is_so: Callable[[], bool]) -> None:
    def step() -> bool:
        feed(recorder)
        return is_so()

    until(step)


def test_a_recording_is_in_step_and_every_tick_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A machine with other work may feed late: then each picture still finds its tick.
    monkeypatch.setattr(under_test, "_DELAY_NS", NS)
    path = tmp_path / "录像 一.mp4"
    recorder = opened(path, SIZE)
    shoot(recorder, 5)
    recorder.close()
    recorder.close()
    report, counts, shown = recorder.report(), recorder.counts, marks.levels(path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["录像 一.mp4"]
    assert (report.is_over, report.trouble) == (True, "")
    assert len(shown) == report.frames == counts.written
    # A tick that had to be given up is a hole of its length, and counted.
    last = round(shown[-1][0] * 30)
    assert last + 1 == counts.written + counts.skipped
    assert np.abs([at * 30 - round(at * 30) for at, _ in shown]).max() < 0.01
    # A flash is missing only where all of its pictures came too late, which is counted.
    assert len(offsets := marks.offsets(path)) == 2 or (offsets and counts.missing >= marks.FLASH_S * 30)
    assert np.abs(offsets).max() < 0.04


def test_the_card_stands_where_pictures_are_missing_for_too_long(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    recorder = silent(path)
    fed_until(recorder, lambda: recorder.counts.fresh > 5)
    until(lambda: recorder.counts.cards > 5)
    recorder.close()
    levels = [level for _, level in marks.levels(path)]
    assert levels[0] == pytest.approx(marks.DARK, abs=15)
    assert levels[-1] == pytest.approx(marks.CARD, abs=15)
    assert recorder.report().missing >= 6


def test_nothing_but_cards_when_no_picture_ever_came(tmp_path: Path) -> None:
    recorder = silent(tmp_path / "a.mp4")
    until(lambda: recorder.counts.cards > 0)
    recorder.close()
    assert {round(level / 20) for _, level in marks.levels(recorder.path)} == {marks.CARD // 20}


def test_sound_that_fails_to_come_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(under_test, "_PATIENCE_NS", 10_000_000)
    recorder = opened(tmp_path / "a.mp4", SIZE)
    until(lambda: "microphone" in recorder.report().trouble)
    recorder.close()
    assert recorder.report().trouble == ""


@pytest.mark.parametrize("seconds", [1.6, 2.5])
def test_a_killed_recording_plays_up_to_the_last_two_seconds_and_is_recovered(tmp_path: Path, seconds: float) -> None:
    path = tmp_path / "录像.mp4"
    part = growing_file(path)
    command = [sys.executable, "-m", "tests.deliver.shooting", str(path), str(SIZE[0]), str(SIZE[1])]
    with subprocess.Popen(command) as process:
        until(lambda: part.exists() and part.stat().st_size > 0)
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
    # The first piece was in the file before the clock began.
    assert marks.levels(part)[-1][0] > seconds - 1.5
    os.utime(part, (0, 0))
    assert recover(tmp_path) == [path]
    assert [entry.name for entry in tmp_path.iterdir()] == ["录像.mp4"]
    assert marks.levels(path)[-1][0] > seconds - 1.5
    assert marks_of(path).says_ai


@pytest.mark.parametrize("left", [4, 20, 150, -10])
def test_a_torn_last_piece_costs_no_more_than_itself(tmp_path: Path, left: int) -> None:
    torn = broken_off(tmp_path)
    whole = torn.read_bytes()
    last = whole.rindex(b"moof") - 4
    torn.write_bytes(whole[: last + left] if left > 0 else whole[:left])
    path = make_whole(torn, tmp_path / "a.mp4")
    assert len(marks.levels(path)) >= 10
    assert not torn.exists()


def test_a_file_without_pictures_is_left_where_it_is(tmp_path: Path) -> None:
    part = broken_off(tmp_path)
    part.write_bytes(part.read_bytes()[:1200])
    with pytest.raises(OutputError, match="no picture"):
        make_whole(part, tmp_path / "a.mp4")
    assert part.exists()
    assert not (tmp_path / "a.mp4").exists()


def broken_off(folder: Path) -> Path:
    """A file in work that nobody works on."""
    recorder = silent(folder / "made.mp4")
    copy = folder / "a.mirror-recording.mp4"
    part = growing_file(recorder.path)
    fed_until(recorder, lambda: part.read_bytes().count(b"moof") > 2)
    copy.write_bytes(part.read_bytes())
    recorder.close()
    recorder.path.unlink()
    return copy


def test_recovery_leaves_others_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording_file, "_STILL_GROWING_S", 1.2)
    garbage = tmp_path / "g.mirror-recording.mp4"
    garbage.write_bytes(b"no video")
    os.utime(garbage, (0, 0))
    (tmp_path / "b.mp4").write_bytes(b"mine")
    recorder = silent(tmp_path / "busy.mp4")
    assert recover(tmp_path) == []
    assert recover(tmp_path / "gone") == []
    recorder.close()
    assert {entry.name for entry in tmp_path.iterdir()} == {"g.mirror-recording.mp4", "b.mp4", "busy.mp4"}


def test_a_name_taken_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    recorder = silent(tmp_path / "a.mp4")
    fed_until(recorder, lambda: recorder.counts.fresh > 3)
    (tmp_path / "a.mp4").write_bytes(b"mine")
    recorder.close()
    assert recorder.path.name == "a (2).mp4"
    assert (tmp_path / "a.mp4").read_bytes() == b"mine"


@pytest.mark.parametrize(
    ("name", "what_it_says"),
    [("taken.mp4", "already"), ("busy.mp4", "already"), ("a.avi", "mp4"), ("gone/a.mp4", "folder does not exist")],
)
def test_what_cannot_be_opened_is_said(tmp_path: Path, name: str, what_it_says: str) -> None:
    (tmp_path / "taken.mp4").touch()
    growing_file(tmp_path / "busy.mp4").touch()
    with pytest.raises(OutputError, match=what_it_says):
        silent(tmp_path / name)


def test_a_nearly_full_disk_is_warned_of_and_ends_the_recording(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = [SPARE_BYTES * 2]
    monkeypatch.setattr(under_test, "_CHECK_NS", 0)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(0, 0, free[0]))
    recorder = silent(tmp_path / "a.mp4")
    free[0] = SPARE_BYTES + 30_000_000
    fed_until(recorder, lambda: "minutes" in recorder.report().trouble)
    free[0] = SPARE_BYTES - 1
    fed_until(recorder, lambda: recorder.report().is_over)
    assert "nearly full" in recorder.report().trouble
    assert len(marks.levels(recorder.path)) == recorder.report().frames
    with pytest.raises(OutputError, match="nearly full"):
        silent(tmp_path / "b.mp4")
    recorder.close()


def test_where_a_second_copy_has_no_room_the_first_one_is_the_recording(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = silent(tmp_path / "a.mp4")
    fed_until(recorder, lambda: recorder.counts.fresh > 3)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(0, 0, 10))
    recorder.close()
    assert recorder.report().trouble == ""
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.mp4"]
    assert len(marks.levels(recorder.path)) == recorder.report().frames


def test_a_disk_that_is_full_all_the_same_keeps_what_is_there(tmp_path: Path) -> None:
    code = (
        "import resource, signal, sys; from pathlib import Path; from tests.deliver.shooting import NS, opened, shoot\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000))\n"
        f"recorder = opened(Path(sys.argv[1]), {SIZE})\n"
        "while not recorder.report().is_over: shoot(recorder, 0.2)\n"
        "sys.stdout.write(recorder.report().trouble)\n"
    )
    path = tmp_path / "a.mp4"
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, timeout=120)
    assert "larger than this disk allows" in done.stdout, done.stderr
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.mp4"]
    assert len(marks.levels(path)) > 10


def test_a_folder_that_vanishes_ends_the_recording_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(under_test, "_CHECK_NS", 0)
    folder = tmp_path / "stick"
    folder.mkdir()
    recorder = silent(folder / "a.mp4")
    shutil.rmtree(folder)
    fed_until(recorder, lambda: recorder.report().is_over)
    assert "folder does not exist" in recorder.report().trouble
    feed(recorder)
    recorder.close()


@pytest.mark.parametrize(
    ("error", "what_it_says"),
    [(OSError(errno.EIO, "broken"), "Input/output"), (RuntimeError("a bug"), "unexpected")],
)
def test_whatever_breaks_while_writing_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, what_it_says: str
) -> None:
    def fail(*_: object) -> None:
        raise error

    recorder = silent(tmp_path / "a.mp4")
    monkeypatch.setattr(LiveEncoder, "picture", fail)
    fed_until(recorder, lambda: recorder.report().is_over)
    assert what_it_says in recorder.report().trouble
    recorder.close()


def test_its_metadata_survive(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    recorder = open_recorder(path, SIZE, marks.card(SIZE), SoundFormat(44_100, 2), {"title": "我的录像", "Own": "x"})
    feed(recorder)
    recorder.close()
    with av.open(str(path)) as file:
        assert (file.metadata["title"], file.metadata["Own"]) == ("我的录像", "x")
