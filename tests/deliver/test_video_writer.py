"""Room: tests. Videos out: the same size, clock, colours and sound, and only from safe frames."""

from __future__ import annotations

import errno
import os
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from mirror_app.capture.video_file import VideoFile, open_media
from mirror_app.deliver.video_writer import open_video_writer
from mirror_app.domain.errors import OutputError
from mirror_app.domain.frame import SafeFrame
from mirror_app.domain.video import ColourCoding, VideoTraits
from tests.fakes import make_video, picture

BT709 = ColourCoding(matrix=1, primaries=1, transfer=1, full_range=False)


def _traits(
    size_wh: tuple[int, int] = (64, 48), colour: ColourCoding = BT709, tick: Fraction = Fraction(1, 15360)
) -> VideoTraits:
    return VideoTraits(size_wh, Fraction(1), Fraction(30), tick, colour)


def _safe(size_wh: tuple[int, int], number: int) -> SafeFrame:
    return SafeFrame(picture(*size_wh, number), number, number)


def _copy(source: Path, path: Path, *, frames: int, is_whole: bool = True) -> None:
    with (
        VideoFile(source) as video,
        open_media(source) as sound,
        open_video_writer(path, video.traits, sound) as writer,
    ):
        for number, one in zip(range(frames), video.pictures(), strict=False):
            writer.write(SafeFrame(one.image_bgr, number, number), one.pts, one.duration)
        if not is_whole:
            writer.cut_sound()


def _write(path: Path, traits: VideoTraits, pts: list[int]) -> None:
    with open_video_writer(path, traits, None) as writer:
        for number, stamp in enumerate(pts):
            writer.write(_safe(traits.size_wh, number), stamp, 0)


@pytest.mark.parametrize("size_wh", [(64, 48), (65, 48), (64, 49), (65, 49), (2, 2), (1, 1), (3, 200)])
def test_any_size_is_kept_odd_ones_too(tmp_path: Path, size_wh: tuple[int, int]) -> None:
    path = tmp_path / "出 片.mp4"
    _write(path, _traits(size_wh), [0, 512, 1024])
    with VideoFile(path) as video:
        assert video.traits.size_wh == size_wh
        assert len(list(video.pictures())) == 3


@pytest.mark.parametrize("pts", [[0], [0, 512, 1024], [100, 400, 3000, 3001, 90000], list(range(0, 25600, 512))])
def test_every_frame_keeps_its_time(tmp_path: Path, pts: list[int]) -> None:
    path = tmp_path / "x.mp4"
    _write(path, _traits(), pts)
    with VideoFile(path) as video:
        shown = [one.pts * video.traits.time_base for one in video.pictures()]
    start = shown[0]
    assert [float(stamp - start) for stamp in shown] == pytest.approx([(stamp - pts[0]) / 15360 for stamp in pts])


@pytest.mark.parametrize(
    "colour",
    [
        BT709,
        ColourCoding(matrix=6, primaries=2, transfer=2, full_range=False),
        ColourCoding(matrix=5, primaries=5, transfer=6, full_range=False),
        ColourCoding(matrix=1, primaries=1, transfer=1, full_range=True),
        ColourCoding(matrix=9, primaries=9, transfer=14, full_range=False),
    ],
)
@pytest.mark.parametrize("size_wh", [(64, 48), (65, 49)])
def test_colours_are_coded_as_the_tags_say(tmp_path: Path, colour: ColourCoding, size_wh: tuple[int, int]) -> None:
    path = tmp_path / "x.mp4"
    _write(path, _traits(size_wh, colour), [0, 512])
    with VideoFile(path) as video:
        assert video.traits.colour == colour
        image = next(video.pictures()).image_bgr
    flat = image[20:40, 30:60].astype(int) - picture(*size_wh, 0)[20:40, 30:60]
    assert np.abs(flat.mean((0, 1))).max() < 3, "a wrong matrix or range would be 5 and more"
    assert np.abs(flat).max() <= 8


@pytest.mark.parametrize(
    ("name", "audio", "expected"),
    [
        ("a.mp4", "aac", "aac"),
        ("b.mkv", "ac3", "ac3"),
        ("c.webm", "libopus", "opus"),
        ("d.avi", "mp3", "mp3float"),
        ("e.mov", "pcm_s16le", "aac"),
        ("f.mkv", "flac", "aac"),
        ("g.ts", "mp2", "aac"),
    ],
)
def test_sound_is_kept_and_encoded_anew_only_where_mp4_cannot_hold_it(
    tmp_path: Path, name: str, audio: str, expected: str
) -> None:
    codec = "libvpx-vp9" if name.endswith("webm") else "mpeg4" if name.endswith("avi") else "libx264"
    source = make_video(tmp_path / name, codec=codec, audio=audio, frames=30)
    path = tmp_path / "out.mp4"
    _copy(source, path, frames=30)
    with av.open(str(path)) as result:
        stream = result.streams.audio[0]
        assert stream.codec_context.name == expected
        samples = np.concatenate([frame.to_ndarray().ravel() for frame in result.decode(stream)]).astype(np.float64)
    loud = samples[1000:-1000]
    assert len(samples) / 48000 == pytest.approx(1.0, abs=0.08)
    crossings = (np.diff(np.signbit(loud)) != 0).sum() / (len(loud) / 48000)
    assert crossings == pytest.approx(880, rel=0.05), "not the tone of 440 Hz that went in"


def test_copied_sound_is_the_same_bytes_and_stops_with_a_stopped_video(tmp_path: Path) -> None:
    source = make_video(tmp_path / "a.mp4", audio="aac", frames=60)

    def packets(path: Path) -> list[bytes]:
        with av.open(str(path)) as container:
            return [bytes(packet) for packet in container.demux(container.streams.audio[0]) if packet.size]

    whole, half = tmp_path / "whole.mp4", tmp_path / "half.mp4"
    _copy(source, whole, frames=60)
    _copy(source, half, frames=30, is_whole=False)
    assert packets(whole) == packets(source)
    assert packets(half) == packets(source)[: len(packets(half))]
    assert len(packets(half)) == pytest.approx(len(packets(source)) / 2, abs=2)


def test_a_failing_disk_leaves_the_old_file_and_no_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.mp4"
    path.write_text("old")

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="disk is full"):
        _write(path, _traits(), [0, 512])
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_bug_while_writing_leaves_the_old_file_and_no_rest(tmp_path: Path) -> None:
    path = tmp_path / "x.mp4"
    path.write_text("old")
    with (
        pytest.raises(ValueError, match=r"expected a frame of \(64, 48\)"),
        open_video_writer(path, _traits(), None) as it,
    ):
        it.write(_safe((32, 32), 0), 0, 0)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["x.mkv", "x.avi", "x", "x.mp4.txt"])
def test_an_ending_that_is_not_mp4_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputError, match=r"must end in \.mp4"):
        _write(tmp_path / name, _traits(), [0])
