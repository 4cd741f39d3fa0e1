"""Room: capture. Hair drawn stroke by stroke into a picture. Knows no face."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

# How far from its direction a stroke may lean, radians.
_LEAN_RAD: Final = 0.25
# Strokes are drawn this much larger and averaged, so that hair is finer than a pixel.
_FINE: Final = 2
# Under the strokes lies a shade of their dark colour, fading at the area's border over this many px.
_SHADE_PX: Final = 4.0
_SHADE_SHARE: Final = 0.7


@dataclass(frozen=True, slots=True)
class Strokes:
    """A kind of hair.

    Attributes:
        dark_bgr: Darkest colour of a stroke.
        light_bgr: Lightest colour of a stroke.
        lengths_px: Shortest and longest stroke.
        away_from_xy: The point from which strokes point away, px.
        px_per_stroke: Pixels of the area for one stroke.
    """

    dark_bgr: tuple[int, int, int]
    light_bgr: tuple[int, int, int]
    lengths_px: tuple[int, int]
    away_from_xy: tuple[int, int]
    px_per_stroke: float


def draw_strokes(
    bgr: NDArray[np.uint8], area: NDArray[np.uint8], hair: Strokes
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Grow hair in an area; always the same hair.

    Args:
        bgr: (h, w, 3) uint8, BGR.
        area: (h, w) uint8, 255 where hair may be.
        hair: What kind.

    Returns:
        The picture with hair, (h, w, 3) uint8, and the hair's mask, (h, w) uint8, 255 = hair.
    """
    random = np.random.default_rng(7)
    rows, columns = np.nonzero(area > 127)
    number = round(len(rows) / hair.px_per_stroke)
    picked = random.integers(len(rows), size=number)
    middles = np.column_stack([columns[picked], rows[picked]]) + random.uniform(-0.5, 0.5, (number, 2))
    away = middles - hair.away_from_xy
    angles = np.arctan2(away[:, 1], away[:, 0]) + random.normal(0, _LEAN_RAD, number)
    half = random.uniform(*hair.lengths_px, number)[:, None] / 2 * np.column_stack([np.cos(angles), np.sin(angles)])
    colours = hair.dark_bgr + random.uniform(0, 1, (number, 1)) ** 2 * np.subtract(hair.light_bgr, hair.dark_bgr)
    large_wh = (bgr.shape[1] * _FINE, bgr.shape[0] * _FINE)
    large = cv2.resize(_shaded(bgr, area, hair), large_wh)
    mask = np.zeros(large_wh[::-1], np.uint8)
    starts, ends = (np.rint((middles + half * sign) * _FINE * 16).astype(int) for sign in (-1, 1))
    for start, end, colour in zip(starts.tolist(), ends.tolist(), colours.tolist(), strict=True):
        cv2.line(large, start, end, colour, 1, cv2.LINE_AA, 4)
        cv2.line(mask, start, end, (255,), 1, cv2.LINE_AA, 4)
    size_wh = (bgr.shape[1], bgr.shape[0])
    fine = cv2.resize(large, size_wh, interpolation=cv2.INTER_AREA)
    strands = cv2.resize(mask, size_wh, interpolation=cv2.INTER_AREA)
    return np.asarray(fine, np.uint8), np.asarray(cv2.max(strands, _shade(area)), np.uint8)


def _shade(area: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.asarray(cv2.GaussianBlur(area, (0, 0), _SHADE_PX), np.uint8)


def _shaded(bgr: NDArray[np.uint8], area: NDArray[np.uint8], hair: Strokes) -> NDArray[np.uint8]:
    share = _shade(area)[..., None] * np.float32(_SHADE_SHARE / 255)
    return np.rint(bgr + share * (np.array(hair.dark_bgr, np.float32) - bgr)).astype(np.uint8)
