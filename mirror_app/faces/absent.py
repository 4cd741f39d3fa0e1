"""Room: faces. Who was followed and went out of sight: missed, or hidden behind somebody. No networks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.faces.detect import overlap

# Whoever was followed and is not found again while others are in view is believed to have left after this time.
_MISSED_NS: Final = 3_000_000_000
# Whoever went behind somebody and does not come out again within this time stays there, or left unseen.
_HIDDEN_NS: Final = 2_000_000_000


@dataclass(frozen=True, slots=True, eq=False)
class _Absence:
    box_xyxy: NDArray[np.float32]
    since_ns: int
    person: int | None
    is_hidden: bool


class Absent:
    """Faces that were followed and are not in sight."""

    def __init__(self) -> None:
        self._away: list[_Absence] = []

    @property
    def misses_one(self) -> bool:
        """Whether somebody may well be in view, unseen."""
        return any(not one.is_hidden for one in self._away)

    @property
    def awaits_one(self) -> bool:
        """Whether somebody is behind another face and may come out at any moment."""
        return any(one.is_hidden for one in self._away)

    def forget(self) -> None:
        """The next frame comes from elsewhere."""
        self._away = []

    def lost(self, box_xyxy: NDArray[np.float32], now_ns: int, person: int | None, *, is_hidden: bool) -> None:
        """Somebody, whose number may be known, was last seen there."""
        self._away.append(_Absence(box_xyxy, now_ns, person, is_hidden))

    def nearness(self, box_xyxy: NDArray[np.float32]) -> float:
        """How much a face lies where a missed one was, 0..1."""
        return max((overlap(box_xyxy, one.box_xyxy) for one in self._away if not one.is_hidden), default=0.0)

    def found(self, box_xyxy: NDArray[np.float32]) -> None:
        """A face was found: it is the missed one who was there, if there is one, or comes out from behind somebody."""
        there = [one for one in self._away if not one.is_hidden and overlap(one.box_xyxy, box_xyxy) > 0]
        hidden = [one for one in self._away if one.is_hidden]
        gone = max(there, key=lambda one: overlap(one.box_xyxy, box_xyxy)) if there else hidden[0] if hidden else None
        self._away = [one for one in self._away if one is not gone]

    def recognised(self, persons: Collection[int | None]) -> None:
        """These people are in sight."""
        self._away = [one for one in self._away if one.person is None or one.person not in persons]

    def expire(self, now_ns: int) -> None:
        """Whoever is away for too long has left."""
        self._away = [
            one for one in self._away if 0 <= now_ns - one.since_ns <= (_HIDDEN_NS if one.is_hidden else _MISSED_NS)
        ]
