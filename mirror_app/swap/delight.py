"""Room: swap. Takes a photo's own light, and what is not skin, out of its unrolled texture. No frames."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.imaging.resample import blurred, resized
from mirror_app.swap.uv_layout import fill_ring

# Work at this size: light is smooth.
_SIDE: Final = 256
# Shading wider than this share of the texture is the photo's light; finer detail is the face's own.
_REACH: Final = 0.04
# Skin that stands in for what is covered comes from about this far.
_FILL_REACH: Final = 0.02
# How much of the photo's light is taken out, and the largest factor; more would lift noise out of black paint.
_STRENGTH: Final = 0.85
_LARGEST_LOG_GAIN: Final = 0.9
# A colour this many spreads from the skin's own is hair, cloth or background.
_SKIN_SPREADS: Final = (2.2, 3.6)
_LEAST_SPREAD: Final = np.array([16.0, 5.0, 6.0], np.float32)

_FEATURES: Final = (
    topology.IMAGE_LEFT_EYE, topology.IMAGE_RIGHT_EYE, topology.LIPS_OUTER,
    topology.IMAGE_LEFT_BROW, topology.IMAGE_RIGHT_BROW,
)  # fmt: skip


def delight(texture_bgr: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Even out a texture's light and cover what is not skin with the skin around it.

    Args:
        texture_bgr: (T, T, 3) uint8, BGR, in UV layout.

    Returns:
        (T, T, 3) uint8.
    """
    small = resized(texture_bgr, (_SIDE, _SIDE), cv2.INTER_AREA)
    features = _features_mask()
    face = np.zeros((_SIDE, _SIDE), np.uint8)
    fill_ring(face, topology.FACE_OVAL, 255)
    skin = _skin_likelihood(small, face, features)
    plain = skin * (face > 0) * (1 - features)
    even = _even_light(texture_bgr, small, plain)
    return _cover_foreign(even, np.maximum(skin, features), plain)


def _features_mask() -> NDArray[np.float32]:
    """(_SIDE, _SIDE) float32, 1 on eyes, brows and lips, soft around them."""
    mask = np.zeros((_SIDE, _SIDE), np.uint8)
    for ring in _FEATURES:
        fill_ring(mask, ring, 255)
    grown = np.asarray(cv2.dilate(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (7, 7))), np.uint8)
    return blurred(grown, 2.0).astype(np.float32) / np.float32(255)


def _skin_likelihood(
    small_bgr: NDArray[np.uint8], face: NDArray[np.uint8], features: NDArray[np.float32]
) -> NDArray[np.float32]:
    """(_SIDE, _SIDE) float32, 1 = the colour of this face's middle, whatever its brightness down to half."""
    lab = blurred(cv2.cvtColor(small_bgr, cv2.COLOR_BGR2LAB).astype(np.float32), 2.0)
    middle = cv2.erode(face, np.ones((3, 3), np.uint8), iterations=_SIDE // 8) > 0
    sample = lab[middle & (features < 0.1)]
    centre = np.median(sample, axis=0)
    spread = np.maximum(1.4826 * np.median(np.abs(sample - centre), axis=0), _LEAST_SPREAD)
    distance = (lab - centre) / spread
    # A cheek in shade is still skin: darkness counts half.
    distance[..., 0] *= 0.5
    far = np.sqrt((distance**2).sum(-1))
    low, high = _SKIN_SPREADS
    return np.asarray(1 - np.clip((far - low) / (high - low), 0, 1), np.float32)


def _even_light(
    texture_bgr: NDArray[np.uint8], small_bgr: NDArray[np.uint8], plain: NDArray[np.float32]
) -> NDArray[np.uint8]:
    """Divide by the smooth brightness and take the smooth colour cast out."""
    ycc = cv2.cvtColor(small_bgr, cv2.COLOR_BGR2YCrCb).astype(np.float32)
    log_luma = np.log(ycc[..., 0] + 8)
    base = _smooth(np.dstack([log_luma, ycc[..., 1:]]), plain, _REACH)
    middle = np.median(base[plain > 0.5], axis=0) if (plain > 0.5).any() else base.mean((0, 1))
    log_gain = np.clip((middle[0] - base[..., 0]) * _STRENGTH, -_LARGEST_LOG_GAIN, _LARGEST_LOG_GAIN)
    side = texture_bgr.shape[0]
    gain = resized(np.exp(log_gain).astype(np.float32), (side, side))
    cast = resized((base[..., 1:] - middle[1:]).astype(np.float32), (side, side))
    full = cv2.cvtColor(texture_bgr, cv2.COLOR_BGR2YCrCb).astype(np.float32)
    full[..., 0] *= gain
    # Half of the colour cast stays: cheeks are redder than foreheads, and that is the face's own.
    full[..., 1:] = 128 + (full[..., 1:] - 128 - 0.5 * cast) * np.sqrt(gain)[..., None]
    return np.asarray(cv2.cvtColor(np.clip(full, 0, 255).astype(np.uint8), cv2.COLOR_YCrCb2BGR), np.uint8)


def _cover_foreign(
    texture_bgr: NDArray[np.uint8], own: NDArray[np.float32], plain: NDArray[np.float32]
) -> NDArray[np.uint8]:
    """Replace what is not the face's own by smooth skin with the grain of the rest left out."""
    side = texture_bgr.shape[0]
    small = resized(texture_bgr, (_SIDE, _SIDE), cv2.INTER_AREA).astype(np.float32)
    fill = np.clip(_smooth(small, plain, _FILL_REACH), 0, 255).astype(np.uint8)
    shrunk = np.asarray(cv2.erode(own, np.ones((5, 5), np.uint8)), np.float32)
    share = resized(blurred(shrunk, 2.5), (side, side))
    full_fill = resized(fill, (side, side), cv2.INTER_CUBIC)
    return np.asarray(cv2.blendLinear(texture_bgr, full_fill, share, 1 - share), np.uint8)


def _smooth(values: NDArray[np.float32], weights: NDArray[np.float32], reach: float) -> NDArray[np.float32]:
    """Weighted blur; where nothing is in reach, ever wider blurs step in."""
    result = np.zeros_like(values)
    missing = np.ones(weights.shape, np.float32)
    for wider in (1.0, 2.0, 4.0, 12.0):
        sigma = reach * wider * _SIDE
        total = blurred(weights, sigma)
        mean = blurred(values * weights[..., None], sigma) / np.maximum(total, 1e-5)[..., None]
        sure = missing * np.clip(total / 0.15, 0, 1)
        result += sure[..., None] * mean
        missing -= sure
    return result + missing[..., None] * values
