"""Room: tests. Videos in: upright, complete, at their own times, in their own colours."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from mirror_app.capture.video_file import VideoFile
from mirror_app.domain.errors import InputError
from tests.fakes import make_video, picture


def _all(path: Path) -> list[np.ndarray]:
    with VideoFile(path) as video:
        return [shown.image_bgr for shown in video.pictures()]


@pytest.mark.parametrize(
    ("name", "codec", "pix_fmt"),
    [
        ("a.mp4", "libx264", "yuv420p"),
        ("b.mkv", "ffv1", "bgr0"),
        ("c.webm", "libvpx-vp9", "yuv420p"),
        ("d.avi", "mjpeg", "yuvj420p"),
        ("e.mov", "libx264", "yuv444p"),
        ("f.ts", "mpeg2video", "yuv420p"),
        ("g.gif", "gif", "rgb8"),
        ("h.mkv", "libx264", "yuv420p10le"),
    ],
)
def test_every_usual_kind_is_read_whole_and_in_order(tmp_path: Path, name: str, codec: str, pix_fmt: str) -> None:
    path = make_video(tmp_path / f"我的 {name}", codec=codec, pix_fmt=pix_fmt)
    with VideoFile(path) as video:
        shown = list(video.pictures())
        traits = video.traits
        assert video.damage() == ""
    assert len(shown) == 12
    assert [one.pts for one in shown] == sorted({one.pts for one in shown})
    assert traits.size_wh == (64, 48)
    middle = shown[5].image_bgr[30, 40].astype(int)
    assert np.abs(middle - picture(64, 48, 5)[30, 40]).max() < 40, "not the sixth picture in its colours"
    assert not shown[0].image_bgr.flags.writeable


@pytest.mark.parametrize(
    ("colour", "pix_fmt"),
    [((1, 1), "yuv420p"), ((1, 5), "yuv420p"), ((2, 1), "yuv420p"), ((2, 5), "yuvj420p"), ((1, 9), "yuv444p")],
)
def test_colours_come_out_as_they_went_in_whatever_the_coding(
    tmp_path: Path, colour: tuple[int, int], pix_fmt: str
) -> None:
    path = make_video(
        tmp_path / "c.mkv", codec="ffv1" if pix_fmt != "yuvj420p" else "libx264", pix_fmt=pix_fmt, colour=colour
    )
    error = np.stack(_all(path)).astype(int) - np.stack([picture(64, 48, number) for number in range(12)])
    flat = error[:, 20:40, 30:60]
    assert np.abs(flat).max() <= 8
    assert np.abs(flat.mean((0, 1, 2))).max() < 1.5, "a wrong matrix or range would be 5 and more"


@pytest.mark.parametrize(("rotation", "dark_corner"), [(None, (0, 0)), (90, (-1, 0)), (-90, (0, -1)), (180, (-1, -1))])
def test_a_turned_phone_gives_upright_pictures(
    tmp_path: Path, rotation: int | None, dark_corner: tuple[int, int]
) -> None:
    """The display matrix turns counter-clockwise by FFmpeg's own measure."""
    path = make_video(tmp_path / "phone.mp4", rotation=rotation)
    with VideoFile(path) as video:
        wide = video.traits.size_wh
    image = _all(path)[0]
    assert image.shape[1::-1] == wide == ((48, 64) if rotation in (90, -90) else (64, 48))
    corners = {corner: image[corner].sum() for corner in ((0, 0), (0, -1), (-1, 0), (-1, -1))}
    assert min(corners, key=lambda corner: corners[corner]) == dark_corner


def test_uneven_times_are_kept_to_the_millisecond(tmp_path: Path) -> None:
    times_ms = [0, 33, 66, 120, 180, 300, 310, 320, 330, 401]
    path = make_video(tmp_path / "vfr.mkv", frames=10, pts=times_ms, time_base=Fraction(1, 1000))
    with VideoFile(path) as video:
        shown = [float(one.pts * video.traits.time_base * 1000) for one in video.pictures()]
    assert shown == pytest.approx(times_ms, abs=1.0)


