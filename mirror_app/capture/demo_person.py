"""Room: capture. Six demo people: what each of them looks like, in words and numbers. Nothing is drawn here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from mirror_app.capture.demo_look import DemoLook, Rims, SkinTone

Bgr = tuple[int, int, int]


_PLAIN: Final = DemoLook()


@dataclass(frozen=True, slots=True)
class HeadShape:
    """How a head differs from the portrait's; all zero = not at all.

    Attributes:
        width: 0.1 = the face is ten per cent wider.
        jaw: The same for the jaw alone.
        eyes: The same for the distance between the eyes.
        nose: The same for the width of the nose.
        mouth: The same for the width of the mouth.
        chin_px: How far the chin lies lower, canvas px (the face is 310 px high).
        lips_px: How far the mouth lies lower.
        tip_px: How far the tip of the nose lies lower.
        brows_px: How far the brows lie lower.
        relief_px: How far the nose stands out more.
    """

    width: float = 0.0
    jaw: float = 0.0
    eyes: float = 0.0
    nose: float = 0.0
    mouth: float = 0.0
    chin_px: float = 0.0
    lips_px: float = 0.0
    tip_px: float = 0.0
    brows_px: float = 0.0
    relief_px: float = 0.0


@dataclass(frozen=True, slots=True)
class Hair:
    """Hair in place of the hat.

    Attributes:
        dark_bgr: Darkest colour of a strand.
        light_bgr: Lightest colour of a strand.
        is_long: Whether it falls to the shoulders.
    """

    dark_bgr: Bgr
    light_bgr: Bgr
    is_long: bool = False


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """One of the demo people; the default is the portrait as it is.

    Attributes:
        look: Skin, beard, glasses, fringe; the lamp is the scene's matter.
        shape: How the head is made.
        hair: What stands in the hat's place; None = the hat.
        cloth_bgr: Colour of the coat; None = the uniform.
        lips_bgr: Colour of the lips; None = her own.
        brow_bgr: Colour of painted brows; None = her own.
        youth: 0..1, how much of the wrinkles is smoothed away.
        is_mirrored: Whether left and right are changed over.
        phase_s: What she does now the portrait does so many seconds later.
    """

    look: DemoLook = _PLAIN
    shape: HeadShape = HeadShape()
    hair: Hair | None = None
    cloth_bgr: Bgr | None = None
    lips_bgr: Bgr | None = None
    brow_bgr: Bgr | None = None
    youth: float = 0.0
    is_mirrored: bool = False
    phase_s: float = 0.0


PEOPLE: Final[tuple[DemoPerson, ...]] = (
    DemoPerson(),
    DemoPerson(
        look=DemoLook(skin_tone=SkinTone.DARK, glasses=Rims.NONE),
        shape=HeadShape(width=0.1, jaw=0.12, eyes=0.08, nose=0.2, mouth=0.12, chin_px=-8, lips_px=2, brows_px=-3),
        hair=Hair((12, 12, 14), (44, 42, 46)),
        cloth_bgr=(60, 60, 170),
        lips_bgr=(62, 58, 110),
        brow_bgr=(14, 14, 16),
        youth=0.85,
        is_mirrored=True,
        phase_s=23.7,
    ),
    DemoPerson(
        look=DemoLook(beard=True, glasses=Rims.THICK),
        shape=HeadShape(width=-0.07, jaw=-0.06, eyes=-0.06, chin_px=16, tip_px=8, lips_px=4, relief_px=10),
        hair=Hair((20, 30, 42), (66, 92, 122)),
        cloth_bgr=(96, 120, 70),
        brow_bgr=(22, 30, 40),
        youth=0.4,
        phase_s=61.3,
    ),
    DemoPerson(
        look=DemoLook(skin_tone=SkinTone.PALE, glasses=Rims.NONE),
        shape=HeadShape(width=-0.03, jaw=-0.14, eyes=0.1, nose=-0.15, mouth=-0.1, tip_px=-8, chin_px=-4, brows_px=-5),
        hair=Hair((40, 84, 140), (120, 178, 226), is_long=True),
        cloth_bgr=(150, 110, 170),
        lips_bgr=(66, 52, 190),
        youth=0.95,
        is_mirrored=True,
        phase_s=101.9,
    ),
    DemoPerson(
        look=DemoLook(skin_tone=SkinTone.BROWN, glasses=Rims.NONE, fringe=True),
        shape=HeadShape(width=0.04, jaw=0.05, eyes=-0.03, nose=0.1, mouth=0.05, lips_px=-4, chin_px=6, brows_px=4),
        hair=Hair((16, 22, 34), (48, 64, 92), is_long=True),
        cloth_bgr=(40, 150, 190),
        lips_bgr=(74, 60, 150),
        youth=0.6,
        phase_s=140.2,
    ),
    DemoPerson(
        look=DemoLook(glasses=Rims.NONE),
        shape=HeadShape(width=0.13, jaw=0.16, eyes=0.02, nose=0.08, mouth=-0.08, chin_px=4, tip_px=-4, relief_px=-8),
        hair=Hair((130, 132, 136), (216, 218, 220)),
        cloth_bgr=(120, 90, 50),
        youth=0.0,
        is_mirrored=True,
        phase_s=182.6,
    ),
)
"""The demo people; a scene shows the first so many of them."""
