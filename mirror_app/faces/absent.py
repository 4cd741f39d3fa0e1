"""Room: faces. Who was followed and went out of sight: missed, or hidden behind somebody. No networks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.face import TrackedFace
from mirror_app.faces.behind import Outline, shown_share, with_hair_of
from mirror_app.faces.detect import overlap
from mirror_app.faces.followed import FollowedFace
from mirror_app.faces.match import apart, inside_frame

# Whoever was followed and is not found again while others are in view is believed to have left after this time.
_MISSED_NS: Final = 3_000_000_000
# Whoever went behind somebody and does not come out again within this time stays there, or left unseen.
_HIDDEN_NS: Final = 4_000_000_000
# Whoever is missed and found again at once is the same.
_SOON_NS: Final = 300_000_000
# Whoever is hidden is believed to walk on like this for so long; then to stand.
_WALKS_ON_NS: Final = 1_000_000_000
# His place is known less well as time goes by: by so many faces a second, up to so many.
_ASTRAY_PER_S: Final = 0.5
_MOST_ASTRAY: Final = 0.25
# He comes out so near to his place, in faces.
_COMES_OUT_WITHIN: Final = 1.5
# Whoever is missed where less than this of her can be seen went behind somebody.
_SURELY_HIDDEN: Final = 0.5
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
        is_hidden: Somebody nearer, or the picture's border, was in front of it.
        is_leaving: It was the border.
        shown: The share of it that should be seen at its place by now.
        not_there: So many looks in a row saw nobody there, where most of it should have been seen.
        expected: Who was expected where it was found, if it was lost again before it could be said who it is.
    """

    one: FollowedFace
    track_id: int
    since_ns: int
    is_hidden: bool
    is_leaving: bool = False
    shown: float = 0.0
    not_there: int = 0
    expected: int | None = None

    @property
    def person(self) -> int | None:
        """Whose face it probably is."""
        return self.expected if self.one.identity.believed is None else self.one.identity.believed

    @property
    def is_elsewhere(self) -> bool:
        """Whether looks at its place have shown that it is not there."""
        return self.not_there >= _LOOKS_NOT_THERE

    def is_due_back(self, now_ns: int) -> bool:
        """Whether whoever is found at its place now is probably the same person."""
        return self.is_hidden or now_ns - self.since_ns <= _SOON_NS

    def place(self, now_ns: int) -> NDArray[np.float32]:
        """(4,) float32, px: where it should be by now."""
        if not self.is_hidden:
            return self.one.box_xyxy
        return self.one.place_behind(min(now_ns, self.since_ns + _WALKS_ON_NS))

    def surroundings(self, now_ns: int) -> NDArray[np.float32]:
        """(4,) float32, px: its place and as much around it as it may be beside it."""
        box = self.place(now_ns)
        growth = np.float32(min(_ASTRAY_PER_S * (now_ns - self.since_ns) * 1e-9, _MOST_ASTRAY)) * (box[2:] - box[:2])
        return np.concatenate([box[:2] - growth, box[2:] + growth])


