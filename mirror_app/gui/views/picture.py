"""Room: gui. Pixels made ready for the screen: scaled, flipped, wrapped as a QImage. Knows no widgets and no states.

Loads cv2, which takes half a second: the window imports this file when the first picture comes, not at its start.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from mirror_app.domain.frame import require_image_bgr
from mirror_app.gui.views.label_finder import LabelPlate


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
        bare_share: float = 0.0,
    ) -> QImage:
        """Scale a picture to an exact size.

        Args:
            image_bgr: (H, W, 3) uint8 BGR, any size.
            size_wh: Size on the screen in device px.
            flip_horizontal: Show it as a mirror does.
            plate: The mark in `image_bgr`; it is drawn anew, readable in a flipped picture, and right of `bare_share`.
            bare_share: 0..1, the part of the screen's width, from the left, that shows no marked picture.

        Returns:
            A picture that shares this object's buffers: it is valid until the next call.
        """
        require_image_bgr(image_bgr)
        width, height = size_wh
        if self._scaled.shape[:2] != (height, width):
            self._scaled = np.empty((height, width, 3), np.uint8)
            self._flipped = np.empty((height, width, 3), np.uint8)
            self._screen = np.empty((height, width, 4), np.uint8)
        # Averaging keeps fine detail quiet when much is thrown away; exact halves are its fast case.
        halved = image_bgr
        while width < halved.shape[1] // 2 and height < halved.shape[0] // 2:
            half_wh = (halved.shape[1] // 2, halved.shape[0] // 2)
            halved = np.asarray(cv2.resize(halved, half_wh, interpolation=cv2.INTER_AREA), np.uint8)
        cv2.resize(halved, size_wh, dst=self._scaled, interpolation=cv2.INTER_LINEAR)
        shown = self._scaled
        if flip_horizontal:
            cv2.flip(self._scaled, 1, dst=self._flipped)
            shown = self._flipped
        if plate is not None:
            placed = _Placed.on_screen(plate, image_bgr.shape, size_wh, flip_horizontal)
            self._draw_plate(shown, plate, placed, round(bare_share * width))
        # The screen's own format: Qt would convert BGR888 itself, in several threads, for three times the work.
        screen = self._screen
        cv2.cvtColor(shown, cv2.COLOR_BGR2BGRA, dst=screen)
        return QImage(screen.data, width, height, screen.strides[0], QImage.Format.Format_RGB32)

    def _draw_plate(self, shown: NDArray[np.uint8], plate: LabelPlate, placed: _Placed, first_x: int) -> None:
        """Take the mark away where it is and draw it where it is readable: from a column on, if there is room."""
        if self._keep.shape[1::-1] != placed.size_wh:
            self._keep = _resized(plate.keep, placed.size_wh)
            self._ink = _resized(plate.ink_bgr, placed.size_wh)
        width, height = placed.size_wh
        background = cv2.resize(plate.background_bgr, placed.size_wh, interpolation=cv2.INTER_LINEAR)
        if placed.is_flipped:
            background = cv2.flip(background, 1)
        hidden = min(max(first_x - placed.left, 0), width)
        window = shown[placed.top : placed.top + height, placed.left + hidden : placed.left + width]
        window[:] = background[: window.shape[0], hidden : hidden + window.shape[1]]
        left = min(max(placed.left, first_x), max(shown.shape[1] - width, 0))
        window = shown[placed.top : placed.top + height, max(left, first_x) : left + width]
        cut = width - window.shape[1] if left < first_x else 0
        part = np.s_[: window.shape[0], cut : cut + window.shape[1]]
        if window.size:
            window[:] = cv2.add(cv2.multiply(window, self._keep[part], scale=1 / 255), self._ink[part])


@dataclass(frozen=True, slots=True)
class _Placed:
    """Where a mark is on the screen, px."""

    left: int
    top: int
    size_wh: tuple[int, int]
    is_flipped: bool

    @classmethod
    def on_screen(
        cls, plate: LabelPlate, image_shape: tuple[int, ...], screen_wh: tuple[int, int], flipped: bool
    ) -> _Placed:
        scale = np.array([screen_wh[0] / image_shape[1], screen_wh[1] / image_shape[0]] * 2)
        left, top, right, bottom = np.rint(np.array(plate.box_xyxy) * scale).astype(int).tolist()
        size_wh = max(1, right - left), max(1, bottom - top)
        return cls(screen_wh[0] - left - size_wh[0] if flipped else left, top, size_wh, flipped)


class HalvedPicture:
    """Puts the camera's own picture on the left of the screen and the swapped one on the right, in one buffer."""

    def __init__(self) -> None:
        self._both = np.empty((0, 0, 3), np.uint8)

    def join(
        self, original_bgr: NDArray[np.uint8], swapped_bgr: NDArray[np.uint8], share: float, *, flip_horizontal: bool
    ) -> NDArray[np.uint8]:
        """Join two pictures of one size.

        Args:
            original_bgr: (H, W, 3) uint8.
            swapped_bgr: (H, W, 3) uint8.
            share: 0..1, the part of the screen's width that the first one has.
            flip_horizontal: The result will be flipped: the left of the screen is the right of the picture.

        Returns:
            (H, W, 3) uint8, valid until the next call.
        """
        if self._both.shape != swapped_bgr.shape:
            self._both = np.empty_like(swapped_bgr)
        width = swapped_bgr.shape[1]
        cut = round(share * width)
        if flip_horizontal:
            self._both[:, : width - cut] = swapped_bgr[:, : width - cut]
            self._both[:, width - cut :] = original_bgr[:, width - cut :]
        else:
            self._both[:, :cut] = original_bgr[:, :cut]
            self._both[:, cut:] = swapped_bgr[:, cut:]
        return self._both


def _resized(image: NDArray[np.uint8], size_wh: tuple[int, int]) -> NDArray[np.uint8]:
    return np.asarray(cv2.resize(image, size_wh, interpolation=cv2.INTER_AREA), np.uint8)
