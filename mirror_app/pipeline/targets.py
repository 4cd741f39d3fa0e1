"""Room: pipeline. From a record of the library to a face ready to be worn. No threads."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.errors import InputError
from mirror_app.domain.target import TargetFace
from mirror_app.imaging.files import read_image
from mirror_app.pipeline.enrol import Enroller, target_from_texture
from mirror_app.targets.library import TargetRecord


def load_target(record: TargetRecord, enroller: Enroller) -> TargetFace:
    """Load a face of the library.

    Args:
        record: Which one.
        enroller: Used for photos.

    Raises:
        InputError: The picture is missing, damaged or of the wrong kind.
        NoFaceError: The photo shows no face.
    """
    if record.kind == "photo":
        target = enroller.from_photo(read_image(record.image_path), record.name).target
        return replace(target, colour_follow=record.colour_follow)
    return target_from_texture(record.name, _read_texture(record), record.colour_follow)


def _read_texture(record: TargetRecord) -> NDArray[np.uint8]:
    """(T, T, 4) uint8, BGR and alpha."""
    try:
        data = np.fromfile(record.image_path, np.uint8)
    except OSError as error:
        raise InputError(f"The target face {record.name} cannot be read: {error}") from error
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
        raise InputError(f"The target face {record.name} is damaged: it is no square RGBA picture.")
    return np.asarray(texture, np.uint8)
