"""Room: faces. Which detection shows which face, and when two faces are one: boxes only. No networks, no memory."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.faces.detect import SAME_FACE_PART, overlap

# Middles nearer than this share of the smaller face, and sizes that differ by no more: of two real faces one would hide
# the other, so that both meshes lie on one.
_SAME_PLACE: Final = 0.3
_SAME_SIZE: Final = 1.5
_NEARLY_SAME_PLACE: Final = 0.5
# Within so many faces, hair and ears of one may hide a part of the other.
_BESIDE: Final = 0.3
# A face of which this share lies within a nearer one's box is touched by it.
_TOUCHED: Final = 0.35

Box = NDArray[np.float32]


def assigned(scores: NDArray[np.floating]) -> list[tuple[int, int]]:
    """Pair rows with columns, the best pair first, each at most once.

    Args:
        scores: (rows, columns); a pair of 0 or less is none.

    Returns:
        (row, column) of each pair, best first. Which are paired does not depend on the order of rows and columns as
        long as no two scores are equal.
    """
    left = np.array(scores, np.float64)
    pairs: list[tuple[int, int]] = []
    while left.size and float(left.max()) > 0:
        row, column = divmod(int(left.argmax()), left.shape[1])
        pairs.append((row, column))
        left[row], left[:, column] = 0, 0
    return pairs


def own_detections(faces_xyxy: list[Box], found_xyxy: list[Box]) -> dict[int, int]:
    """By index of a followed face, the index of the one detection that shows it; faces without one are left out."""
    scores = np.zeros((len(faces_xyxy), len(found_xyxy)))
    for row, face in enumerate(faces_xyxy):
        for column, found in enumerate(found_xyxy):
            if lies_on(found, face):
                scores[row, column] = overlap(found, face)
    return dict(assigned(scores))


def lies_on(box_xyxy: Box, face_xyxy: Box) -> bool:
    """Whether most of the smaller one of two boxes lies within the other."""
    return _part_within(box_xyxy, face_xyxy) >= SAME_FACE_PART


def apart(a_xyxy: Box, b_xyxy: Box) -> float:
    """How far two boxes' middles lie apart, as a share of the second one's longer side."""
    # In plain numbers, here and below: NumPy takes five times as long for so few.
    ax, ay, ax1, ay1 = a_xyxy.tolist()
    bx, by, bx1, by1 = b_xyxy.tolist()
    longer: float = max(bx1 - bx, by1 - by, 1e-6)
    return math.hypot(ax + ax1 - bx - bx1, ay + ay1 - by - by1) / 2 / longer


def height(box_xyxy: Box) -> float:
    """Height of a box, px."""
    return float(box_xyxy[3] - box_xyxy[1])


def is_same_face(a_xyxy: Box, b_xyxy: Box) -> bool:
    """Whether two meshes with these boxes lie on one face."""
    small, large = sorted((a_xyxy, b_xyxy), key=height)
    return apart(large, small) < _SAME_PLACE and height(large) < _SAME_SIZE * height(small)


def surprise(expected_xyxy: Box, found_xyxy: Box) -> float:
    """How far a face lies from where it was expected, in faces, with the logarithm of how much its size is off."""
    growth = math.log(max(height(found_xyxy), 1e-6) / max(height(expected_xyxy), 1e-6))
    return apart(expected_xyxy, found_xyxy) + abs(growth)


def touches(box_xyxy: Box, other_xyxy: Box) -> bool:
    """Whether another face is so close that a mesh may slide from one to the other."""
    return max(_part_within(box_xyxy, other_xyxy), _part_within(other_xyxy, box_xyxy)) > _TOUCHED


def is_beside(box_xyxy: Box, other_xyxy: Box) -> bool:
    """Whether another face is so close that one may hide a part of the other."""
    x0, y0, x1, y1 = box_xyxy.tolist()
    left, top, right, bottom = other_xyxy.tolist()
    across, down = (x1 - x0) * _BESIDE, (y1 - y0) * _BESIDE
    return bool(x0 - across < right and x1 + across > left and y0 - down < bottom and y1 + down > top)


def may_swap(box_xyxy: Box, other_xyxy: Box) -> bool:
    """Whether two faces are so close and so alike in size that their meshes may have changed places."""
    small, large = sorted((box_xyxy, other_xyxy), key=height)
    return apart(large, small) < _NEARLY_SAME_PLACE and height(large) < _SAME_SIZE * height(small)


def inside_frame(box_xyxy: Box, image_shape: tuple[int, ...]) -> float:
    """The share of a box that lies within the picture."""
    return _part_within(box_xyxy, np.array([0, 0, image_shape[1], image_shape[0]], np.float32))


def _part_within(inner_xyxy: Box, outer_xyxy: Box) -> float:
    x0, y0, x1, y1 = inner_xyxy.tolist()
    left, top, right, bottom = outer_xyxy.tolist()
    whole: float = max(x1 - x0, 0.0) * max(y1 - y0, 0.0)
    shared: float = max(min(x1, right) - max(x0, left), 0.0) * max(min(y1, bottom) - max(y0, top), 0.0)
    return shared / whole if whole > 0 else 0.0
