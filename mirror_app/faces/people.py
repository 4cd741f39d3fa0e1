"""Room: faces. Who is who: numbers of the people seen, and how sure it is that a face is one of them. No pictures.

A wrong number is worse than none: whoever may be either of two, or is nearly like one, gets none.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.faces.signature import ALIKE, UNLIKE, Signature, distance

# The second best must be so much less alike.
_MARGIN: Final = 0.06
# Whoever is followed without a doubt may look a little different than at any time before.
_STILL_ALIKE: Final = 0.28
_PARTLY_ALIKE: Final = 0.34
_PARTLY_KNOWN: Final = 0.28
_CLEAR_MARGIN: Final = 0.2
# Where somebody is expected who is partly hidden, so many looks in a row that are like her, and unlike everybody else
# by so much, are enough. Of faces shown by half the distance is 0.33 to 0.45, to others 0.16 more and above; of meshes
# that lie beside the face it is 0.54 and above (four demo people crossing).
_EXPECTED_ALIKE: Final = 0.4
_EXPECTED_MARGIN: Final = 0.17
_LOOKS_EXPECTED: Final = 2
# Whoever looks like one person and like nobody else by so much is she at the first look.
_PLAIN_MARGIN: Final = 0.15
# A person's looks are a running mean of about so many looks.
_MEMORY: Final = 40
# In so many looks in a row somebody must look like the same person to be her, or like nobody to be a new one.
_LOOKS_KNOWN: Final = 2
_LOOKS_NEW: Final = 6
# With a recogniser, whose looks are a fifth of a second apart or more.
_LOOKS_NEW_SAID: Final = 3
# A mesh that lay on somebody surely may lie across two faces now: so many times as many.
_DOUBTFUL: Final = 5
# A face that looks like another person in so many looks in a row is not who it was.
_LOOKS_AGAINST: Final = 4
# If it looks like a known one, fewer do.
_LOOKS_ANOTHER: Final = 2
# A partly hidden face that looks like nobody in so many looks in a row may be another one's.
_LOOKS_PARTIAL: Final = 4
_MOST_PEOPLE: Final = 64

NEW: Final = 0
"""Stands for somebody who was never seen before."""


class People:
    """Everybody who was recognised since the start, by number."""

    def __init__(self) -> None:
        self._looks: dict[int, Signature] = {}
        self._learned: dict[int, int] = {}

    def who(self, seen: Signature, elsewhere: Collection[int], *, is_partial: bool = False) -> int | None:
        """The one person who looks like this.

        Args:
            seen: A face.
            elsewhere: People who are surely somebody else in the same picture.
            is_partial: Whether a nearer face hides a part of it: then she looks less like herself.

        Returns:
            Her number, `NEW`, or None where it may be either.
        """
        near = sorted((away, number) for number in self._looks if (away := self._away(number, seen)) is not None)
        absent = [(away, number) for away, number in near if number not in elsewhere]
        if not absent:
            return NEW if len(self._looks) < _MOST_PEOPLE else None
        best, number = absent[0]
        others = (away for away, other in near if other != number)
        if is_partial and best <= _PARTLY_KNOWN and all(away > best + _CLEAR_MARGIN for away in others):
            return number
        if best > UNLIKE:
            return NEW if len(self._looks) < _MOST_PEOPLE else None
        if best > ALIKE or any(away < best + _MARGIN for away, _ in absent[1:]):
            return None
        # Like somebody who is elsewhere, and more so: which of both is she?
        return None if near[0][0] < best - _MARGIN else number

    def plainly(self, number: int, seen: Signature) -> bool:
        """Whether a face looks like this person, and so much less like everybody else that one look is enough."""
        own = self._away(number, seen)
        if own is None or own > ALIKE:
            return False
        others = (self._away(other, seen) for other in self._looks if other != number)
        return all(away is None or away > own + _PLAIN_MARGIN for away in others)

    def still_is(self, number: int, seen: Signature, lately: Signature | None = None) -> bool:
        """Whether a face that was this person's looks like hers, and like nobody else's.

        Partly hidden ones look less like themselves; they must look so much less like anybody else.

        Args:
            number: The person.
            seen: The face.
            lately: What she was seen to look like a moment ago, in another light perhaps.
        """
        known = (self._away(number, seen), None if lately is None else distance(lately, seen))
        own = min((away for away in known if away is not None), default=None)
        if own is None or own > _PARTLY_ALIKE:
            return False
        margin = _MARGIN if own <= _STILL_ALIKE else _CLEAR_MARGIN
        others = (self._away(other, seen) for other in self._looks if other != number)
        return all(away is None or away > own + margin for away in others)

    def may_well_be(self, number: int, seen: Signature) -> bool:
        """Whether a partly hidden face may be this person's, who is expected there, and hardly anybody else's."""
        own = self._away(number, seen)
        if own is None or own > _EXPECTED_ALIKE:
            return False
        others = (self._away(other, seen) for other in self._looks if other != number)
        return all(away is None or away > own + _EXPECTED_MARGIN for away in others)

    def only_one_but(self, elsewhere: Collection[int]) -> int | None:
        """The only one of all who is not elsewhere."""
        missing = self._looks.keys() - set(elsewhere)
        return missing.pop() if len(missing) == 1 else None

    def welcome(self, seen: Signature) -> int:
        """A number for a new person."""
        number = len(self._looks) + 1
        self._looks[number], self._learned[number] = seen, 1
        return number

    def learn(self, number: int, seen: Signature) -> None:
        """Take in what she looks like now; of what a recogniser says, only what is surely hers."""
        away = self._away(number, seen)
        if seen.embedding is not None and (away is None or away > ALIKE):
            seen = replace(seen, embedding=None)
        self._learned[number] = min(self._learned[number] + 1, _MEMORY)
        self._looks[number] = self._looks[number].blended(seen, 1 / self._learned[number])

    def _away(self, number: int, seen: Signature) -> float | None:
        return distance(self._looks[number], seen)


class Identity:
    """Who one followed face is believed to be."""

    def __init__(self) -> None:
        self.believed: int | None = None
        """Whose face it probably is."""
        self.is_sure = False
        self._voted: int | None = None
        self._votes = 0
        self.is_vouched = False
        """A recogniser said that the face is whose it is believed to be, and no doubt came since."""
        self._said: Signature | None = None
        self._unknown: NDArray[np.float32] | None = None
        self._was_sure = False
        self._like_expected = 0

    @property
    def person(self) -> int | None:
        """Whose face it surely is."""
        return self.believed if self.is_sure else None

    def doubt(self) -> None:
        """Somebody came so close that the mesh may be on that one's face by now."""
        self.is_sure = self.is_vouched = False
        self._unknown = None
        self._like_expected = min(self._like_expected, _LOOKS_EXPECTED - 1)

    def expect(self, person: int | None) -> None:
        """It came out where this person was expected."""
        self.believed, self._votes, self._said, self._like_expected = person, 0, None, 0
        self.doubt()

    def disown(self) -> None:
        """It is not who it was believed to be."""
        self.expect(None)

    def glance(self, seen: Signature, people: People, elsewhere: Collection[int], *, is_clear: bool = True) -> bool:
        """Take a look between two of a recogniser's into account.

        It confirms or rouses doubts; it names nobody but whom the recogniser did not know, and who looks like nobody.

        Args:
            seen: The face now.
            people: Who is known.
            elsewhere: The people that other faces in this picture surely are.
            is_clear: See `see`.

        Returns:
            Whether the face looks like whom it is believed to be.
        """
        if self.believed is None:
            if is_clear and self._unknown is not None and people.who(seen, elsewhere) == NEW:
                self._vote(NEW, seen, people)
            return self.is_sure
        if self.believed not in elsewhere and people.still_is(self.believed, seen, self._said):
            # What the recogniser said against it, a mere look does not take back.
            self.is_sure = self.is_sure or not self._votes
            return True
        if people.who(seen, elsewhere) not in (None, self.believed):
            self.doubt()
        return False

    def see(
        self,
        seen: Signature,
        people: People,
        elsewhere: Collection[int],
        *,
        is_clear: bool = True,
        is_partial: bool = False,
    ) -> bool:
        """Take a look into account.

        Args:
            seen: The face now.
            people: Who is known.
            elsewhere: The people that other faces in this picture surely are.
            is_clear: Whether the face stands alone: nobody new is made of parts of two faces.
            is_partial: Whether a nearer face hides a part of it.

        Returns:
            False when it turns out that the face is another one than it was believed to be.
        """
        stays = self._weigh(seen, people, elsewhere, is_clear=is_clear, is_partial=is_partial)
        self._was_sure = self._was_sure or self.is_sure
        if seen.embedding is not None:
            self.is_vouched = self.is_sure
            self._said = replace(seen, embedding=None) if self.is_sure else None
            self._unknown = seen.embedding if self.believed is None and self._voted == NEW else None
        return stays

    def _weigh(
        self, seen: Signature, people: People, elsewhere: Collection[int], *, is_clear: bool, is_partial: bool
    ) -> bool:
        if self.believed is None:
            found = people.who(seen, elsewhere, is_partial=is_partial)
            if found is None or found == NEW:
                missing = people.only_one_but(elsewhere) if is_partial else None
                found = missing if missing is not None and people.may_well_be(missing, seen) else found
            self._vote(None if found == NEW and not is_clear else found, seen, people)
            return True
        if self.believed not in elsewhere and people.still_is(self.believed, seen):
            self.is_sure, self._votes = True, 0
            return True
        if is_partial and self._is_like_expected(seen, people, elsewhere):
            self.is_sure, self._votes = True, 0
            return True
        found = people.who(seen, elsewhere)
        if found is None or found == self.believed:
            self._votes = 0
            return True
        if found and not self._was_sure and people.plainly(found, seen):
            self.disown()
            self.believed, self.is_sure = found, True
            return False
        self._votes += 1
        if found == NEW and is_partial:
            # Half a face looks like nobody; where it was followed all the time, it is whose it was, for a moment.
            if self._votes >= _LOOKS_PARTIAL:
                self.doubt()
            return True
        self.doubt()
        if self._votes < (_LOOKS_AGAINST if found == NEW else _LOOKS_ANOTHER):
            return True
        self.disown()
        return False

    def _is_like_expected(self, seen: Signature, people: People, elsewhere: Collection[int]) -> bool:
        may_be = (
            self.believed is not None and self.believed not in elsewhere and people.may_well_be(self.believed, seen)
        )
        self._like_expected = self._like_expected + 1 if may_be else 0
        return self._like_expected >= _LOOKS_EXPECTED

    def _vote(self, found: int | None, seen: Signature, people: People) -> None:
        self._votes = self._votes + 1 if found is not None and found == self._voted else int(found is not None)
        self._voted = found
        if found and people.plainly(found, seen):
            self._votes = _LOOKS_KNOWN
        new = _LOOKS_NEW_SAID
        if seen.embedding is None:
            new = _LOOKS_NEW * (_DOUBTFUL if self._was_sure else 1)
        if found is None or self._votes < (new if found == NEW else _LOOKS_KNOWN):
            return
        if found == NEW:
            said = self._unknown if seen.embedding is None else seen.embedding
            found = people.welcome(replace(seen, embedding=said))
        self.believed, self.is_sure, self._votes = found, True, 0
