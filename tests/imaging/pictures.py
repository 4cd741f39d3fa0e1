"""Room: tests. Pictures made of formulas."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray


def soft_noise(size_hw: tuple[int, int], strength: float, seed: int = 1) -> NDArray[np.float32]:
    """(H, W) float32 noise of one to two pixels' grain, with this standard deviation."""
    noise = np.random.default_rng(seed).normal(size=size_hw).astype(np.float32)
    soft = np.asarray(cv2.GaussianBlur(noise, (0, 0), 1.0), np.float32)
    return np.asarray(soft * (strength / soft.std()), np.float32)


def checkerboard(size_hw: tuple[int, int], square_px: int = 8) -> NDArray[np.uint8]:
    """(H, W, 3) uint8: squares of two colours; no pixel is like a blurred one."""
    rows, columns = np.indices(size_hw) // square_px
    board = ((rows + columns) % 2).astype(np.uint8)[..., None]
    return np.asarray(board * np.array([190, 120, 60], np.uint8) + np.array([20, 60, 110], np.uint8), np.uint8)
