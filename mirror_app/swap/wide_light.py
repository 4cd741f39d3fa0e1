"""Room: swap. What of a picture's shading is wide enough to be light. No frames, no photos."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.imaging.resample import blurred

# The edge-keeping filter's reach, as a share of the side, and the step (log) that it begins to keep.
_REACH: Final = 0.012
_STEP: Final = 0.05
# Flatter light (log) than this is none.
_LEAST: Final = 1e-4
# OpenCV's largest window of a median.
_LARGEST_WINDOW: Final = 255


def wide_light(light: NDArray[np.float32], tones: NDArray[np.float32], narrowest: float) -> NDArray[np.float32]:
    """Light without what is narrower than this share of the side, the edges of its shadows as sharp as in the picture.

    Args:
        light: (side, side, channels) float32.
        tones: (side, side, channels) float32, the picture that the light lies on.
        narrowest: 0..1.
    """
    planes = [(np.ascontiguousarray(light[..., k]), np.ascontiguousarray(tones[..., k])) for k in range(light.shape[2])]
    return np.dstack([_wide(own, below, narrowest) for own, below in planes])


def guided(
    guide: NDArray[np.float32], values: NDArray[np.float32], reach_px: float, step: float
) -> NDArray[np.float32]:
    """Values smoothed within this reach, but not across edges of the guide that are higher than `step`.

    The guided filter (He, Sun and Tang 2010): in every window the values are a linear function of the guide.

    Args:
        guide: (h, w) float32.
        values: (h, w) float32.
        reach_px: Standard deviation of the window.
        step: In units of the guide.
    """
    mean_guide, mean_values = blurred(guide, reach_px), blurred(values, reach_px)
    variance = np.maximum(blurred(guide * guide, reach_px) - mean_guide * mean_guide, 0)
    covariance = blurred(guide * values, reach_px) - mean_guide * mean_values
    slope = np.asarray(covariance / (variance + np.float32(step * step)), np.float32)
    offset = mean_values - slope * mean_guide
    return np.asarray(blurred(slope, reach_px) * guide + blurred(offset, reach_px), np.float32)


def _wide(light: NDArray[np.float32], tones: NDArray[np.float32], narrowest: float) -> NDArray[np.float32]:
    side = light.shape[0]
    low, high = float(light.min()), float(light.max())
    if high - low < _LEAST:
        return light
    # A median drops what is narrow and keeps edges; OpenCV has wide ones for 8 bits only.
    window = min(2 * round(side * narrowest / 2) + 1, _LARGEST_WINDOW)
    eight_bit = ((light - low) * (255 / (high - low))).astype(np.uint8)
    wide = cv2.medianBlur(eight_bit, window).astype(np.float32) * np.float32((high - low) / 255) + np.float32(low)
    return guided(tones, wide, side * _REACH, _STEP)
