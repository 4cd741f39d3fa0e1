"""Room: tools. Counts how well several people are told apart over time: CLEAR MOT and ID figures. Knows no pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.faces.detect import overlap

LEAST_OVERLAP: Final = 0.5
"""Intersection over union from which on a found box counts as a person's (as in the MOT challenges)."""
# A pair more is worth more than any gain of overlap: there are at most six people.
_PAIR_WORTH: Final = 10.0

Box = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class FoundBox:
    """One box of a tracker.

    Attributes:
        number: Whom it calls it; None = it does not say.
        box_xyxy: (4,) float32, px.
    """

    number: int | None
    box_xyxy: Box


@dataclass(frozen=True, slots=True)
class MatchFigures:
    """How well people were followed.

    Attributes:
        truths: Boxes of people that were there to be found.
        misses: Those nobody found.
        false_boxes: Found boxes on nobody.
        switches: How often a person got another number than she had before.
        unnamed: Found boxes on somebody, without a number.
        mota: Multiple object tracking accuracy: 1 - (misses + false boxes + switches) / truths (Bernardin and
            Stiefelhagen, "Evaluating Multiple Object Tracking Performance", 2008).
        idf1: Identification F1: share of boxes that bear the number which fits the person best over all frames (Ristani
            et al., "Performance Measures and a Data Set for Multi-Target, Multi-Camera Tracking", 2016). A box
            without a number counts as one on nobody.
    """

    truths: int
    misses: int
    false_boxes: int
    switches: int
    unnamed: int
    mota: float
    idf1: float


class PeopleMatch:
    """Call `add` once per frame; then read `figures`."""

    def __init__(self) -> None:
        self._last: dict[int, int] = {}
        self._named: dict[int, int] = {}
        self._truths = self._found = self._misses = self._false = self._switches = self._unnamed = 0
        self._together: dict[tuple[int, int], int] = {}

    def add(self, truths: Mapping[int, Box], found: Sequence[FoundBox], ignored: Sequence[Box] = ()) -> dict[int, int]:
        """Count one frame.

        Args:
            truths: Boxes of the people who can be seen, by number.
            found: What the tracker says.
            ignored: Boxes of people who can hardly be seen: neither to be found nor false.

        Returns:
            For each person who was found, the place in `found` of her box.
        """
        pairs = self._continued(truths, found)
        people = [person for person in truths if person not in pairs]
        places = [place for place in range(len(found)) if place not in pairs.values()]
        worth = np.array([[_worth(truths[one], found[place].box_xyxy) for place in places] for one in people])
        pairs |= {people[row]: places[column] for row, column in best_pairs(worth.reshape(len(people), len(places)))}
        spare = [place for place in range(len(found)) if place not in pairs.values()]
        spare = [place for place in spare if not _is_on_any(found[place].box_xyxy, ignored)]
        self._count(truths, found, pairs, spare)
        return pairs

    @property
    def figures(self) -> MatchFigures:
        """The sums so far."""
        wrong = self._misses + self._false + self._switches
        rows, columns = (sorted({pair[side] for pair in self._together}) for side in (0, 1))
        frames = np.array([[self._together.get((row, column), 0) for column in columns] for row in rows], float)
        kept = sum(int(frames[row, column]) for row, column in best_pairs(frames.reshape(len(rows), len(columns))))
        return MatchFigures(
            self._truths, self._misses, self._false, self._switches, self._unnamed,
            mota=1 - wrong / self._truths if self._truths else 1.0,
            idf1=2 * kept / (self._truths + self._found) if self._truths + self._found else 1.0,
        )  # fmt: skip

    def _continued(self, truths: Mapping[int, Box], found: Sequence[FoundBox]) -> dict[int, int]:
        """Pairs of the frame before that still fit: CLEAR MOT keeps them, even where another would fit better."""
        places = {one.number: place for place, one in enumerate(found) if one.number is not None}
        pairs: dict[int, int] = {}
        for person, box in truths.items():
            place = places.get(self._last.get(person, -1))
            if place is None or place in pairs.values() or overlap(box, found[place].box_xyxy) < LEAST_OVERLAP:
                continue
            pairs[person] = place
        return pairs

    def _count(
        self, truths: Mapping[int, Box], found: Sequence[FoundBox], pairs: Mapping[int, int], spare: Sequence[int]
    ) -> None:
        self._truths += len(truths)
        self._found += len(pairs) + len(spare)
        self._misses += len(truths) - len(pairs)
        self._false += len(spare)
        for person, place in pairs.items():
            number = found[place].number
            if number is None:
                self._unnamed += 1
                continue
            self._switches += self._last.get(person, number) != number
            self._last[person] = number
        # Unlike the pairs of CLEAR MOT, each number may go with everybody whom its box fits.
        for person, box in truths.items():
            for one in (found[place] for place in (*pairs.values(), *spare)):
                if one.number is not None and overlap(box, one.box_xyxy) >= LEAST_OVERLAP:
                    key = (person, one.number)
                    self._together[key] = self._together.get(key, 0) + 1


def best_pairs(worth: NDArray[np.floating]) -> list[tuple[int, int]]:
    """Pairs of rows and columns, each used at most once, of the greatest total worth; pairs worth 0 are left out.

    Args:
        worth: (rows, columns), at least 0. Time grows with 2 to the number of rows, and with the columns.
    """
    rows, columns = worth.shape
    # For each set of rows that are taken: the total, and the pairs.
    best: dict[int, tuple[float, tuple[tuple[int, int], ...]]] = {0: (0.0, ())}
    for column in range(columns):
        useful = [row for row in range(rows) if worth[row, column] > 0]
        for taken, (total, pairs) in list(best.items()):
            for row in useful:
                if taken >> row & 1:
                    continue
                more, now = total + float(worth[row, column]), taken | 1 << row
                if now not in best or more > best[now][0]:
                    best[now] = (more, (*pairs, (row, column)))
    return list(max(best.values(), key=lambda one: one[0])[1])


def _worth(truth: Box, box: Box) -> float:
    shared = overlap(truth, box)
    return _PAIR_WORTH + shared if shared >= LEAST_OVERLAP else 0.0


def _is_on_any(box: Box, others: Sequence[Box]) -> bool:
    return any(overlap(box, other) >= LEAST_OVERLAP for other in others)
