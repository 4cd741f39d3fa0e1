"""Room: pipeline. What a photo's face shows once it is unrolled: light, cover, glasses, lids. Judges nothing.

In the UV layout eyes, forehead and nose lie at the same place whoever it is and however the head is turned.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.imaging.resample import blurred
from mirror_app.swap.skin import face_mask, features_mask, skin_likelihood
from mirror_app.swap.unroll import unroll
from mirror_app.swap.uv_layout import fill_ring

_SIDE: Final = 256
_EYES: Final = (topology.IMAGE_LEFT_EYE, topology.IMAGE_RIGHT_EYE)
_BROWS: Final = topology.IMAGE_LEFT_BROW + topology.IMAGE_RIGHT_BROW
_NOSE_ROOT: Final = 168
_BETWEEN_BROWS: Final = 9
_NOSE_BACK: Final = 197
_LOWER_LIDS: Final = (145, 374)
_CHEEKBONES: Final = (50, 280)
# A thin line is narrower than this, texels; averaged over so many along it, grain and craquelure vanish.
_LINE_WIDTH: Final = 13
_LINE_LENGTH: Final = 15
# Shading softer than this, texels, is light and not the face's own detail.
_SOFT: Final = 10.0
# Skin greyer than this has no colour that lids could be known by.
_LEAST_CHROMA: Final = 6.0
# Skin darker than this gives no contrast to measure against.
_LEAST_LEVEL: Final = 30.0


class PhotoSurface:
    """One photo's face, unrolled at a small size."""

    def __init__(self, image_bgr: NDArray[np.uint8], points: NDArray[np.float32]) -> None:
        """Unroll a face.

        Args:
            image_bgr: (H, W, 3) uint8, the face about 256 px high.
            points: (468, 3) float32, its mesh in px.
        """
        unrolled = unroll(image_bgr, points, _SIDE)
        self._bgr = unrolled.texture_bgr
        self._grey = np.asarray(cv2.cvtColor(self._bgr, cv2.COLOR_BGR2GRAY), np.uint8)
        seen = unrolled.confidence
        self._seen = (seen > 0.5) & (face_mask(_SIDE) > 0)
        self._plain = self._seen & (features_mask(_SIDE) < 0.1)
        self._skin = skin_likelihood(np.log(self._bgr.astype(np.float32) + 8), seen)
        self._level = max(_median(self._grey[self._plain]), _LEAST_LEVEL)

    def shading(self) -> tuple[float, float]:
        """Log of left over right brightness, and of the lightest over the darkest soft shade of the skin."""
        log_grey = np.log(self._grey.astype(np.float32) + 8)
        columns = np.arange(_SIDE)[None]
        left = self._plain & (columns < 0.45 * _SIDE)
        right = self._plain & (columns > 0.55 * _SIDE)
        side_light = _median(log_grey[left]) - _median(log_grey[right]) if left.any() and right.any() else 0.0
        weights = (self._plain * self._skin).astype(np.float32)
        total = blurred(weights, _SOFT)
        shade = (blurred(log_grey * weights, _SOFT) / np.maximum(total, 1e-3))[self._plain & (total > 0.2)]
        low, high = np.percentile(shade, (5, 95)) if len(shade) else (0.0, 0.0)
        return side_light, float(high - low)

    def hidden_shares(self) -> tuple[float, float, float]:
        """Shares of forehead, cheeks and chin that do not look like skin, 0..1."""
        rows = np.arange(_SIDE)[:, None]
        brows = topology.UV[list(_BROWS), 1].min() * _SIDE - 4
        lips = topology.UV[list(topology.LIPS_OUTER), 1].max() * _SIDE
        foreign = self._skin < 0.5
        areas = (rows < brows, (rows >= brows) & (rows <= lips), rows > lips)
        forehead, cheeks, chin = (_share(foreign, self._plain & area) for area in areas)
        return forehead, cheeks, chin

    def glasses_lines(self) -> tuple[float, float, float]:
        """Contrast of a bright and of a dark line across the root of the nose, and of a line below both eyes."""
        along = cv2.blur(self._grey.astype(np.float32), (_LINE_LENGTH, 1))
        across = np.ones((_LINE_WIDTH, 1), np.uint8)
        dark, bright = (
            np.asarray(cv2.morphologyEx(along, how, across) / self._level, np.float32)
            for how in (cv2.MORPH_BLACKHAT, cv2.MORPH_TOPHAT)
        )
        bridge = _window(_NOSE_ROOT, _BETWEEN_BROWS, _NOSE_BACK, 3, (6, 4))
        rims = [
            max(_strongest(dark[area]), _strongest(bright[area]))
            for lid, cheek in zip(_LOWER_LIDS, _CHEEKBONES, strict=True)
            for area in [_window(lid, lid, cheek, 14, (12, 16))]
        ]
        return _strongest(bright[bridge]), _strongest(dark[bridge]), min(rims)

    def lids(self) -> tuple[float, float]:
        """Colour of the eyes' least coloured part and light of their darkest part, both as shares of the skin's.

        The white of an open eye has little colour; a closed lid has that of skin. The mean of both eyes.
        """
        lab = cv2.cvtColor(self._bgr, cv2.COLOR_BGR2LAB).astype(np.float32)
        light, chroma = lab[..., 0], np.hypot(lab[..., 1] - 128, lab[..., 2] - 128)
        colours, lights = [], []
        for opening, below in _eyes_and_below():
            skin_light, skin_chroma = max(_median(light[below]), 1.0), _median(chroma[below])
            colours.append(np.percentile(chroma[opening], 15) / skin_chroma if skin_chroma > _LEAST_CHROMA else 0.0)
            lights.append(np.percentile(light[opening], 10) / skin_light)
        return float(np.mean(colours)), float(np.mean(lights))

    def brightest(self) -> float:
        """Level of the brightest fiftieth of the face, 0..255: dark skin has bright spots in a bright photo too."""
        levels = self._grey[self._seen]
        return float(np.percentile(levels, 98)) if len(levels) else 0.0

    def clipped_share(self) -> float:
        """Share of the skin with a colour at its upper end, 0..1."""
        return _share(self._bgr.max(-1) >= 252, self._plain)


