"""Room: tests. A file through the mirror: every frame, in order, in time, and only what may leave."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from mirror_app.capture.video_file import VideoFile
from mirror_app.domain.errors import NotSafeError, OutputError
from mirror_app.domain.face import TrackedFace
from mirror_app.imaging.files import read_image, write_image
from mirror_app.pipeline.batch import remarks
from mirror_app.pipeline.offline import LOOKS_TO_KNOW, check_paths, render_file
from tests.fakes import EMPTY, HOLD, LIVE, SHIELD, FakeMirror, Fate, make_video, picture


def _quiet(done: int, expected: int | None) -> None:
    """A progress that nobody watches."""


@pytest.mark.parametrize(
    ("fates", "counts"),
    [
        ([], (12, 0, 0, 0)),
        ([EMPTY, EMPTY, LIVE], (10, 2, 0, 0)),
        ([SHIELD, SHIELD, LIVE, HOLD, HOLD, HOLD], (7, 0, 3, 2)),
        ([SHIELD] * 12, (0, 0, 0, 12)),
    ],
)
def test_every_frame_is_written_and_its_fate_counted(
    tmp_path: Path, fates: Sequence[Fate], counts: tuple[int, int, int, int]
) -> None:
    source, output = make_video(tmp_path / "in.mp4"), tmp_path / "out.mp4"
    report = render_file(FakeMirror(fates), source, output, progress=_quiet)
    assert (report.swapped, report.empty, report.held, report.shielded) == counts
    assert report.frames == 12
    assert report.complete
    with VideoFile(output) as video:
        assert len(list(video.pictures())) == 12


def test_the_first_failure_of_the_mirror_is_told(tmp_path: Path) -> None:
    source = make_video(tmp_path / "in.mp4", frames=3)
    mirror = FakeMirror([HOLD, SHIELD], messages=["", "The network failed."])
    assert render_file(mirror, source, tmp_path / "out.mp4", progress=_quiet).trouble == "The network failed."


def test_the_mirror_lives_in_the_files_time_and_sees_every_frame_in_order(tmp_path: Path) -> None:
    times_ms = [0, 40, 80, 400, 1000]
    source = make_video(tmp_path / "in.mkv", frames=5, pts=times_ms, time_base=Fraction(1, 1000))
    mirror = FakeMirror()
    render_file(mirror, source, tmp_path / "out.mp4", progress=_quiet)
    assert [frame.index for frame in mirror.frames] == list(range(5))
    assert [frame.captured_ns / 1e6 for frame in mirror.frames] == pytest.approx(times_ms, abs=1)
    assert mirror.resets == 1


def test_progress_is_told_after_every_frame(tmp_path: Path) -> None:
    told: list[tuple[int, int | None]] = []
    source = make_video(tmp_path / "in.mp4")
    render_file(FakeMirror(), source, tmp_path / "out.mp4", progress=lambda done, all_: told.append((done, all_)))
    assert told == [(number, 12) for number in range(1, 13)]


@pytest.mark.parametrize("frames_before_stop", [1, 5])
def test_a_stop_leaves_a_playable_file_with_what_was_done(tmp_path: Path, frames_before_stop: int) -> None:
    source, output = make_video(tmp_path / "in.mp4", audio="aac"), tmp_path / "out.mp4"
    mirror = FakeMirror()
    report = render_file(mirror, source, output, progress=_quiet, stop=lambda: len(mirror.frames) >= frames_before_stop)
    assert not report.complete
    with VideoFile(output) as video:
        assert len(list(video.pictures())) == report.frames == frames_before_stop


def test_a_stop_before_the_first_frame_writes_nothing(tmp_path: Path) -> None:
    source, output = make_video(tmp_path / "in.mp4"), tmp_path / "out.mp4"
    report = render_file(FakeMirror(), source, output, progress=_quiet, stop=lambda: True)
    assert (report.frames, report.complete) == (0, False)
    assert list(tmp_path.iterdir()) == [source]


def test_a_video_cut_off_is_rendered_as_far_as_it_goes_and_that_is_said(tmp_path: Path) -> None:
    source = make_video(tmp_path / "in.mkv", frames=90, size_wh=(160, 120))
    data = source.read_bytes()
    source.write_bytes(data[: len(data) // 2])
    report = render_file(FakeMirror(), source, tmp_path / "out.mp4", progress=_quiet)
    assert 0 < report.frames < 90
    assert "cut off" in report.damage


def test_damaged_sound_is_left_out_and_that_is_said(tmp_path: Path) -> None:
    source = make_video(tmp_path / "in.mkv", audio="flac", frames=60)
    data = bytearray(source.read_bytes())
    at = data.find(b"\xff\xf8", len(data) // 2)  # the mark that every FLAC frame begins with
    data[at + 4 : at + 10] = b"\xaa" * 6
    source.write_bytes(data)
    report = render_file(FakeMirror(), source, tmp_path / "out.mp4", progress=_quiet)
    assert report.frames == 60
    assert "1 pieces of the sound are damaged" in report.damage


@pytest.mark.parametrize("fate", [LIVE, EMPTY])
@pytest.mark.parametrize("name", ["出.png", "out.jpg"])
def test_a_picture_goes_through_as_one_frame(tmp_path: Path, fate: Fate, name: str) -> None:
    source, output = tmp_path / "in.png", tmp_path / name
    write_image(source, picture(65, 49))
    report = render_file(FakeMirror([fate]), source, output, progress=_quiet)
    assert report.frames == 1
    assert np.abs(read_image(output).astype(int) - picture(65, 49)).mean() < 2


@pytest.mark.parametrize("fate", [HOLD, SHIELD])
def test_a_picture_that_may_not_leave_is_refused_and_not_written(tmp_path: Path, fate: Fate) -> None:
    source, output = tmp_path / "in.png", tmp_path / "out.png"
    write_image(source, picture(65, 49))
    with pytest.raises(NotSafeError, match="could not be covered"):
        render_file(FakeMirror([fate]), source, output, progress=_quiet)
    assert not output.exists()


def test_the_input_is_never_touched(tmp_path: Path) -> None:
    source = make_video(tmp_path / "in.mp4", audio="aac")
    before = source.read_bytes()
    render_file(FakeMirror(), source, tmp_path / "out.mp4", progress=_quiet)
    assert source.read_bytes() == before


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("in.mp4", "it is the input itself"),
        ("./link.mp4", "it is the input itself"),
        ("hard.mp4", "it is the input itself"),
        ("folder/../in.mp4", "it is the input itself"),
        ("out.png", r"is a video, so the name must end in \.mp4"),
        ("out.avi", r"must end in \.mp4"),
        ("out", r"must end in \.mp4"),
        ("no/out.mp4", "its folder does not exist"),
        ("folder.mp4", "not an ordinary file"),
    ],
)
def test_an_output_that_cannot_be_is_refused_before_any_work(tmp_path: Path, output: str, words: str) -> None:
    source = make_video(tmp_path / "in.mp4")
    before = source.read_bytes()
    (tmp_path / "link.mp4").symlink_to(source)
    (tmp_path / "hard.mp4").hardlink_to(source)
    (tmp_path / "folder.mp4").mkdir()
    (tmp_path / "folder").mkdir()
    with pytest.raises(OutputError, match=words):
        check_paths(source, tmp_path / output)
    assert source.read_bytes() == before


def test_a_picture_wants_a_picture_as_output(tmp_path: Path) -> None:
    write_image(tmp_path / "in.png", picture(8, 8))
    with pytest.raises(OutputError, match=r"is a picture, so the name must end in \.png, \.jpg or \.jpeg"):
        check_paths(tmp_path / "in.png", tmp_path / "out.mp4")


@pytest.mark.skipif(sys.platform != "linux", reason="needs a limit on file sizes")
def test_a_disk_that_fills_up_is_a_sentence_and_leaves_the_old_file(tmp_path: Path) -> None:
    """The system refuses to let any file of the child grow past 40 kB, as a full disk would."""
    source = make_video(tmp_path / "in.mp4", size_wh=(320, 240), frames=60)
    output = tmp_path / "out.mp4"
    output.write_text("old")
    program = f"""
