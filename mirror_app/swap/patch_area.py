"""Room: swap. The part of a frame that a patch covers, at full and at reduced size. Geometry and resizing only."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.imaging.resample import Scalar, resized

_LEAST_SIDE_PX: Final = 16


@dataclass(frozen=True, slots=True)
class PatchArea:
    """A rectangle wholly inside the frame, in px."""

    x: int
    y: int
    width: int
    height: int

    @property
    def origin_xy(self) -> tuple[int, int]:
        """The top-left pixel in the frame."""
        return self.x, self.y

    def of(self, image: NDArray[Scalar]) -> NDArray[Scalar]:
        """This part of a frame, as a view."""
        return image[self.y : self.y + self.height, self.x : self.x + self.width]

    def of_part(self, image: NDArray[Scalar], part: PatchArea) -> NDArray[Scalar]:
        """This part of a frame, as a view of a picture that shows another part of it, `part`, wholly around this."""
        x, y = self.x - part.x, self.y - part.y
        return image[y : y + self.height, x : x + self.width]

    def reduced_wh(self, longest: int) -> tuple[int, int]:
        """Width and height of the area reduced to a longest side; never enlarged."""
        scale = min(longest / max(self.width, self.height), 1.0)
        return max(round(self.width * scale), 2), max(round(self.height * scale), 2)

    def reduce(self, points: NDArray[np.float32], reduced_wh: tuple[int, int]) -> NDArray[np.float32]:
        """Mesh points (n, 3) in frame px, in px of the reduced area; pixel centres lie at integers in both."""
        scale_x, scale_y = reduced_wh[0] / self.width, reduced_wh[1] / self.height
        scale = np.array([scale_x, scale_y, (scale_x + scale_y) / 2], np.float32)
        shift = np.array([(0.5 - self.x) * scale_x - 0.5, (0.5 - self.y) * scale_y - 0.5, 0], np.float32)
        return points * scale + shift

    def enlarge(self, reduced: NDArray[np.float32]) -> NDArray[np.float32]:
        """A reduced picture of the area at full size, (height, width[, channels])."""
        return resized(reduced, (self.width, self.height))


def patch_area(points: NDArray[np.float32], frame_shape: tuple[int, ...], margin: float = 0.0) -> PatchArea | None:
    """The mesh's box clipped to the frame; None when the mesh is not finite or too little of it is in the frame.

    Args:
        points: (468, 3) float32, frame px.
        frame_shape: Height and width first.
        margin: How far the area goes beyond the box, as a share of the box's longer side.
    """
    if not np.isfinite(points).all():
        return None
    height, width = frame_shape[:2]
    # Several times faster than NumPy along the long axis.
    left, top, _ = cv2.reduce(points, 0, cv2.REDUCE_MIN)[0].tolist()
    right, bottom, _ = cv2.reduce(points, 0, cv2.REDUCE_MAX)[0].tolist()
    beyond = margin * max(right - left, bottom - top)
    left, top, right, bottom = left - beyond, top - beyond, right + beyond, bottom + beyond
    x0, y0 = min(max(math.floor(left), 0), width), min(max(math.floor(top), 0), height)
    x1, y1 = min(max(math.ceil(right) + 1, 0), width), min(max(math.ceil(bottom) + 1, 0), height)
    if min(x1 - x0, y1 - y0) < _LEAST_SIDE_PX:
        return None
    return PatchArea(x0, y0, x1 - x0, y1 - y0)
