"""Room: deliver. Sound of a device, laid on the clock of the pictures. Encodes nothing and knows no device."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

_JUMP_S: Final = 0.03
"""A device whose time stamps jump further than this has lost sound or says it twice; less is jitter or drift. ITU-R
BT.1359 calls 45 ms of early sound detectable."""
_STEADY_S: Final = 2.0
"""Over so long the time stamps are averaged: they jitter by milliseconds, while a clock drifts by microseconds."""
_SLACK_S: Final = 0.002
"""Averaged drift below this is left alone."""
_SAMPLES_PER_STEP: Final = 250
"""At most one sample in so many is won or lost to make up for drift: 0.4 % of pitch, which nobody hears."""


@dataclass(frozen=True, slots=True)
class SoundFormat:
    """How sound is handed over: int16, interleaved.

    Attributes:
        rate_hz: Samples per second; one that AAC knows (48,000 and 44,100 are).
        channels: 1 or 2.
    """

    rate_hz: int
    channels: int


class SoundTimeline:
    """Turns blocks with times into one unbroken run of samples that stays in step with a clock.

    Gaps become silence, what comes twice is cut, and a device whose clock runs fast or slow is stretched by single
    samples.
    """

    def __init__(self, sound: SoundFormat) -> None:
        self._sound = sound
        self._drift = 0.0
        self.written = 0
        """Samples given out, per channel: the place of the next one."""
        self.silent = 0
        """Samples of silence among them, put in where the device gave none."""
        self.cut = 0
        """Samples that came too late or twice and were left out."""
        self.stretched = 0
        """Samples won (or, below zero, lost) to follow the clock."""

    def place(self, samples: NDArray[np.int16], at_s: float) -> NDArray[np.int16]:
        """What to append for a block.

        Args:
            samples: (n, channels) int16.
            at_s: When its first sample belongs, s since the timeline's zero; may be below zero.

        Returns:
            (m, channels) int16; m may be 0.
        """
        rate_hz = self._sound.rate_hz
        ahead = at_s * rate_hz - self.written
        if ahead > _JUMP_S * rate_hz:
            return self._grown(np.concatenate([self._silence(round(ahead)), samples]))
        if ahead < -_JUMP_S * rate_hz:
            lost = min(-round(ahead), len(samples))
            self.cut += lost
            self._drift = 0.0
            return self._grown(samples[lost:])
        weight = min(len(samples) / (_STEADY_S * rate_hz), 1.0)
        self._drift += weight * (ahead - self._drift)
        return self._grown(self._stretched(samples))

    def fill_until(self, at_s: float) -> NDArray[np.int16]:
        """Silence up to a time: (m, channels) int16; none where there is sound already."""
        return self._grown(self._silence(round(at_s * self._sound.rate_hz) - self.written))

    def _stretched(self, samples: NDArray[np.int16]) -> NDArray[np.int16]:
        if abs(self._drift) < _SLACK_S * self._sound.rate_hz:
            return samples
        most = max(len(samples) // _SAMPLES_PER_STEP, 1)
        step = int(np.clip(round(self._drift), -most, most))
        length = len(samples) + step
        if len(samples) < 2 or length < 1:
            return samples
        self._drift -= step
        self.stretched += step
        where = np.linspace(0, len(samples) - 1, length)
        known = np.arange(len(samples))
        channels = [np.interp(where, known, channel) for channel in samples.T]
        stretched: NDArray[np.int16] = np.rint(np.stack(channels, axis=1)).astype(np.int16)
        return stretched

    def _silence(self, count: int) -> NDArray[np.int16]:
        count = max(count, 0)
        if count:
            self._drift = 0.0
            self.silent += count
        return np.zeros((count, self._sound.channels), np.int16)

    def _grown(self, samples: NDArray[np.int16]) -> NDArray[np.int16]:
        self.written += len(samples)
        return samples
