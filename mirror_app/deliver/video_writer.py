"""Room: deliver. An MP4 file made of safe frames: same size, clock, colours and sound as the video they came from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Final

import av
from av.container import InputContainer, OutputContainer
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter
from av.video.stream import VideoStream

from mirror_app.deliver.provenance import USE_METADATA_TAGS, container_metadata, xmp_box
from mirror_app.deliver.soundtrack import Soundtrack
from mirror_app.domain.errors import OutputError
from mirror_app.domain.frame import SafeFrame
from mirror_app.domain.sentence import Sentence
from mirror_app.domain.video import VideoTraits
from mirror_app.whole_file import whole_file

VIDEO_ENDINGS: Final = (".mp4",)
"""Endings that can be written."""
_X264: Final = {"crf": "16", "preset": "medium"}
"""Visually lossless: 44 to 47 dB on average over four real clips against the frames that went in."""
_MP4: Final = {"movflags": f"+faststart+{USE_METADATA_TAGS}", "movie_timescale": "90000"}
"""The index stands first, so that a player on the network can begin at once; lengths are kept to 11 microseconds."""
_EXACT: Final = Interpolation.BILINEAR | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT
"""Without these flags swscale rounds downward and every re-encoding darkens the picture."""
_SWSCALE_MATRIX: Final = {
    1: Colorspace.ITU709,
    4: Colorspace.FCC,
    5: Colorspace.ITU601,
    6: Colorspace.ITU601,
    7: Colorspace.SMPTE240M,
    9: Colorspace.BT2020,
    10: Colorspace.BT2020,
}
"""swscale's constant for an H.273 matrix."""
_BT709: Final = 1


class VideoWriter:
    """Encodes H.264 with x264. Made by `open_video_writer`."""

    def __init__(self, output: OutputContainer, traits: VideoTraits, sound: InputContainer | None) -> None:
        self._output = output
        self._traits = traits
        self._reformatter = VideoReformatter()
        self._stream = _add_pictures(output, traits)
        self._sound = None if sound is None else Soundtrack(sound, output)
        self._end_s = Fraction(0)
        self._sound_outlasts = True

    def write(self, frame: SafeFrame, pts: int, duration: int) -> None:
        """Add a picture, and the sound up to it.

        Args:
            frame: Has the size of `VideoTraits.size_wh`.
            pts: When it is shown, in ticks of `VideoTraits.time_base`; higher than the last one.
            duration: How long it is shown, in ticks; 0 = one frame of the average rate.
        """
        traits = self._traits
        picture = self._to_yuv(frame)
        picture.pts = pts
        picture.time_base = traits.time_base
        picture.duration = duration or max(round(1 / (traits.rate * traits.time_base)), 1)
        self._output.mux(self._stream.encode(picture))
        self._end_s = (pts + picture.duration) * traits.time_base
        if self._sound is not None:
            self._sound.copy_until(pts * traits.time_base)

    def cut_sound(self) -> None:
        """Let the sound end with the last picture: the video was stopped before its end."""
        self._sound_outlasts = False

    def finish(self) -> None:
        """Write what the encoders hold back, and the rest of the sound."""
        self._output.mux(self._stream.encode(None))
        if self._sound is not None:
            self._sound.copy_until(None if self._sound_outlasts else self._end_s)
            self._sound.finish()

    def damage(self) -> str:
        """A sentence about sound that had to be left out, "" when there is none."""
        pieces = 0 if self._sound is None else self._sound.damaged_packets
        return Sentence("{count} pieces of the sound are damaged and were left out.", count=pieces) if pieces else ""

    def _to_yuv(self, frame: SafeFrame) -> VideoFrame:
        height, width = frame.image_bgr.shape[:2]
        if (width, height) != self._traits.size_wh:
            raise ValueError(f"expected a frame of {self._traits.size_wh}, got {(width, height)}")
        colour = self._traits.colour
        yuv = self._reformatter.reformat(
            VideoFrame.from_ndarray(frame.image_bgr, format="bgr24"),
            format=self._stream.codec_context.pix_fmt,
            dst_colorspace=_SWSCALE_MATRIX.get(colour.matrix, Colorspace.ITU709),
            dst_color_range=ColorRange.JPEG if colour.full_range else ColorRange.MPEG,
            interpolation=_EXACT,
        )
        yuv.colorspace = self._stream.codec_context.colorspace
        yuv.color_primaries = colour.primaries
        yuv.color_trc = colour.transfer
        return yuv


@contextmanager
def open_video_writer(path: Path, traits: VideoTraits, sound: InputContainer | None) -> Iterator[VideoWriter]:
    """Write a video, whole or not at all.

    Args:
        path: Ends in .mp4; its folder exists.
        traits: Size, clock and colours. 4:2:0 cannot hold odd sizes: such a video is written as 4:4:4.
        sound: A recording whose sound goes along, opened for this use only; the caller closes it.

    Raises:
        OutputError: The ending is unknown, or the file cannot be written.
    """
    if path.suffix.lower() not in VIDEO_ENDINGS:
        raise OutputError("{path} was not written: the name of a video must end in .mp4.", path=path)
    with whole_file(path) as part:
        output = av.open(f"file:{part.absolute()}", "w", format="mp4", options=_MP4)
        metadata = container_metadata()
        output.metadata.update(metadata)
        try:
            writer = VideoWriter(output, traits, sound)
            yield writer
            writer.finish()
            output.close()
            with part.open("ab") as file:
                file.write(xmp_box(metadata))
        except BaseException as error:
            _abandon(output)
            if isinstance(error, av.FFmpegError) and not isinstance(error, OSError):
                raise OutputError(
                    "{path} was not written: the video encoder failed ({why}).", path=path, why=error.strerror
                ) from error
            raise


def _abandon(output: OutputContainer) -> None:
    """Close a file that will be deleted; that it cannot be finished is known already."""
    try:
        output.close()
    except (av.FFmpegError, ValueError):
        return


def _add_pictures(output: OutputContainer, traits: VideoTraits) -> VideoStream:
    width, height = traits.size_wh
    stream = output.add_stream("libx264", rate=traits.rate, options=_X264)
    context = stream.codec_context
    context.width, context.height = width, height
    context.pix_fmt = "yuv420p" if width % 2 == 0 == height % 2 else "yuv444p"
    context.time_base = traits.time_base
    context.sample_aspect_ratio = traits.pixel_aspect
    colour = traits.colour
    context.colorspace = colour.matrix if colour.matrix in _SWSCALE_MATRIX else _BT709
    context.color_primaries = colour.primaries
    context.color_trc = colour.transfer
    context.color_range = ColorRange.JPEG if colour.full_range else ColorRange.MPEG
    return stream
