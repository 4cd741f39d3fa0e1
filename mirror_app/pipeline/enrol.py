"""Room: pipeline. Photos become a target face. No files, no threads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.domain.errors import InputError, NoFaceError
from mirror_app.domain.target import TargetFace
from mirror_app.pipeline.photo_check import check_photos
from mirror_app.pipeline.photo_faces import PhotoFace, PhotoFaceFinder, PhotoFaces
from mirror_app.pipeline.photo_views import PhotoViews, frontal_weight, mesh_frontality
from mirror_app.swap.canonical import canonical_shape
from mirror_app.swap.eye_tone import eye_tone
from mirror_app.swap.target_texture import PhotoView, make_texture
from mirror_app.swap.uv_layout import coverage_alpha
from mirror_app.targets.remarks import PhotoCheck

TEXTURE_SIDE: Final = 1024
# Views that differ by more than this from the others, cm, count less (half at this distance).
_SHAPE_DOUBT_CM: Final = 0.25
_SHAPE_ROUNDS: Final = 3


@dataclass(frozen=True, slots=True, eq=False)
class Enrolment:
    """A target face and what its photo showed.

    Attributes:
        target: The face.
        faces_found: How many faces the photo shows.
        box_xyxy: (4,) float32, the face taken, px of the photo, upright.
        check: What speaks against the photo.
    """

    target: TargetFace
    faces_found: int
    box_xyxy: NDArray[np.float32]
    check: PhotoCheck


class Enroller:
    """Makes target faces. Belongs to one thread."""

    def __init__(self, finder: PhotoFaceFinder, photo_views: PhotoViews | None = None) -> None:
        """Use a finder and a maker of views of its own; without the latter, the mesh tells what views need."""
        self._finder, self._photo_views = finder, photo_views or PhotoViews()

    def look(self, image_bgr: NDArray[np.uint8]) -> PhotoFaces:
        """Find everybody in a photo, the largest face first.

        Args:
            image_bgr: (H, W, 3) uint8.

        Raises:
            NoFaceError: Nobody is found in the photo.
            ModelError: A network failed.
        """
        found = self._finder.find(image_bgr)
        if not found.faces:
            raise NoFaceError("No face was found in the photo; use one that shows a face from the front.")
        return found

    def from_photo(self, image_bgr: NDArray[np.uint8], name: str, face_index: int = 0) -> Enrolment:
        """Enrol one face of a photo.

        Args:
            image_bgr: (H, W, 3) uint8.
            name: Key of the new target.
            face_index: Which one; 0 is the largest.

        Raises:
            InputError: The photo shows fewer faces.
            NoFaceError: Nobody is found in the photo.
            ModelError: A network failed.
        """
        found = self.look(image_bgr)
        face = chosen_face(found, face_index)
        target = self.from_views([face.view], name)
        return Enrolment(target, len(found.faces), face.box_xyxy, check_photos([face.view]))

    def from_views(self, views: Sequence[PhotoView], name: str) -> TargetFace:
        """A target made from one or more photos of a person, whose faces have been found.

        Raises:
            ModelError: A network failed.
        """
        return target_from_views(name, views, self._photo_views)


def chosen_face(found: PhotoFaces, face_index: int) -> PhotoFace:
    """One of a photo's faces.

    Raises:
        InputError: There are fewer.
    """
    if not 0 <= face_index < len(found.faces):
        count = len(found.faces)
        number = face_index + 1
        if count == 1:
            raise InputError("The photo shows only one face; there is no face {number}.", number=number)
        raise InputError("The photo shows only {count} faces; there is no face {number}.", count=count, number=number)
    return found.faces[face_index]


def target_from_views(name: str, views: Sequence[PhotoView], photo_views: PhotoViews) -> TargetFace:
    """A target made from one or more views of a person.

    Args:
        name: Key of the target.
        views: The face in its photos; those from the front count most.
        photo_views: Makes what neural networks see of them.
    """
    return TargetFace(
        name=name,
        texture_bgr=make_texture(views, TEXTURE_SIDE),
        texture_alpha=coverage_alpha(TEXTURE_SIDE),
        shape=_joint_shape([view.points for view in views]),
        colour_follow=1.0,
        eye_tone=_joint_eye_tone(views),
        views=photo_views.of(views),
    )


def target_from_texture(name: str, texture_bgra: NDArray[np.uint8], colour_follow: float) -> TargetFace:
    """A target painted in texture space.

    Args:
        name: Key of the target.
        texture_bgra: (T, T, 4) uint8, BGR and alpha in `mesh_topology.UV` layout.
        colour_follow: See `TargetFace.colour_follow`.
    """
    alpha = np.minimum(texture_bgra[..., 3], coverage_alpha(texture_bgra.shape[0]))
    return TargetFace(name, np.ascontiguousarray(texture_bgra[..., :3]), alpha, topology.CANONICAL, colour_follow)


def _joint_shape(meshes: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
    """(468, 3) float32, cm: the mean of the canonical shapes, frontal ones first; what only one view claims fades."""
    shapes = np.stack([canonical_shape(points).points for points in meshes])
    frontality = np.array([frontal_weight(mesh_frontality(points)) for points in meshes])
    weights = np.repeat(frontality[:, None], shapes.shape[1], axis=1)
    for _ in range(_SHAPE_ROUNDS):
        mean = (weights[..., None] * shapes).sum(0) / weights.sum(0)[:, None]
        away = np.linalg.norm(shapes - mean, axis=-1)
        weights = frontality[:, None] / (1 + (away / _SHAPE_DOUBT_CM) ** 2)
    return np.asarray((weights[..., None] * shapes).sum(0) / weights.sum(0)[:, None], np.float32)


def _joint_eye_tone(views: Sequence[PhotoView]) -> NDArray[np.float32] | None:
    tones = [tone for view in views if (tone := eye_tone(view.image_bgr, view.points)) is not None]
    return np.mean(tones, 0, dtype=np.float32) if tones else None
