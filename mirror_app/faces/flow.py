"""Room: faces. Carries a mesh from one picture into the next by optical flow. No networks, no memory of speeds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.domain.face import MESH_POINTS
from mirror_app.domain.geometry import box_around

# Faces are looked at in a grey crop in which they are about so high: halved, as that is the fastest, until they are.
_FACE_PX: Final = 100
_MARGIN: Final = 0.2
# Windows, levels, damping and limits: by measurement with `python -m tests.benchmarks.prediction`.
_GREEN: Final = 1
_SIDE_STEP: Final = 32
_PROBES: Final = 64
_WINDOW: Final = (9, 9)
_LEVELS: Final = 3
# On the way back the start is known, so that a short way is enough to see whether it is missed.
_LEVELS_BACK: Final = 0
_STOP: Final = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 12, 0.02)
_LEAST_TEXTURE: Final = 5e-4
# Crop px by which a point may miss its start when it is followed there and back.
_MOST_ASTRAY: Final = 0.6
# Crop px by which a point may leave the head's rigid motion: lips part by no more within a few frames.
_MOST_OWN: Final = 5.0
# The weights' widths, crop px, from round to round.
_WIDTHS: Final = (4.0, 2.5, 2.5)
# Keeps the fit solvable where all points lie in a line.
_RIDGE: Final = 1e-6 * np.eye(4)
_LEAST_PROBES: Final = 12
_LEAST_TRUST: Final = 0.15
_LEAST_SIDE_PX: Final = 24
# The face's own motion spreads so far, cm, and where no probe is near, it dies away.
_REACH_CM: Final = 1.2
_OWN_DAMPING: Final = 0.7

Floats = NDArray[np.float32]
Grey = NDArray[np.uint8]


def _spread_points(count: int) -> NDArray[np.intp]:
    """Vertices far from each other on the average face, starting at the nose; none at its rim, where background is."""
    rim = set(topology.FACE_OVAL)
    inner = np.array([index for index in range(MESH_POINTS) if index not in rim], np.intp)
    places = topology.CANONICAL[inner]
    distance = np.full(len(inner), np.inf)
    chosen = [int(np.flatnonzero(inner == topology.NOSE_TIP)[0])]
    while len(chosen) < count:
        distance = np.minimum(distance, np.linalg.norm(places - places[chosen[-1]], axis=1))
        chosen.append(int(distance.argmax()))
    return inner[chosen]


_PROBE: Final = _spread_points(_PROBES)


def _nearness() -> Floats:
    """(468, probes): how much each probe says about each vertex's own motion."""
    apart = topology.CANONICAL[:, None] - topology.CANONICAL[_PROBE][None]
    return np.asarray(np.exp(-(apart**2).sum(-1) / (2 * _REACH_CM**2)), np.float32)


_NEAR: Final = _nearness()


@dataclass(frozen=True, slots=True, eq=False)
class Carried:
    """A mesh carried into another picture.

    Attributes:
        points: (468, 3) float32, px as `FaceMesh.points`.
        trust: 0..1, the share of the looked-at points that were found again and agree with each other.
    """

    points: Floats
    trust: float


