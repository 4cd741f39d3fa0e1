"""Room: faces. How large a face is when all of it is seen, and whether a mesh is one of all of it. Boxes only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.faces.match import height

# Beside others, a face is believed to become smaller by so much within a frame.
_SLOWLY: Final = 0.998
# Turned away by 60 degrees, a face is two thirds as wide. A mesh that fills less than this share of its place lies on
# what is left of a face of which the rest is hidden.
_LEAST_AREA: Final = 0.58
# A mesh of so much of the face shows where the face is.
_ABOUT: Final = 0.97
_ABOUT_AREA: Final = 0.9


@dataclass(frozen=True, slots=True)
class Whole:
    """A face's size, px, while nobody stands in front of it; 0 = not known."""

    wide: float = 0.0
    high: float = 0.0

    def seen(self, box_xyxy: NDArray[np.float32], *, is_squeezed: bool) -> Whole:
        """As of a frame in which nothing of it is hidden; squeezed in beside others, a mesh may be too small."""
        wide, high = float(box_xyxy[2] - box_xyxy[0]), height(box_xyxy)
        if not is_squeezed:
            return Whole(wide, high)
        return Whole(max(wide, self.wide * _SLOWLY), max(high, self.high * _SLOWLY))

    def is_shown_by(self, box_xyxy: NDArray[np.float32]) -> bool:
        """Whether a mesh in this box is one of about all of the face."""
        return height(box_xyxy) > _ABOUT * self.high and self._area_share(box_xyxy) > _ABOUT_AREA

    def is_only_part(self, box_xyxy: NDArray[np.float32], least_high: float) -> bool:
        """Whether a mesh in this box lies on a part of the face.

        Args:
            box_xyxy: (4,), px.
            least_high: The least share of its height.
        """
        return height(box_xyxy) < least_high * self.high or self._area_share(box_xyxy) < _LEAST_AREA

    def _area_share(self, box_xyxy: NDArray[np.float32]) -> float:
        area = self.wide * self.high
        return float(np.prod(box_xyxy[2:] - box_xyxy[:2])) / area if area else 1.0


UNKNOWN: Final = Whole()
"""Any mesh is one of all of it."""
