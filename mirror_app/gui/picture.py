"""Room: gui. Pixels made ready for the screen: scaled, flipped, wrapped as a QImage. Knows no widgets and no states.

Loads cv2, which takes half a second: the window imports this file when the first picture comes, not at its start.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from mirror_app.domain.frame import require_image_bgr
from mirror_app.gui.label_finder import LabelPlate


def fitted_wh(image_wh: tuple[int, int], box_wh: tuple[int, int]) -> tuple[int, int]:
    """The largest size of the picture's shape that fits into a box; at least 1x1."""
    scale = min(box_wh[0] / image_wh[0], box_wh[1] / image_wh[1])
    return max(1, round(image_wh[0] * scale)), max(1, round(image_wh[1] * scale))


class ScreenPicture:
    """Scales camera pictures to the screen in buffers that are used again for every frame."""

    def __init__(self) -> None:
        self._scaled = np.empty((0, 0, 3), np.uint8)
        self._flipped = np.empty((0, 0, 3), np.uint8)
        self._screen = np.empty((0, 0, 4), np.uint8)
        self._keep = self._ink = np.empty((0, 0, 3), np.uint8)

    def fit(
        self,
        image_bgr: NDArray[np.uint8],
        size_wh: tuple[int, int],
        *,
        flip_horizontal: bool,
        plate: LabelPlate | None = None,
    ) -> QImage:
        """Scale a picture to an exact size.

        Args:
            image_bgr: (H, W, 3) uint8 BGR, any size.
            size_wh: Size on the screen in device px.
            flip_horizontal: Show it as a mirror does.
            plate: The mark in `image_bgr`; flipped, it goes to its mirrored place but stays readable.

        Returns:
            A picture that shares this object's buffers: it is valid until the next call.
        """
        require_image_bgr(image_bgr)
        width, height = size_wh
        if self._scaled.shape[:2] != (height, width):
            self._scaled = np.empty((height, width, 3), np.uint8)
            self._flipped = np.empty((height, width, 3), np.uint8)
            self._screen = np.empty((height, width, 4), np.uint8)
        # INTER_AREA keeps fine detail quiet when much is thrown away; above 0.6 the faster bilinear looks the same.
        method = cv2.INTER_AREA if width < 0.6 * image_bgr.shape[1] else cv2.INTER_LINEAR
        cv2.resize(image_bgr, size_wh, dst=self._scaled, interpolation=method)
        shown = self._scaled
        if flip_horizontal:
            cv2.flip(self._scaled, 1, dst=self._flipped)
            if plate is not None:
                self._draw_plate(plate, width / image_bgr.shape[1], height / image_bgr.shape[0])
            shown = self._flipped
        # The screen's own format: Qt would convert BGR888 itself, in several threads, for three times the work.
        screen = self._screen
        cv2.cvtColor(shown, cv2.COLOR_BGR2BGRA, dst=screen)
        return QImage(screen.data, width, height, screen.strides[0], QImage.Format.Format_RGB32)

    def _draw_plate(self, plate: LabelPlate, scale_x: float, scale_y: float) -> None:
        """Draw the mark anew where its mirror image is."""
        width = self._flipped.shape[1]
        left, right = round(plate.box_xyxy[0] * scale_x), round(plate.box_xyxy[2] * scale_x)
        top, bottom = round(plate.box_xyxy[1] * scale_y), round(plate.box_xyxy[3] * scale_y)
        size_wh = (max(1, right - left), max(1, bottom - top))
        if self._keep.shape[1::-1] != size_wh:
            self._keep = _resized(plate.keep, size_wh)
            self._ink = _resized(plate.ink_bgr, size_wh)
        background = cv2.flip(cv2.resize(plate.background_bgr, size_wh, interpolation=cv2.INTER_LINEAR), 1)
        mixed = cv2.add(cv2.multiply(background, self._keep, scale=1 / 255), self._ink)
        window = self._flipped[top : top + size_wh[1], width - left - size_wh[0] : width - left]
        window[:] = mixed[: window.shape[0], : window.shape[1]]


def _resized(image: NDArray[np.uint8], size_wh: tuple[int, int]) -> NDArray[np.uint8]:
    return np.asarray(cv2.resize(image, size_wh, interpolation=cv2.INTER_AREA), np.uint8)
