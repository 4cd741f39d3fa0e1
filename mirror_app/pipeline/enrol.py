"""Room: pipeline. A photo becomes a target face. No files, no threads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.domain.errors import NoFaceError
from mirror_app.domain.frame import Frame
from mirror_app.domain.target import TargetFace
from mirror_app.faces.track import FaceTracker
from mirror_app.swap.canonical import canonical_shape
from mirror_app.swap.delight import delight
from mirror_app.swap.unroll import unroll_photo
from mirror_app.swap.uv_layout import coverage_alpha

TEXTURE_SIDE: Final = 1024


@dataclass(frozen=True, slots=True, eq=False)
class Enrolment:
    """A target face and what the photo showed.

    Attributes:
        target: The largest face of the photo.
        faces_found: How many faces the photo shows.
        box_xyxy: (4,) float32, the face taken, px of the photo.
    """

    target: TargetFace
    faces_found: int
    box_xyxy: NDArray[np.float32]


class Enroller:
    """Makes target faces. Belongs to one thread."""

    def __init__(self, tracker: FaceTracker) -> None:
        """Use a thorough tracker of its own."""
        self._tracker = tracker

    def from_photo(self, image_bgr: NDArray[np.uint8], name: str) -> Enrolment:
        """Enrol the largest face of a photo.

        Args:
            image_bgr: (H, W, 3) uint8.
            name: Key of the new target.

        Raises:
            NoFaceError: Nobody is found in the photo.
            ModelError: A network failed.
        """
        self._tracker.reset()
        self._tracker.scan(Frame(image_bgr, 0, 0))
        faces = self._tracker.faces
        if not faces or faces[0].mesh is None:
            raise NoFaceError("No face was found in the photo; use one that shows a face from the front.")
        points = faces[0].mesh.points
        target = TargetFace(
            name=name,
            texture_bgr=delight(unroll_photo(image_bgr, points, TEXTURE_SIDE)),
            texture_alpha=coverage_alpha(TEXTURE_SIDE),
            shape=canonical_shape(points).points,
            colour_follow=1.0,
        )
        return Enrolment(target, len(faces), faces[0].box_xyxy)


def target_from_texture(name: str, texture_bgra: NDArray[np.uint8], colour_follow: float) -> TargetFace:
    """A target painted in texture space.

    Args:
        name: Key of the target.
        texture_bgra: (T, T, 4) uint8, BGR and alpha in `mesh_topology.UV` layout.
        colour_follow: See `TargetFace.colour_follow`.
    """
    alpha = np.minimum(texture_bgra[..., 3], coverage_alpha(texture_bgra.shape[0]))
    return TargetFace(name, np.ascontiguousarray(texture_bgra[..., :3]), alpha, topology.CANONICAL, colour_follow)
