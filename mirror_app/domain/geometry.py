"""Room: domain. Transforms of points. numpy only; no pictures."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray


def fit_similarity(
    moving: NDArray[np.floating], fixed: NDArray[np.floating], weights: NDArray[np.floating] | None = None
) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
    """The similarity transform that best carries points onto others: `scale * moving @ rotation.T + shift`.

    Least squares without reflection (Umeyama, "Least-squares estimation of transformation parameters between two point
    patterns", IEEE PAMI 13(4), 1991).

    Args:
        moving: (n, d) points.
        fixed: (n, d) where they should go.
        weights: (n,) >= 0; None = all equal.

    Returns:
        Scale, rotation (d, d), shift (d,).

    Raises:
        ValueError: Shapes differ, or the moving points all coincide.
    """
    if moving.shape != fixed.shape or moving.ndim != 2:
        raise ValueError(f"expected two arrays of equal shape (n, d), got {moving.shape} and {fixed.shape}")
    if weights is not None and not weights.sum() > 0:
        raise ValueError("expected weights with a positive sum")
    share = np.full(len(moving), 1 / len(moving)) if weights is None else weights / weights.sum()
    moving_centre, fixed_centre = share @ moving, share @ fixed
    moving_spread, fixed_spread = moving - moving_centre, fixed - fixed_centre
    variance = float(share @ (moving_spread**2).sum(1))
    # A mean of equal numbers may be off by their last digit.
    if variance <= 1e-24 * float((moving_centre**2).sum()):
        raise ValueError("expected points that do not all coincide")
    left, singular, right = np.linalg.svd((fixed_spread * share[:, None]).T @ moving_spread)
    signs = np.ones(moving.shape[1])
    signs[-1] = np.sign(np.linalg.det(left @ right))
    rotation = (left * signs) @ right
    scale = float((singular * signs).sum()) / variance
    return scale, rotation, fixed_centre - scale * rotation @ moving_centre


def square_crop(
    centre_xy: NDArray[np.floating], side_px: float, roll_rad: float, crop_side: int, squeeze: float = 1.0
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Transforms of a turned square crop.

    Args:
        centre_xy: (2,) frame px.
        side_px: Side of the square in frame px, > 0.
        roll_rad: Turn of the square; positive = clockwise on screen (y points down).
        crop_side: Side of the crop in crop px.
        squeeze: Heights in the crop are this share of what a square would show, > 0.

    Returns:
        `crop_from_frame` and `frame_from_crop`, both (2, 3) float32.
    """
    x, y = centre_xy.tolist()
    scale, middle = crop_side / side_px, crop_side / 2
    cos, sin = math.cos(roll_rad), math.sin(roll_rad)
    # In plain numbers: NumPy takes ten times as long for so few.
    a, b, c, d = cos * scale, sin * scale, -sin * scale * squeeze, cos * scale * squeeze
    crop_from_frame = [[a, b, middle - a * x - b * y], [c, d, middle - c * x - d * y]]
    a, b, c, d = cos / scale, -sin / scale / squeeze, sin / scale, cos / scale / squeeze
    frame_from_crop = [[a, b, x - (a + b) * middle], [c, d, y - (c + d) * middle]]
    return np.array(crop_from_frame, np.float32), np.array(frame_from_crop, np.float32)


def box_around(points: NDArray[np.float32]) -> NDArray[np.float32]:
    """The smallest upright box around points (n, 2 or 3), n > 0: (4,) float32, x0, y0, x1, y1."""
    # Row by row: NumPy takes five times as long down the columns of a narrow array.
    rows = np.ascontiguousarray(points.T[:2])
    return np.concatenate([rows.min(1), rows.max(1)])
