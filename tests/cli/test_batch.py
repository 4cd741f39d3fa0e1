"""Room: tests. `mirror-app batch` on real networks: many files, bad ones among them, stops and crashes."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mirror_app.capture.video_file import VideoFile
from mirror_app.cli import main
from mirror_app.cli.batch_bar import batch_line
from mirror_app.domain.errors import OutputError
from mirror_app.language import Words
from mirror_app.pipeline.batch_record import BatchRecord, ItemState, read_record
from tests.cli.conftest import LONG_FRAMES
from tests.fakes import first_face, make_video

WEAR = ("--target", first_face().name)


def _visible(out: Path) -> list[str]:
    return sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file() and path.name[0] != ".")


def _table(capfd: pytest.CaptureFixture[str], *words: object) -> tuple[int, dict[str, object]]:
    code = main(["batch", *map(str, words), *WEAR, "--json"])
    table = json.loads(capfd.readouterr().out)
    assert isinstance(table, dict)
    return code, table


def _states(table: dict[str, object]) -> dict[str, str]:
    files = table["files"]
    assert isinstance(files, list)
    return {Path(file["input"]).name: file["state"] for file in files}


def test_a_folder_comes_out_whole_and_bad_files_are_told(
    inputs: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    source, out = tmp_path / "我的 文件", tmp_path / "out"
    (source / "里 面").mkdir(parents=True)
    for name in ("nobody.mp4", "text.mp4", "empty.mp4"):
        shutil.copy(inputs / name, source / "里 面" / name)
    shutil.copy(inputs / "face.png", source)
    (source / "notes.txt").write_text("hello")
    code, table = _table(capfd, source, "--out", out)
    assert code == 3
    assert _states(table) == {
        "face.png": "done",
        "empty.mp4": "failed",
        "nobody.mp4": "done",
        "text.mp4": "failed",
    }
    assert (table["done"], table["failed"], table["skipped"], table["complete"]) == (2, 2, 1, True)
    assert _visible(out) == ["我的 文件/face.png", "我的 文件/里 面/nobody.mp4"]
    assert (out / "我的 文件" / "face.png").read_bytes() != (source / "face.png").read_bytes()


def test_the_same_command_does_only_what_is_left(
    inputs: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    words = (inputs / "nobody.mp4", inputs / "nobody.png", "--out", tmp_path / "out")
    assert _table(capfd, *words[:1], *words[2:])[0] == 0
    before = (tmp_path / "out" / "nobody.mp4").stat().st_mtime_ns
    code, table = _table(capfd, *words)
    assert (code, table["done"], table["done_before"]) == (0, 2, 1)
    assert (tmp_path / "out" / "nobody.mp4").stat().st_mtime_ns == before
    code, table = _table(capfd, *words, "--again")
    assert (code, table["done"], table["done_before"]) == (0, 2, 0)
    assert (tmp_path / "out" / "nobody.mp4").stat().st_mtime_ns > before
    assert _visible(tmp_path / "out") == ["nobody.mp4", "nobody.png"]


def test_the_text_says_what_happened(inputs: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    words = ["batch", str(inputs / "nobody.png"), str(inputs / "text.mp4"), "--out", str(tmp_path), *WEAR]
    assert main(words) == 3
    out, err = capfd.readouterr()
    assert out.splitlines()[0] == f"{(inputs / 'nobody.png').resolve()} is done: {tmp_path / 'nobody.png'}"
    assert out.splitlines()[1].startswith("1 of 2 files are done, in ")
    assert "text.mp4 was left out: " in err
    assert "Could not be used: 1." in err


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["nowhere", "--out", "out"], 3, "There is no file or folder"),
        (["folder.mp4", "--out", "out"], 3, "No video or picture was found."),
        (["nobody.mp4", "--out", "text.mp4"], 7, "was not written"),
        (["nobody.mp4"], 2, "--out"),
        (["--out", "out"], 2, "INPUT"),
    ],
)
def test_what_cannot_be_done_is_told_at_once(
    inputs: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], words: list[str], code: int, sentence: str
) -> None:
    copies = tmp_path / "in"
    shutil.copytree(inputs, copies)
    there = [word if word.startswith("--") else str(copies / word) for word in words]
    try:
        ended = main(["batch", *there, *WEAR])
    except SystemExit as end:
        ended = int(str(end.code))
    assert ended == code
    assert sentence in capfd.readouterr().err
    assert not (copies / "out").exists()


def test_a_folder_in_use_is_told(inputs: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with BatchRecord(tmp_path):
        assert main(["batch", str(inputs / "nobody.png"), "--out", str(tmp_path), *WEAR]) == OutputError.exit_code
    assert "Another batch already writes into" in capfd.readouterr().err


def _begin(source: Path, out: Path) -> subprocess.Popen[str]:
    """Start a batch over a short and a long video, and wait until it is in the midst of the long one."""
    words = [sys.executable, "-m", "mirror_app", "batch", str(source), "--out", str(out), *WEAR]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while not list(out.glob(".mirror-batch-work/.mirror-*")) or not _visible(out):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    time.sleep(0.3)
    return process


@pytest.fixture
def two_videos(tmp_path: Path, long_video: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    make_video(folder / "a short.mp4", size_wh=(160, 120), frames=3)
    shutil.copy(long_video, folder / "b long.mp4")
    return folder


@pytest.mark.skipif(os.name == "nt", reason="no signals")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_after_a_stop_or_a_crash_the_same_command_goes_on(
    two_videos: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], number: signal.Signals
) -> None:
    out = tmp_path / "out"
    process = _begin(two_videos, out)
    process.send_signal(number)
    said, err = process.communicate(timeout=60)
    if number == signal.SIGKILL:
        assert [item.state for item in read_record(out)] == [ItemState.DONE, ItemState.WORKING]
    else:
        assert process.returncode == 130, err
        assert "1 of 2 files are done" in said
        assert "Stopped. The same command goes on where this one stopped." in err
        assert [item.state for item in read_record(out)] == [ItemState.DONE, ItemState.WAITING]
        assert not (out / ".mirror-batch-work").exists()
    assert _visible(out) == ["in/a short.mp4"], "no half file under a name"
    short = out / "in" / "a short.mp4"
    before = short.stat().st_mtime_ns
    code, table = _table(capfd, two_videos, "--out", out)
    assert (code, table["done"], table["done_before"]) == (0, 2, 1)
    assert short.stat().st_mtime_ns == before, "what was done was not done again"
    assert _visible(out) == ["in/a short.mp4", "in/b long.mp4"]
    with VideoFile(out / "in" / "b long.mp4") as video:
        assert len(list(video.pictures())) == LONG_FRAMES
    assert sorted(path.name for path in out.iterdir()) == [".mirror-batch.jsonl", "in"]


@pytest.mark.parametrize(
    ("part", "left_s", "line"),
    [
        (0.5, 13.2, "3/10  a.mp4   50%  0:13 left in all"),
        (1.0, 3723.0, "3/10  a.mp4  100%  1:02:03 left in all"),
        (0.0, None, "3/10  a.mp4    0%"),
    ],
)
def test_the_line_says_how_far_it_is(part: float, left_s: float | None, line: str) -> None:
    assert batch_line(Words("en", {}), 3, 10, "a.mp4", part, left_s) == line


def test_the_line_shortens_a_long_name() -> None:
    assert len(batch_line(Words("en", {}), 1, 1, "x" * 255, 0.0, None)) < 60
