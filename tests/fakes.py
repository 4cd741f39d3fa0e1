"""Room: tests. Stand-ins for the mirror and small files made on the spot. No assertions."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path

import av
import numpy as np
from av.video.reformatter import Interpolation
from numpy.typing import NDArray

from mirror_app.domain.face import TrackedFace
from mirror_app.domain.frame import Frame, PendingFrame, SafeFrame, size_of
from mirror_app.pipeline.result import MirrorControls, MirrorResult, MirrorState, Unsafe
from mirror_app.resources import assets_dir
from mirror_app.targets.library import TargetLibrary
from mirror_app.targets.record import TargetRecord

LIVE = (MirrorState.LIVE, None)
EMPTY = (MirrorState.LIVE, Unsafe.NO_FACE)
HOLD = (MirrorState.HOLD, Unsafe.NOT_COVERED)
SHIELD = (MirrorState.SHIELD, Unsafe.SEVERAL_FACES)

Fate = tuple[MirrorState, Unsafe | None]


def first_face() -> TargetRecord:
    """The first built-in target face, whichever it is."""
    return TargetLibrary(assets_dir() / "targets", Path("no user folder")).records()[0]


class FakeMirror:
    """Gives every frame back as it is, with the fates of a script (LIVE when the script is over)."""

    engine = "fake"
    device = "nowhere"

    def __init__(
        self,
        fates: Sequence[Fate] = (),
        on_frame: Callable[[Frame], None] | None = None,
        messages: Sequence[str] = (),
    ) -> None:
        self.controls = MirrorControls()
        self.frames: list[Frame] = []
        self.resets = self.looks_between = 0
        self.faces: tuple[TrackedFace, ...] = ()
        self._fates = fates
        self._on_frame = on_frame
        self._messages = messages

    def reset(self) -> None:
        self.resets += 1

    def use_spare_time(self) -> None:
        self.looks_between += 1

    def process(self, frame: PendingFrame, /) -> MirrorResult:
        picture = frame.decode()
        turn = len(self.frames)
        state, unsafe = self._fates[turn] if turn < len(self._fates) else LIVE
        message = self._messages[turn] if turn < len(self._messages) else ""
        self.frames.append(picture)
        if self._on_frame is not None:
            self._on_frame(picture)
        return replace(result_of(picture, state, unsafe), faces=self.faces, message=message)


def result_of(
    frame: Frame,
    state: MirrorState = MirrorState.LIVE,
    unsafe: Unsafe | None = None,
) -> MirrorResult:
    """A result that shows the frame itself."""
    safe = SafeFrame(frame.image_bgr, frame.index, frame.captured_ns)
    return MirrorResult(
        index=frame.index,
        captured_ns=frame.captured_ns,
        finished_ns=frame.captured_ns,
        state=state,
        unsafe=unsafe,
        message="",
        original_bgr=frame.image_bgr,
        preview_bgr=frame.image_bgr,
        safe=safe,
        leaving={size_of(frame.image_bgr): safe},
        faces=(),
        stages_ms={"mesh": 1.0, "swap": 2.0},
    )


def picture(width: int, height: int, step: int = 0) -> NDArray[np.uint8]:
    """A smooth colour wedge that changes with `step`, its top-left quarter dark."""
    image = _wedge(width, height).copy()
    image[:, :, 2] = 90 + step * 3 % 100
    image[: max(height // 4, 1), : max(width // 4, 1)] = (20, 20, 40)
    return image


@cache
def _wedge(width: int, height: int) -> NDArray[np.uint8]:
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    planes = [x * 200 / max(width - 1, 1) + 30, y * 180 / max(height - 1, 1) + 40, np.zeros_like(x)]
    return np.stack(planes, -1).astype(np.uint8)


def make_video(
    path: Path,
    *,
    size_wh: tuple[int, int] = (64, 48),
    frames: int = 12,
    rate: Fraction | int = 30,
    pts: Sequence[int] | None = None,
    time_base: Fraction | None = None,
    codec: str = "libx264",
    pix_fmt: str = "yuv420p",
    audio: str | None = None,
    rotation: int | None = None,
    colour: tuple[int, int] | None = None,
) -> Path:
    """Write a small video.

    Args:
        path: Its ending picks the container.
        size_wh: Size as stored.
        frames: How many pictures.
        rate: Pictures per second.
        pts: Time stamps in ticks of `time_base`; even ones when None.
        time_base: Seconds per tick.
        codec: Video codec.
        pix_fmt: Pixel format.
        audio: Sound codec, None = silent.
        rotation: Display rotation to store, degrees.
        colour: Range (1 = limited, 2 = full) and H.273 matrix to convert with and to store.
    """
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height = size_wh
        stream.pix_fmt = pix_fmt
        if time_base is not None:
            stream.codec_context.time_base = time_base
        if rotation is not None:
            stream.set_display_rotation(rotation)
        if colour is not None:
            stream.codec_context.color_range, stream.codec_context.colorspace = colour
        sound = container.add_stream(audio, rate=48000, layout="mono") if audio else None
        for number in range(frames):
            frame = av.VideoFrame.from_ndarray(picture(*size_wh, number), format="bgr24")
            if colour is not None:
                frame = frame.reformat(
                    format=pix_fmt,
                    dst_color_range=colour[0],
                    dst_colorspace=colour[1],
                    interpolation=Interpolation.BICUBIC | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT,
                )
            frame.pts = number if pts is None else pts[number]
            frame.time_base = time_base or 1 / Fraction(rate)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        if sound is not None:
            assert isinstance(sound, av.AudioStream)
            _add_sound(container, sound, float(frames / Fraction(rate)))
    return path


def _add_sound(container: av.container.OutputContainer, stream: av.AudioStream, seconds: float) -> None:
    samples = (0.3 * np.sin(2 * math.pi * 440 * np.arange(round(48000 * seconds)) / 48000)).astype(np.float32)
    frame = av.AudioFrame.from_ndarray(samples[None], format="fltp", layout="mono")
    frame.rate = 48000
    frame.pts = 0
    resampler = av.AudioResampler(
        format=stream.codec_context.format,
        layout="mono",
        rate=48000,
        frame_size=stream.codec_context.frame_size or 1024,
    )
    for piece in (*resampler.resample(frame), *resampler.resample(None)):
        container.mux(stream.encode(piece))
    container.mux(stream.encode(None))