class Absent:
    """Faces that were followed and are not in sight."""

    def __init__(self) -> None:
        self._away: list[Absence] = []
        self._returned: list[tuple[FollowedFace, Absence]] = []

    @property
    def misses_one(self) -> bool:
        """Whether somebody may well be in view, unseen."""
        return any(not one.is_hidden for one in self._away)

    @property
    def awaits_one(self) -> bool:
        """Whether somebody is behind another face and may come out at any moment."""
        return any(one.is_hidden for one in self._away)

    @property
    def awaits_known(self) -> bool:
        """Whether somebody is behind another face who has a number."""
        return any(one.is_hidden and one.person is not None for one in self._away)

    def hidden_at(self, now_ns: int) -> list[NDArray[np.float32]]:
        """(4,) float32 each, px: around the places of those who are behind another face."""
        return [one.surroundings(now_ns) for one in self._away if one.is_hidden]

    @property
    def all(self) -> list[Absence]:
        """Everybody, who was lost last first."""
        return self._away[::-1]

    def forget(self) -> None:
        """The next frame comes from elsewhere."""
        self._away, self._returned = [], []

    def lost(
        self, one: FollowedFace, track_id: int, now_ns: int, *, is_hidden: bool = False, is_leaving: bool = False
    ) -> None:
        """Somebody was not found in this frame, and is to be reported under this number."""
        expected = next((absence.person for found, absence in self._returned if found is one), None)
        self._returned = [(found, absence) for found, absence in self._returned if found is not one]
        self._away.append(Absence(one, track_id, now_ns, is_hidden or is_leaving, is_leaving, expected=expected))

    def cover(self, outlines: Sequence[Outline], image_shape: tuple[int, ...], now_ns: int) -> None:
        """See how much of those who were not found in this frame should be seen beside faces with these outlines."""
        with_hair = [with_hair_of(outline) for outline in outlines]
        for one in self._away:
            # Hair hid her first: what an outline covers by now explains why she was not seen.
            one.is_hidden = one.is_hidden or shown_share(one.place(now_ns), outlines) < _SURELY_HIDDEN
            if one.is_hidden:
                inside = inside_frame(one.place(now_ns), image_shape)
                one.shown = inside * shown_share(one.surroundings(now_ns), outlines)
                surely_shown = inside * shown_share(one.place(now_ns), with_hair)
                one.not_there = one.not_there + 1 if surely_shown >= _SHOULD_SHOW else 0
        self._away = [one for one in self._away if not one.is_leaving or one.shown > 0]

    def coming(self, now_ns: int) -> tuple[TrackedFace, ...]:
        """Those hidden ones of whom part should be seen by now, where it should be: nobody knows that it is not."""
        return tuple(
            TrackedFace(one.track_id, None, one.surroundings(now_ns))
            for one in self._away
            if one.is_hidden and one.shown >= _MAY_SHOW and not one.is_elsewhere
        )

    def nearness(self, box_xyxy: NDArray[np.float32]) -> float:
        """How much a face lies where a missed one was, 0..1."""
        return max((overlap(box_xyxy, one.one.box_xyxy) for one in self._away if not one.is_hidden), default=0.0)

    def found(self, box_xyxy: NDArray[np.float32], now_ns: int) -> Absence | None:
        """Who it is that a face was found here: the nearest to her place of those missed there or about to come out."""
        away = {one: apart(one.place(now_ns), box_xyxy) for one in self._away if _may_be_at(one, box_xyxy, now_ns)}
        return min(away, key=lambda one: away[one], default=None)

    def returned(self, absence: Absence, found: FollowedFace) -> None:
        """This face is probably hers: she is not out of sight any more, unless it turns out to be another's."""
        self._away = [one for one in self._away if one is not absence]
        self._returned = [*((who, one) for who, one in self._returned if who is not found), (found, absence)]

    def recognised(self, in_sight: Sequence[FollowedFace]) -> None:
        """Whoever is surely in sight is not away; of whom a face was thought that is another's, or lost again, is."""
        claims, self._returned = self._returned, []
        for found, absence in claims:
            person = found.identity.person if found in in_sight else None
            if found in in_sight and person is None:
                self._returned.append((found, absence))
            elif person is None or absence.person not in (None, person) or self._is_away(person):
                self._away.append(absence)
        sure = {one.identity.person for one in in_sight} - {None}
        self._away = [one for one in self._away if one.person not in sure]

    def _is_away(self, person: int) -> bool:
        return any(one.person == person for one in self._away)

    def expire(self, now_ns: int) -> None:
        """Whoever is away for too long has left."""
        self._away = [
            one for one in self._away if 0 <= now_ns - one.since_ns <= (_HIDDEN_NS if one.is_hidden else _MISSED_NS)
        ]


def _may_be_at(one: Absence, box_xyxy: NDArray[np.float32], now_ns: int) -> bool:
    """Whether a face here may be hers."""
    if one.is_hidden:
        return apart(one.place(now_ns), box_xyxy) <= _COMES_OUT_WITHIN
    return overlap(one.one.box_xyxy, box_xyxy) > 0
