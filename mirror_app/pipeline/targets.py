"""Room: pipeline. Faces into the library and out of it: photo to record, record to a face to be worn. No threads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.errors import InputError, NoFaceError
from mirror_app.domain.system_reason import system_reason
from mirror_app.domain.target import TargetFace
from mirror_app.imaging.files import read_image
from mirror_app.pipeline.enrol import Enroller, target_from_texture
from mirror_app.pipeline.photo_check import check_photos
from mirror_app.pipeline.photo_faces import PhotoFace, PhotoFaces
from mirror_app.swap.target_texture import PhotoView
from mirror_app.targets.consent import Consent
from mirror_app.targets.kept_face import KeptFace, read_meshes
from mirror_app.targets.library import TargetLibrary
from mirror_app.targets.record import TargetRecord


def look_at_photo(photo: Path, enroller: Enroller) -> PhotoFaces:
    """Find everybody in a photo.

    Raises:
        InputError: The file cannot be read.
        NoFaceError: Nobody is found in it.
        ModelError: A network failed.
    """
    try:
        return enroller.look(read_image(photo))
    except NoFaceError as error:
        raise NoFaceError(
            "No face was found in {photo}. Use a photo that shows a face from the front.", photo=photo
        ) from error


def keep_target(library: TargetLibrary, faces: Sequence[PhotoFace], consent: Consent, title: str) -> TargetRecord:
    """Check the photos of a face and put it into the library.

    Args:
        library: Where to.
        faces: The same person in one or more photos.
        consent: Whose face it is.
        title: For people.

    Raises:
        OutputError: The library cannot be written to.
    """
    kept = [KeptFace(face.view.image_bgr, face.view.points) for face in faces]
    return library.add(kept, consent, title, check_photos(face.view for face in faces))


def load_target(record: TargetRecord, enroller: Enroller) -> TargetFace:
    """Load a face of the library.

    Args:
        record: Which one.
        enroller: Used for photos.

    Raises:
        InputError: The picture is missing, damaged or of the wrong kind.
        NoFaceError: The photo shows no face.
    """
    if record.kind != "photo":
        return target_from_texture(record.name, _read_texture(record), record.colour_follow)
    if record.meshes_path is None:
        target = enroller.from_photo(read_image(record.image_path), record.name).target
    else:
        meshes = read_meshes(record.meshes_path, len(record.photo_paths))
        photos = [read_image(path) for path in record.photo_paths]
        views = [PhotoView(photo, points) for photo, points in zip(photos, meshes, strict=True)]
        target = enroller.from_views(views, record.name)
    return replace(target, colour_follow=record.colour_follow)


def _read_texture(record: TargetRecord) -> NDArray[np.uint8]:
    """(T, T, 4) uint8, BGR and alpha."""
    try:
        data = np.fromfile(record.image_path, np.uint8)
    except OSError as error:
        raise InputError(
            "The target face {name} cannot be read: {why}.", name=record.name, why=system_reason(error)
        ) from error
    try:
        texture = cv2.imdecode(data, cv2.IMREAD_UNCHANGED)
    except cv2.error:
        texture = None
    if (
        texture is None
        or texture.dtype != np.uint8
        or texture.ndim != 3
        or texture.shape != (*texture.shape[:1] * 2, 4)
    ):
        raise InputError("The target face {name} is damaged: it is no square RGBA picture.", name=record.name)
    return np.asarray(texture, np.uint8)
