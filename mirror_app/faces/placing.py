"""Room: faces. Puts meshes on faces, also where a nearer face hides part of one. No tracking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.face import Detection, FaceMesh
from mirror_app.domain.geometry import box_around
from mirror_app.faces.behind import Outline, reaching
from mirror_app.faces.match import apart, height
from mirror_app.faces.mesh import FaceMeshNet, MeshCrop, crop_around_detection, crop_around_mesh
from mirror_app.faces.whole import Whole

LEAST_MESH_SCORE: Final = 0.5
"""Below this score the mesh network no longer sees a face in its crop (MediaPipe face landmark graph)."""

LEAST_KEPT: Final = 0.88
"""The mesh of a partly hidden face may shrink to this share of the face's height at the second look."""

# Share of its height by which a first mesh may lie beside what was detected, which may be rough.
_MOST_BESIDE: Final = 0.25
# A first look at a partly hidden face is at so much more than what was detected, or, where its height is known, at so
# many times that.
_WIDER: Final = 1.25
_CROP_SIDE: Final = 1.5
# A face has a nearer one beside it that lies within so many faces.
_BESIDE: Final = 0.3
# Half the diagonal of a square, as a share of its side.
_DIAGONAL: Final = 0.71


def locate(
    net: FaceMeshNet, image_bgr: NDArray[np.uint8], crop: MeshCrop, fronts: Sequence[Outline] = ()
) -> FaceMesh | None:
    """`FaceMeshNet.locate` in the picture without what is in front.

    A face of which a nearer one hides a third draws the network's mesh over to the nearer one; with flat colour in its
    place the network finds 95 % of the faces of which half can be seen, and two thirds at 40 % (demo people).

    Args:
        net: The network.
        image_bgr: (H, W, 3) uint8.
        crop: Where to look.
        fronts: Outlines of the nearer faces.
    """
    return net.locate(image_bgr, crop, in_reach(crop, fronts))


def in_reach(crop: MeshCrop, fronts: Sequence[Outline]) -> list[Outline]:
    """Those that may reach into a crop."""
    reach = np.float32(_DIAGONAL * crop.side_px / crop.squeeze)
    around = np.concatenate([crop.centre_xy - reach, crop.centre_xy + reach])
    return reaching(around, fronts)


def place(
    net: FaceMeshNet, image_bgr: NDArray[np.uint8], detection: Detection, fronts: Sequence[Outline] = ()
) -> FaceMesh | None:
    """A mesh for a detected face: placed twice, because the first crop is rough; None where there is no face."""
    mesh = locate(net, image_bgr, crop_around_detection(detection), fronts)
    if mesh is not None:
        mesh = locate(net, image_bgr, crop_around_mesh(mesh), fronts)
    return mesh if mesh is not None and mesh.score >= LEAST_MESH_SCORE else None


def place_on(
    net: FaceMeshNet, image_bgr: NDArray[np.uint8], detection: Detection, fronts: Sequence[Outline] = ()
) -> FaceMesh | None:
    """A mesh that lies on what was detected: where it lies beside it, the face itself would stay bare."""
    mesh = place(net, image_bgr, detection, fronts)
    if mesh is None or apart(box_around(mesh.points), detection.box_xyxy) > _MOST_BESIDE:
        return None
    return mesh


def place_partly_hidden(
    net: FaceMeshNet, image_bgr: NDArray[np.uint8], detection: Detection, fronts: Sequence[Outline], whole: Whole
) -> FaceMesh | None:
    """A mesh for a face of which nearer ones hide a part, if it is one of the whole face.

    What the detector sees of such a face is small, and so would be the mesh: the first look is at more than that, and a
    mesh that shrinks at the second look is on its way into what is left of the face.

    Args:
        net: The network.
        image_bgr: (H, W, 3) uint8.
        detection: What the detector sees.
        fronts: Outlines of the nearer faces.
        whole: Size of the face, as far as it is known.
    """
    crop = crop_around_detection(detection)
    if not reaching(_grown(detection.box_xyxy, whole), fronts):
        return place_on(net, image_bgr, detection, fronts)
    first = locate(net, image_bgr, replace(crop, side_px=max(crop.side_px * _WIDER, whole.high * _CROP_SIDE)), fronts)
    if first is None or first.score < LEAST_MESH_SCORE:
        return None
    mesh = locate(net, image_bgr, crop_around_mesh(first), fronts)
    if mesh is None or mesh.score < LEAST_MESH_SCORE:
        return None
    found = box_around(mesh.points)
    shrinks = height(found) < LEAST_KEPT * height(box_around(first.points))
    return None if shrinks or whole.is_only_part(found, LEAST_KEPT) else mesh


def _grown(box_xyxy: NDArray[np.float32], whole: Whole) -> NDArray[np.float32]:
    size = np.maximum(box_xyxy[2:] - box_xyxy[:2], (whole.wide, whole.high))
    by = np.asarray(size * _BESIDE, np.float32)
    return np.concatenate([box_xyxy[:2] - by, box_xyxy[2:] + by])
