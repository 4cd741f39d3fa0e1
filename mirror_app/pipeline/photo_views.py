"""Room: pipeline. From photos of a face to the views that neural networks learn it from. No files, no threads."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.errors import MirrorError
from mirror_app.domain.geometry import box_around
from mirror_app.domain.target import TargetView
from mirror_app.domain.templates import TEMPLATES, crop_from_landmarks, five_landmarks, inverted
from mirror_app.faces.protocol import FivePointSource, FrontalitySource
from mirror_app.imaging.resample import reduced
from mirror_app.swap.canonical import canonical_shape
from mirror_app.swap.target_texture import PhotoView

_LOG = logging.getLogger(__name__)
# No network's crop is larger than 512 px; a little more keeps it sharp when it is turned.
_LONGEST_PX: Final = 768
# How much less a turned face says about its owner: the cosine to the camera to this power, and the least cosine.
_FRONTALITY: Final = 4
_LEAST_COSINE: Final = 0.1
_CORNERS: Final = np.array([[0.0, 0, 1], [1, 0, 1], [0, 1, 1], [1, 1, 1]])


@dataclass(frozen=True, slots=True, eq=False)
class PhotoReaders:
    """Networks that say more about a photo than the mesh does.

    Attributes:
        points: Who finds the five points; the first one that sees the face is believed.
        facing: Who says how frontal a face is; as above.
    """

    points: tuple[FivePointSource, ...] = ()
    facing: tuple[FrontalitySource, ...] = ()


class PhotoViews:
    """Makes the views of a target. Belongs to one thread."""

    def __init__(self, open_readers: Callable[[], PhotoReaders] = PhotoReaders) -> None:
        """Choose the networks that are asked, loaded with the first photo; what they do not see, the mesh says."""
        self._open_readers = open_readers
        self._readers: PhotoReaders | None = None

    def of(self, photos: Sequence[PhotoView]) -> tuple[TargetView, ...]:
        """One view per photo, those from the front with the most weight."""
        return tuple(self._view(photo) for photo in photos)

    def _view(self, photo: PhotoView) -> TargetView:
        landmarks, cosine = five_landmarks(photo.points), mesh_frontality(photo.points)
        box = box_around(photo.points)
        try:
            if self._readers is None:
                self._readers = self._open_readers()
            found = (reader.five_points(photo.image_bgr, box) for reader in self._readers.points)
            landmarks = next((points for points in found if points is not None and _fit(points, box)), landmarks)
            seen = (reader.frontality(photo.image_bgr, box) for reader in self._readers.facing)
            cosine = next((said for said in seen if said is not None), cosine)
        # A face can be worn without them: one broken file must not take it away.
        except MirrorError as error:
            _LOG.warning("the mesh alone reads this photo: %s", error)
        return _cut_out(photo.image_bgr, landmarks, frontal_weight(cosine))


def mesh_frontality(points: NDArray[np.float32]) -> float:
    """How straight the average face's own z axis, fitted to a mesh (468, 3), points away from the camera, -1..1."""
    axis = canonical_shape(points).frame_from_canonical[:, 2]
    return float(axis[2] / np.linalg.norm(axis))


def frontal_weight(cosine: float) -> float:
    """How much a photo counts among several: 1 from the front, next to nothing from the side, > 0."""
    return float(max(cosine, _LEAST_COSINE) ** _FRONTALITY)


def _fit(landmarks: NDArray[np.float32], box_xyxy: NDArray[np.float32]) -> bool:
    """Whether five points can be those of the face in a box: in its midst, and neither crowded nor scattered."""
    size = float((box_xyxy[2:] - box_xyxy[:2]).max())
    off = np.abs(landmarks.mean(0) - (box_xyxy[:2] + box_xyxy[2:]) / 2).max()
    return bool(np.isfinite(landmarks).all() and off < size / 2 and 0.1 < np.ptp(landmarks, axis=0).max() / size < 1)


def _cut_out(image_bgr: NDArray[np.uint8], landmarks: NDArray[np.float32], weight: float) -> TargetView:
    """The part of a photo that any template's crop shows, not larger than needed."""
    corners = np.concatenate([
        _CORNERS @ inverted(crop_from_landmarks(landmarks, template, 1)).T for template in TEMPLATES
    ])  # fmt: skip
    photo_wh = np.array(image_bgr.shape[1::-1])
    left, top = np.clip(np.floor(corners.min(0)), 0, photo_wh - 1).astype(int)
    right, bottom = np.clip(np.ceil(corners.max(0)) + 1, (left + 1, top + 1), photo_wh).astype(int)
    part = np.ascontiguousarray(image_bgr[top:bottom, left:right])
    scale = min(_LONGEST_PX / max(part.shape[:2]), 1.0)
    moved = landmarks - np.array([left, top], np.float32)
    if scale == 1:
        return TargetView(part, moved, weight)
    small_wh = (max(round(part.shape[1] * scale), 1), max(round(part.shape[0] * scale), 1))
    # Pixel centres lie at whole numbers: the middle of the corner pixel is half a pixel off the corner.
    ratio = np.array(small_wh) / part.shape[1::-1]
    return TargetView(reduced(part, small_wh), ((moved + 0.5) * ratio - 0.5).astype(np.float32), weight)