import resource, signal
from pathlib import Path
from mirror_app.domain.errors import OutputError
from mirror_app.pipeline.offline import render_file
from tests.fakes import FakeMirror
import numpy as np
noise = np.random.default_rng(1)
def spoil(frame):
    frame.image_bgr.flags.writeable = True
    frame.image_bgr[:] = noise.integers(0, 255, frame.image_bgr.shape, np.uint8)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (40000, 40000))
try:
    render_file(FakeMirror(on_frame=spoil), Path({str(source)!r}), Path({str(output)!r}), progress=lambda *_: None)
except OutputError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60)
    assert done.stdout.startswith(f"{output} was not written: "), done.stderr
    assert output.read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.mp4", "out.mp4"]


def test_whoever_is_there_from_the_start_is_looked_at_before_the_first_frame_counts(tmp_path: Path) -> None:
    mirror = FakeMirror()
    report = render_file(
        mirror, make_video(tmp_path / "in.mp4"), tmp_path / "out.mp4", progress=lambda *_: None, knows_people=True
    )
    indices = [frame.index for frame in mirror.frames]
    assert indices == [*range(-LOOKS_TO_KNOW, 0), *range(report.frames)]
    times = [frame.captured_ns for frame in mirror.frames]
    assert times == sorted(times)
    assert len({frame.image_bgr.tobytes() for frame in mirror.frames[: LOOKS_TO_KNOW + 1]}) == 1


def test_a_picture_too_is_looked_at_until_people_may_be_known(tmp_path: Path) -> None:
    mirror = FakeMirror()
    write_image(tmp_path / "in.png", picture(65, 49))
    report = render_file(mirror, tmp_path / "in.png", tmp_path / "out.png", progress=lambda *_: None, knows_people=True)
    assert (report.frames, len(mirror.frames)) == (1, LOOKS_TO_KNOW + 1)


@pytest.mark.parametrize(("faces", "says"), [(9, False), (10, True), (1000, True)])
def test_of_a_crowd_it_is_said_that_somebody_may_be_missed(tmp_path: Path, faces: int, says: bool) -> None:
    source = tmp_path / "crowd.png"
    write_image(source, picture(64, 36))
    mirror = FakeMirror()
    mirror.faces = tuple(TrackedFace(number, None, np.zeros(4, np.float32)) for number in range(faces))
    report = render_file(mirror, source, tmp_path / "out.png", progress=_quiet)
    assert (str(faces) in report.crowd) == says
    assert bool(remarks(report)) == says
