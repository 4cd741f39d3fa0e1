"""Room: swap. Moves the live picture's pixels along with the mesh, fading out around the face. Knows no targets.

The move is one smooth field over the face and its surroundings. Mesh points follow the field exactly, so that live
eyes, teeth and jaw stay where the mesh says they are and nothing tears at the outline.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.imaging.resample import blurred, looked_up, resized
from mirror_app.swap.patch_area import PatchArea, patch_area

# The field reaches this share of the face's longer side beyond its box; it is zero a cell before that, so that the
# picture's border stays as it is.
_MARGIN: Final = 0.18
_FADE_END: Final = 0.14
# It is computed on a grid of square cells, this many on the longer side, and smoothed over these shares of the face's
# longer side: the first where there are vertices, the second around them.
_CELLS: Final = 32
_REACH: Final = 0.03
_WIDE_REACH: Final = 0.12
# Vertices in reach of a cell that make the fine field certain there.
_CERTAIN: Final = 0.05
# Each turn brings a point closer to where the field takes it; the field is smooth, so few are needed.
_TURNS: Final = 3
# Points nearer than this to one whose live pixels show follow the field alone, cm on the average face.
_EASE_CM: Final = 0.9


@dataclass(frozen=True, slots=True, eq=False)
class ReshapedFace:
    """A live face with another shape.

    Attributes:
        points: (468, 3) float32, its mesh in frame px.
        picture_bgr: (h, w, 3) uint8, the frame around it with its pixels moved; equal to the frame along its border
            where that lies inside the frame.
        area: Where the picture lies in the frame.
    """

    points: NDArray[np.float32]
    picture_bgr: NDArray[np.uint8]
    area: PatchArea


def _freedom() -> NDArray[np.float32]:
    """(468, 1) float32: 0 where live pixels show (outline, lids, inside of the lips), 1 far from them."""
    live = [*topology.IMAGE_LEFT_EYE, *topology.IMAGE_RIGHT_EYE, *topology.LIPS_INNER, *topology.FACE_OVAL]
    shape = topology.CANONICAL
    gaps = np.linalg.norm(shape[:, None] - shape[None, live], axis=-1).min(1)
    return np.asarray(1 - np.exp(-((gaps / _EASE_CM) ** 2)), np.float32)[:, None]


_FREEDOM: Final = _freedom()
_OUTLINE: Final = np.array(topology.FACE_OVAL)


def area_around(
    points: NDArray[np.float32], moves: NDArray[np.float32], frame_shape: tuple[int, ...]
) -> PatchArea | None:
    """Where a face moves, around both shapes: what moves outward must still end inside.

    Args:
        points: (468, 3) float32, the live mesh in frame px.
        moves: (468, 3) float32, what to add to the points, px; small against the face.
        frame_shape: Height and width first.

    Returns:
        None when mesh or moves are not finite or too little of the face is in the frame.
    """
    return patch_area(np.concatenate([points, points + moves]), frame_shape, _MARGIN)


def reshape_by(
    field: NDArray[np.float32],
    image_bgr: NDArray[np.uint8],
    points: NDArray[np.float32],
    moves: NDArray[np.float32],
    area: PatchArea,
) -> ReshapedFace:
    """Move a face's points and pixels.

    Args:
        field: See `move_field`; made for this face in this frame or shortly before.
        image_bgr: (H, W, 3) uint8, the frame.
        points: As in `area_around`.
        moves: As in `area_around`.
        area: From `area_around`.
    """
    if not moves.any():
        return ReshapedFace(points, area.of(image_bgr).copy(), area)
    wanted, moved = points + moves, points + moves
    moved[:, :2] = points[:, :2] - _found(field, points, wanted, area)
    moved += _FREEDOM * (wanted - moved)
    return ReshapedFace(moved, _moved_pixels(area.of(image_bgr), field), area)


def _moved_pixels(picture_bgr: NDArray[np.uint8], field: NDArray[np.float32]) -> NDArray[np.uint8]:
    height, width = picture_bgr.shape[:2]
    x, y = (resized(np.ascontiguousarray(field[..., axis]), (width, height)) for axis in (0, 1))
    x += np.arange(width, dtype=np.float32)
    y += np.arange(height, dtype=np.float32)[:, None]
    # OpenCV looks four channels up faster than three.
    four = np.asarray(cv2.cvtColor(picture_bgr, cv2.COLOR_BGR2BGRA), np.uint8)
    moved = looked_up(four, x, y)
    return np.asarray(cv2.cvtColor(moved, cv2.COLOR_BGRA2BGR), np.uint8)


def move_field(points: NDArray[np.float32], moves: NDArray[np.float32], area: PatchArea) -> NDArray[np.float32]:
    """The smooth field of moves over an area.

    Returns:
        (rows, columns, 2) float32: what to add to a place in the new picture to find its pixel in the frame, px.
    """
    wanted = points + moves
    face_px = float(np.ptp(points[:, :2], axis=0).max())
    columns, rows = area.reduced_wh(_CELLS)
    places = area.reduce(wanted, (columns, rows))[:, :2]
    cells = np.round(places).astype(np.intp)
    inside = np.asarray(((cells >= 0) & (cells < (columns, rows))).all(1), np.bool_)
    where = cells[inside, 1] * columns + cells[inside, 0]
    sums = [
        np.bincount(where, weights, rows * columns)
        for weights in (-moves[inside, 0], -moves[inside, 1], inside[inside])
    ]
    scattered = np.stack(sums, -1).reshape(rows, columns, 3).astype(np.float32)
    cell_px = area.width / columns
    fine = blurred(scattered, _REACH * face_px / cell_px)
    wide = blurred(scattered, _WIDE_REACH * face_px / cell_px)
    sure = fine[..., 2:] / (fine[..., 2:] + np.float32(_CERTAIN))
    mean = sure * fine[..., :2] / (fine[..., 2:] + np.float32(1e-6))
    mean += (1 - sure) * wide[..., :2] / (wide[..., 2:] + np.float32(1e-6))
    return np.asarray(mean * _fade(places, (columns, rows), cell_px / face_px)[..., None], np.float32)


def _fade(places: NDArray[np.float32], size_wh: tuple[int, int], cell_share: float) -> NDArray[np.float32]:
    """(rows, columns) float32: 1 on the face, falling to 0 around it; `cell_share` is a cell's part of the face."""
    outside = np.ones(size_wh[::-1], np.uint8)
    outline = np.round(places[_OUTLINE] * 16).astype(np.int32)
    cv2.fillPoly(outside, [outline], 0, shift=4)
    away = cv2.distanceTransform(outside, cv2.DIST_L2, 5) * np.float32(cell_share / _FADE_END)
    left = 1 - np.minimum(away, 1)
    return np.asarray(left * left * (3 - 2 * left), np.float32)


def _found(
    field: NDArray[np.float32], points: NDArray[np.float32], wanted: NDArray[np.float32], area: PatchArea
) -> NDArray[np.float32]:
    """(n, 2) float32, px: the field where each point comes to lie under it, searched for from where it is wanted."""
    size_wh = (field.shape[1], field.shape[0])
    cells_per_px = np.array([[size_wh[0] / area.width], [size_wh[1] / area.height]], np.float32)
    begun, cells = (np.ascontiguousarray(area.reduce(each, size_wh)[:, :2].T) for each in (points, wanted))
    for _ in range(_TURNS - 1):
        cells = begun - looked_up(field, cells[:1], cells[1:])[0].T * cells_per_px
    return np.asarray(looked_up(field, cells[:1], cells[1:])[0], np.float32)
