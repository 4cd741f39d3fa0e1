"""Room: domain. Who gets which face, and how it is to be worn."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from mirror_app.domain.face import TrackedFace
from mirror_app.domain.target import TargetFace


class Glasses(Enum):
    """What becomes of glasses on the live face; the value is its name in settings and on the command line."""

    KEEP = "keep"
    """They stay: the live frame shows through the target."""
    REPLACE = "replace"
    """The target covers them wherever it covers the face."""


class Joining(Enum):
    """How a patch is joined to the frame; the value is its name in settings and on the command line."""

    ALPHA = "alpha"
    """Weighted mean."""
    MULTI_BAND = "multi-band"
    """Coarse detail over a wide rim, fine detail over a narrow one."""
    MEMBRANE = "membrane"
    """The difference at the rim is spread smoothly over the inside."""
    POISSON = "poisson"
    """The patch's gradients with the frame's colours at the rim; slow, for stills and comparison."""


class LivePart(Enum):
    """A part of the live face that may stay as it is; the value is its name in settings and on the command line."""

    EYES = "eyes"
    MOUTH = "mouth"


class Others(Enum):
    """What becomes of faces that wear no target while the one that does is covered; the value is its name in settings.

    A face that should wear one and does not is never among them: that one is held, then shielded.
    """

    SHIELD = "shield"
    """The whole picture is shielded."""
    BLUR = "blur"
    """They are pixelated beyond recognition."""


class Empty(Enum):
    """What leaves while nobody is in the picture; the value is its name in settings."""

    SHIELD = "shield"
    """The card: a face that was missed looks like nobody."""
    PASS = "pass"
    """The picture, once a full search has found nobody in many frames in a row."""


@dataclass(frozen=True, slots=True, eq=False)
class Assignment:
    """One live face and the target it wears.

    Attributes:
        live_face: Has a mesh.
        target: The identity to show.
        likeness: 0..1, how far the face's shape goes toward the target's.
        glasses: What becomes of the live face's glasses.
        kept: Parts of the live face that stay. The mesh engine always keeps both.
    """

    live_face: TrackedFace
    target: TargetFace
    likeness: float
    glasses: Glasses = Glasses.KEEP
    kept: frozenset[LivePart] = frozenset()
