"""Room: swap. A target's texture at the size and crispness that a live face needs. No frames, no meshes."""

from __future__ import annotations

from copy import copy
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.domain.target import TargetFace
from mirror_app.imaging.resample import resized
from mirror_app.swap.detail import with_crispness
from mirror_app.swap.kept import uncovered
from mirror_app.swap.light import sample_colours, skin_places

# The largest side that is at most the face's height on screen is used.
_SIDES: Final = (64, 96, 128, 160, 192, 256, 320, 384, 512, 640, 768)
# Light is compared on a texture reduced to this side.
_LIGHT_SIDE: Final = 64


class TextureLevels:
    """A target made ready for one face: its texture at the sides asked for so far, its colours at the vertices.

    Attributes:
        target: Whose texture.
        vertex_alpha: (468,) float32, 0..1, the texture's cover at the vertices.
        vertex_colours: (468, 3) float32, BGR 0..255, the blurred texture at the vertices (see `skin_places`).
    """

    def __init__(self, target: TargetFace) -> None:
        self.target = target
        # Four channels: OpenCV samples them faster than three.
        self._full_bgra = np.empty((*target.texture_alpha.shape, 4), np.uint8)
        # A fifth of the time of `np.dstack`: the first frame of another target waits for it.
        cv2.mixChannels([target.texture_bgr, target.texture_alpha], [self._full_bgra], [0, 0, 1, 1, 2, 2, 3, 3])
        self._reduced_bgra: dict[int, NDArray[np.uint8]] = {}
        self._crisp_for = (0, 0.0)
        self._crisp_bgra = self._full_bgra
        self._worn_cover: NDArray[np.uint8] | None = None
        self._worn_bgra: NDArray[np.uint8] | None = None
        small = resized(target.texture_bgr, (_LIGHT_SIDE, _LIGHT_SIDE), cv2.INTER_AREA)
        alpha = resized(target.texture_alpha, (_LIGHT_SIDE, _LIGHT_SIDE), cv2.INTER_AREA)
        places = topology.UV * _LIGHT_SIDE - np.float32(0.5)
        self.vertex_alpha = sample_colours(alpha, places) / np.float32(255)
        self.vertex_colours = sample_colours(small, skin_places(places))

    def for_another_face(self) -> TextureLevels:
        """The same target for one more face: shares what does not depend on the face."""
        other = copy(self)
        other._crisp_for = (0, 0.0)
        other._worn_cover = other._worn_bgra = None
        return other

    def texture(
        self, face_height_px: float, crispness: float, cover: NDArray[np.uint8] | None = None
    ) -> NDArray[np.uint8]:
        """The texture for a face of this height on screen; made anew only when something changed.

        Args:
            face_height_px: Height of the mesh.
            crispness: See `with_crispness`.
            cover: See `KeptFinder.cover`; compared by identity.

        Returns:
            (side, side, 4) uint8, BGR and alpha; valid until the next call.
        """
        fitting = [side for side in _SIDES if side <= face_height_px]
        side = fitting[-1] if fitting else _SIDES[0]
        if self._crisp_for != (side, crispness):
            self._crisp_bgra = with_crispness(self._reduced(side), crispness)
            self._crisp_for = (side, crispness)
            self._worn_bgra = None
        if self._worn_bgra is None or cover is not self._worn_cover:
            self._worn_bgra = self._crisp_bgra if cover is None else uncovered(self._crisp_bgra, cover)
            self._worn_cover = cover
        return self._worn_bgra

    def _reduced(self, side: int) -> NDArray[np.uint8]:
        if side not in self._reduced_bgra:
            how = cv2.INTER_AREA if side < self._full_bgra.shape[0] else cv2.INTER_CUBIC
            self._reduced_bgra[side] = resized(self._full_bgra, (side, side), how)
        return self._reduced_bgra[side]
