"""Room: faces. Puts the first mesh on a face that was detected. No tracking."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.face import Detection, FaceMesh
from mirror_app.domain.geometry import box_around
from mirror_app.faces.match import apart
from mirror_app.faces.mesh import FaceMeshNet, crop_around_detection, crop_around_mesh

LEAST_MESH_SCORE: Final = 0.5
"""Below this score the mesh network no longer sees a face in its crop (MediaPipe face landmark graph)."""

# Share of its height by which a first mesh may lie beside what was detected, which may be rough.
_MOST_BESIDE: Final = 0.25


def place(net: FaceMeshNet, image_bgr: NDArray[np.uint8], detection: Detection) -> FaceMesh | None:
    """A mesh for a detected face: placed twice, because the first crop is rough; None where there is no face."""
    mesh = net.locate(image_bgr, crop_around_detection(detection))
    if mesh is not None:
        mesh = net.locate(image_bgr, crop_around_mesh(mesh))
    return mesh if mesh is not None and mesh.score >= LEAST_MESH_SCORE else None


def place_on(net: FaceMeshNet, image_bgr: NDArray[np.uint8], detection: Detection) -> FaceMesh | None:
    """A mesh that lies on what was detected: where it lies beside it, the face itself would stay bare."""
    mesh = place(net, image_bgr, detection)
    if mesh is None or apart(box_around(mesh.points), detection.box_xyxy) > _MOST_BESIDE:
        return None
    return mesh
