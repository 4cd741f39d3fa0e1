"""Room: tools. Contact sheets: a few moments of one pair, the original above, what left the mirror below. No files."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.imaging.text import text_mask

MOMENTS: Final = 5
"""Columns of a sheet."""

_CELL_WH: Final = (320, 400)
_TITLE_PX: Final = 34
_CAP_PX: Final = 13
_INK: Final = 230
_PAPER: Final = 24
# The cut-out's height over the face's mesh.
_ROOM: Final = 1.7


class ContactSheet:
    """One sheet in the making.

    Args:
        title: Stands above.
        frames: How many frames there will be at most; the moments lie evenly among them.
    """

    def __init__(self, title: str, frames: int) -> None:
        self._title = title
        self._turns = frozenset(round(turn) for turn in np.linspace(0, max(frames - 1, 0), MOMENTS + 2)[1:-1])
        self._columns: list[NDArray[np.uint8]] = []

    def add(
        self, turn: int, original_bgr: NDArray[np.uint8], swapped_bgr: NDArray[np.uint8],
        points: NDArray[np.float32] | None,
    ) -> None:  # fmt: skip
        """Offer a frame; it is kept when its turn is one of the sheet's. `points` say where the face is."""
        if turn in self._turns:
            self._columns.append(np.vstack([_cell(image, points) for image in (original_bgr, swapped_bgr)]))

    def draw(self) -> NDArray[np.uint8]:
        """The sheet so far, (h, w, 3) uint8 BGR."""
        empty = np.full((_CELL_WH[1] * 2, _CELL_WH[0], 3), _PAPER, np.uint8)
        body = np.hstack(self._columns or [empty])
        head = np.full((_TITLE_PX, body.shape[1], 3), _PAPER, np.uint8)
        ink = text_mask(self._title, _CAP_PX)[: _TITLE_PX - 8, : body.shape[1] - 16]
        place = head[8 : 8 + ink.shape[0], 8 : 8 + ink.shape[1]]
        np.maximum(place, (ink * (_INK / 255)).astype(np.uint8)[..., None], out=place)
        return np.vstack([head, body])


def _cell(image_bgr: NDArray[np.uint8], points: NDArray[np.float32] | None) -> NDArray[np.uint8]:
    """The face and some of what is around it, at the cell's size; the whole picture where there is no face."""
    height, width = image_bgr.shape[:2]
    low, high = (np.zeros(2), np.array([width, height])) if points is None else _ends(points)
    middle, tall = (low + high) / 2, float(high[1] - low[1]) * (1.0 if points is None else _ROOM)
    scale = _CELL_WH[1] / max(tall, 1.0)
    place = np.array([[scale, 0, _CELL_WH[0] / 2 - scale * middle[0]], [0, scale, _CELL_WH[1] / 2 - scale * middle[1]]])
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.warpAffine(image_bgr, place, _CELL_WH, flags=how, borderMode=cv2.BORDER_REPLICATE), np.uint8)


def _ends(points: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    return points[:, :2].min(axis=0), points[:, :2].max(axis=0)
