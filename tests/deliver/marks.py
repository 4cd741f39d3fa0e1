"""Room: tests. Pictures that flash and sound that clicks at the same moments, and where both lie in a file."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.frame import SafeFrame, Size

EVERY_S = 3
"""A flash and a click so often, the first at 1.5 s."""
FLASH_S = 0.1
RATE_HZ = 48_000
DARK, CARD, BRIGHT = 40, 100, 220


@cache
def plain(size_wh: Size, level: int) -> NDArray[np.uint8]:
    """A grey picture with a little texture, so that an encoder has work."""
    noise = np.random.default_rng(level).integers(-8, 9, (size_wh[1] // 8, size_wh[0] // 8, 1))
    image = (level + noise).astype(np.uint8).repeat(8, 0).repeat(8, 1).repeat(3, 2)
    image = np.ascontiguousarray(image)
    image.flags.writeable = False
    return image


def card(size_wh: Size) -> SafeFrame:
    return SafeFrame(plain(size_wh, CARD), 0, 0)


def picture(size_wh: Size, index: int, seconds: float, captured_ns: int) -> SafeFrame:
    """The picture of a moment: bright during a flash."""
    since = (seconds - EVERY_S / 2) % EVERY_S
    return SafeFrame(plain(size_wh, BRIGHT if seconds > 1 and since < FLASH_S else DARK), index, captured_ns)


def sound(first: int, count: int, hz: float = RATE_HZ) -> NDArray[np.int16]:
    """Samples of a device that takes `hz` in a second: (count, 1) int16, a click of 2 ms with every flash."""
    seconds = np.arange(first, first + count) / hz
    clicks = (seconds > 1) & ((seconds - EVERY_S / 2) % EVERY_S < 0.002)
    return np.where(clicks, 20_000, 0).astype(np.int16)[:, None]


def levels(path: Path) -> list[tuple[float, float]]:
    """When each picture of a file is shown, s, and its mean grey."""
    with av.open(str(path)) as file:
        return [
            (float(frame.time or 0), float(frame.to_ndarray(format="gray").mean())) for frame in file.decode(video=0)
        ]


def flashes(path: Path) -> list[float]:
    """When flashes begin, s."""
    seen = levels(path)
    return [now[0] for before, now in pairwise(seen) if before[1] < 160 < now[1]]


def clicks(path: Path) -> list[float]:
    """When clicks begin, s."""
    loud = []
    with av.open(str(path)) as file:
        for frame in file.decode(audio=0):
            samples = np.abs(frame.to_ndarray()[0])
            if len(where := np.flatnonzero(samples > 0.25)):
                loud.append(float(frame.time or 0) + float(where[0]) / frame.sample_rate)
    return [now for before, now in pairwise([-9.0, *loud]) if now - before > 0.5]


def offsets(path: Path) -> list[float]:
    """For each flash how much later its click comes, s."""
    heard = np.array(clicks(path))
    return [float(heard[np.abs(heard - at).argmin()] - at) for at in flashes(path)]
