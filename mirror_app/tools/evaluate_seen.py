"""Room: tools. One face over time, as found in pictures: how it moves, how still and sharp it is. No mirror here."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.tools import evaluate_measures as measures

LOOKED_AT_EVERY: Final = 3
"""Sharpness, blotches and seam change slowly: they are measured on one frame in so many."""


class SeenFace:
    """Takes in a picture at a time."""

    def __init__(self) -> None:
        self.features: dict[int, NDArray[np.float32]] = {}
        """(5,) features by turn, for the turns in which the face was found."""
        self._recent: list[NDArray[np.float32] | None] = []
        self._restless: list[float] = []
        self._sharp: list[float] = []
        self._blotched: list[float] = []

    def add(self, turn: int, image_bgr: NDArray[np.uint8], points: NDArray[np.float32] | None) -> None:
        """Take in one frame; `points` is None where the face was not found."""
        now = None
        if points is not None:
            self.features[turn] = measures.features(points)
            now = measures.stabilised(image_bgr, points)
            if turn % LOOKED_AT_EVERY == 0:
                self._sharp.append(measures.sharpness(image_bgr, points))
                self._blotched.append(measures.blotches(image_bgr, points))
        self._recent = [*self._recent[-2:], now]
        faces = [face for face in self._recent if face is not None]
        if len(faces) == 3:
            self._restless.append(measures.restlessness(*faces))

    @property
    def restlessness(self) -> float | None:
        """Mean over time; None = too few frames."""
        return mean(self._restless)

    @property
    def sharpness(self) -> float | None:
        """Mean over time; None = no frame."""
        return mean(self._sharp)

    @property
    def blotches(self) -> float | None:
        """Mean over time; None = no frame."""
        return mean(self._blotched)


def mean(values: list[float]) -> float | None:
    """The mean; None of nothing."""
    return float(np.mean(values)) if values else None


def share(part: float | None, whole: float | None) -> float | None:
    """A quotient; None where there is nothing to divide."""
    return None if part is None or not whole else part / whole
