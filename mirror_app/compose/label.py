"""Room: compose. The visible "AI generated" mark, drawn into the frame and never over a face."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.label import LabelCorner, LabelStyle, LabelText
from mirror_app.imaging.resample import resized
from mirror_app.imaging.text import text_mask

LABEL_TEXT: Final = "AI generated / AI生成"
WORDS: Final = {
    LabelText.BOTH: LABEL_TEXT,
    LabelText.EN: "AI generated",
    LabelText.ZH: "AI生成",
    LabelText.MODIFIED: "AI modified / AI合成",
}

# GB 45438-2025 asks for a text height of at least 5 % of the shortest side; cap height is the strictest reading.
_CAP_SHARE: Final = 0.05
_MARGIN_SHARE: Final = 0.025
_PADDING_SHARE: Final = 0.018
_RIM_SHARE: Final = 0.007
"""How far the dark rim reaches beyond the letters, of the short side; at least a pixel and a half."""
_RIM_OPACITY: Final = 0.62
"""Under white letters 0.54 is enough for 4.5:1 on pure white (WCAG 2.2); the rest is for codecs and resizing."""
_HOME: Final = {
    LabelCorner.AUTO: 0,
    LabelCorner.BOTTOM_RIGHT: 0,
    LabelCorner.BOTTOM_LEFT: 1,
    LabelCorner.TOP_RIGHT: 2,
    LabelCorner.TOP_LEFT: 3,
}
"""Where each corner stands in `corners`."""
_BACK_AFTER: Final = 60
"""So many pictures in a row a chosen corner must be free before the mark comes back: a mark must not hop."""


class Label:
    """Draws the mark into one of the frame's corners; keeps to a corner as long as no face comes there."""

    def __init__(self, style: LabelStyle | None = None) -> None:
        """Prepare; None = the style that counts unless the user says otherwise."""
        self.style = style or LabelStyle()
        self._size_wh = (0, 0)
        self._ink = np.zeros((0, 0, 3), np.uint8)
        self._keep = np.zeros((0, 0, 3), np.uint8)
        self._corner = _HOME[self.style.corner]
        self._home_free_for = 0

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
        cv2.multiply(window, self._keep, dst=window, scale=1 / 255)
        cv2.add(window, self._ink, dst=window)

    def place(self, width: int, height: int, face_boxes_xyxy: Sequence[NDArray[np.float32]]) -> tuple[int, int]:
        """The mark's top-left pixel: the first free corner, the last one used before others.

        Where faces reach into all corners it is the corner they reach into least.
        """
        corners = self.corners(width, height)
        self._come_back(corners, face_boxes_xyxy)
        if self._covered(corners[self._corner], face_boxes_xyxy) > 0:
            order = [self._corner, *(index for index in range(len(corners)) if index != self._corner)]
            self._corner = min(order, key=lambda index: self._covered(corners[index], face_boxes_xyxy))
        return corners[self._corner]

    def corners(self, width: int, height: int) -> list[tuple[int, int]]:
        """The four places of the mark's top-left pixel in a frame: bottom right, bottom left, top right, top left."""
        plate_height, plate_width = self.layers(width, height)[0].shape[:2]
        margin = round(min(width, height) * _MARGIN_SHARE)
        left, right = min(margin, width - plate_width), max(width - plate_width - margin, 0)
        top, bottom = min(margin, height - plate_height), max(height - plate_height - margin, 0)
        return [(right, bottom), (left, bottom), (right, top), (left, top)]

    def layers(self, width: int, height: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """How the mark looks in a frame of a size; read only.

        Returns:
            (h, w, 3) uint8 what is added to the frame, and (h, w, 3) uint8 how much of the frame stays; 255 = all.
        """
        if self._size_wh != (width, height):
            self._prepare(width, height)
        return self._ink, self._keep

    def _come_back(self, corners: Sequence[tuple[int, int]], boxes: Sequence[NDArray[np.float32]]) -> None:
        """To the corner that was chosen, once it has been free for a while."""
        home = _HOME[self.style.corner]
        if self.style.corner is LabelCorner.AUTO or self._corner == home:
            return
        self._home_free_for = 0 if self._covered(corners[home], boxes) > 0 else self._home_free_for + 1
        if self._home_free_for >= _BACK_AFTER:
            self._corner, self._home_free_for = home, 0

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
        letters = text_mask(WORDS[self.style.text], max(round(short * _CAP_SHARE + 0.5), 1))
        padding = round(short * _PADDING_SHARE)
        mask = np.pad(letters, ((padding, padding), (2 * padding, 2 * padding)))
        shrink = min(width / mask.shape[1], height / mask.shape[0], 1.0)
        if shrink < 1:
            fitted = (max(int(mask.shape[1] * shrink), 1), max(int(mask.shape[0] * shrink), 1))
            mask = resized(mask, fitted, cv2.INTER_AREA)
        if 0 < mask.max() < 255:  # letters thinner than a pixel come out grey
            mask = cv2.convertScaleAbs(mask, alpha=255 / int(mask.max())).astype(np.uint8, copy=False)
        dark = np.maximum(np.float32(self.style.opacity), _rim(mask, short))
        keep = (255 - mask.astype(np.float32)) * (1 - dark)
        self._ink = np.repeat(mask[..., None], 3, axis=2)
        self._keep = np.repeat(np.floor(keep).astype(np.uint8)[..., None], 3, axis=2)
        self._size_wh = (width, height)


def _rim(letters: NDArray[np.uint8], short_px: int) -> NDArray[np.float32]:
    """(h, w) float32, how dark it is right around the letters, whatever the plate is like."""
    reach = max(short_px * _RIM_SHARE, 1.5)
    side = 2 * round(reach) + 1
    touched = np.where(letters > 0, np.uint8(255), np.uint8(0))  # the letters' own soft edges too
    grown = cv2.dilate(touched, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)))
    softened = cv2.GaussianBlur(grown, (0, 0), reach / 3)
    return np.asarray(np.maximum(softened, grown) * np.float32(_RIM_OPACITY / 255), np.float32)
