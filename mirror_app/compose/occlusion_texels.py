"""Room: compose. The live face unrolled into a small grid of texels: their colours, and how well each is seen."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.domain.uv_shares import shares_of
from mirror_app.imaging.resample import looked_up

Floats = NDArray[np.float32]

SIDE: Final = 64
"""Texels on each side of the grid over the UV square."""

# Colours are compared as log(level + this), so that noise in near-black pixels does not count.
_DARK_LEVEL: Final = 12.0
_LOG: Final = np.log(np.arange(256, dtype=np.float32) + np.float32(_DARK_LEVEL))[None]
# The picture is halved, as that is the fastest, until the face is about so many px long: about a px for a texel.
_FACE_PX: Final = 75
_LEAST_FACE_PX: Final = 24.0
# Surface seen flatter than the first cosine says nothing, steeper than the second all it can.
_SEEN_COSINES: Final = (0.22, 0.45)
# Triangles are looked up in a map of this side.
_MAP_SIDE: Final = 1024
_SHIFT: Final = 4
# Share of the eyes' and the mouth's rings that is no skin: eyeballs and teeth come and go.
_OPENING_GROWN: Final = 1.25
_OUTLINE_TEXELS: Final = 3


@dataclass(frozen=True, slots=True, eq=False)
class Unrolled:
    """A face of one frame over the grid.

    Attributes:
        colours: (SIDE, SIDE, 3) float32: brightness, red against green, blue against green; all logarithms.
        seen: (SIDE, SIDE) float32, 0..1: how much the colour says; 0 off the face, edge on and outside the picture.
    """

    colours: Floats
    seen: Floats


class Unroller:
    """Looks at live faces texel by texel. For one thread; what it returns is new."""

    def __init__(self) -> None:
        places = _places()
        numbers = _numbers()
        columns, rows = np.clip((places * _MAP_SIDE).astype(np.intp), 0, _MAP_SIDE - 1).T
        held = numbers[rows, columns].astype(np.intp) - 1
        self._is_on_face = (held >= 0).reshape(SIDE, SIDE) & _judged()
        ids = topology.TRIANGLES[np.maximum(held, 0)]
        self._ids = np.ascontiguousarray(ids.T, np.intp)
        self._shares = np.ascontiguousarray(shares_of(places, ids).T.astype(np.float32))
        around = self._carried(topology.CANONICAL.T)
        across, down = (side.reshape(3, -1).T for side in _sides(around))
        self._areas = np.linalg.norm(np.cross(across, down), axis=1)
        self._areas = np.maximum(self._areas, 1e-6).reshape(SIDE, SIDE).astype(np.float32)

    def unroll(self, image_bgr: NDArray[np.uint8], points: Floats) -> Unrolled | None:
        """The face as the frame shows it; None when it is too small or hardly in the picture.

        Args:
            image_bgr: (H, W, 3) uint8.
            points: (468, 3) float32, frame px.
        """
        height, width = image_bgr.shape[:2]
        low, high = points[:, :2].min(0), points[:, :2].max(0)
        x0, y0 = (int(value) for value in np.clip(low - 2, 0, (width, height)))
        x1, y1 = (int(value) + 1 for value in np.clip(high + 2, 0, (width - 1, height - 1)))
        longest = float((high - low).max())
        if not longest >= _LEAST_FACE_PX or min(x1 - x0, y1 - y0) < _LEAST_FACE_PX / 2:
            return None
        small = image_bgr[y0:y1, x0:x1]
        for _ in range(max(round(math.log2(longest / _FACE_PX)), 0)):
            small = np.asarray(cv2.resize(small, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)
        small_wh = small.shape[1], small.shape[0]
        factor = np.array([small_wh[0] / (x1 - x0), small_wh[1] / (y1 - y0)], np.float32)[:, None]
        places = self._carried(points.T)
        x, y = (places[:2].reshape(2, -1) + np.float32(0.5) - np.array([[x0], [y0]], np.float32)) * factor - 0.5
        inside = (x >= 0) & (y >= 0) & (x <= small_wh[0] - 1) & (y <= small_wh[1] - 1)
        x, y = x.reshape(SIDE, SIDE), y.reshape(SIDE, SIDE)
        seen = self._facing(places, points) * inside.reshape(SIDE, SIDE)
        return Unrolled(colours_of(looked_up(small, x, y)), np.asarray(seen, np.float32))

    def _carried(self, values: Floats) -> Floats:
        """(3, SIDE, SIDE) float32: values per vertex (3, 468), interpolated at the texels."""
        a, b, c = (np.take(values, ids, axis=1, mode="clip") for ids in self._ids)
        a *= self._shares[0]
        a += b * self._shares[1]
        a += c * self._shares[2]
        return np.asarray(a, np.float32).reshape(3, SIDE, SIDE)

    def _facing(self, places: Floats, points: Floats) -> Floats:
        """(SIDE, SIDE) float32, 0..1, from how small a texel is in the picture against its size on the average face."""
        spread = points - points.mean(0)
        enlarged = float((spread * spread).sum()) / _CANONICAL_SPREAD
        across, down = _sides(places[:2])
        areas = across[0] * down[1] - across[1] * down[0]
        cosines = areas / (self._areas * np.float32(enlarged))
        t = np.clip((cosines - _SEEN_COSINES[0]) / np.float32(_SEEN_COSINES[1] - _SEEN_COSINES[0]), 0, 1)
        return np.asarray(t * self._is_on_face, np.float32)


_CANONICAL_SPREAD: Final = float(((topology.CANONICAL - topology.CANONICAL.mean(0)) ** 2).sum())


def colours_of(image_bgr: NDArray[np.uint8]) -> Floats:
    """(h, w, 3) float32: brightness, red against green, blue against green of a picture (h, w, 3); logarithms."""
    blue, green, red = cv2.split(cv2.LUT(image_bgr, _LOG_BGR))
    return np.asarray(cv2.merge((green, red - green, blue - green)), np.float32)


_LOG_BGR: Final = np.ascontiguousarray(np.repeat(_LOG[..., None], 3, axis=2))


def _sides(places: Floats) -> tuple[Floats, Floats]:
    """From each texel to the next one to the right and below: (k, SIDE, SIDE) each; repeated at the border."""
    across, down = np.empty_like(places), np.empty_like(places)
    across[:, :, :-1] = places[:, :, 1:] - places[:, :, :-1]
    across[:, :, -1] = across[:, :, -2]
    down[:, :-1] = places[:, 1:] - places[:, :-1]
    down[:, -1] = down[:, -2]
    return across, down


def _places() -> NDArray[np.float64]:
    """(SIDE * SIDE, 2): u, v of the texels' middles, row by row."""
    middles = (np.arange(SIDE) + 0.5) / SIDE
    return np.stack(np.meshgrid(middles, middles), -1).reshape(-1, 2)


