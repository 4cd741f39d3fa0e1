"""Room: compose. What one person's face looks like, texel by texel, and how much it varies there. No pictures."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from mirror_app.compose.occlusion_texels import SIDE, Floats

# Least standard deviation of brightness and the two colours: wrinkles, contact shadows and the camera's own noise.
_LEAST: Final = np.array([0.085, 0.015, 0.018], np.float32)
# The mesh lies off by about so many texels: where colours change fast, more may differ.
_OFF_TEXELS: Final = 0.5
# Expressions and light that the fit leaves over are learned with this time constant, s.
_SETTLE_S: Final = 4.0
# A texel counts once it has been seen for so long, s; the face is known once this share of its texels counts.
_KNOWN_S: Final = 0.5
_KNOWN_SHARE: Final = 0.35
# What differs at once by more than this many standard deviations widens no spread.
_MOST_OFF: Final = 3.0
_SCHARR_SUM: Final = 32.0
REACH: Final = 2
"""A face can be compared with itself so many texels aside."""


class Appearance:
    """Mean and spread of a face's colours under the light it was first seen in. For one thread."""

    def __init__(self) -> None:
        self.mean = np.zeros((SIDE, SIDE, 3), np.float32)
        self.known_s = np.zeros((SIDE, SIDE), np.float32)
        """For how long each texel has been looked at, s."""
        self._variance = np.zeros((SIDE, SIDE, 3), np.float32)
        self._inverse = np.zeros((SIDE, SIDE, 3), np.float32)
        self._wide = _widened(self.mean), _widened(self._inverse)

    @property
    def known(self) -> Floats:
        """(SIDE, SIDE) float32, 0 or 1: where enough is known to judge by."""
        return (self.known_s >= _KNOWN_S).astype(np.float32)

    def is_known(self, judged: int) -> bool:
        """Whether enough of so many texels counts."""
        return int(np.count_nonzero(self.known_s >= _KNOWN_S)) >= _KNOWN_SHARE * judged

    def learn(self, colours: Floats, weights: Floats, step_s: float) -> None:
        """Take in a frame.

        Args:
            colours: (SIDE, SIDE, 3) float32, with the light taken out.
            weights: (SIDE, SIDE) float32, 0..1: how surely the bare face is seen there.
            step_s: Time it stands for.
        """
        time_s = weights * np.float32(step_s)
        # A plain mean at first, then one that forgets.
        share = time_s / np.minimum(self.known_s + time_s + 1e-6, _SETTLE_S)
        share = np.minimum(share, 1)[..., None]
        off = colours - self.mean
        self.mean += share * off
        if self._inverse.any():
            limit = _MOST_OFF / np.sqrt(np.maximum(self._inverse, 1e-6))
            np.clip(off, -limit, limit, out=off)
            self._variance += share * (off * off * (1 - share) - self._variance)
        self.known_s += time_s
        self._sharpen()

    def replace(self, where: Floats, colours: Floats) -> None:
        """Begin anew at some texels: (SIDE, SIDE) float32 0 or 1, with (SIDE, SIDE, 3) colours."""
        self.mean += where[..., None] * (colours - self.mean)
        self._variance *= 1 - where[..., None]
        self._sharpen()

    def surprise(self, colours: Floats, down: int = 0, across: int = 0) -> Floats:
        """(SIDE, SIDE) float32: squared distance from the face's colours, in standard deviations.

        Args:
            colours: (SIDE, SIDE, 3) float32, with the light taken out.
            down: Compare with the face so many texels below, at most `REACH` ...
            across: ... and so many to the right.
        """
        if down == across == 0:
            off, inverse = colours - self.mean, self._inverse
        else:
            top, left = REACH + down, REACH + across
            off = colours - self._wide[0][top : top + SIDE, left : left + SIDE]
            inverse = self._wide[1][top : top + SIDE, left : left + SIDE]
        off *= off
        off *= inverse
        return np.asarray(cv2.transform(off, np.ones((1, 3), np.float32)), np.float32).reshape(SIDE, SIDE)

    def _sharpen(self) -> None:
        """Work out the spread anew."""
        smooth = cv2.GaussianBlur(self.mean, (0, 0), 0.8)
        across, down = cv2.Scharr(smooth, cv2.CV_32F, 1, 0), cv2.Scharr(smooth, cv2.CV_32F, 0, 1)
        slope = (across * across + down * down) * np.float32((_OFF_TEXELS / _SCHARR_SUM) ** 2)
        spread = _LEAST * _LEAST + self._variance * np.float32(1.5) + slope
        self._inverse = np.asarray(1 / spread, np.float32)
        self._wide = _widened(self.mean), _widened(self._inverse)


def _widened(image: Floats) -> Floats:
    around = (REACH, REACH, REACH, REACH)
    return np.asarray(cv2.copyMakeBorder(image, *around, cv2.BORDER_REPLICATE), np.float32)
