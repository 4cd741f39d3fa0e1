"""Room: targets. What can be said about a photo as target face, in words. No pixels, no files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Final


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


WORDS: Final = {
    Remark.TURNED: (
        "The head is turned: the far cheek is made from the near one. A photo from the front is better.",
        "头部侧转，另一侧脸颊由近侧补出。正面照片效果更好。",
    ),
    Remark.PROFILE: (
        "This is nearly a profile: half of the face is guessed. Use a photo from the front.",
        "接近侧脸，半张脸只能推测。请使用正面照片。",
    ),
    Remark.TILTED: (
        "The head is tipped up or down. A photo taken at eye level is better.",
        "头部仰起或低下。平视拍摄的照片效果更好。",
    ),
    Remark.SMALL: (
        "The face is small in the photo: fine detail is missing. Best is a face 300 pixels high or more.",
        "脸部偏小，缺少细节。最好使用脸高 300 像素以上的照片。",
    ),
    Remark.TINY: (
        "The face is tiny in the photo and will look blurred. Use a photo with a face at least 150 pixels high.",
        "脸部太小，会显得模糊。请使用脸高至少 150 像素的照片。",
    ),
    Remark.CUT_OFF: (
        "Part of the face lies outside the photo and is made up. Use a photo with the whole face.",
        "脸部有一部分在照片之外，只能补出。请使用完整的脸。",
    ),
    Remark.SHADOW: (
        "Hard shadows lie on the face. They are evened out, but a photo in soft light from the front is better.",
        "脸上有明显的阴影，已尽量抹平。正面柔光下的照片效果更好。",
    ),
    Remark.FOREHEAD: (
        "Hair or a hat hides part of the forehead; skin is painted there. A photo with a free forehead is better.",
        "头发或帽子遮住了额头，那里由皮肤补出。露出额头的照片效果更好。",
    ),
    Remark.COVERED: (
        "Something hides part of the face: hair, a beard, a hand or a mask. A photo of the bare face is better.",
        "脸部有遮挡，例如头发、胡须、手或口罩。没有遮挡的照片效果更好。",
    ),
    Remark.GLASSES: (
        "Glasses are in the photo: their rims may show in the mirror. A photo without glasses is better.",
        "照片中戴着眼镜，镜框可能会出现在镜中。不戴眼镜的照片效果更好。",
    ),
    Remark.EYES_CLOSED: (
        "The eyes look closed. Use a photo with open eyes.",
        "眼睛似乎闭着。请使用睁眼的照片。",
    ),
    Remark.MOUTH_OPEN: (
        "The mouth is open: the lips look stretched when yours is closed. Use a photo with the mouth closed.",
        "嘴张开着，您闭嘴时嘴唇会变形。请使用闭嘴的照片。",
    ),
    Remark.BLURRED: (
        "The photo is blurred. Use a sharper one.",
        "照片模糊。请使用更清晰的照片。",
    ),
    Remark.BLOCKY: (
        "The photo is strongly compressed: its blocks may show. Use the original file.",
        "照片压缩过度，可能出现方块。请使用原始文件。",
    ),
    Remark.DARK: (
        "The face is very dark in the photo. Use a brighter one.",
        "脸部太暗。请使用更亮的照片。",
    ),
    Remark.BRIGHT: (
        "The face is overexposed: its colours are lost. Use a photo with less light.",
        "脸部过曝，颜色丢失。请使用曝光正常的照片。",
    ),
}
"""What a user can do about each remark, in English and in Chinese."""

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
