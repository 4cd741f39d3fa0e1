"""Room: swap. The square that a swapping network looks at, cut out of the frame by five points. Runs no network."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.face import TrackedFace
from mirror_app.domain.templates import crop_from_landmarks, likeness
from mirror_app.imaging.cut_out import CutOut, region_shown
from mirror_app.imaging.scratch import Scratch

# Spread of the points' own shape that a template must find in them, as a share of both spreads: a frontal face has
# 0.24, one turned by 85 degrees 0.03; points on a line have none and a mirror image has less than none.
_LEAST_LIKENESS: Final = 0.01
# Faces more than this many times larger than the crop are halved first: between pixels further apart lies detail that
# interpolation would pick at random.
_LARGEST_STEP: Final = 2.0


class Border(Enum):
    """What a crop shows past the frame's edge; the value is its word in the catalogue."""

    BLACK = "black"
    REPLICATE = "replicate"

    @property
    def cv2_mode(self) -> int:
        """OpenCV's name of it."""
        return cv2.BORDER_CONSTANT if self is Border.BLACK else cv2.BORDER_REPLICATE


@dataclass(frozen=True, slots=True, eq=False)
class AlignedCrop:
    """One face, upright and at the size its network wants.

    Attributes:
        image_bgr: (side, side, 3) uint8, BGR; belongs to the `Cropper`, valid until its next call.
        crop_from_frame: (2, 3) float64.
        side: Of the crop, px.
        live_face: Whose face it is.
    """

    image_bgr: NDArray[np.uint8]
    crop_from_frame: NDArray[np.float64]
    side: int
    live_face: TrackedFace


class Cropper:
    """Cuts faces out of frames; its arrays are kept from frame to frame. For one thread."""

    def __init__(self, template: str, side: int, border: Border) -> None:
        """Remember what a network wants.

        Args:
            template: A key of `domain.templates.TEMPLATES`.
            side: Side of the crops, px.
            border: What they show past the frame's edge.
        """
        self._template, self._side, self._border = template, side, border
        self._crops: list[NDArray[np.uint8]] = []
        self._cut_out = CutOut()
        self._halves = (Scratch(np.uint8), Scratch(np.uint8))

    @property
    def side(self) -> int:
        """Side of the crops, px."""
        return self._side

    def crop(self, image_bgr: NDArray[np.uint8], live_face: TrackedFace, place: int = 0) -> AlignedCrop | None:
        """Cut a live face out.

        Args:
            image_bgr: (H, W, 3) uint8.
            live_face: The face.
            place: The crop's number in this frame: each has its own array.

        Returns:
            The crop; None without landmarks, with ones that no face has, or when all of it lies outside the frame.
        """
        if live_face.landmarks is None:
            return None
        found = self.cut(image_bgr, live_face.landmarks, place)
        return None if found is None else AlignedCrop(*found, self._side, live_face)

    def cut(
        self, image_bgr: NDArray[np.uint8], landmarks: NDArray[np.float32], place: int = 0
    ) -> tuple[NDArray[np.uint8], NDArray[np.float64]] | None:
        """The crop's pixels and `crop_from_frame` of five points in any picture; see `crop`."""
        if not looks_like_a_face(landmarks):
            return None
        crop_from_frame = crop_from_landmarks(landmarks, self._template, self._side)
        x0, y0, x1, y1 = region = region_shown(crop_from_frame, (self._side, self._side), image_bgr.shape)
        if x1 <= x0 or y1 <= y0:
            return None
        while len(self._crops) <= place:
            self._crops.append(np.empty((self._side, self._side, 3), np.uint8))
        crop = self._crops[place]
        picture, crop_from_picture = self._halved(image_bgr, region, crop_from_frame)
        self._cut_out.cut(picture, crop_from_picture, crop, border=self._border.cv2_mode)
        return crop, crop_from_frame

    def _halved(
        self, image_bgr: NDArray[np.uint8], region: tuple[int, int, int, int], crop_from_frame: NDArray[np.float64]
    ) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
        """The picture to interpolate in, and the transform from it: the frame itself unless the face is a large one."""
        (a, b, shift_x), (c, d, shift_y) = crop_from_frame.tolist()
        step = 1 / math.hypot(a, c)
        if step <= _LARGEST_STEP:
            return image_bgr, crop_from_frame
        times = math.floor(math.log2(step))
        x0, y0, x1, y1 = region
        picture, done = image_bgr[y0:y1, x0:x1], 0
        while done < times and min(picture.shape[:2]) >= 2:
            # An odd last row or column is left out: halving is exact, and ten times faster, for even sizes.
            height, width = picture.shape[0] // 2, picture.shape[1] // 2
            half = self._halves[done % 2].array(height, width, 3)
            cv2.resize(picture[: 2 * height, : 2 * width], (width, height), dst=half, interpolation=cv2.INTER_AREA)
            picture, done = half, done + 1
        # Pixel centres: frame = (x + 0.5) * factor - 0.5 + origin.
        factor = 2.0**done
        x, y = x0 + (factor - 1) / 2, y0 + (factor - 1) / 2
        return picture, np.array([
            [a * factor, b * factor, a * x + b * y + shift_x], [c * factor, d * factor, c * x + d * y + shift_y],
        ])  # fmt: skip


def looks_like_a_face(landmarks: NDArray[np.floating]) -> bool:
    """Whether five points are finite, apart, not all on a line and not a mirror image of a face.

    Args:
        landmarks: (5, 2), px, in the order of `domain.templates`.
    """
    if landmarks.shape != (5, 2) or not np.isfinite(landmarks).all():
        return False
    return likeness(landmarks, "arcface_128") > _LEAST_LIKENESS
