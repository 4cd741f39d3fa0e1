"""Room: swap. Which texels of an unrolled photo are the face's own: its skin and its features. No frames."""

from __future__ import annotations

from functools import cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.imaging.resample import blurred
from mirror_app.swap.uv_layout import fill_ring

EYES_AND_BROWS: Final = (
    topology.IMAGE_LEFT_EYE, topology.IMAGE_RIGHT_EYE, topology.IMAGE_LEFT_BROW, topology.IMAGE_RIGHT_BROW,
)  # fmt: skip
"""Rings of what moves on one half of the face alone."""

FEATURES: Final = (*EYES_AND_BROWS, topology.LIPS_OUTER)
"""Rings of what is darker or redder than skin."""

# What is foreign is taken out with a margin of this share of the side: it casts a shadow.
_RETREAT: Final = 0.02
# Around eyes, brows and lips any colour is the face's own this far, as a share of the side.
_OWN_MARGIN: Final = 0.005
# A colour this many spreads from the skin's own is hair, cloth or background.
_SPREADS: Final = (2.2, 3.4)
# The least spread of skin: of log blue / green, log red / green and log brightness.
_LEAST_SPREAD: Final = np.array([0.09, 0.09, 0.16], np.float32)
_MOST_SPREAD: Final = 1.4 * _LEAST_SPREAD
# In the middle of the face darkness is shade and redness a nostril; at its rim they are hair and cloth.
_DARK_SHARES: Final = (0.12, 0.6)
# Brightness is mostly a highlight, hardly ever cloth.
_BRIGHT_SHARE: Final = 0.3
_TONE_SHARES: Final = (0.5, 1.0)
# Shade is more saturated than light and highlights less: per unit of log brightness, tones may differ that much more.
_OTHER_TONES: Final = 1.0


@cache
def features_mask(
    side: int, margin: float = 0.014, rings: tuple[tuple[int, ...], ...] = FEATURES
) -> NDArray[np.float32]:
    """(side, side) float32, 1 in these rings and around them by `margin`, a share of the side; soft; read-only."""
    mask = np.zeros((side, side), np.uint8)
    for ring in rings:
        fill_ring(mask, ring, 255)
    reach = round(side * margin)
    grown = np.asarray(cv2.dilate(mask, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)), np.float32)
    soft = blurred(grown, max(side * margin / 2, 0.5)) / np.float32(255)
    soft.flags.writeable = False
    return soft


@cache
def face_mask(side: int) -> NDArray[np.float32]:
    """(side, side) float32, 1 inside the face's outline; read-only."""
    mask = np.zeros((side, side), np.uint8)
    fill_ring(mask, topology.FACE_OVAL, 1)
    inside = mask.astype(np.float32)
    inside.flags.writeable = False
    return inside


@cache
def depth_inside(side: int) -> NDArray[np.float32]:
    """(side, side) float32: 0 on the face's outline, 1 a fifth of the side inside it; read-only."""
    gaps = cv2.distanceTransform(face_mask(side).astype(np.uint8), cv2.DIST_L2, 3)
    depth = np.asarray(np.clip(gaps / (0.2 * side), 0, 1), np.float32)
    depth.flags.writeable = False
    return depth


def skin_likelihood(log_bgr: NDArray[np.float32], seen: NDArray[np.float32]) -> NDArray[np.float32]:
    """How much each texel looks like the skin in the middle of this face, in whatever shade.

    Args:
        log_bgr: (side, side, 3) float32, logarithms of the colours.
        seen: (side, side) float32, 0..1, how well the photo shows each texel.

    Returns:
        (side, side) float32, 0..1; colours of eyes, brows and lips count as what they are.
    """
    side = log_bgr.shape[0]
    blue, green, red = (log_bgr[..., k] for k in range(3))
    tone = blurred(np.dstack([blue - green, red - green, log_bgr.mean(-1)]), max(side * 0.006, 0.5))
    sample = tone[(depth_inside(side) > 0.35) & (features_mask(side) < 0.1) & (seen > 0.5)]
    if len(sample) < 20:
        return face_mask(side)
    centre = np.median(sample, axis=0)
    # The bright half says what the skin is: the dark half may lie in shade.
    centre[2] = np.percentile(sample[:, 2], 65)
    spread = np.clip(1.4826 * np.median(np.abs(sample - centre), axis=0), _LEAST_SPREAD, _MOST_SPREAD)
    distance = (tone - centre) / spread
    inside = depth_inside(side) ** 2
    darkness = np.maximum(centre[2] - tone[..., 2], 0)
    tone_share = _between(_TONE_SHARES, inside) / (1 + _OTHER_TONES * np.abs(tone[..., 2] - centre[2]))
    distance[..., :2] *= tone_share[..., None]
    distance[..., 2] *= np.where(darkness > 0, _between(_DARK_SHARES, inside), np.float32(_BRIGHT_SHARE))
    far = np.sqrt((distance**2).sum(-1))
    return np.asarray(1 - np.clip((far - _SPREADS[0]) / (_SPREADS[1] - _SPREADS[0]), 0, 1), np.float32)


def _between(middle_and_rim: tuple[float, float], inside: NDArray[np.float32]) -> NDArray[np.float32]:
    middle, rim = middle_and_rim
    return np.asarray(rim + (middle - rim) * inside, np.float32)


def own_texels(log_bgr: NDArray[np.float32], seen: NDArray[np.float32]) -> NDArray[np.float32]:
    """(side, side) float32, 0..1: skin and features, fading before their edge: a texel beside hair is hair in part."""
    side = log_bgr.shape[0]
    own = np.maximum(skin_likelihood(log_bgr, seen), features_mask(side, _OWN_MARGIN))
    # What lies off the face is no edge to retreat from.
    own[face_mask(side) == 0] = 1
    reach = max(round(side * _RETREAT), 1)
    round_window = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    shrunk = np.asarray(cv2.erode(own, round_window), np.float32)
    faded = np.clip(2 * blurred(shrunk, side * _RETREAT) - 1, 0, 1)
    return np.asarray(faded * own * _safely_inside(side), np.float32)


def _safely_inside(side: int) -> NDArray[np.float32]:
    """The face without the texels that mix with what lies off it."""
    return np.asarray(cv2.erode(face_mask(side), np.ones((7, 7), np.uint8), borderValue=0), np.float32)
