"""Room: pipeline. How long the rest of a batch takes, from how long its parts took so far. Reads no clock, no files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_PICTURE_S: Final = 1.0
"""What a picture is thought to take until the first one has come: reading, full search for faces, writing."""


@dataclass(frozen=True, slots=True)
class Load:
    """A file's share of the work: videos count by their bytes, pictures count one each.

    Attributes:
        is_video: Whether it is a video.
        size: Its bytes.
    """

    is_video: bool
    size: int


class BatchEta:
    """Learns the pace of videos and of pictures, and says what the files left will take."""

    def __init__(self) -> None:
        self._video_s = self._video_bytes = 0.0
        self._picture_s = 0.0
        self._pictures = 0

    def done(self, load: Load, spent_s: float) -> None:
        """A file is finished, well or not."""
        if load.is_video:
            self._video_s += spent_s
            self._video_bytes += load.size
        else:
            self._picture_s += spent_s
            self._pictures += 1

    def left_s(
        self, waiting: Iterable[Load], now: Load | None = None, part: float = 0.0, spent_s: float = 0.0
    ) -> float | None:
        """Seconds left.

        Args:
            waiting: Files not begun.
            now: The file in work.
            part: 0..1, how much of it is done.
            spent_s: How long it has taken so far.

        Returns:
            None while there is nothing to judge by.
        """
        video_s, done_bytes, left_bytes, pictures = self._video_s, self._video_bytes, 0.0, 0.0
        for load in waiting:
            left_bytes += load.size * load.is_video
            pictures += not load.is_video
        if now is not None and now.is_video:
            video_s += spent_s
            done_bytes += now.size * part
            left_bytes += now.size * (1 - part)
        elif now is not None:
            pictures += 1 - part
        if left_bytes and not done_bytes:
            return None
        picture_s = self._picture_s / self._pictures if self._pictures else _PICTURE_S
        return pictures * picture_s + (left_bytes * video_s / done_bytes if left_bytes else 0.0)