@dataclass(frozen=True, slots=True, eq=False)
class _Motion:
    """A rigid motion in space, seen from far away: `points @ linear.T + shift`, all in crop px."""

    linear: NDArray[np.float64]
    shift: NDArray[np.float64]

    def apply(self, points: Floats) -> Floats:
        return np.asarray(points @ self.linear.T + self.shift, np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class _Cut:
    """A grey crop, and what it was cut out of."""

    image_bgr: NDArray[np.uint8]
    points: Floats
    side_px: int
    halvings: int
    corner_xy: Floats
    grey: Grey


class PointFlow:
    """Pyramidal Lucas-Kanade on some points of the mesh, there and back; the rest follows them.

    What the points say together is first the head's rigid motion in space (depth is known from the mesh); what is left
    is the face's own motion, spread over the vertices nearby.
    """

    def __init__(self) -> None:
        self._image: NDArray[np.uint8] | None = None
        self._points: Floats | None = None
        self._last: _Cut | None = None

    def remember(self, image_bgr: NDArray[np.uint8], points: Floats) -> None:
        """Keep what the face looks like. Costs nothing: the picture is looked at when it is needed.

        Args:
            image_bgr: (H, W, 3) uint8; it must not be drawn into later.
            points: (468, 3) float32, where the mesh lies in it; where it makes no sense, nothing is known from now on.
        """
        makes_sense = bool(np.isfinite(points).all())
        self._image, self._points = (image_bgr, points) if makes_sense else (None, None)

    def carried(self, image_bgr: NDArray[np.uint8], guess: Floats | None = None) -> Carried | None:
        """Carry the remembered mesh into another picture.

        Args:
            image_bgr: (H, W, 3) uint8, of the same size as the remembered one.
            guess: (468, 3) float32, where the mesh is believed to lie; helps where it moved far.

        Returns:
            Where it lies, or None where too little was found again.
        """
        if self._image is None or self._points is None or image_bgr.shape != self._image.shape:
            return None
        points = self._points
        believed = points if guess is None or not np.isfinite(guess).all() else guess
        left, top, right, bottom = box_around(points).tolist()
        longer = max(right - left, bottom - top)
        # In steps, so that most pictures that were the second of two can be the first of the next two as they are.
        side = min(math.ceil(longer * (1 + 2 * _MARGIN) / _SIDE_STEP) * _SIDE_STEP, *image_bgr.shape[:2])
        if side < _LEAST_SIDE_PX:
            return None
        halvings = max(round(math.log2(longer / _FACE_PX)), 0)
        side, scale = side >> halvings << halvings, 0.5**halvings
        origin, first = self._crop_of(self._image, points, side, halvings)
        new_origin, second = _crop(image_bgr, believed, side, halvings)
        self._last = _Cut(image_bgr, believed, side, halvings, new_origin, second)
        before, after = (points[_PROBE, :2] - origin) * scale, (believed[_PROBE, :2] - new_origin) * scale
        found, is_found = _there_and_back(first, second, before, after)
        if is_found.sum() < _LEAST_PROBES:
            return None
        moving = points.copy()
        moving[:, :2] -= origin
        moving *= np.float32(scale)
        motion, agree = _common_motion(moving[_PROBE], found, is_found)
        trust = float(agree.mean())
        if agree.sum() < _LEAST_PROBES or trust < _LEAST_TRUST:
            return None
        moved = _with_own_motion(motion.apply(moving), found, agree) / np.float32(scale)
        moved[:, :2] += new_origin
        return Carried(moved, trust)

    def _crop_of(
        self, image_bgr: NDArray[np.uint8], points: Floats, side_px: int, halvings: int
    ) -> tuple[Floats, Grey]:
        last = self._last
        is_known = last is not None and last.image_bgr is image_bgr and last.points is points
        if last is not None and is_known and (last.side_px, last.halvings) == (side_px, halvings):
            return last.corner_xy, last.grey
        return _crop(image_bgr, points, side_px, halvings)


def _crop(image_bgr: NDArray[np.uint8], points: Floats, side_px: int, halvings: int) -> tuple[Floats, Grey]:
    """The corner and the grey picture of a square about a mesh, moved into the picture where it would reach past it."""
    height, width = image_bgr.shape[:2]
    x0, y0, x1, y1 = box_around(points).tolist()
    left = int(min(max((x0 + x1 - side_px) / 2, 0), width - side_px))
    top = int(min(max((y0 + y1 - side_px) / 2, 0), height - side_px))
    # Green alone is nearly the brightness, and costs a quarter of it.
    grey = cv2.extractChannel(image_bgr[top : top + side_px, left : left + side_px], _GREEN)
    for _ in range(halvings):
        # Pixels' middles are off by the same part of a pixel in both pictures, which takes nothing from the flow.
        grey = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    return np.array([left, top], np.float32), np.asarray(grey, np.uint8)


def _there_and_back(first: Grey, second: Grey, before: Floats, after: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """Follow points into the second picture and back.

    Returns:
        Where they are in the second picture (n, 2), and which of them came back to where they started.
    """
    flags = cv2.OPTFLOW_USE_INITIAL_FLOW

    def follow(a: Grey, b: Grey, start: Floats, guess: Floats, levels: int) -> tuple[Floats, NDArray[np.bool_]]:
        where, passed, _ = cv2.calcOpticalFlowPyrLK(
            a, b, start, guess, None, None, _WINDOW, levels, _STOP, flags, _LEAST_TEXTURE
        )
        return np.asarray(where, np.float32), passed[:, 0] > 0

    found, passed = follow(first, second, before, after.copy(), _LEVELS)
    back, passed_back = follow(second, first, found, before.copy(), _LEVELS_BACK)
    return found, passed & passed_back & (_squared(back - before) < _MOST_ASTRAY**2)


def _squared(away: NDArray[np.floating]) -> NDArray[np.floating]:
    """Squared lengths of (n, 2)."""
    return away[:, 0] * away[:, 0] + away[:, 1] * away[:, 1]


def _common_motion(start: Floats, found: Floats, is_found: NDArray[np.bool_]) -> tuple[_Motion, NDArray[np.bool_]]:
    """The motion in space that most points agree on: least squares with weights that sink with disagreement.

    A rigid head seen from far away moves in the picture as an affine function of its points in space.

    Args:
        start: (n, 3) float32, where the points were.
        found: (n, 2) float32, where they are now.
        is_found: (n,) which of them count.

    Returns:
        The motion, and which points agree with it.
    """
    known, counts = np.ones((len(start), 4)), is_found.astype(np.float64)
    known[:, :3] = start
    seen = found.astype(np.float64)
    away = seen - known[:, :2]
    # The middle one; NumPy's median takes five times as long.
    away -= np.sort(away[is_found], axis=0)[int(counts.sum()) // 2]
    for width in _WIDTHS:
        weights = counts / (1 + _squared(away) / width**2) ** 2
        weighted = known.T * weights
        fit = np.linalg.solve(weighted @ known + _RIDGE, weighted @ seen)
        away = seen - known @ fit
    (a, d), (b, e), (c, f), (x, y) = fit.tolist()
    # The third row of a turned and grown frame is at right angles to the other two and as long as they are.
    depth = (b * f - c * e, c * d - a * f, a * e - b * d)
    length = max(math.hypot(*depth), 1e-9) ** 0.5
    motion = _Motion(np.array([[a, b, c], [d, e, f], [part / length for part in depth]]), np.array([x, y, 0.0]))
    return motion, is_found & (_squared(away) < _MOST_OWN**2)


def _with_own_motion(moved: Floats, found: Floats, agree: NDArray[np.bool_]) -> Floats:
    """The rigidly moved mesh (468, 3) with what the points that agree moved beyond that spread about them."""
    own = np.ones((len(found), 3), np.float32)
    own[:, :2] = found - moved[_PROBE, :2]
    spread = _NEAR @ (own * agree[:, None])
    moved[:, :2] += spread[:, :2] / (spread[:, 2:] + np.float32(_OWN_DAMPING))
    return moved
