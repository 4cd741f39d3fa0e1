"""Room: swap. Highlights on an unrolled face's skin, its deepest shade and the tint of that. No frames, no photos."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.imaging.resample import blurred
from mirror_app.swap.facing import smooth_step

# Skin brighter (log) than what lies around it, within this share of the side, has a highlight: so much of it goes.
_HIGHLIGHT: Final = 0.2
_HIGHLIGHT_REACH: Final = 0.05
_HIGHLIGHT_SHARE: Final = 0.8
# Skin darker (log) than the face's median lies in deep shade: beside the eyes so much of what is darker goes.
_DEEP: Final = 0.25
_DEEP_SHARE: Final = 0.85
# Nostrils and the lips' corners are no shade: deep shade lies this far from the middle line, as shares of the side.
_ASIDE: Final = (0.13, 0.2)
# Skin darker (log) than the face's median by the first keeps its tint, by the second it is no bluer than the lit skin
# in reach.
_DARK: Final = (0.15, 0.5)
_TINT_REACH: Final = 0.08


def highlights(brightness: NDArray[np.float32], skin: NDArray[np.float32]) -> NDArray[np.float32]:
    """What to take out of skin that is brighter than the skin around it.

    Args:
        brightness: (side, side) float32, logarithms.
        skin: (side, side) float32, 0..1, 0 on features and off the face.
    """
    reach = _HIGHLIGHT_REACH * skin.shape[0]
    around = blurred(brightness * skin, reach) / np.maximum(blurred(skin, reach), np.float32(1e-3))
    excess = np.maximum(blurred(brightness, 1.0) - around - np.float32(_HIGHLIGHT), 0)
    return np.asarray(_HIGHLIGHT_SHARE * excess * skin, np.float32)


def deep_shade(brightness: NDArray[np.float32], skin: NDArray[np.float32]) -> NDArray[np.float32]:
    """What to take out of skin in deep shade at the sides of the face; arguments as for `highlights`."""
    side = skin.shape[0]
    aside = smooth_step(np.abs(np.linspace(-0.5, 0.5, side, dtype=np.float32)), *_ASIDE)
    median = float(np.median(brightness[skin > 0.5]))
    excess = np.minimum(blurred(brightness, 1.0) - median + np.float32(_DEEP), 0)
    return np.asarray(_DEEP_SHARE * excess * skin * aside, np.float32)


def dark_tints(tones: NDArray[np.float32], skin: NDArray[np.float32]) -> NDArray[np.float32]:
    """What to take out of the colour ratios of dark skin: shade is browner than light, but black paint is blue.

    Args:
        tones: (side, side, 3) float32: log brightness, log blue / green, log red / green.
        skin: (side, side) float32, 0..1, 0 on features and off the face.

    Returns:
        (side, side, 2) float32.
    """
    median = float(np.median(tones[skin > 0.5, 0]))
    dark = smooth_step(median - blurred(np.ascontiguousarray(tones[..., 0]), 1.0), *_DARK)
    lit = skin * (1 - dark) + np.float32(1e-4)
    reach = _TINT_REACH * skin.shape[0]
    ratios = np.ascontiguousarray(tones[..., 1:])
    around = blurred(ratios * lit[..., None], reach) / blurred(lit, reach)[..., None]
    blue, red = (np.maximum(ratios - around, 0)[..., k] for k in range(2))
    # Purple is both too blue and too red for its green.
    return np.asarray(np.dstack([blue, np.minimum(blue, red)]) * (dark * skin)[..., None], np.float32)
