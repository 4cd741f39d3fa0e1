"""Room: pipeline. Finds every face of a photo, however large, small or turned the photo is. No files, no threads."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.face import Detection, FaceMesh
from mirror_app.domain.geometry import box_around
from mirror_app.faces.detect import SAME_FACE_PART, BlazeFaceDetector, detect_in_tiles, same_faces_once, share_inside
from mirror_app.faces.mesh import FaceMeshNet, crop_around_detection, crop_around_mesh
from mirror_app.imaging.resample import reduced
from mirror_app.swap.target_texture import PhotoView

# Large photos are searched in this size first.
_SEARCH_PX: Final = 2048
# Where nobody is found so, squares of this side are searched in the photo itself: faces from 80 px on.
_SQUARE_PX: Final = 1024
_SQUARE_STEP: Final = 0.75
# A strip thinner than this holds no face.
_LEAST_STRIP_PX: Final = 40
# A photo longer than this is searched in squares of its shorter side as well.
_LONG_SHAPE: Final = 1.8
# Below this score the mesh network sees no face (MediaPipe face landmark graph).
_LEAST_SCORE: Final = 0.5
# Long faces are squeezed more at each look (see `faces.mesh`); after so many the mesh rests.
_SETTLING_LOOKS: Final = 4
# A face that leans more lies in a photo that is turned.
_UPRIGHT_COSINE: Final = math.cos(math.radians(55))
# Room kept around a face, as a share of its longer side, and the largest face kept, px: a texture shows no more.
_ROOM: Final = 0.6
_LARGEST_FACE_PX: Final = 1200
# The mesh network looks at 192 px: reduced to about this, a face's fine detail does not alias into them.
_MESH_FACE_PX: Final = 256
_PREVIEW_PX: Final = 1024


@dataclass(frozen=True, slots=True, eq=False)
class PhotoFace:
    """One face of a photo, cut out upright with some room around it.

    Attributes:
        view: The part of the photo that shows the face, and its mesh; all that is needed to wear it.
        box_xyxy: (4,) float32, the face in px of the upright photo.
    """

    view: PhotoView
    box_xyxy: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class PhotoFaces:
    """Everybody in a photo.

    Attributes:
        faces: Largest first; empty when nobody is found.
        quarter_turns: How often the photo was turned counter-clockwise to stand upright, 0..3.
        photo_wh: Size of the upright photo, px.
        preview_bgr: (h, w, 3) uint8, the upright photo, at most 1024 px.
    """

    faces: tuple[PhotoFace, ...]
    quarter_turns: int
    photo_wh: tuple[int, int]
    preview_bgr: NDArray[np.uint8]


class PhotoFaceFinder:
    """Finds faces in photos. Belongs to one thread."""

    def __init__(self, near: BlazeFaceDetector, far: BlazeFaceDetector, mesh_net: FaceMeshNet) -> None:
        """Join the networks: a detector for large faces, one for small faces as well, and the mesh network."""
        self._near, self._far, self._mesh_net = near, far, mesh_net

    def find(self, image_bgr: NDArray[np.uint8]) -> PhotoFaces:
        """Find everybody.

        Args:
            image_bgr: (H, W, 3) uint8; unchanged.

        Raises:
            ModelError: A network failed.
        """
        small, scale = _at_most(image_bgr, _SEARCH_PX)
        quarter_turns, meshes = self._search_turned(small)
        upright = np.rot90(image_bgr, quarter_turns)
        faces = self._cut_out_all(upright, [FaceMesh(mesh.points / np.float32(scale), mesh.score) for mesh in meshes])
        if not faces and max(image_bgr.shape[:2]) > _SQUARE_PX:
            quarter_turns, upright = 0, image_bgr
            faces = self._cut_out_all(image_bgr, self._place(image_bgr, self._detect_in_squares(image_bgr, _SQUARE_PX)))
        preview, _ = _at_most(np.ascontiguousarray(np.rot90(small, quarter_turns)), _PREVIEW_PX)
        return PhotoFaces(faces, quarter_turns, (upright.shape[1], upright.shape[0]), preview)

    def _search_turned(self, small_bgr: NDArray[np.uint8]) -> tuple[int, list[FaceMesh]]:
        """Look at the photo as it is and, where nobody stands upright in it, turned to all four sides."""
        upright = self._search(small_bgr)
        if upright:
            return 0, upright
        turned = {turns: self._search(np.ascontiguousarray(np.rot90(small_bgr, turns))) for turns in (1, 2, 3)}
        best = max(turned, key=lambda turns: sum(_area(mesh) * mesh.score for mesh in turned[turns]))
        return (best, turned[best]) if turned[best] else (0, [])

    def _search(self, image_bgr: NDArray[np.uint8]) -> list[FaceMesh]:
        """Faces that stand upright."""
        found = self._far.detect(image_bgr) + self._near.detect(image_bgr) + detect_in_tiles(self._far, image_bgr)
        shorter, longer = sorted(image_bgr.shape[:2])
        if shorter >= _LEAST_STRIP_PX and longer > _LONG_SHAPE * shorter:
            found += self._detect_in_squares(image_bgr, shorter)
        return [mesh for mesh in self._place(image_bgr, found) if self._stands_upright(image_bgr, mesh)]

    def _stands_upright(self, image_bgr: NDArray[np.uint8], mesh: FaceMesh) -> bool:
        """Whether the head is up: the networks see faces in upside-down ones too, but are less sure of them."""
        crop = crop_around_mesh(mesh)
        if math.cos(crop.roll_rad) < _UPRIGHT_COSINE:
            return False
        level, flipped = (
            self._mesh_net.locate(image_bgr, replace(crop, roll_rad=crop.roll_rad + turn)) for turn in (0.0, math.pi)
        )
        return level is not None and (flipped is None or level.score >= flipped.score)

    def _detect_in_squares(self, image_bgr: NDArray[np.uint8], side: int) -> list[Detection]:
        found = []
        for x, y in _corners(image_bgr.shape[1::-1], side):
            shift = np.array([x, y], np.float32)
            for seen in self._far.detect(image_bgr[y : y + side, x : x + side]):
                found.append(Detection(seen.box_xyxy + np.tile(shift, 2), seen.keypoints + shift, seen.score))
        return found

    def _place(self, image_bgr: NDArray[np.uint8], detections: list[Detection]) -> list[FaceMesh]:
        """A mesh for every detection that is a face."""
        meshes = []
        for detection in same_faces_once(detections):
            mesh = self._mesh_net.locate(image_bgr, crop_around_detection(detection))
            if mesh is not None and mesh.score >= _LEAST_SCORE:
                meshes.append(mesh)
        return meshes

    def _cut_out_all(self, upright_bgr: NDArray[np.uint8], meshes: list[FaceMesh]) -> tuple[PhotoFace, ...]:
        """Each face once, largest first: two detections may lead to one mesh."""
        found = [face for mesh in meshes if (face := self._cut_out(upright_bgr, mesh)) is not None]
        kept: list[PhotoFace] = []
        for face in sorted(found, key=_size, reverse=True):
            others = np.array([other.box_xyxy for other in kept]).reshape(-1, 4)
            if not kept or share_inside(face.box_xyxy, others).max() < SAME_FACE_PART:
                kept.append(face)
        return tuple(kept)

    def _cut_out(self, upright_bgr: NDArray[np.uint8], mesh: FaceMesh) -> PhotoFace | None:
        """The face with room around it, not larger than needed, its mesh placed anew in it."""
        low, high = mesh.points[:, :2].min(0), mesh.points[:, :2].max(0)
        size = float((high - low).max())
        photo_wh = np.array(upright_bgr.shape[1::-1])
        left, top = np.floor(np.clip(low - _ROOM * size, 0, photo_wh)).astype(int)
        right, bottom = np.ceil(np.clip(high + _ROOM * size, 0, photo_wh)).astype(int)
        if min(right - left, bottom - top) < 8:
            return None
        part = np.ascontiguousarray(upright_bgr[top:bottom, left:right])
        image, scale = _scaled(part, min(_LARGEST_FACE_PX / size, 1.0))
        corner = np.array([left, top, 0], np.float32)
        found = self._mesh_in(image, FaceMesh((mesh.points - corner) * np.float32(scale), mesh.score))
        if found is None:
            return None
        in_photo = found.points / np.float32(scale) + corner
        box = box_around(in_photo)
        return PhotoFace(PhotoView(image, found.points), box.astype(np.float32))

    def _mesh_in(self, image_bgr: NDArray[np.uint8], mesh: FaceMesh) -> FaceMesh | None:
        size = float(np.ptp(mesh.points[:, :2], axis=0).max())
        small, scale = _scaled(image_bgr, min(_MESH_FACE_PX / size, 1.0))
        placed: FaceMesh | None = FaceMesh(mesh.points * np.float32(scale), mesh.score)
        for _ in range(_SETTLING_LOOKS):
            placed = None if placed is None else self._mesh_net.locate(small, crop_around_mesh(placed))
        if placed is None or placed.score < _LEAST_SCORE:
            return None
        return FaceMesh(placed.points / np.float32(scale), placed.score)


def _at_most(image_bgr: NDArray[np.uint8], longest_px: int) -> tuple[NDArray[np.uint8], float]:
    return _scaled(image_bgr, min(longest_px / max(image_bgr.shape[:2]), 1.0))


def _scaled(image_bgr: NDArray[np.uint8], scale: float) -> tuple[NDArray[np.uint8], float]:
    """The picture made smaller, and by how much; the picture itself at scale 1."""
    if scale >= 1:
        return image_bgr, 1.0
    height, width = image_bgr.shape[:2]
    return reduced(image_bgr, (max(round(width * scale), 1), max(round(height * scale), 1))), scale


def _corners(photo_wh: tuple[int, ...], side: int) -> Iterator[tuple[int, int]]:
    """Upper left corners of overlapping squares that cover a photo."""
    columns, rows = (
        sorted({min(start, max(length - side, 0)) for start in range(0, length, max(round(side * _SQUARE_STEP), 1))})
        for length in photo_wh
    )
    return ((x, y) for y in rows for x in columns)


def _area(mesh: FaceMesh) -> float:
    return float(np.prod(np.ptp(mesh.points[:, :2], axis=0)))


def _size(face: PhotoFace) -> float:
    return float((face.box_xyxy[2:] - face.box_xyxy[:2]).max())
