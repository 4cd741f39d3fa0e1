"""Room: tests. Random pictures with faces in them, or what twins take for faces. No assertions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.templates import TEMPLATES
from tests.twins.formulas import MARKERS_RGB

CASES: Final = 240
SIZES_WH: Final = ((1280, 720), (1920, 1080), (640, 480), (480, 640), (333, 517), (96, 80))
# Shortest and longest axis of the patches that the detector twin takes for faces, px of its input, per stride.
_PATCHES: Final = ((14, 50), (36, 140), (80, 420))


def rotation(yaw: float, pitch: float, roll: float) -> NDArray[np.float64]:
    """(3, 3): a head turned about y, then x, then z, radians."""
    (a, b), (c, d), (e, f) = ((np.cos(angle), np.sin(angle)) for angle in (yaw, pitch, roll))
    about_y, about_x, about_z = (
        np.array(rows)
        for rows in (
            [[a, 0, b], [0, 1, 0], [-b, 0, a]],
            [[1, 0, 0], [0, c, -d], [0, d, c]],
            [[e, -f, 0], [f, e, 0], [0, 0, 1]],
        )
    )
    return np.asarray(about_z @ about_x @ about_y)


def patches(random: np.random.Generator, size_wh: tuple[int, int]) -> NDArray[np.uint8]:
    """A noisy picture with one to four turned patches of the colours that the detector twin takes for faces."""
    width, height = size_wh
    image = random.integers(0, 90, (height, width, 3), np.uint8)
    px = max(size_wh) / 640
    for _ in range(random.integers(1, 5)):
        level = int(random.integers(3))
        axes = np.maximum(random.uniform(*_PATCHES[level], 2) * px / 2, 1).astype(int)
        centre = (int(random.uniform(0, width)), int(random.uniform(0, height)))
        bgr = MARKERS_RGB[level][::-1]
        cv2.ellipse(image, centre, (int(axes[0]), int(axes[1])), float(random.uniform(0, 180)), 0, 360, bgr, -1)
    return np.asarray(cv2.add(image, random.integers(0, 10, image.shape, np.uint8)), np.uint8)


def faces_anywhere(random: np.random.Generator) -> Iterator[tuple[NDArray[np.uint8], NDArray[np.float32]]]:
    """Pictures of smooth noise, and five points: turned, 8 to 900 px high, out of shape, some beyond the border."""
    for case in range(CASES):
        width, height = SIZES_WH[case % len(SIZES_WH)]
        coarse = random.integers(0, 256, (height // 8 + 1, width // 8 + 1, 3), np.uint8)
        image = np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)
        side = float(np.exp(random.uniform(np.log(8), np.log(900))))
        points = TEMPLATES["arcface_112_v2"] - 0.5 + random.normal(0, 0.02, (5, 2))
        turn = rotation(0, 0, random.uniform(-np.pi, np.pi))[:2, :2]
        where = random.uniform((0, 0), (width, height))
        yield image, (side * points @ turn.T + where).astype(np.float32)
