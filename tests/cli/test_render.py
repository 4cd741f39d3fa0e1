"""Room: tests. `mirror-app render` on real networks."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import av
import numpy as np
import pytest

from mirror_app.capture.video_file import VideoFile
from mirror_app.cli import main
from mirror_app.cli.console import progress_line
from mirror_app.imaging.files import read_image
from mirror_app.language import open_words
from mirror_app.settings import DEFAULT_JOINING
from mirror_app.tools.label_log import read_unlabelled
from tests.cli.conftest import LONG_FRAMES
from tests.fakes import first_face


def test_a_video_comes_out_with_the_same_size_count_rate_and_sound(
    inputs: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    source, output = inputs / "nobody.mp4", tmp_path / "出 片.mp4"
    assert main(["render", str(source), str(output), "--target", first_face().name, "--json"]) == 0
    out, err = capfd.readouterr()
    table = json.loads(out)
    assert err == ""
    assert (table["frames"], table["empty"], table["swapped"], table["shielded"]) == (6, 6, 0, 0)
    assert (table["label"], table["complete"], table["engine"]) == (True, True, "mesh")
    assert table["notes"] == ["6 frames show nobody and were kept as they are."]
    with av.open(str(source)) as before, av.open(str(output)) as after:
        assert after.streams.video[0].average_rate == before.streams.video[0].average_rate
        for one, other in zip(before.streams, after.streams, strict=True):
            assert (other.type, other.frames) == (one.type, one.frames)


def test_a_picture_of_a_face_comes_out_with_another_face_and_untouched_elsewhere(
    inputs: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "out.png"
    words = ["render", str(inputs / "face.png"), str(output), "--target", first_face().title_zh, "--no-label", "--json"]
    assert main(words) == 0
    assert json.loads(capfd.readouterr().out)["swapped"] == 1
    before, after = read_image(inputs / "face.png"), read_image(output)
    changed = (before != after).any(axis=2)
    assert 0.01 < changed.mean() < 0.5
    rows, columns = np.nonzero(changed)
    box = (slice(rows.min(), rows.max() + 1), slice(columns.min(), columns.max() + 1))
    assert changed[box].mean() > 0.4, "what changed is one region, the face"


@pytest.fixture(autouse=True)
def label_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where it is noted that a file got no mark: not in the home of whoever runs the tests."""
    path = tmp_path / "log" / "unlabelled.jsonl"
    monkeypatch.setattr("mirror_app.cli.duty.label_log_path", lambda: path)
    return path


def test_leaving_the_label_out_is_noted_and_said_and_the_file_says_ai_all_the_same(
    inputs: Path, tmp_path: Path, label_log: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    words = ["render", str(inputs / "face.png"), str(tmp_path / "out.jpg"), "--target", first_face().name]
    assert main([*words, "--label", "modified"]) == 0
    assert not label_log.exists()
    assert main([*words, "--no-label"]) == 0
    assert [entry.reason for entry in read_unlabelled(label_log)] == ["command-line"]
    assert "your duty to label" in capfd.readouterr().err
    assert main(["marks", str(tmp_path / "out.jpg"), "--json"]) == 0
    marks = json.loads(capfd.readouterr().out)
    assert marks["ai"] is True
    assert marks["digital_source_type"].endswith("/compositeWithTrainedAlgorithmicMedia")
    assert main(["marks", str(inputs / "face.png")]) == 0
    assert "does not say" in capfd.readouterr().out


def test_the_label_is_on_unless_it_is_left_out(inputs: Path, tmp_path: Path) -> None:
    words = ["render", str(inputs / "face.png"), "", "--target", first_face().name]
    pictures = []
    for name, extra in (("with.png", []), ("without.png", ["--no-label"])):
        words[2] = str(tmp_path / name)
        assert main([*words, *extra]) == 0
        pictures.append(read_image(tmp_path / name))
    assert (pictures[0] != pictures[1]).any()


@pytest.mark.parametrize("words", [["--joining", "multi-band"], ["--likeness", "0"]])
def test_how_the_face_is_worn_can_be_chosen(
    inputs: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], words: list[str]
) -> None:
    pictures = []
    for name, extra in (("one.png", []), ("other.png", words)):
        command = ["render", str(inputs / "face.png"), str(tmp_path / name), "--target", first_face().name, "--json"]
        assert main([*command, *extra]) == 0
        chosen = extra[1] if "--joining" in extra else DEFAULT_JOINING
        assert json.loads(capfd.readouterr().out)["joining"] == chosen
        pictures.append(read_image(tmp_path / name))
    assert (pictures[0] != pictures[1]).any()


