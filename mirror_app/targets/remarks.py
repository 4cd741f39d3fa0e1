"""Room: targets. What can be said about a photo as target face, in words. No pixels, no files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from mirror_app.domain.sentence import Sentence


class Badge(Enum):
    """How well a photo serves, at a glance; the value is the word in records and JSON."""

    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"


class Remark(Enum):
    """One thing about a photo that makes its face less good; the value is the word in records and JSON."""

    TURNED = "turned"
    PROFILE = "profile"
    TILTED = "tilted"
    SMALL = "small"
    TINY = "tiny"
    CUT_OFF = "cut-off"
    SHADOW = "shadow"
    FOREHEAD = "forehead"
    COVERED = "covered"
    GLASSES = "glasses"
    EYES_CLOSED = "eyes-closed"
    MOUTH_OPEN = "mouth-open"
    BLURRED = "blurred"
    BLOCKY = "blocky"
    DARK = "dark"
    BRIGHT = "bright"


REMARKS: Final = {
    Remark.TURNED: Sentence(
        "The head is turned: the far cheek is made from the near one. A photo from the front is better."
    ),
    Remark.PROFILE: Sentence("This is nearly a profile: half of the face is guessed. Use a photo from the front."),
    Remark.TILTED: Sentence("The head is tipped up or down. A photo taken at eye level is better."),
    Remark.SMALL: Sentence(
        "The face is small in the photo: fine detail is missing. Best is a face 300 pixels high or more."
    ),
    Remark.TINY: Sentence(
        "The face is tiny in the photo and will look blurred. Use a photo with a face at least 150 pixels high."
    ),
    Remark.CUT_OFF: Sentence(
        "Part of the face lies outside the photo and is made up. Use a photo with the whole face."
    ),
    Remark.SHADOW: Sentence(
        "Hard shadows lie on the face. They are evened out, but a photo in soft light from the front is better."
    ),
    Remark.FOREHEAD: Sentence(
        "Hair or a hat hides part of the forehead; skin is painted there. A photo with a free forehead is better."
    ),
    Remark.COVERED: Sentence(
        "Something hides part of the face: hair, a beard, a hand or a mask. A photo of the bare face is better."
    ),
    Remark.GLASSES: Sentence(
        "Glasses are in the photo: their rims may show in the mirror. A photo without glasses is better."
    ),
    Remark.EYES_CLOSED: Sentence("The eyes look closed. Use a photo with open eyes."),
    Remark.MOUTH_OPEN: Sentence(
        "The mouth is open: the lips look stretched when yours is closed. Use a photo with the mouth closed."
    ),
    Remark.BLURRED: Sentence("The photo is blurred. Use a sharper one."),
    Remark.BLOCKY: Sentence("The photo is strongly compressed: its blocks may show. Use the original file."),
    Remark.DARK: Sentence("The face is very dark in the photo. Use a brighter one."),
    Remark.BRIGHT: Sentence("The face is overexposed: its colours are lost. Use a photo with less light."),
}
"""What a user can do about each remark."""

_GRAVE: Final = frozenset({Remark.PROFILE, Remark.TINY})
"""One of these alone makes a poor target face."""
_MANY: Final = 4
"""So many remarks together do as well."""


@dataclass(frozen=True, slots=True)
class PhotoCheck:
    """What the check of a photo found.

    Attributes:
        remarks: In the order of `Remark`; empty when there is nothing to say against the photo.
    """

    remarks: tuple[Remark, ...]

    @property
    def badge(self) -> Badge:
        """The remarks in one word."""
        if not self.remarks:
            return Badge.GOOD
        return Badge.POOR if len(self.remarks) >= _MANY or _GRAVE & set(self.remarks) else Badge.FAIR


def joint_check(checks: Iterable[PhotoCheck]) -> PhotoCheck:
    """The check of several photos of one face together: what is wrong in one is made good by another."""
    shared = set.intersection(*(set(check.remarks) for check in checks))
    return PhotoCheck(tuple(remark for remark in Remark if remark in shared))


def check_from_words(words: Iterable[object]) -> PhotoCheck:
    """A check that was stored as words; words of a later version are passed over."""
    return PhotoCheck(tuple(remark for remark in Remark if remark.value in set(words)))
