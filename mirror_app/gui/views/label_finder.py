"""Room: gui. Where the mark lies in a result and how it looks, so that a flipped preview can show it readable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.compose.label import Label
from mirror_app.pipeline.result import MirrorResult

_CORNERS: Final = 4
_BLACK: Final = 1
"""A plate leaves what is not brighter as it is, when rounded."""
_STEP: Final = 8
"""Every eighth pixel each way tells enough: the mark's plate darkens all of its pixels."""
_MARKED_SHARE: Final = 0.7
"""A face in a corner changes part of the place; a mark changes every pixel that is not black already."""


@dataclass(frozen=True, slots=True, eq=False)
class LabelPlate:
    """The mark in a picture.

    Attributes:
        box_xyxy: Where it is, px of the picture.
        background_bgr: (h, w, 3) uint8, the camera's picture under it.
        keep: (h, w, 3) uint8, how much of the background shows through; 255 = all.
        ink_bgr: (h, w, 3) uint8, what is added to it.
    """

    box_xyxy: tuple[int, int, int, int]
    background_bgr: NDArray[np.uint8]
    keep: NDArray[np.uint8]
    ink_bgr: NDArray[np.uint8]


class LabelFinder:
    """Compares the picture with the camera's own at the places where the mark can be."""

    def __init__(self) -> None:
        self._size_wh = (0, 0)
        self._places: list[tuple[int, int, int, int]] = []
        self._keep = self._ink = np.empty((0, 0, 3), np.uint8)

    def find(self, result: MirrorResult) -> LabelPlate | None:
        """The mark in `preview_bgr`; None when the picture carries none."""
        if result.original_bgr is result.preview_bgr or result.original_bgr.shape != result.preview_bgr.shape:
            return None
        height, width = result.preview_bgr.shape[:2]
        if self._size_wh != (width, height):
            self._learn(width, height)
        for place in self._places:
            if self._changed_share(result, place) > _MARKED_SHARE:
                self._places.remove(place)
                self._places.insert(0, place)  # it stays there as a rule: looked at first the next time
                left, top, right, bottom = place
                return LabelPlate(place, result.original_bgr[top:bottom, left:right], self._keep, self._ink)
        return None

    def _learn(self, width: int, height: int) -> None:
        """Let the mark itself show how it looks, on black and on white, and where it goes when faces take places."""
        label = Label()
        black, white = np.zeros((height, width, 3), np.uint8), np.full((height, width, 3), 255, np.uint8)
        x, y = label.place(width, height, [])
        label.draw(black)
        label.draw(white)
        plate_wh = np.array([np.count_nonzero(white[y, :, 0] != 255), np.count_nonzero(white[:, x, 0] != 255)])
        places: list[NDArray[np.float32]] = []
        for _ in range(_CORNERS):
            corner = np.array(label.place(width, height, places))
            places.append(np.concatenate([corner, corner + plate_wh]).astype(np.float32))
        part = np.s_[y : y + plate_wh[1], x : x + plate_wh[0]]
        self._ink, self._keep = black[part].copy(), white[part] - black[part]
        self._places = [(int(box[0]), int(box[1]), int(box[2]), int(box[3])) for box in places]
        self._size_wh = (width, height)

    def _changed_share(self, result: MirrorResult, place: tuple[int, int, int, int]) -> float:
        """The part of a place that is not the camera's any more, of what a mark would change: black stays black."""
        left, top, right, bottom = place
        part = np.s_[top:bottom:_STEP, left:right:_STEP]
        original = result.original_bgr[part]
        is_changed = (original != result.preview_bgr[part]).any(axis=2)
        can_change = (original > _BLACK).any(axis=2) | (self._ink[::_STEP, ::_STEP] > _BLACK).any(axis=2)
        return float(is_changed[can_change].mean()) if can_change.any() else 0.0
