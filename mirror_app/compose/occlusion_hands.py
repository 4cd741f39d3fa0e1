"""Room: compose. Which pixels of a patch a hand lies in front of, from its points. Finds no hands."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.patch import FacePatch

Floats = NDArray[np.float32]

_FINGERS: Final = ((1, 2, 3, 4), (5, 6, 7, 8), (9, 10, 11, 12), (13, 14, 15, 16), (17, 18, 19, 20))
_PALM: Final = np.array([0, 1, 2, 5, 9, 13, 17])
_WRIST, _INDEX, _MIDDLE, _LITTLE = 0, 5, 9, 17
# Radii as shares of the palm's size, fitted to drawn hands: a finger's three limbs from its root, what the palm reaches
# beyond its joints, the forearm; how far the forearm is known, as a share of wrist to middle finger.
_LIMBS: Final = (0.16, 0.13, 0.10)
_THUMB_GROWN: Final = 1.1
_PALM_RADIUS: Final = 0.18
_FOREARM_RADIUS: Final = 0.25
_FOREARM_LENGTH: Final = 1.0
# Softness of the edge, a standard deviation as a share of the palm's size.
_SOFT: Final = 0.02
_LEAST_SOFT_PX: Final = 0.6
# So near to a hand, a share of the palm's size, its points say better than colours where it ends: its shadow is no part
# of it. Not so where a thing it holds reaches farther, by more than this share of the hand.
_HALO: Final = 0.10
_HELD_SHARE: Final = 0.25
# Coordinates in OpenCV's drawing are in 1/16 px.
_SHIFT: Final = 4
# What lies farther off than this, px, is not drawn: OpenCV wants numbers of 32 bits.
_FARTHEST_PX: Final = 1e5


def without_hands(visible: Floats | None, hands: Sequence[Floats], patch: FacePatch) -> Floats | None:
    """What is seen of a face beneath hands.

    Args:
        visible: (h, w) float32 over the patch, 0..1: what is seen of it beneath other things; None = all. Stays as it
            is.
        hands: (21, 2) float32 each, frame px: see `TrackedFace.hands`.
        patch: The face's.

    Returns:
        (h, w) float32, as `visible`; None = all.
    """
    for hand in hands:
        cover = _cover(hand, patch)
        if cover is not None:
            visible = 1 - cover if visible is None else _joined(visible, 1 - cover, _HALO * _size(hand))
    return visible


def _joined(visible: Floats, beside_hand: Floats, halo_px: float) -> Floats:
    """What is seen beneath other things and a hand, both (h, w) 0..1."""
    both = np.minimum(visible, beside_hand)
    side = 2 * max(round(min(halo_px, max(visible.shape))), 1) + 1
    hand = (beside_hand < 0.5).view(np.uint8)
    near = cv2.dilate(hand, np.ones((side, side), np.uint8))
    held = np.count_nonzero((visible < 0.5) & (near == 0))
    if held > _HELD_SHARE * np.count_nonzero(hand):
        return np.asarray(both, np.float32)
    return np.asarray(np.where(near > 0, beside_hand, both), np.float32)


def _size(points: Floats) -> float:
    """The palm's size, px."""
    return (math.dist(points[_INDEX], points[_LITTLE]) + math.dist(points[_WRIST], points[_MIDDLE])) / 2


def _cover(points: Floats, patch: FacePatch) -> Floats | None:
    """(h, w) float32, 0..1: the hand over the patch; None where it is beside it."""
    places = points - np.array(patch.origin_xy, np.float32)
    if not np.isfinite(places).all() or np.abs(places).max() > _FARTHEST_PX:
        return None
    size = _size(places)
    mask = np.zeros(patch.alpha.shape, np.uint8)
    for finger in _FINGERS:
        grown = _THUMB_GROWN if finger[0] == 1 else 1.0
        for radius, start, end in zip(_LIMBS, finger, finger[1:], strict=False):
            _limb(mask, places[start], places[end], radius * grown * size)
    palm = np.asarray(cv2.convexHull(_drawn(places[_PALM])), np.int32)
    cv2.fillConvexPoly(mask, palm, 255, shift=_SHIFT)
    cv2.polylines(mask, [palm], True, 255, _width(_PALM_RADIUS * size), shift=_SHIFT)
    wrist = places[_WRIST]
    _limb(mask, wrist, wrist + (wrist - places[_MIDDLE]) * _FOREARM_LENGTH, _FOREARM_RADIUS * size)
    if not mask.any():
        return None
    soft = cv2.GaussianBlur(mask, (0, 0), max(_SOFT * size, _LEAST_SOFT_PX))
    return np.asarray(soft * np.float32(1 / 255), np.float32)


def _limb(mask: NDArray[np.uint8], start: Floats, end: Floats, radius_px: float) -> None:
    (ax, ay), (bx, by) = _drawn(np.stack([start, end])).tolist()
    cv2.line(mask, (ax, ay), (bx, by), 255, _width(radius_px), cv2.LINE_8, _SHIFT)


def _width(radius_px: float) -> int:
    """OpenCV draws no lines wider than 32767 px."""
    return min(max(round(2 * radius_px), 1), 32767)


def _drawn(places: Floats) -> NDArray[np.int32]:
    return np.round(places * (1 << _SHIFT)).astype(np.int32)
