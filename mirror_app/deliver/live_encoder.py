"""Room: deliver. Safe frames and sound as H.264 and AAC while they happen, both on one clock. Opens no files."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter
from av.video.stream import VideoStream
from numpy.typing import NDArray

from mirror_app.deliver.sound import SoundFormat, SoundTimeline
from mirror_app.domain.frame import SafeFrame, Size, size_of

_TICKS_HZ: Final = 90_000
"""Ticks of a picture's time; MPEG's own, and a whole number of them lies between pictures of every usual rate."""
_NS: Final = 1_000_000_000
_BT709: Final = 1
"""Number of BT.709 in H.273, for matrix, primaries and transfer alike."""
_SOUND_LAG_S: Final = 0.7
"""Sound that is not there so long after its picture is not waited for: silence takes its place."""
_AAC_BITS_PER_CHANNEL: Final = 96_000
_EXACT: Final = Interpolation.FAST_BILINEAR | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT
"""Without the last two swscale rounds downward and darkens the picture."""


class LiveEncoder:
    """Puts pictures and sound into a container, in step. For one thread; errors of the container are FFmpeg's own.

    The first picture's time is zero in the file. Pictures are encoded at once, none is held back.
    """

    def __init__(
        self,
        container: OutputContainer,
        size_wh: Size,
        sound: SoundFormat | None,
        rate: int = 30,
        bits_per_second: int = 4_000_000,
    ) -> None:
        """Add the streams.

        Args:
            container: Is open and has no stream yet; the caller closes it after `finish`.
            size_wh: Of all pictures, px, both even: players expect 4:2:0.
            sound: What `sound` is going to get; None for a file without sound.
            rate: Pictures per second, about.
            bits_per_second: Of the pictures; never exceeded over one second.

        Raises:
            ValueError: A side is odd.
        """
        if size_wh[0] % 2 or size_wh[1] % 2:
            raise ValueError(f"expected even sides, got {size_wh}")
        self._container = container
        self._size_wh = size_wh
        self._duration = _TICKS_HZ // rate
        self._reformatter = VideoReformatter()
        self._pictures = _add_pictures(container, size_wh, rate, bits_per_second)
        self._sound = None if sound is None else _Sound(container, sound)
        self._zero_ns: int | None = None
        self._last_pts = -1

    @property
    def seconds(self) -> float:
        """Until where the pictures reach, s."""
        return 0.0 if self._last_pts < 0 else (self._last_pts + self._duration) / _TICKS_HZ

    @property
    def timeline(self) -> SoundTimeline | None:
        """What was done to the sound to keep it in step; None without sound."""
        return None if self._sound is None else self._sound.timeline

    def picture(self, frame: SafeFrame, at_ns: int) -> None:
        """Add a picture.

        Args:
            frame: Of the size of all.
            at_ns: When it is shown, `time.monotonic_ns()`. One that is not later than the last is shown right after it.
        """
        if self._zero_ns is None:
            self._zero_ns = at_ns
        pts = max(round((at_ns - self._zero_ns) * _TICKS_HZ / _NS), self._last_pts + 1)
        picture = self._to_yuv(frame)
        picture.pts, picture.time_base, picture.duration = pts, Fraction(1, _TICKS_HZ), self._duration
        self._last_pts = pts
        self._container.mux(self._pictures.encode(picture))
        if self._sound is not None:
            self._sound.fill_until(pts / _TICKS_HZ - _SOUND_LAG_S)

    def sound(self, samples: NDArray[np.int16], at_ns: int) -> None:
        """Add sound; what lies before the first picture is left out.

        Args:
            samples: (n, channels) int16.
            at_ns: When the first of them sounded, `time.monotonic_ns()`.

        Raises:
            ValueError: The channels are not those of the format.
        """
        if self._sound is not None and self._zero_ns is not None:
            self._sound.add(samples, (at_ns - self._zero_ns) / _NS)

    def finish(self) -> None:
        """Write what the encoders hold back; sound that ended early is silent up to the last picture's end."""
        if self._last_pts < 0:
            return
        self._container.mux(self._pictures.encode(None))
        if self._sound is not None:
            self._sound.fill_until(self.seconds)
            self._sound.finish()

    def _to_yuv(self, frame: SafeFrame) -> VideoFrame:
        if size_of(frame.image_bgr) != self._size_wh:
            raise ValueError(f"expected a frame of {self._size_wh}, got {size_of(frame.image_bgr)}")
        yuv = self._reformatter.reformat(
            VideoFrame.from_numpy_buffer(np.ascontiguousarray(frame.image_bgr), format="bgr24"),
            format="yuv420p",
            dst_colorspace=Colorspace.ITU709,
            dst_color_range=ColorRange.MPEG,
            interpolation=_EXACT,
            threads=1,
        )
        yuv.colorspace, yuv.color_primaries, yuv.color_trc = _BT709, _BT709, _BT709
        return yuv


class _Sound:
    """The sound stream and its timeline."""

    def __init__(self, container: OutputContainer, sound: SoundFormat) -> None:
        self.timeline = SoundTimeline(sound)
        self._format = sound
        self._container = container
        layout = "mono" if sound.channels == 1 else "stereo"
        self._stream: AudioStream = container.add_stream("aac", rate=sound.rate_hz, layout=layout)
        self._stream.codec_context.bit_rate = _AAC_BITS_PER_CHANNEL * sound.channels
        self._layout = layout

    def add(self, samples: NDArray[np.int16], at_s: float) -> None:
        if samples.ndim != 2 or samples.shape[1] != self._format.channels:
            raise ValueError(f"expected (n, {self._format.channels}) samples, got {samples.shape}")
        start = self.timeline.written
        self._encode(self.timeline.place(samples, at_s), start)

    def fill_until(self, at_s: float) -> None:
        start = self.timeline.written
        self._encode(self.timeline.fill_until(at_s), start)

    def finish(self) -> None:
        self._container.mux(self._stream.encode(None))

    def _encode(self, samples: NDArray[np.int16], start: int) -> None:
        if not len(samples):
            return
        planes = np.ascontiguousarray(samples.T, np.float32) / 32768
        frame = AudioFrame.from_ndarray(planes, format="fltp", layout=self._layout)
        frame.sample_rate = self._format.rate_hz
        frame.pts, frame.time_base = start, Fraction(1, self._format.rate_hz)
        self._container.mux(self._stream.encode(frame))


def _add_pictures(container: OutputContainer, size_wh: Size, rate: int, bits_per_second: int) -> VideoStream:
    options = {
        "preset": "ultrafast",
        "tune": "zerolatency",
        "maxrate": str(bits_per_second),
        "bufsize": str(bits_per_second),
    }
    stream = container.add_stream("libx264", rate=rate, options=options)
    context = stream.codec_context
    context.width, context.height = size_wh
    context.pix_fmt = "yuv420p"
    context.time_base = Fraction(1, _TICKS_HZ)
    context.bit_rate = bits_per_second
    context.gop_size = rate
    # The mirror needs the other cores more.
    context.thread_count = 1
    context.colorspace = context.color_primaries = context.color_trc = _BT709
    context.color_range = ColorRange.MPEG
    return stream
