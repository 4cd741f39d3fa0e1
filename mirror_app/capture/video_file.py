"""Room: capture. A video file, picture by picture, upright, with its clock. Writes nothing, knows no faces."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Final

import av
import numpy as np
from av.container import InputContainer
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from mirror_app.capture.stored_frame import BgrConverter, colour_coding
from mirror_app.domain.errors import InputError
from mirror_app.domain.sentence import Sentence
from mirror_app.domain.video import VideoTraits
from mirror_app.imaging.files import require_readable

_FORMATS: Final = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,flv,mpegts,mpeg,ogg,asf,gif,"
    "h264,hevc,m4v,mjpeg,mxf,dv,nut,ivf,yuv4mpegpipe"
)
"""Containers of recordings. Play lists and text, which FFmpeg opens too, could name other files or the network."""
_DEFAULT_RATE: Final = Fraction(30)
_EARLY_END_S: Final = 1.0
_MILLISECOND: Final = Fraction(1, 1000)
_FINE_TICK: Final = Fraction(1, 10_000)
_TICKS_PER_FRAME: Final = 512


@dataclass(frozen=True, slots=True, eq=False)
class VideoPicture:
    """One decoded picture.

    Attributes:
        image_bgr: (H, W, 3) uint8, BGR, upright, read-only.
        pts: When it is shown, in ticks of `VideoTraits.time_base`; higher than that of the picture before.
        duration: How long it is shown, in ticks; 0 = not said.
    """

    image_bgr: NDArray[np.uint8]
    pts: int
    duration: int


def open_media(path: Path) -> InputContainer:
    """Open a recording with FFmpeg; the caller closes it.

    Raises:
        InputError: The file cannot be read or is no recording.
    """
    require_readable(path)
    options = {"format_whitelist": _FORMATS, "protocol_whitelist": "file"}
    try:
        return av.open(f"file:{path.absolute()}", container_options=options, metadata_errors="replace")
    except av.FFmpegError as error:
        raise InputError(
            "{path} is not a video or picture that can be read, or it is damaged or cut off.", path=path
        ) from error


@dataclass(frozen=True, slots=True)
class _Clock:
    """Turns the time stamps of a file into ticks that are fine enough for MP4.

    Matroska, WebM and FLV store whole milliseconds, so that 30 frames per second come as 0, 33, 67, 100 ms. There a
    time stamp within a millisecond of a frame's even time is put back on it. Any other time stamp is kept exactly.

    Attributes:
        rate: Frames per second, on average.
        stored_tick: Seconds per unit of the file's time stamps.
        tick: Seconds per unit of ours.
        start_s: The file's earliest time; ours begins there, so that sound copied from the file stays in step.
    """

    rate: Fraction
    stored_tick: Fraction
    tick: Fraction
    start_s: Fraction

    @classmethod
    def of(cls, container: InputContainer, stream: VideoStream) -> _Clock:
        rate = stream.average_rate or stream.guessed_rate or _DEFAULT_RATE
        stored_tick = stream.time_base or 1 / rate
        tick = stored_tick / math.ceil(stored_tick / _FINE_TICK)
        if stored_tick == _MILLISECOND:
            tick = 1 / (rate * _TICKS_PER_FRAME)
        return cls(rate, stored_tick, tick, max(Fraction(container.start_time or 0, av.time_base), Fraction(0)))

    @property
    def step(self) -> int:
        """Ticks per frame, on average."""
        return max(round(1 / (self.rate * self.tick)), 1)

    def ticks(self, stored: int) -> int:
        """When a picture is shown."""
        return self._to_ticks(stored * self.stored_tick - self.start_s)

    def span(self, stored: int) -> int:
        """How long a picture is shown."""
        return self._to_ticks(stored * self.stored_tick)

    def _to_ticks(self, seconds: Fraction) -> int:
        even = round(seconds * self.rate) / self.rate
        is_rounded = self.stored_tick == _MILLISECOND and abs(seconds - even) <= _MILLISECOND
        return round((even if is_rounded else seconds) / self.tick)


class VideoFile:
    """A video file open for reading, once through; use it in a `with` block.

    Raises:
        InputError: The file cannot be read, holds no moving pictures, or not even its first picture can be decoded.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._damaged_packets = 0
        self._ended_s = 0.0
        self._container = open_media(path)
        try:
            self._stream = _moving_pictures(self._container, path)
            self._stream.thread_type = "AUTO"
            self._clock = _Clock.of(self._container, self._stream)
            self._decoded = self._decode()
            first = next(self._decoded, None)
            if first is None:
                raise InputError("Not one picture of {path} can be decoded: the file is damaged or cut off.", path=path)
            self._first: VideoFrame = first
            self._converter = BgrConverter(first)
        except BaseException:
            self._container.close()
            raise

    def __enter__(self) -> VideoFile:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._container.close()

    @property
    def traits(self) -> VideoTraits:
        """What must stay the same when the video is written again."""
        aspect = self._stream.sample_aspect_ratio or Fraction(1)
        return VideoTraits(
            size_wh=self._converter.size_wh,
            pixel_aspect=1 / aspect if self._converter.is_transposed else aspect,
            rate=self._clock.rate,
            time_base=self._clock.tick,
            colour=colour_coding(self._first),
        )

    @property
    def expected_pictures(self) -> int | None:
        """How many pictures the file announces; an estimate from its length where it does not count them."""
        if self._stream.frames:
            return self._stream.frames
        seconds = self._announced_s()
        return None if seconds is None else max(round(seconds * self._clock.rate), 1)

    def pictures(self) -> Iterator[VideoPicture]:
        """Decode the file, every picture once, in the order in which they are shown. Call it once."""
        clock = self._clock
        pts = -1
        frame: VideoFrame | None = self._first
        while frame is not None:
            # Time stamps may be missing or stand still in damaged files; MP4 wants them to rise.
            pts = max(clock.step * (pts >= 0) + pts if frame.pts is None else clock.ticks(frame.pts), pts + 1)
            duration = clock.span(frame.duration or 0)
            self._ended_s = float((pts + (duration or clock.step)) * clock.tick)
            yield VideoPicture(self._converter.convert(frame), pts, duration)
            frame = next(self._decoded, None)

    def damage(self) -> str:
        """A sentence about what could not be decoded, "" when all is well. Ask after the last picture."""
        if self._damaged_packets:
            return Sentence(
                "Parts of {path} are damaged; {count} pieces could not be decoded.",
                path=self._path,
                count=self._damaged_packets,
            )
        if self._is_cut_off():
            return Sentence(
                "{path} seems to be cut off: its pictures end after {seconds} s.",
                path=self._path,
                seconds=f"{self._ended_s:.1f}",
            )
        return ""

    def _announced_s(self) -> float | None:
        if self._stream.duration:
            return float(self._stream.duration * self._clock.stored_tick)
        return self._container.duration / av.time_base if self._container.duration else None

    def _is_cut_off(self) -> bool:
        """Whether the file's own index points behind its end, or its pictures end long before they should.

        The announced length says nothing in MP4 and MOV: what an edit list hides is counted in it.
        """
        if "mov" in self._container.format.name:
            ends = (entry.pos + entry.size for entry in self._stream.index_entries)
            return max(ends, default=0) > self._path.stat().st_size
        announced_s = self._announced_s()
        return announced_s is not None and announced_s - self._ended_s > _EARLY_END_S

    def _decode(self) -> Iterator[VideoFrame]:
        """Decode on, past damaged pieces, up to the end or to where the container itself breaks off."""
        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets, None)
            except av.FFmpegError:
                self._damaged_packets += 1
                return
            if packet is None:
                return
            try:
                frames = packet.decode()
            except av.FFmpegError:
                self._damaged_packets += 1
            else:
                yield from frames


def _moving_pictures(container: InputContainer, path: Path) -> VideoStream:
    """The first stream of moving pictures; the cover of a song is none.

    Raises:
        InputError: There is none, or FFmpeg has no decoder for it.
    """
    for stream in container.streams.video:
        if not stream.disposition & Disposition.attached_pic:
            if stream.codec_context is None:
                raise InputError(
                    "{path} uses a video format that cannot be decoded. Convert it to H.264 first.", path=path
                )
            return stream
    raise InputError("{path} holds no moving pictures.", path=path)
