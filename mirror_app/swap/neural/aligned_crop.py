"""Room: swap. The square that a swapping network looks at, cut out of the frame by five points. Runs no network."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.face import TrackedFace
from mirror_app.domain.templates import TEMPLATES, crop_from_landmarks, inverted

# Spread of the points' own shape that a template must find in them, as a share of both spreads: a frontal face has
# 0.24, one turned by 85 degrees 0.03; points on a line have none and a mirror image has less than none.
_LEAST_LIKENESS: Final = 0.01
# Interpolation reads one pixel past the square.
_MARGIN: Final = 2
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
        self._halves = (np.empty(0, np.uint8), np.empty(0, np.uint8))

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
        region = self._region(inverted(crop_from_frame), image_bgr.shape)
        if region is None:
            return None
        while len(self._crops) <= place:
            self._crops.append(np.empty((self._side, self._side, 3), np.uint8))
        crop = self._crops[place]
        picture, crop_from_picture = self._halved(image_bgr, region, crop_from_frame)
        cv2.warpAffine(
            picture, crop_from_picture, (self._side, self._side), dst=crop, flags=cv2.INTER_LINEAR,
            borderMode=self._border.cv2_mode, borderValue=(0, 0, 0),
        )  # fmt: skip
        return crop, crop_from_frame

    def _region(
        self, frame_from_crop: NDArray[np.float64], frame_shape: tuple[int, ...]
    ) -> tuple[int, int, int, int] | None:
        """x0, y0, x1, y1 of what the crop shows of the frame; None when nothing."""
        corners = np.array([[0, 0, 1], [self._side, 0, 1], [0, self._side, 1], [self._side, self._side, 1]])
        placed = corners @ frame_from_crop.T
        low, high = np.floor(placed.min(0)), np.ceil(placed.max(0))
        (x0, y0), (x1, y1) = np.maximum(low - _MARGIN, 0), np.minimum(high + _MARGIN, frame_shape[1::-1])
        return (int(x0), int(y0), int(x1), int(y1)) if x0 < x1 and y0 < y1 else None

    def _halved(
        self, image_bgr: NDArray[np.uint8], region: tuple[int, int, int, int], crop_from_frame: NDArray[np.float64]
    ) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
        """The picture to interpolate in, and the transform from it: the frame itself unless the face is a large one."""
        step = 1 / float(np.hypot(*crop_from_frame[:, 0]))
        if step <= _LARGEST_STEP:
            return image_bgr, crop_from_frame
        times = int(np.floor(np.log2(step)))
        x0, y0, x1, y1 = region
        picture, done = image_bgr[y0:y1, x0:x1], 0
        while done < times and min(picture.shape[:2]) >= 2:
            # An odd last row or column is left out: halving is exact, and ten times faster, for even sizes.
            height, width = picture.shape[0] // 2, picture.shape[1] // 2
            half = self._scratch(done % 2, height, width)
            cv2.resize(picture[: 2 * height, : 2 * width], (width, height), dst=half, interpolation=cv2.INTER_AREA)
            picture, done = half, done + 1
        # Pixel centres: frame = (x + 0.5) * factor - 0.5 + origin.
        factor = 2.0**done
        shift = np.array([x0, y0]) + (factor - 1) / 2
        return picture, np.column_stack([
            crop_from_frame[:, :2] * factor, crop_from_frame[:, :2] @ shift + crop_from_frame[:, 2],
        ])  # fmt: skip

    def _scratch(self, which: int, height: int, width: int) -> NDArray[np.uint8]:
        """One of two arrays that take turns; each only ever grows."""
        size = height * width * 3
        if self._halves[which].size < size:
            grown = np.empty(size * 5 // 4, np.uint8)
            self._halves = (grown, self._halves[1]) if which == 0 else (self._halves[0], grown)
        return self._halves[which][:size].reshape(height, width, 3)


def looks_like_a_face(landmarks: NDArray[np.floating]) -> bool:
    """Whether five points are finite, apart, not all on a line and not a mirror image of a face.

    Args:
        landmarks: (5, 2), px, in the order of `domain.templates`.
    """
    if landmarks.shape != (5, 2) or not np.isfinite(landmarks).all():
        return False
    points, face = (one - one.mean(0) for one in (landmarks.astype(np.float64), TEMPLATES["arcface_128"]))
    both = float((points**2).sum() * (face**2).sum())
    (a, b), (c, d) = face.T @ points
    # Of the best fit that may reflect, the sign of this determinant says whether it would: Umeyama 1991, equation 39.
    return both > 0 and float(a * d - b * c) / both > _LEAST_LIKENESS
