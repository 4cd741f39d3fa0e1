"""Room: gui. Where the mark lies in a result and how it looks, so that a flipped preview can show it readable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.compose.label import Label
from mirror_app.domain.label import LabelStyle
from mirror_app.pipeline.result import MirrorResult

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
        self._label = Label()
        self._size_wh = (0, 0)
        self._places: list[tuple[int, int, int, int]] = []

    def find(self, result: MirrorResult) -> LabelPlate | None:
        """The mark in `preview_bgr`; None when the picture carries none."""
        if result.original_bgr is result.preview_bgr or result.original_bgr.shape != result.preview_bgr.shape:
            return None
        height, width = result.preview_bgr.shape[:2]
        if self._size_wh != (width, height) or self._label.style != result.label_style:
            self._look(width, height, result.label_style)
        ink, keep = self._label.layers(width, height)
        for place in self._places:
            if self._changed_share(result, place) > _MARKED_SHARE:
                self._places.remove(place)
                self._places.insert(0, place)  # it stays there as a rule: looked at first the next time
                left, top, right, bottom = place
                return LabelPlate(place, result.original_bgr[top:bottom, left:right], keep, ink)
        return None

    def _look(self, width: int, height: int, style: LabelStyle) -> None:
        """Where a mark of this style can be in a picture of this size."""
        self._label = Label(style)
        self._size_wh = (width, height)
        high, wide = self._label.layers(width, height)[0].shape[:2]
        self._places = [(x, y, x + wide, y + high) for x, y in self._label.corners(width, height)]

    def _changed_share(self, result: MirrorResult, place: tuple[int, int, int, int]) -> float:
        """The part of a place that is not the camera's any more, of what a mark would change: black stays black."""
        left, top, right, bottom = place
        part = np.s_[top:bottom:_STEP, left:right:_STEP]
        original = result.original_bgr[part]
        is_changed = (original != result.preview_bgr[part]).any(axis=2)
        ink, _ = self._label.layers(*self._size_wh)
        can_change = (original > _BLACK).any(axis=2) | (ink[::_STEP, ::_STEP] > _BLACK).any(axis=2)
        return float(is_changed[can_change].mean()) if can_change.any() else 0.0
