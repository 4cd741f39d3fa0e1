"""Room: tests. A stream's sound track and its numbers."""

from __future__ import annotations

import time
from typing import cast

import numpy as np
from numpy.typing import NDArray

from mirror_app.deliver.live_encoder import LiveEncoder
from mirror_app.deliver.sound import SoundFormat
from mirror_app.deliver.stream_meter import StreamMeter
from mirror_app.deliver.stream_sound import StreamSound

MS = 1_000_000
START_NS = 5_000 * MS


class Heard:
    """Stands for an encoder: keeps what sounds, as (start, end, is it silent), ms since the start."""

    def __init__(self) -> None:
        self.blocks: list[tuple[int, int, bool]] = []

    def sound(self, samples: NDArray[np.int16], at_ns: int) -> None:
        start = (at_ns - START_NS) // MS
        self.blocks.append((start, start + len(samples) // 48, not samples.any()))


def fed(sound: StreamSound, until_ms: int, lag_ms: int = 0) -> list[tuple[int, int, bool]]:
    heard = Heard()
    sound.feed(cast(LiveEncoder, heard), START_NS + until_ms * MS, lag_ms * MS)
    return heard.blocks


def loud(ms: int) -> NDArray[np.int16]:
    return np.ones((48 * ms, 1), np.int16)


def test_without_a_microphone_silence_runs_ahead_of_the_pictures() -> None:
    sound = StreamSound(None)
    sound.begin(START_NS)
    sound.add(loud(10), START_NS)
    assert (sound.format.channels, fed(sound, 0), fed(sound, 33)) == (2, [(0, 70, True)], [(70, 103, True)])


def test_a_microphone_is_moved_to_where_its_pictures_are_and_its_gaps_are_silent() -> None:
    sound = StreamSound(SoundFormat(48_000, 1))
    sound.begin(START_NS)
    sound.add(loud(20), START_NS + 100 * MS)
    assert fed(sound, 150, lag_ms=60) == [(160, 180, False)]
    assert fed(sound, 400) == []
    assert fed(sound, 580) == [(180, 280, True)]
    sound.add(loud(20), START_NS)
    sound.begin(START_NS)
    assert fed(sound, 0) == []


def test_the_delay_is_that_of_fresh_pictures_from_the_camera_to_the_network() -> None:
    meter, now_ns = StreamMeter(), time.monotonic_ns()
    meter.connected()
    for index, is_fresh in ((1, True), (1, True), (0, False), (2, True)):
        meter.encoded(index, now_ns - 80 * MS, now_ns, is_fresh=is_fresh)
    assert meter.figures().delay_ms is None
    meter.left([now_ns, now_ns + 900 * MS, now_ns + 900 * MS, now_ns + 20 * MS])
    assert (meter.figures().delay_ms, meter.figures().sent) == (90.0, 4)


def test_pictures_before_the_first_connection_are_not_missed() -> None:
    meter = StreamMeter()
    meter.missed(away=5)
    meter.connected()
    meter.missed(away=3, slow=2)
    assert (meter.figures().away, meter.figures().slow) == (3, 2)


def test_the_sound_follows_the_pictures_age_in_steps_that_are_no_jitter() -> None:
    meter = StreamMeter()
    lags = []
    for index, age_ms in enumerate([80] * 9 + [90] * 90 + [140] * 200):
        shown_ns = START_NS + index * 33 * MS
        meter.encoded(index, shown_ns - age_ms * MS, shown_ns, is_fresh=True)
        lags.append(meter.lag_ns() // MS)
    assert (lags[0], set(lags[:99]), lags[-1]) == (80, {80}, 140)
    assert set(lags) == {80, 140}
