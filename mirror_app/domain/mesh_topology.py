"""Room: domain. The face mesh's fixed facts: vertices, triangles, UV layout, named regions.

Source: MediaPipe (Apache-2.0), npm package `@mediapipe/face_mesh` 0.4.1657299874, file
`face_geometry/data/geometry_pipeline_metadata_landmarks.binarypb` (468 x 5 floats, 898 triangles), stored beside this
module as `face_mesh_468.npz`. The mesh is one closed sheet: triangles span the eye openings and the mouth too.
"image left" is the left of an unmirrored picture of an upright face.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray


def _load() -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    with np.load(Path(__file__).with_name("face_mesh_468.npz")) as data:
        vertices, triangles = data["vertices"], data["triangles"].astype(np.int32)
    return vertices, triangles


_VERTICES, TRIANGLES = _load()

CANONICAL: Final[NDArray[np.float32]] = np.ascontiguousarray(_VERTICES[:, :3] * np.array([1, -1, -1], np.float32))
"""(468, 3) float32, cm: the average face; x right, y down, z away from the camera."""

UV: Final[NDArray[np.float32]] = np.ascontiguousarray(_VERTICES[:, 3:5])
"""(468, 2) float32, 0..1: where each vertex lies in the unrolled face; u right, v down."""

# Closed rings of vertex indices, each walked once around.
FACE_OVAL: Final = (
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377,
    152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
)  # fmt: skip
IMAGE_LEFT_EYE: Final = (33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246)
IMAGE_RIGHT_EYE: Final = (263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466)
LIPS_OUTER: Final = (
    61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185,
)  # fmt: skip
LIPS_INNER: Final = (
    78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 415, 310, 311, 312, 13, 82, 81, 80, 191,
)  # fmt: skip
IMAGE_LEFT_BROW: Final = (70, 63, 105, 66, 107, 55, 65, 52, 53, 46)
IMAGE_RIGHT_BROW: Final = (300, 293, 334, 296, 336, 285, 295, 282, 283, 276)

# Points used to measure roll and size.
IMAGE_LEFT_EYE_OUTER: Final = 33
IMAGE_RIGHT_EYE_OUTER: Final = 263
IMAGE_LEFT_SIDE: Final = 234
IMAGE_RIGHT_SIDE: Final = 454
NOSE_TIP: Final = 1
IMAGE_LEFT_MOUTH_CORNER: Final = 61
IMAGE_RIGHT_MOUTH_CORNER: Final = 291
CHIN: Final = 152
FOREHEAD_TOP: Final = 10
UPPER_LIP_INNER: Final = 13
LOWER_LIP_INNER: Final = 14


def _mirrored() -> NDArray[np.intp]:
    flipped = UV * np.array([-1, 1], np.float32) + np.array([1, 0], np.float32)
    return np.asarray(((flipped[:, None] - UV[None]) ** 2).sum(-1).argmin(1), np.intp)


MIRRORED: Final = _mirrored()
"""(468,): the vertex on the other side of the face for each vertex; those on the middle line are their own."""
