"""Room: tools. What the mirror's patches cover of what is truly there, by their alpha. Looks at no colours."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.capture.demo import DemoMasks
from mirror_app.domain.patch import FacePatch
from mirror_app.tools.evaluate_seen import share


class LastPatch:
    """Keeps the patch that the mirror made last; see `pipeline.assembly.open_mirror`."""

    def __init__(self) -> None:
        self._patch: FacePatch | None = None

    def __call__(self, patch: FacePatch) -> None:
        """Look at a patch."""
        self._patch = patch

    def clear(self) -> None:
        """Forget it: the next frame may have none."""
        self._patch = None

    def alpha_over(self, frame_shape: tuple[int, ...]) -> NDArray[np.float32]:
        """(H, W) float32, how much of each pixel of the frame the patch covers."""
        alpha = np.zeros(frame_shape[:2], np.float32)
        if self._patch is not None and self._patch.valid:
            x, y = self._patch.origin_xy
            height, width = self._patch.alpha.shape
            alpha[y : y + height, x : x + width] = self._patch.alpha
        return alpha


class CoverTally:
    """Adds up, over frames, how much of each mask there is and how much of it is covered."""

    def __init__(self) -> None:
        self._there = {"skin": 0.0, "glasses": 0.0, "fringe": 0.0, "beard": 0.0}
        self._covered = dict(self._there)
        self._patches = self._inside = 0.0

    def add(self, alpha: NDArray[np.float32], masks: DemoMasks) -> None:
        """Take in one frame."""
        self._patches += float(alpha.sum())
        self._inside += _overlap(alpha, masks.face)
        hair = (("fringe", masks.fringe), ("beard", masks.beard))
        for name, mask in (("skin", masks.face_skin), ("glasses", masks.glasses), *hair):
            self._there[name] += float(mask.sum()) / 255
            self._covered[name] += _overlap(alpha, mask)

    @property
    def cover(self) -> float | None:
        """Covered share of the true skin."""
        return share(self._covered["skin"], self._there["skin"])

    @property
    def spill(self) -> float | None:
        """Share of the patches that lies outside the true face."""
        return share(self._patches - self._inside, self._patches)

    def left_free(self, what: str) -> float | None:
        """Share of the "glasses", the "fringe" or the "beard" that is not covered."""
        return share(self._there[what] - self._covered[what], self._there[what])


def _overlap(alpha: NDArray[np.float32], mask: NDArray[np.uint8]) -> float:
    return float(cv2.multiply(alpha, mask, scale=1 / 255, dtype=cv2.CV_32F).sum())
