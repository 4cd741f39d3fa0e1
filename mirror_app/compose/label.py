"""Room: compose. The visible "AI generated" mark, drawn into the frame and never over a face."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.imaging.resample import resized
from mirror_app.imaging.text import text_mask

LABEL_TEXT: Final = "AI generated / AI生成"

# GB 45438-2025 asks for a text height of at least 5 % of the shortest side; cap height is the strictest reading.
_CAP_SHARE: Final = 0.05
_MARGIN_SHARE: Final = 0.025
_PADDING_SHARE: Final = 0.018
_PLATE_OPACITY: Final = 0.55


class Label:
    """Draws the mark into one of the frame's corners; keeps to a corner as long as no face comes there."""

    def __init__(self, text: str = LABEL_TEXT) -> None:
        self._text = text
        self._size_wh = (0, 0)
        self._ink = np.zeros((0, 0, 3), np.uint8)
        self._frame_weight = np.zeros((0, 0, 3), np.uint8)
        self._corner = 0

    def draw(self, image_bgr: NDArray[np.uint8], face_boxes_xyxy: Sequence[NDArray[np.float32]] = ()) -> None:
        """Draw the mark, in place.

        Args:
            image_bgr: (H, W, 3) uint8.
            face_boxes_xyxy: Where the mark must not be, (4,) each, px.
        """
        height, width = image_bgr.shape[:2]
        x, y = self.place(width, height, face_boxes_xyxy)
        plate_height, plate_width = self._ink.shape[:2]
        window = image_bgr[y : y + plate_height, x : x + plate_width]
        cv2.multiply(window, self._frame_weight, dst=window, scale=1 / 255)
        cv2.add(window, self._ink, dst=window)

    def place(self, width: int, height: int, face_boxes_xyxy: Sequence[NDArray[np.float32]]) -> tuple[int, int]:
        """The mark's top-left pixel: the first free corner, the last one used before others.

        Where faces reach into all corners it is the corner they reach into least.
        """
        if self._size_wh != (width, height):
            self._prepare(width, height)
        corners = self._corners(width, height)
        if self._covered(corners[self._corner], face_boxes_xyxy) > 0:
            order = [self._corner, *(index for index in range(len(corners)) if index != self._corner)]
            self._corner = min(order, key=lambda index: self._covered(corners[index], face_boxes_xyxy))
        return corners[self._corner]

    def _corners(self, width: int, height: int) -> list[tuple[int, int]]:
        margin = round(min(width, height) * _MARGIN_SHARE)
        plate_height, plate_width = self._ink.shape[:2]
        left, right = min(margin, width - plate_width), max(width - plate_width - margin, 0)
        top, bottom = min(margin, height - plate_height), max(height - plate_height - margin, 0)
        return [(right, bottom), (left, bottom), (right, top), (left, top)]

    def _covered(self, corner: tuple[int, int], boxes: Sequence[NDArray[np.float32]]) -> float:
        plate_height, plate_width = self._ink.shape[:2]
        x, y = corner
        area = 0.0
        for left, top, right, bottom in (box.tolist() for box in boxes):
            width, height = min(x + plate_width, right) - max(x, left), min(y + plate_height, bottom) - max(y, top)
            area += max(width, 0.0) * max(height, 0.0)
        return area

    def _prepare(self, width: int, height: int) -> None:
        """Draw the plate once for a frame size; on a frame too narrow for the text the plate shrinks to its width."""
        short = min(width, height)
        ink = text_mask(self._text, max(round(short * _CAP_SHARE + 0.5), 1))
        padding = round(short * _PADDING_SHARE)
        mask = np.pad(ink, ((padding, padding), (2 * padding, 2 * padding)))
        shrink = min(width / mask.shape[1], height / mask.shape[0], 1.0)
        if shrink < 1:
            fitted = (max(int(mask.shape[1] * shrink), 1), max(int(mask.shape[0] * shrink), 1))
            mask = resized(mask, fitted, cv2.INTER_AREA)
        self._ink = np.repeat(mask[..., None], 3, axis=2)
        self._frame_weight = ((255 - self._ink) * (1 - _PLATE_OPACITY)).astype(np.uint8)
        self._size_wh = (width, height)