def test_the_clock_of_a_phone_is_kept_exactly(tmp_path: Path) -> None:
    times = [0, 20, 40, 61, 80, 100, 140, 161]
    path = tmp_path / "phone.mov"
    make_video(path, frames=8, pts=times, time_base=Fraction(1, 600))
    with VideoFile(path) as video:
        shown = [one.pts * video.traits.time_base for one in video.pictures()]
    assert shown == [Fraction(time, 600) for time in times]


def test_rounded_time_stamps_of_a_steady_video_are_put_back_on_the_frame_grid(tmp_path: Path) -> None:
    path = make_video(tmp_path / "steady.mkv", rate=Fraction(30000, 1001), frames=30)
    with VideoFile(path) as video:
        shown = [one.pts * video.traits.time_base for one in video.pictures()]
    steps = {later - earlier for earlier, later in itertools.pairwise(shown)}
    assert len(steps) == 1
    assert float(steps.pop()) == pytest.approx(1001 / 30000, rel=1e-3)


def test_a_recording_that_does_not_begin_at_zero_does(tmp_path: Path) -> None:
    path = make_video(tmp_path / "late.ts", pts=list(range(300, 312)))
    with VideoFile(path) as video:
        assert next(video.pictures()).pts * video.traits.time_base < Fraction(1, 10)


def _cut(path: Path, part: float) -> Path:
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * part)])
    return path


def test_a_video_cut_off_gives_what_is_there_and_says_so(tmp_path: Path) -> None:
    path = make_video(tmp_path / "cut.mkv", frames=90, size_wh=(160, 120))
    _cut(path, 0.4)
    with VideoFile(path) as video:
        frames = len(list(video.pictures()))
        damage = video.damage()
    assert 0 < frames < 90
    assert str(path) in damage
    assert "cut off" in damage


def test_a_video_with_a_hole_in_it_is_read_past_the_hole(tmp_path: Path) -> None:
    path = make_video(tmp_path / "hole.avi", codec="mjpeg", pix_fmt="yuvj420p", frames=30)
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 800] = bytes(800)
    path.write_bytes(data)
    assert len(_all(path)) >= 27


@pytest.mark.parametrize(
    ("write", "words"),
    [
        pytest.param(lambda path: None, "There is no file", id="missing"),
        pytest.param(lambda path: path.mkdir(), "is a folder", id="folder"),
        pytest.param(lambda path: path.write_bytes(b""), "is empty", id="empty"),
        pytest.param(lambda path: path.write_text("hello\n" * 500), "is not a video", id="text"),
        pytest.param(lambda path: path.write_bytes(bytes(range(256)) * 40), "is not a video", id="noise"),
        pytest.param(lambda path: path.write_text("#EXTM3U\nfile:///etc/passwd\n"), "is not a video", id="play list"),
        pytest.param(lambda path: _cut(make_video(path), 0.5), "damaged or cut off", id="MP4 without its index"),
    ],
)
def test_trouble_with_a_video_is_one_sentence_that_names_it(
    tmp_path: Path, write: Callable[[Path], object], words: str
) -> None:
    path = tmp_path / "坏 的.mp4"
    write(path)
    with pytest.raises(InputError, match=words) as caught:
        VideoFile(path)
    assert str(path) in str(caught.value)


def test_a_song_is_no_video(tmp_path: Path) -> None:
    path = make_video(tmp_path / "x.mkv", audio="pcm_s16le")
    song = tmp_path / "song.mkv"
    import av

    with av.open(str(path)) as source, av.open(str(song), "w") as target:
        stream = target.add_stream_from_template(source.streams.audio[0])
        for packet in source.demux(source.streams.audio[0]):
            if packet.size:
                packet.stream = stream
                target.mux(packet)
    with pytest.raises(InputError, match="holds no moving pictures"):
        VideoFile(song)


def test_the_file_is_given_back_when_the_block_ends(tmp_path: Path) -> None:
    path = make_video(tmp_path / "x.mp4")
    _all(path)
    shutil.move(path, tmp_path / "y.mp4")
    assert len(_all(tmp_path / "y.mp4")) == 12
