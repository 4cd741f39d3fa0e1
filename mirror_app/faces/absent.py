"""Room: faces. Who was followed and went out of sight: missed, or hidden behind somebody. No networks."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.face import TrackedFace
from mirror_app.faces.behind import Outline, shown_share
from mirror_app.faces.detect import overlap
from mirror_app.faces.followed import FollowedFace
from mirror_app.faces.match import apart

# Whoever was followed and is not found again while others are in view is believed to have left after this time.
_MISSED_NS: Final = 3_000_000_000
# Whoever went behind somebody and does not come out again within this time stays there, or left unseen.
_HIDDEN_NS: Final = 4_000_000_000
# Whoever is missed and found again at once is the same.
_SOON_NS: Final = 300_000_000
# Whoever is hidden is believed to walk on like this for so long; then to stand.
_WALKS_ON_NS: Final = 1_000_000_000
# He comes out so near to his place, in faces.
_COMES_OUT_WITHIN: Final = 1.5
# Where so much of a hidden face should be seen, it may be.
_MAY_SHOW: Final = 0.1
# Where so much of it should be seen and so many looks in a row see none, it is not there.
_SHOULD_SHOW: Final = 0.65
_LOOKS_NOT_THERE: Final = 3


@dataclass(slots=True, eq=False)
class Absence:
    """Somebody who is out of sight.

    Attributes:
        one: The face, as it was followed last.
        track_id: Under which it is reported where it may be seen.
        since_ns: Time of the first frame without it.
        is_hidden: Somebody nearer was in front of it.
        shown: The share of it that should be seen at its place by now.
        not_there: So many looks in a row saw nobody there, where most of it should have been seen.
    """

    one: FollowedFace
    track_id: int
    since_ns: int
    is_hidden: bool
    shown: float = 0.0
    not_there: int = 0

    @property
    def person(self) -> int | None:
        """Whose face it probably is."""
        return self.one.identity.believed

    def is_due_back(self, now_ns: int) -> bool:
        """Whether whoever is found at its place now is probably the same person."""
        return self.is_hidden or now_ns - self.since_ns <= _SOON_NS

    def place(self, now_ns: int) -> NDArray[np.float32]:
        """(4,) float32, px: where it should be by now."""
        if not self.is_hidden:
            return self.one.box_xyxy
        return self.one.place_behind(min(now_ns, self.since_ns + _WALKS_ON_NS))


class Absent:
    """Faces that were followed and are not in sight."""

    def __init__(self) -> None:
        self._away: list[Absence] = []

    @property
    def misses_one(self) -> bool:
        """Whether somebody may well be in view, unseen."""
        return any(not one.is_hidden for one in self._away)

    @property
    def awaits_one(self) -> bool:
        """Whether somebody is behind another face and may come out at any moment."""
        return any(one.is_hidden for one in self._away)

    @property
    def all(self) -> list[Absence]:
        """Everybody, who was lost last first."""
        return self._away[::-1]

    def forget(self) -> None:
        """The next frame comes from elsewhere."""
        self._away = []

    def lost(self, one: FollowedFace, track_id: int, now_ns: int, *, is_hidden: bool) -> None:
        """Somebody was not found in this frame, and is to be reported under this number."""
        self._away.append(Absence(one, track_id, now_ns, is_hidden))

    def cover(self, outlines: Sequence[Outline], now_ns: int) -> None:
        """See how much of those who were not found in this frame should be seen beside faces with these outlines."""
        for one in self._away:
            one.shown = shown_share(one.place(now_ns), outlines) if one.is_hidden else 0.0
            one.not_there = one.not_there + 1 if one.shown >= _SHOULD_SHOW else 0

    def coming(self, now_ns: int) -> tuple[TrackedFace, ...]:
        """Those hidden ones of whom part should be seen by now, where it should be: nobody knows that it is not."""
        return tuple(
            TrackedFace(one.track_id, None, one.place(now_ns))
            for one in self._away
            if one.is_hidden and one.shown >= _MAY_SHOW and one.not_there < _LOOKS_NOT_THERE
        )

    def nearness(self, box_xyxy: NDArray[np.float32]) -> float:
        """How much a face lies where a missed one was, 0..1."""
        return max((overlap(box_xyxy, one.one.box_xyxy) for one in self._away if not one.is_hidden), default=0.0)

    def found(self, box_xyxy: NDArray[np.float32], now_ns: int) -> Absence | None:
        """A face was found: it is the missed one who was there, if there is one, or comes out from behind somebody."""
        there = [one for one in self._away if not one.is_hidden and overlap(one.one.box_xyxy, box_xyxy) > 0]
        hidden = {one: apart(one.place(now_ns), box_xyxy) for one in self._away if one.is_hidden}
        nearest = min(hidden, key=lambda one: hidden[one], default=None)
        gone = max(there, key=lambda one: overlap(one.one.box_xyxy, box_xyxy)) if there else nearest
        if gone is not None and gone.is_hidden and hidden[gone] > _COMES_OUT_WITHIN:
            return None
        self._away = [one for one in self._away if one is not gone]
        return gone

    def came_out(self, absence: Absence) -> None:
        """This one was found."""
        self._away = [one for one in self._away if one is not absence]

    def recognised(self, persons: Collection[int | None]) -> None:
        """These people are in sight."""
        self._away = [one for one in self._away if one.person is None or one.person not in persons]

    def expire(self, now_ns: int) -> None:
        """Whoever is away for too long has left."""
        self._away = [
            one for one in self._away if 0 <= now_ns - one.since_ns <= (_HIDDEN_NS if one.is_hidden else _MISSED_NS)
        ]
