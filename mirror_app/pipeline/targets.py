"""Room: pipeline. From a record of the library to a face ready to be worn. No threads."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

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
    data = np.fromfile(record.image_path, np.uint8) if record.image_path.is_file() else np.zeros(0, np.uint8)
    texture = cv2.imdecode(data, cv2.IMREAD_UNCHANGED) if data.size else None
    if texture is None or texture.ndim != 3 or texture.shape[2] != 4 or texture.shape[0] != texture.shape[1]:
        raise InputError(f"The target face {record.name} is damaged: it is no square RGBA picture.")
    return target_from_texture(record.name, np.asarray(texture, np.uint8), record.colour_follow)
