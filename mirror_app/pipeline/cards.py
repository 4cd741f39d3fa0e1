"""Room: pipeline. The labelled cards that leave instead of camera pictures, drawn once for each size."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.compose.card import shield_card
from mirror_app.compose.label import Label
from mirror_app.domain.frame import Size
from mirror_app.domain.label import LabelStyle

_MOST_KEPT: Final = 8


class Cards:
    """Cards by size; those wanted last are kept."""

    def __init__(self) -> None:
        self._drawn: dict[tuple[Size, LabelStyle | None], NDArray[np.uint8]] = {}

    def of(self, size_wh: Size, *, label_on: bool, style: LabelStyle | None = None) -> NDArray[np.uint8]:
        """The card of a size, read-only (h, w, 3) uint8 BGR."""
        wanted = (size_wh, (style or LabelStyle()) if label_on else None)
        if wanted not in self._drawn:
            card = shield_card(size_wh)
            if label_on:
                Label(style).draw(card)
            card.flags.writeable = False
            self._drawn = dict([*self._drawn.items()][1 - _MOST_KEPT :])
            self._drawn[wanted] = card
        return self._drawn[wanted]