def test_a_photo_with_two_faces_gives_its_largest_one_and_that_is_said(
    inputs: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    words = ["--target", str(inputs / "two faces.jpg"), "--consent", "public-domain"]
    assert main(["render", str(inputs / "nobody.png"), str(tmp_path / "out.png"), *words]) == 0
    assert "shows 2 faces (1: x " in capfd.readouterr().err
    assert main(["render", str(inputs / "nobody.png"), str(tmp_path / "out.png"), *words, "--face", "2"]) == 0
    assert "2 faces" not in capfd.readouterr().err
    assert main(["render", str(inputs / "nobody.png"), str(tmp_path / "out.png"), *words, "--face", "3"]) == 3
    assert "shows only 2 faces" in capfd.readouterr().err


def test_a_face_of_the_library_has_no_other_face_to_choose(
    inputs: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    words = ["--target", first_face().name, "--face", "2"]
    assert main(["render", str(inputs / "nobody.png"), str(tmp_path / "out.png"), *words]) == 3
    assert "--face says which face of a photo" in capfd.readouterr().err


def test_a_picture_with_two_faces_of_which_one_stays_bare_is_refused(
    inputs: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "out.png"
    assert main(["render", str(inputs / "two faces.jpg"), str(output), "--target", first_face().name]) == 8
    assert "could not be covered" in capfd.readouterr().err
    assert not output.exists()


@pytest.mark.skipif(os.name == "nt", reason="no signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_leaves_a_playable_file_and_exit_code_130(
    long_video: Path, tmp_path: Path, number: signal.Signals
) -> None:
    output = tmp_path / "out.mp4"
    words = [sys.executable, "-m", "mirror_app", "render", str(long_video), str(output), "--target", first_face().name]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while not list(tmp_path.glob(".mirror-*")) and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(0.3)
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "Stopped; " in err
    with VideoFile(output) as video:
        frames = len(list(video.pictures()))
    assert 1 <= frames < LONG_FRAMES
    assert f"{frames} frames" in out
    assert list(tmp_path.iterdir()) == [output]


@pytest.mark.skipif(os.name == "nt", reason="no signals")
def test_kill_9_leaves_the_old_output_and_the_input(long_video: Path, tmp_path: Path) -> None:
    before = long_video.read_bytes()
    output = tmp_path / "out.mp4"
    output.write_text("old")
    words = [sys.executable, "-m", "mirror_app", "render", str(long_video), str(output), "--target", first_face().name]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not list(tmp_path.glob(".mirror-*")) and time.monotonic() < deadline:
        time.sleep(0.02)
    process.kill()
    process.wait(60)
    assert output.read_text() == "old"
    assert long_video.read_bytes() == before


@pytest.mark.parametrize(
    ("done", "expected", "spent_s", "line"),
    [
        (0, 100, 0.0, "[........................]   0%  0/100 frames  0:00 left"),
        (50, 100, 60.0, "[############............]  50%  50/100 frames  1:00 left"),
        (120, 100, 10.0, "[########################] 100%  120/100 frames  0:00 left"),
        (30, None, 2.0, "30 frames, 15 per second"),
    ],
)
def test_the_progress_bar_tells_part_frames_and_time_left(
    done: int, expected: int | None, spent_s: float, line: str
) -> None:
    assert progress_line(open_words("en"), done, expected, spent_s) == line
