"""Room: domain. The identity that the user picked. No files here."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.face import MESH_POINTS
from mirror_app.domain.frame import require_image_bgr


@dataclass(frozen=True, slots=True, eq=False)
class TargetView:
    """One photo of the person, for networks that learn who it is.

    Attributes:
        image_bgr: (h, w, 3) uint8, BGR: the face with room around it.
        landmarks: (5, 2) float32, px of that picture, in the order of `domain.templates`.
        weight: > 0; how much the photo counts among several.
    """

    image_bgr: NDArray[np.uint8]
    landmarks: NDArray[np.float32]
    weight: float = 1.0

    def __post_init__(self) -> None:
        require_image_bgr(self.image_bgr)
        if self.landmarks.shape != (5, 2) or self.landmarks.dtype != np.float32:
            raise ValueError(f"expected landmarks (5, 2) float32, got {self.landmarks.shape} {self.landmarks.dtype}")


@dataclass(frozen=True, slots=True, eq=False)
class TargetFace:
    """A face ready to be worn.

    Attributes:
        name: Key of the face, e.g. "mona-lisa".
        texture_bgr: (T, T, 3) uint8, BGR, the face unrolled into `mesh_topology.UV`; texel (x, y) shows
            u = (x + 0.5) / T, v = (y + 0.5) / T, v pointing down.
        texture_alpha: (T, T) uint8, 255 where the target covers the live face, 0 at the eye openings, inside the mouth
            and off the face.
        shape: (468, 3) float32, the face's shape moved onto the canonical face (cm, x right, y down, z away).
        colour_follow: 0..1: 1 = skin colour follows the live face (photos), 0 = keeps its own colours and only takes
            the live light (a painted mask).
        eye_tone: (3,) float32, log of the eyes' mean colour over the skin's for blue, green, red; None leaves live eyes
            as they are.
        views: Photos of the person; empty for a painted face, which only the mesh engine can wear.
    """

    name: str
    texture_bgr: NDArray[np.uint8]
    texture_alpha: NDArray[np.uint8]
    shape: NDArray[np.float32]
    colour_follow: float
    eye_tone: NDArray[np.float32] | None = None
    views: tuple[TargetView, ...] = ()

    def __post_init__(self) -> None:
        require_image_bgr(self.texture_bgr)
        height, width = self.texture_bgr.shape[:2]
        if height != width:
            raise ValueError(f"expected a square texture, got {width} x {height}")
        if self.texture_alpha.shape != (height, width) or self.texture_alpha.dtype != np.uint8:
            raise ValueError(
                f"expected texture_alpha {(height, width)} uint8, "
                f"got {self.texture_alpha.shape} {self.texture_alpha.dtype}"
            )
        if self.shape.shape != (MESH_POINTS, 3):
            raise ValueError(f"expected shape {(MESH_POINTS, 3)}, got {self.shape.shape}")
        if not 0 <= self.colour_follow <= 1:
            raise ValueError(f"expected colour_follow 0..1, got {self.colour_follow}")
