"""Room: tests. Live encoding: true colours, one clock for pictures and sound, nothing lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av
import numpy as np
import pytest

from mirror_app.deliver.live_encoder import LiveEncoder
from mirror_app.deliver.sound import SoundFormat
from mirror_app.domain.frame import SafeFrame, Size
from tests.deliver import marks

NS = 1_000_000_000
SIZE: Size = (64, 48)
MONO = SoundFormat(marks.RATE_HZ, 1)
START_NS = 10**12


@contextmanager
def encoding(path: Path, sound: SoundFormat | None = MONO) -> Iterator[LiveEncoder]:
    with av.open(str(path), "w", format="mp4") as container:
        encoder = LiveEncoder(container, SIZE, sound)
        yield encoder
        encoder.finish()


def test_pictures_and_sound_stay_together_with_a_clock_that_is_off(tmp_path: Path) -> None:
    path, hz, block = tmp_path / "a.mp4", marks.RATE_HZ * 1.0005, 960
    with encoding(path) as encoder:
        first = 0
        for index in range(30 * 30):
            encoder.picture(marks.picture(SIZE, index, index / 30, 0), START_NS + index * NS // 30)
            while (first + block) / hz <= index / 30:
                encoder.sound(marks.sound(first, block, hz), START_NS + round(first / hz * NS))
                first += block
        assert encoder.timeline is not None
        assert encoder.timeline.stretched < -marks.RATE_HZ * 0.008
    assert len(marks.flashes(path)) == 10
    assert np.abs(marks.offsets(path)).max() < 0.01


def test_colours_come_back_and_are_named(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    patches = np.random.default_rng(0).integers(20, 236, (3, 4, 3), np.uint8)
    image = patches.repeat(16, 0).repeat(16, 1)
    image.flags.writeable = False
    with encoding(path, None) as encoder:
        for index in range(30):
            encoder.picture(SafeFrame(image, index, 0), START_NS + index * NS // 30)
    with av.open(str(path)) as file:
        context = file.streams.video[0].codec_context
        assert (context.colorspace, context.color_primaries, context.color_trc, context.color_range) == (1, 1, 1, 1)
        assert context.pix_fmt == "yuv420p"
        *_, last = file.decode(video=0)
    # The middle of each patch: at the rims 4:2:0 mixes.
    back = last.to_ndarray(format="bgr24")[8::16, 8::16].astype(int)
    assert np.abs(back - patches).max() <= 6
    assert np.abs((back - patches).mean()) < 1.5


def test_every_picture_is_in_the_file_even_with_times_that_do_not_rise(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    with encoding(path) as encoder:
        for index, at_ns in enumerate([0, 0, -5, NS // 2, NS // 4]):
            encoder.picture(marks.picture(SIZE, index, 0, 0), START_NS + at_ns)
    shown = [at for at, _ in marks.levels(path)]
    assert len(shown) == 5
    assert shown == sorted(shown)


def test_sound_that_stops_does_not_hold_the_pictures_back(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    with encoding(path) as encoder:
        encoder.sound(marks.sound(0, 480), START_NS)  # before the first picture there is no clock
        for index in range(90):
            encoder.picture(marks.picture(SIZE, index, index / 30, 0), START_NS + index * NS // 30)
        assert encoder.timeline is not None
        assert encoder.timeline.written > 2 * marks.RATE_HZ
    with av.open(str(path)) as file:
        heard = sum(frame.samples for frame in file.decode(audio=0))
    assert heard == pytest.approx(3 * marks.RATE_HZ, abs=1024)


def test_nothing_fed_is_an_empty_file_and_no_error(tmp_path: Path) -> None:
    with encoding(tmp_path / "a.mp4") as encoder:
        assert encoder.seconds == 0


def test_wrong_sizes_and_channels_are_refused(tmp_path: Path) -> None:
    with encoding(tmp_path / "a.mp4") as encoder:
        with pytest.raises(ValueError, match="expected a frame of"):
            encoder.picture(marks.card((32, 32)), START_NS)
        encoder.picture(marks.card(SIZE), START_NS)
        with pytest.raises(ValueError, match="samples"):
            encoder.sound(np.zeros((10, 2), np.int16), START_NS)
    with av.open(str(tmp_path / "b.mp4"), "w") as container, pytest.raises(ValueError, match="even"):
        LiveEncoder(container, (63, 48), None)
