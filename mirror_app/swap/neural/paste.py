"""Room: swap. Carries a generated crop and its mask back to where the face lies in the frame. Joins nothing."""

from __future__ import annotations

import math
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.patch import FacePatch
from mirror_app.imaging.scratch import Scratch
from mirror_app.swap.patch_area import PatchArea

# A crop shown at less than this share of its size is reduced first, or single pixels of it would glitter.
_LEAST_SCALE: Final = 0.5
# Interpolation reaches this far beyond the mask's outermost pixels, crop px.
_REACH: Final = 1.0
# Transforms that shrink a crop by more than this, squared, are no faces.
_LEAST_DETERMINANT: Final = 1e-12
_PER_LEVEL: Final = np.float32(1 / 255)


class Paster:
    """Makes one face's patch after the other in the same memory: a patch is valid until the next call.

    Several faces of one frame need one paster each.
    """

    def __init__(self) -> None:
        self._covered_crop = np.empty((0, 0, 4), np.uint8)
        self._whole, self._image, self._cover = Scratch(np.uint8), Scratch(np.uint8), Scratch(np.uint8)
        self._alpha = Scratch(np.float32)

    def paste(
        self,
        generated_bgr: NDArray[np.uint8],
        mask: NDArray[np.uint8],
        crop_from_frame: NDArray[np.float64],
        frame_hw: tuple[int, int],
    ) -> FacePatch:
        """The patch over the rectangle around what the mask shows; only that rectangle is worked on.

        Args:
            generated_bgr: (side, side, 3) uint8, BGR, the crop.
            mask: (side, side) uint8, 255 = generated; its outermost pixels count as 0.
            crop_from_frame: (2, 3), a similarity.
            frame_hw: Height and width of the frame.

        Returns:
            `valid` is False when nothing that the mask shows lies in the frame.
        """
        area = _area_shown(mask, crop_from_frame, frame_hw)
        if area is None:
            return FacePatch(np.zeros((1, 1, 3), np.uint8), np.zeros((1, 1), np.float32), (0, 0), valid=False)
        crop, crop_from_patch = _not_too_large(self._covered(generated_bgr, mask), _moved(crop_from_frame, area))
        _end_inside(crop[..., 3])
        size_hw = (area.height, area.width)
        whole, image, cover = (
            self._whole.array(*size_hw, 4),
            self._image.array(*size_hw, 3),
            self._cover.array(*size_hw),
        )
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        cv2.warpAffine(crop, crop_from_patch, size_hw[::-1], dst=whole, flags=flags, borderMode=cv2.BORDER_CONSTANT)
        cv2.cvtColor(whole, cv2.COLOR_BGRA2BGR, dst=image)
        cv2.extractChannel(whole, 3, dst=cover)
        return FacePatch(image, np.multiply(cover, _PER_LEVEL, out=self._alpha.array(*size_hw)), area.origin_xy)

    def _covered(self, generated_bgr: NDArray[np.uint8], mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """(side, side, 4): colours and cover together; four channels are carried twice as fast as three."""
        side = mask.shape[0]
        if self._covered_crop.shape[0] != side:
            self._covered_crop = np.empty((side, side, 4), np.uint8)
        cv2.cvtColor(generated_bgr, cv2.COLOR_BGR2BGRA, dst=self._covered_crop)
        cv2.insertChannel(mask, self._covered_crop, 3)
        return self._covered_crop


def _area_shown(
    mask: NDArray[np.uint8], crop_from_frame: NDArray[np.float64], frame_hw: tuple[int, int]
) -> PatchArea | None:
    """The rectangle around the mask's support in the frame, clipped to it; None when nothing is left."""
    x, y, width, height = cv2.boundingRect(mask)
    # In plain numbers: NumPy takes ten times as long for so few.
    (a, b, shift_x), (c, d, shift_y) = crop_from_frame.tolist()
    determinant = a * d - b * c
    if width == 0 or not math.isfinite(determinant + shift_x + shift_y) or abs(determinant) < _LEAST_DETERMINANT:
        return None
    corners = [
        (left - shift_x, top - shift_y)
        for left in (x - _REACH, x + width - 1 + _REACH)
        for top in (y - _REACH, y + height - 1 + _REACH)
    ]
    x0, x1 = _whole([(d * right - b * down) / determinant for right, down in corners], frame_hw[1])
    y0, y1 = _whole([(a * down - c * right) / determinant for right, down in corners], frame_hw[0])
    return None if x1 <= x0 or y1 <= y0 else PatchArea(x0, y0, x1 - x0, y1 - y0)


def _whole(places: list[float], size: int) -> tuple[int, int]:
    """The first pixel of those between the places and within 0..size, and the one after the last."""
    return math.ceil(min(max(min(places), 0), size)), math.floor(min(max(max(places), -1), size - 1)) + 1


def _end_inside(cover: NDArray[np.uint8]) -> None:
    """Nothing shows at a crop's outermost pixels, in place: past them there is no colour to interpolate with."""
    cover[0] = cover[-1] = 0
    cover[:, 0] = cover[:, -1] = 0


def _moved(crop_from_frame: NDArray[np.float64], area: PatchArea) -> NDArray[np.float64]:
    """`crop_from_patch`, (2, 3)."""
    crop_from_patch = crop_from_frame.astype(np.float64)
    crop_from_patch[:, 2] += crop_from_patch[:, :2] @ area.origin_xy
    return crop_from_patch


def _not_too_large(
    crop: NDArray[np.uint8], crop_from_patch: NDArray[np.float64]
) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """The crop halved until it is shown at half its size or more, and the transform that goes with it."""
    (a, b), (c, d) = crop_from_patch[:, :2].tolist()
    scale = 1 / math.sqrt(abs(a * d - b * c))
    while scale < _LEAST_SCALE and crop.shape[0] >= 4:
        side = crop.shape[0] // 2
        share = side / crop.shape[0]
        crop = np.asarray(cv2.resize(crop, (side, side), interpolation=cv2.INTER_AREA), np.uint8)
        # Pixel centres lie at integers in both.
        crop_from_patch = crop_from_patch * share + np.array([0, 0, 0.5 * share - 0.5])
        scale /= share
    return crop, crop_from_patch
