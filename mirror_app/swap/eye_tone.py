"""Room: swap. Live eyes take the target's tone: dark painted eyes, bright ones. Gaze, blink and glint stay live."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.imaging.resample import blurred
from mirror_app.swap.light import sample_colours

_EYES: Final = tuple(np.array(ring) for ring in (topology.IMAGE_LEFT_EYE, topology.IMAGE_RIGHT_EYE))
# Skin that eyes are compared with: under the eyes and on the cheeks.
_SKIN: Final = (117, 346, 50, 280, 205, 425)
# Colours are compared as log(level + this), so that noise in near-black pixels does not count.
_DARK_LEVEL: Final = 8.0
# Eyes less open than this share of their width, or smaller than this, px, say nothing about their tone.
_LEAST_OPEN: Final = 0.14
_LEAST_PX: Final = 5.0
# The tone changes by at most this factor, as a logarithm: more would make whites grey or blue.
_LARGEST_LOG: Final = 0.5
_SETTLE_S: Final = 0.6
_LOOK_EVERY_NS: Final = 190_000_000
# Softness of the lids' edge, as a share of the eye's width.
_SOFTNESS: Final = 0.03


def eye_tone(image_bgr: NDArray[np.uint8], points: NDArray[np.float32]) -> NDArray[np.float32] | None:
    """How eyes differ from the skin below them.

    Args:
        image_bgr: (H, W, 3) uint8.
        points: (468, 3) float32, the mesh in px of the picture.

    Returns:
        (3,) float32: log of the eyes' mean over the skin's mean for blue, green, red; None when no eye is open enough.
    """
    means = []
    for ring in _EYES:
        outline = points[ring, :2]
        width, height = np.ptp(outline, axis=0).tolist()
        if width < _LEAST_PX or height < _LEAST_OPEN * width:
            continue
        x, y, mask = _opening([outline], image_bgr.shape, 0.0)
        if cv2.countNonZero(mask):
            window = image_bgr[y : y + mask.shape[0], x : x + mask.shape[1]]
            means.append(cv2.mean(window, mask)[:3])
    if not means:
        return None
    skin = sample_colours(image_bgr, points[list(_SKIN), :2]).mean(0)
    return np.asarray(np.log(np.mean(means, 0) + _DARK_LEVEL) - np.log(skin + _DARK_LEVEL), np.float32)


class EyeToner:
    """Follows the tone of the live eyes and moves it toward the target's."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget: another target, another face."""
        self._live: NDArray[np.float32] | None = None
        self._looked_ns = 0

    def look(self, live_bgr: NDArray[np.uint8], points: NDArray[np.float32], time_ns: int) -> None:
        """Take in one frame if a look is due; `live_bgr` (h, w, 3) uint8, `points` (468, 3) float32 in its px."""
        step_ns = time_ns - self._looked_ns
        if self._live is not None and 0 <= step_ns < _LOOK_EVERY_NS:
            return
        now = eye_tone(live_bgr, points)
        if now is None:
            return
        share = np.float32(1 - np.exp(-max(step_ns, 0) * 1e-9 / _SETTLE_S))
        self._live = now if self._live is None else self._live + share * (now - self._live)
        self._looked_ns = time_ns

    def tone(
        self, live_bgr: NDArray[np.uint8], points: NDArray[np.float32], wanted: NDArray[np.float32], share: float
    ) -> None:
        """Change the tone inside both eye openings, in place.

        Args:
            live_bgr: (h, w, 3) uint8.
            points: (468, 3) float32, the mesh in its px.
            wanted: (3,) float32, the target's `eye_tone`.
            share: 0..1 of the way.
        """
        if self._live is None or share <= 0:
            return
        gain = np.exp(np.clip(wanted - self._live, -_LARGEST_LOG, _LARGEST_LOG) * np.float32(share))
        factors = np.array([*gain.tolist(), 1.0])
        outlines = [points[ring, :2] for ring in _EYES]
        x, y, mask = _opening(outlines, live_bgr.shape, float(np.ptp(outlines[0][:, 0])) * _SOFTNESS)
        if mask.shape[0] < 2 or mask.shape[1] < 2:
            return
        weight = mask * np.float32(1 / 255)
        window = live_bgr[y : y + mask.shape[0], x : x + mask.shape[1]]
        cv2.blendLinear(cv2.multiply(window, factors), window, weight, 1 - weight, dst=window)


def _opening(
    outlines: list[NDArray[np.float32]], shape: tuple[int, ...], soft_px: float
) -> tuple[int, int, NDArray[np.uint8]]:
    """Left, top and mask (h, w) uint8 of eye openings, clipped to a picture of this shape."""
    height, width = shape[:2]
    margin = int(3 * soft_px) + 2
    everything = np.concatenate(outlines)
    left, top = everything.min(0).tolist()
    right, bottom = everything.max(0).tolist()
    x0, x1 = (min(max(int(value), 0), width) for value in (left - margin, right + margin))
    y0, y1 = (min(max(int(value), 0), height) for value in (top - margin, bottom + margin))
    mask = np.zeros((y1 - y0, x1 - x0), np.uint8)
    if mask.size:
        rings = [np.round((outline - [x0, y0]) * 16).astype(np.int32) for outline in outlines]
        cv2.fillPoly(mask, rings, 255, lineType=cv2.LINE_AA, shift=4)
        if soft_px >= 0.5:
            mask = blurred(mask, soft_px)
    return x0, y0, mask
