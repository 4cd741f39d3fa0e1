"""Room: domain. Transforms of points. numpy only; no pictures."""

from __future__ import annotations

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
    scale = crop_side / side_px
    cos, sin = np.cos(roll_rad), np.sin(roll_rad)
    upright = np.array([1.0, squeeze])
    forward = np.array([[cos, sin], [-sin, cos]]) * scale * upright[:, None]
    backward = np.array([[cos, -sin], [sin, cos]]) / scale / upright
    middle = np.full(2, crop_side / 2)
    crop_from_frame = np.column_stack([forward, middle - forward @ centre_xy])
    frame_from_crop = np.column_stack([backward, centre_xy - backward @ middle])
    return crop_from_frame.astype(np.float32), frame_from_crop.astype(np.float32)
