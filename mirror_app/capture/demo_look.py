"""Room: capture. What the demo head can look like: words only. Nothing is drawn here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Final


class SkinTone(Enum):
    """Colour of the skin."""

    OWN = "own"
    PALE = "pale"
    BROWN = "brown"
    DARK = "dark"


class Rims(Enum):
    """Glasses."""

    OWN = "own"
    """The photograph's: dark above, pale and thin below."""
    NONE = "none"
    THICK = "thick"
    """Black all around."""


class Lamp(Enum):
    """What lights the scene."""

    OWN = "own"
    """The photograph's light."""
    TURNING = "turning"
    """One lamp that swings from side to side."""
    MIXED = "mixed"
    """A warm lamp on the image's left, a cold window on its right."""
    WARM = "warm"
    """Everything in the colour of a light bulb."""
    DIM = "dim"
    """A dark room: little light, a cold cast, more sensor noise."""
    BRIGHT = "bright"
    """Over-exposed: the lightest skin burns out."""


@dataclass(frozen=True, slots=True)
class DemoLook:
    """How the demo head looks; the default is the photograph as it is.

    Attributes:
        skin_tone: Colour of the skin.
        beard: Whether a full dark beard grows on chin, cheeks and upper lip.
        glasses: Which glasses are worn.
        fringe: Whether strands of hair hang over the forehead down to the brows.
        lamp: What lights the scene.
    """

    skin_tone: SkinTone = SkinTone.OWN
    beard: bool = False
    glasses: Rims = Rims.OWN
    fringe: bool = False
    lamp: Lamp = Lamp.OWN


LOOKS: Final[Mapping[str, DemoLook]] = MappingProxyType(
    {
        "plain": DemoLook(),
        "pale skin": DemoLook(skin_tone=SkinTone.PALE, glasses=Rims.NONE),
        "brown skin": DemoLook(skin_tone=SkinTone.BROWN, glasses=Rims.NONE),
        "dark skin": DemoLook(skin_tone=SkinTone.DARK),
        "beard": DemoLook(beard=True, glasses=Rims.NONE),
        "thick glasses": DemoLook(glasses=Rims.THICK),
        "fringe": DemoLook(fringe=True, glasses=Rims.NONE),
        "turning lamp": DemoLook(lamp=Lamp.TURNING),
        "mixed lamps": DemoLook(lamp=Lamp.MIXED),
        "warm lamp": DemoLook(lamp=Lamp.WARM),
        "dim room": DemoLook(lamp=Lamp.DIM),
        "over-exposed": DemoLook(lamp=Lamp.BRIGHT),
    }
)
"""The looks that are worth trying, by their names for people."""
