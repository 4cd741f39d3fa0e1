"""Room: targets. A face as the library keeps it: cut out of a photo, with its mesh. Knows no records."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.errors import InputError
from mirror_app.domain.face import MESH_POINTS
from mirror_app.domain.geometry import box_around


@dataclass(frozen=True, slots=True, eq=False)
class KeptFace:
    """A face as one photo shows it.

    Attributes:
        image_bgr: (H, W, 3) uint8, the part of the photo that shows the face.
        points: (468, 3) float32, its mesh in px of that part.
    """

    image_bgr: NDArray[np.uint8]
    points: NDArray[np.float32]

    @property
    def box_xyxy(self) -> NDArray[np.float32]:
        """(4,) float32 px, what the mesh covers."""
        return box_around(self.points)


def digest_of(faces: Sequence[KeptFace]) -> str:
    """The same for the same pictures and meshes only."""
    digest = hashlib.sha256()
    for face in faces:
        digest.update(str(face.image_bgr.shape).encode())
        digest.update(np.ascontiguousarray(face.image_bgr).tobytes())
        digest.update(np.ascontiguousarray(face.points).tobytes())
    return digest.hexdigest()


def write_meshes(path: Path, faces: Sequence[KeptFace]) -> None:
    """Write the meshes of some faces into one .npy file.

    Raises:
        OSError: The file cannot be written.
    """
    with path.open("wb") as file:
        np.save(file, np.stack([face.points for face in faces]), allow_pickle=False)


def read_meshes(path: Path, count: int) -> NDArray[np.float32]:
    """The meshes of so many faces, (count, 468, 3) float32.

    Raises:
        InputError: The file is missing or damaged.
    """
    try:
        meshes = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise InputError("{path} is damaged. Remove this face and add its photo again.", path=path) from error
    if (
        not isinstance(meshes, np.ndarray)
        or meshes.shape != (count, MESH_POINTS, 3)
        or meshes.dtype != np.float32
        or not np.isfinite(meshes).all()
    ):
        raise InputError("{path} is damaged. Remove this face and add its photo again.", path=path)
    return np.asarray(meshes, np.float32)
