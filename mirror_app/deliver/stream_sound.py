"""Room: deliver. The sound track of a stream, which never stops: what the microphone gives, or silence."""

from __future__ import annotations

from collections import deque
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.deliver.live_encoder import LiveEncoder
from mirror_app.deliver.sound import SoundFormat

_SILENT: Final = SoundFormat(rate_hz=48_000, channels=2)
"""What a stream without a microphone carries: many services take no stream without a sound track."""
_AHEAD_NS: Final = 70_000_000
"""Silence runs so far ahead of the pictures, three packets of AAC: no picture waits for it."""
_PATIENCE_NS: Final = 300_000_000
"""A microphone that gave nothing for so long is silent."""
_MOST_BLOCKS: Final = 500
"""More than a microphone gives in five seconds; older blocks are dropped."""


class StreamSound:
    """Sound from one thread to the encoder's thread, moved to where its pictures are."""

    def __init__(self, sound: SoundFormat | None) -> None:
        self.format = sound or _SILENT
        self._has_microphone = sound is not None
        self._blocks: deque[tuple[NDArray[np.int16], int]] = deque(maxlen=_MOST_BLOCKS)
        self._end_ns = 0

    def add(self, samples: NDArray[np.int16], at_ns: int) -> None:
        """Keep a block until it is fed; any thread, at once. Without a microphone it is dropped."""
        if self._has_microphone:
            self._blocks.append((samples, at_ns))

    def begin(self, at_ns: int) -> None:
        """A new connection: what sounded before is of no use."""
        self._blocks.clear()
        self._end_ns = at_ns

    def feed(self, encoder: LiveEncoder, until_ns: int, lag_ns: int) -> None:
        """Give the encoder what is there, and silence where nothing came.

        Args:
            encoder: Has its first picture.
            until_ns: Time of the newest picture on the encoder's clock.
            lag_ns: So much later than they sounded samples are put: as old as the pictures are when they are shown.
        """
        while self._blocks:
            samples, at_ns = self._blocks.popleft()
            self._give(encoder, samples, at_ns + lag_ns)
        silent_until = until_ns - _PATIENCE_NS if self._has_microphone else until_ns + _AHEAD_NS
        count = (silent_until - self._end_ns) * self.format.rate_hz // 1_000_000_000
        if count > 0:
            self._give(encoder, np.zeros((count, self.format.channels), np.int16), self._end_ns)

    def _give(self, encoder: LiveEncoder, samples: NDArray[np.int16], at_ns: int) -> None:
        encoder.sound(samples, at_ns)
        self._end_ns = max(self._end_ns, at_ns + len(samples) * 1_000_000_000 // self.format.rate_hz)
