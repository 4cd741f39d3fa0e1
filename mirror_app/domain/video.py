"""Room: domain. How a video file stores its pictures: size, clock, colour. No decoding here."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class ColourCoding:
    """How colours are stored, in the code points of ITU-T H.273.

    Attributes:
        matrix: 1 = BT.709, 5 and 6 = BT.601, 9 = BT.2020 (MatrixCoefficients).
        primaries: ColourPrimaries; 2 = not said.
        transfer: TransferCharacteristics; 2 = not said.
        full_range: True = 0..255, False = 16..235.
    """

    matrix: int
    primaries: int
    transfer: int
    full_range: bool


@dataclass(frozen=True, slots=True)
class VideoTraits:
    """What must stay the same when a video is written again.

    Attributes:
        size_wh: Width and height of the upright picture, px.
        pixel_aspect: Width of a pixel divided by its height, upright; 1 for nearly all videos.
        rate: Frames per second, on average.
        time_base: Seconds per tick of the frames' time stamps.
        colour: How the colours are stored.
    """

    size_wh: tuple[int, int]
    pixel_aspect: Fraction
    rate: Fraction
    time_base: Fraction
    colour: ColourCoding
