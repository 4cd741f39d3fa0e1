"""Room: domain. How the visible mark looks: its words, its corner, its plate. Draws nothing, loads no libraries."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from typing import Final

LEAST_OPACITY: Final = 0.3
"""Below this the plate is no plate any more; the letters' own dark rim keeps the contrast over the whole range."""
MOST_OPACITY: Final = 1.0
DEFAULT_OPACITY: Final = 0.6


class LabelText(Enum):
    """The words of the mark; the value is a stable key for settings and flags."""

    BOTH = "both"
    """English and Chinese, "generated": the stronger word, which both laws take."""
    EN = "en"
    ZH = "zh"
    MODIFIED = "modified"
    """What the EU's code of practice calls a changed camera picture. In Chinese it says "synthesised": GB 45438-2025
    asks for "generated" or "synthesised", and "modified" is neither."""


class LabelCorner(Enum):
    """Where the mark stands as long as no face is there; the value is a stable key for settings and flags."""

    AUTO = "auto"
    """The bottom right one at first, and where it went to make room for a face it stays."""
    BOTTOM_RIGHT = "bottom-right"
    BOTTOM_LEFT = "bottom-left"
    TOP_RIGHT = "top-right"
    TOP_LEFT = "top-left"


@dataclass(frozen=True, slots=True)
class LabelStyle:
    """How the mark looks.

    Attributes:
        text: Its words.
        corner: Where it stands; a face pushes it away, and to a corner that was chosen it comes back.
        opacity: Of the plate under the letters, `LEAST_OPACITY`..`MOST_OPACITY`.
    """

    text: LabelText = LabelText.BOTH
    corner: LabelCorner = LabelCorner.AUTO
    opacity: float = DEFAULT_OPACITY

    def __post_init__(self) -> None:
        if not (math.isfinite(self.opacity) and LEAST_OPACITY <= self.opacity <= MOST_OPACITY):
            raise ValueError(f"opacity {self.opacity} is not within {LEAST_OPACITY}..{MOST_OPACITY}")