@cache
def _eyes_and_below() -> tuple[tuple[NDArray[np.bool_], NDArray[np.bool_]], ...]:
    """For each eye: its opening, and the skin below it, (_SIDE, _SIDE) bool."""
    areas = []
    for ring in _EYES:
        opening = np.zeros((_SIDE, _SIDE), np.uint8)
        fill_ring(opening, ring, 255)
        near, far = (cv2.dilate(opening, np.ones((size, size), np.uint8)) > 0 for size in (15, 31))
        below = np.arange(_SIDE)[:, None] > topology.UV[list(ring), 1].mean() * _SIDE
        areas.append((opening > 127, far & ~near & below))
    return tuple(areas)


def _window(middle: int, top: int, bottom: int, half_width: int, margins: tuple[int, int]) -> tuple[slice, slice]:
    """Rows and columns between two vertices, moved down by `margins`, around the column of a third."""
    column = int(topology.UV[middle, 0] * _SIDE)
    first, last = (int(topology.UV[vertex, 1] * _SIDE) for vertex in (top, bottom))
    return slice(first + margins[0], last + margins[1]), slice(column - half_width, column + half_width + 1)


def _strongest(lines: NDArray[np.float32]) -> float:
    """The strongest line that crosses an area from side to side."""
    return float(lines.max(0).mean())


def _share(hits: NDArray[np.bool_], area: NDArray[np.bool_]) -> float:
    """Share of an area that is hit; 0 for an area that cannot be seen."""
    return float(hits[area].mean()) if area.any() else 0.0


def _median(values: NDArray[np.floating] | NDArray[np.uint8]) -> float:
    return float(np.median(values)) if len(values) else 0.0
