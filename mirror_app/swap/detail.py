"""Room: swap. Brings a patch to the sharpness of the camera: blurred, as it is, or crisper with a little skin grain.

A texture finer than the camera glitters and stands out; one smoother than the skin around it looks like plastic.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

# Sharpness is the mean absolute Laplacian where the patch covers the face wholly.
_COVERED: Final = 0.9
_LEAST_PIXELS: Final = 400
# A patch a little softer than the live face looks alike: camera noise, which no texture has, is in the live figure.
_SHARE: Final = 0.9
# Crispness within these limits; below one blurs, above one sharpens and adds grain.
_LIMITS: Final = (0.1, 3.0)
# One comparison moves crispness by this share of the way (in logarithms), and not at all within the dead band.
_STEP: Final = 0.6
_DEAD_BAND: Final = 0.06
# Grain on a smooth texture changes sharpness steeply: after going too far the step is halved, and doubled again when
# the way is still this long.
_LONG_WAY: Final = 0.2
_LOOK_EVERY_NS: Final = 230_000_000
# The first looks come at every frame, so that a new face is right at once.
_FIRST_LOOKS: Final = 5
# Crispness is used in steps of this size (in logarithms): each new one makes a texture.
_GRADES: Final = 0.1
# Blur that splits a texture in coarse and fine, texels.
_SPLIT_TEXELS: Final = 1.4
# From crispness one on, a share of the excess goes into sharpening, the rest into grain of this many grey levels.
_SHARPEN: Final = 0.5
_GRAIN_LEVELS: Final = 5.0
_GRAIN_SEED: Final = 468


class DetailMatcher:
    """Compares patches with the live face and says how crisp the texture should be."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget: another target, another face."""
        self._log_crispness = 0.0
        self._step = _STEP
        self._away = 0.0
        self._content = _DEAD_BAND
        self._grades_moved = 0
        self._looks = 0
        self._looked_ns = 0

    @property
    def crispness(self) -> float:
        """What to make the texture with; 1 = as it is."""
        return float(np.exp(self._grade * _GRADES))

    @property
    def _grade(self) -> int:
        return round(self._log_crispness / _GRADES)

    def due(self, time_ns: int) -> bool:
        """Whether this frame's patch should be compared."""
        return self._looks < _FIRST_LOOKS or not 0 <= time_ns - self._looked_ns < _LOOK_EVERY_NS

    def look(
        self, live_bgr: NDArray[np.uint8], patch_bgr: NDArray[np.uint8], alpha: NDArray[np.float32], time_ns: int
    ) -> None:
        """Compare.

        Args:
            live_bgr: (h, w, 3) uint8, the frame under the patch.
            patch_bgr: (h, w, 3) uint8.
            alpha: (h, w) float32.
            time_ns: Time of the frame.
        """
        covered = (alpha > _COVERED).view(np.uint8)
        self._looked_ns = time_ns
        pixels = cv2.countNonZero(covered)
        if pixels < _LEAST_PIXELS:
            return
        self._looks += 1
        live, patch = (sharpness(picture, covered) for picture in (live_bgr, patch_bgr))
        away = float(np.log((_SHARE * live + 0.05) / (patch + 0.05)))
        too_far = away * self._away < 0
        if too_far and self._grades_moved == 1:
            # Right lies between this grade and the last: either will do, and going to and fro would flicker.
            self._content = _LONG_WAY
        if abs(away) <= self._content:
            self._away = 0.0
        else:
            self._go(away, too_far)

    def _go(self, away: float, too_far: bool) -> None:
        self._away, self._content = away, _DEAD_BAND
        if too_far:
            self._step /= 2
        elif abs(away) > _LONG_WAY:
            self._step = min(2 * self._step, _STEP)
        low, high = np.log(_LIMITS)
        before = self._grade
        self._log_crispness = float(np.clip(self._log_crispness + self._step * away, low, high))
        self._grades_moved = abs(self._grade - before)


def sharpness(picture_bgr: NDArray[np.uint8], where: NDArray[np.uint8]) -> float:
    """Mean absolute Laplacian of the luma where a mask (h, w) uint8 is set; grey levels."""
    grey = cv2.cvtColor(picture_bgr, cv2.COLOR_BGR2GRAY)
    edges = cv2.Laplacian(grey, cv2.CV_16S)
    return float(cv2.norm(edges, cv2.NORM_L1, where)) / max(cv2.countNonZero(where), 1)


def with_crispness(texture_bgra: NDArray[np.uint8], crispness: float) -> NDArray[np.uint8]:
    """A texture made softer or crisper; alpha stays.

    Args:
        texture_bgra: (side, side, 4) uint8.
        crispness: > 0; 1 gives the texture back.
    """
    if crispness == 1:
        return texture_bgra
    coarse = cv2.GaussianBlur(texture_bgra, (0, 0), _SPLIT_TEXELS)
    excess = max(crispness - 1, 0.0)
    fine = min(crispness, 1.0) + _SHARPEN * excess
    result = cv2.addWeighted(texture_bgra, fine, coarse, 1 - fine, 0)
    if excess:
        side = texture_bgra.shape[0]
        grain = np.random.default_rng(_GRAIN_SEED).normal(0, _GRAIN_LEVELS * excess, (side, side))
        result = np.clip(result + grain[..., None], 0, 255)
    crisp = np.asarray(result, np.uint8)
    cv2.insertChannel(cv2.extractChannel(texture_bgra, 3), crisp, 3)
    return crisp