def _numbers() -> NDArray[np.int32]:
    """(_MAP_SIDE, _MAP_SIDE): number of the triangle over each place of the UV square, from 1; 0 = none."""
    numbers = np.zeros((_MAP_SIDE, _MAP_SIDE), np.int32)
    corners = topology.UV[topology.TRIANGLES].astype(np.float64)
    for number, triangle in enumerate(np.round((corners * _MAP_SIDE - 0.5) * (1 << _SHIFT)).astype(np.int32), 1):
        cv2.fillConvexPoly(numbers, triangle, number, shift=_SHIFT)
    return numbers


def _judged() -> NDArray[np.bool_]:
    """(SIDE, SIDE): inside the outline, without eyes and the lips' line."""
    mask = np.zeros((SIDE, SIDE), np.uint8)
    for ring, share, value in (
        (topology.FACE_OVAL, 1.0, 1), (topology.IMAGE_LEFT_EYE, _OPENING_GROWN, 0),
        (topology.IMAGE_RIGHT_EYE, _OPENING_GROWN, 0), (topology.LIPS_INNER, _OPENING_GROWN, 0),
    ):  # fmt: skip
        places = topology.UV[list(ring)] * SIDE - 0.5
        middle = places.mean(0)
        texels = np.round((middle + (places - middle) * share) * (1 << _SHIFT)).astype(np.int32)
        cv2.fillPoly(mask, [texels], value, shift=_SHIFT)
        if value:
            framed = cv2.copyMakeBorder(mask, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
            mask = np.asarray(cv2.erode(framed, np.ones((3, 3), np.uint8), iterations=_OUTLINE_TEXELS), np.uint8)
            mask = np.ascontiguousarray(mask[1:-1, 1:-1])
    return mask > 0
