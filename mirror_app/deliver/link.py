"""Room: deliver. What the ways to a server have in common: a file for the muxer, and word of what went out."""

from __future__ import annotations

import time
from collections import deque
from typing import Final, Protocol

MUXER: Final = {"flush_packets": "1", "max_interleave_delta": "200000"}
"""Packets leave at once, and pictures wait no longer than 200 ms for the sound that belongs before them."""


class Link(Protocol):
    """A stream's way to a server, from its connection to its end. For one thread.

    Attributes:
        gone: How the pictures fare.
    """

    gone: Departures

    @property
    def container(self) -> str:
        """FFmpeg's name of the format that it wants."""

    @property
    def packet_bytes(self) -> int:
        """At most so much should be written at once."""

    @property
    def sent(self) -> int:
        """Bytes that went out."""

    @property
    def waiting(self) -> int:
        """Bytes that the network has not taken yet."""

    @property
    def trouble(self) -> str:
        """A `Sentence` when the pictures probably reach nobody, though the way is open; else ""."""

    def write(self, data: bytes) -> int:
        """For the muxer, which takes this for a file: keep bytes for sending. Never waits, never fails."""

    def pump(self, seconds: float) -> None:
        """Send for so long.

        Raises:
            OutputError: The server is gone, or wants no more.
        """

    def end(self) -> None:
        """Say goodbye, if there is somebody to say it to; takes a moment at most."""

    def close(self) -> None:
        """Hang up at once; may be called twice."""


class Departures:
    """When each picture was wholly handed to the network, in the order in which they were encoded."""

    def __init__(self) -> None:
        self._ends: deque[int] = deque()
        self._left_ns: deque[int] = deque()

    def begins(self) -> None:
        """Another picture is about to be written."""
        self._ends.append(0)

    def reaches(self, place: int) -> None:
        """The newest picture ends there in the stream, or later; bytes from its start."""
        if self._ends:
            self._ends[-1] = place

    def note(self, sent: int) -> None:
        """So many of the stream's bytes are out."""
        while self._ends and self._ends[0] <= sent:
            self._ends.popleft()
            self._left_ns.append(time.monotonic_ns())

    def take(self) -> list[int]:
        """Times at which pictures left, `time.monotonic_ns()`, since the last call."""
        times = list(self._left_ns)
        self._left_ns.clear()
        return times
