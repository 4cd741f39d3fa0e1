"""Room: tests. Patches and assignments for joining tests. No assertions here."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.assignment import Assignment
from mirror_app.domain.face import TrackedFace
from mirror_app.domain.patch import Backdrop, FacePatch
from tests.portrait import plain_target


def worn(track_id: int = 1, colour_follow: float = 1.0) -> Assignment:
    """An assignment of a target of one colour."""
    face = TrackedFace(track_id, None, np.zeros(4, np.float32))
    return Assignment(face, plain_target(colour_follow=colour_follow, side=64), 0.5)


def oval_alpha(size_wh: tuple[int, int], *, soft: float = 0.06, openings: bool = True) -> NDArray[np.float32]:
    """An oval with a soft rim that touches no border, with two eyes in it; like a face's alpha."""
    width, height = size_wh
    mask = np.zeros((height, width), np.uint8)
    cv2.ellipse(mask, (width // 2, height // 2), (int(width * 0.38), int(height * 0.38)), 0, 0, 360, 255, -1)
    if openings:
        for x in (0.37, 0.63):
            cv2.ellipse(mask, (int(width * x), int(height * 0.42)), (width // 14, height // 28), 0, 0, 360, 0, -1)
    sigma = max(min(size_wh) * soft / 2, 0.5)
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), sigma), np.float32) / np.float32(255)


def noise(size_wh: tuple[int, int], seed: int = 0, level: int = 128, spread: int = 40) -> NDArray[np.uint8]:
    """(h, w, 3) uint8: pixels that know nothing of their neighbours."""
    random = np.random.default_rng(seed)
    return random.integers(level - spread, level + spread + 1, (size_wh[1], size_wh[0], 3)).astype(np.uint8)


def flat(size_wh: tuple[int, int], bgr: tuple[int, int, int]) -> NDArray[np.uint8]:
    """(h, w, 3) uint8 of one colour."""
    return np.full((size_wh[1], size_wh[0], 3), bgr, np.uint8)


def patch(
    image_bgr: NDArray[np.uint8],
    alpha: NDArray[np.float32],
    origin_xy: tuple[int, int] = (0, 0),
    backdrop: Backdrop | None = None,
) -> FacePatch:
    return FacePatch(image_bgr, alpha, origin_xy, backdrop)
