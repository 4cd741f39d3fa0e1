"""Room: faces. Finds the 468 mesh points inside a crop with MediaPipe's face mesh network. No tracking."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.domain.errors import ModelError
from mirror_app.domain.face import MESH_POINTS, Detection, FaceMesh
from mirror_app.domain.geometry import box_around, square_crop
from mirror_app.faces.behind import paint_out
from mirror_app.imaging.cut_out import CutOut
from mirror_app.runtime.backend import InferenceBackend

MODEL_FILE = "face_landmark.onnx"
_SIDE = 192
# The crop is this much larger than the face's box (MediaPipe face landmark graph).
_CROP_MARGIN = 1.5
# The network places the points of a face longer than this (height to width) too high: mouths open wide lose the lower
# lip and the chin. Squeezed into the proportions it knows, it finds them. Each frame's squeeze lengthens the next
# frame's face, so the power stays well under what would make that run away, and the limit is what mouths need.
_KNOWN_LENGTH: Final = 1.18
_SQUEEZE_POWER: Final = 1.5
_MOST_SQUEEZE: Final = 0.74


@dataclass(frozen=True, slots=True, eq=False)
class MeshCrop:
    """Where to look for a mesh: a turned rectangle, in frame px and radians; what it shows is squeezed to a square.

    Attributes:
        centre_xy: (2,) float32.
        side_px: Its width.
        roll_rad: Its turn.
        squeeze: Its width as a share of its height.
    """

    centre_xy: NDArray[np.float32]
    side_px: float
    roll_rad: float
    squeeze: float = 1.0


def crop_around_detection(detection: Detection) -> MeshCrop:
    """The crop to look at after a detection: its box with a margin, turned so that the eyes lie level.

    It suits BlazeFace's squares, 0.9 of the mesh's longer side, and SCRFD's boxes, from forehead to chin as the mesh
    itself: on real clips the second look is off by 0.3 to 1 % of the face with the former, 0.2 to 0.6 % with the latter
    (up to 1.2 % where the box is 15 % too small or too large).
    """
    box = detection.box_xyxy
    across = detection.keypoints[1] - detection.keypoints[0]
    side = float((box[2:] - box[:2]).max()) * _CROP_MARGIN
    return MeshCrop(((box[:2] + box[2:]) / 2).astype(np.float32), side, float(np.arctan2(across[1], across[0])))


def crop_around_mesh(mesh: FaceMesh) -> MeshCrop:
    """The crop to look at in the next frame: this frame's mesh with a margin, eyes level, long faces squeezed."""
    points = mesh.points[:, :2]
    across = points[topology.IMAGE_RIGHT_EYE_OUTER] - points[topology.IMAGE_LEFT_EYE_OUTER]
    roll = math.atan2(across[1], across[0])
    cos, sin = math.cos(roll), math.sin(roll)
    left, top, right, bottom = box_around(points @ np.array([[cos, -sin], [sin, cos]], np.float32)).tolist()
    x, y = (left + right) / 2, (top + bottom) / 2
    centre = np.array([cos * x - sin * y, sin * x + cos * y], np.float32)
    squeeze = _squeeze(mesh.points)
    return MeshCrop(centre, max(right - left, (bottom - top) * squeeze) * _CROP_MARGIN, roll, squeeze)


def _squeeze(points: NDArray[np.float32]) -> float:
    """Share of its height that a face is shown at; measured in depth too, so that a turned head is not a long one."""
    height = math.dist(points[topology.CHIN], points[topology.FOREHEAD_TOP])
    width = math.dist(points[topology.IMAGE_RIGHT_SIDE], points[topology.IMAGE_LEFT_SIDE])
    squeeze: float = (_KNOWN_LENGTH * width / max(height, 1e-6)) ** _SQUEEZE_POWER
    return min(max(squeeze, _MOST_SQUEEZE), 1.0)


class FaceMeshNet:
    """The network: 192 x 192 RGB crop in 0..1 to 468 points and a face score."""

    def __init__(self, backend: InferenceBackend) -> None:
        """Wrap a loaded network.

        Raises:
            ModelError: The network has not one output of 468 x 3 numbers and one of a single number.
        """
        sizes = [int(np.prod(output.shape)) for output in backend.outputs]
        if sorted(sizes) != [1, MESH_POINTS * 3]:
            raise ModelError(
                "The model file {name} is not a face mesh network. Install mirror-app again.", name=MODEL_FILE
            )
        self._backend = backend
        self._points_output, self._score_output = sizes.index(MESH_POINTS * 3), sizes.index(1)
        self._cut_out = CutOut()
        self._crop = np.zeros((_SIDE, _SIDE, 3), np.uint8)
        self._input = np.zeros((1, _SIDE, _SIDE, 3), np.float32)

    def locate(
        self, image_bgr: NDArray[np.uint8], crop: MeshCrop, hiding: Sequence[NDArray[np.float32]] = ()
    ) -> FaceMesh | None:
        """Find the mesh in a crop of the frame.

        Args:
            image_bgr: (H, W, 3) uint8.
            crop: Where to look.
            hiding: Outlines (k, 2), px, of what is in front of the face: flat colour takes its place.

        Returns:
            The mesh in frame px, whatever its score; None when the crop is too small to hold a face.

        Raises:
            ModelError: The network failed or gave non-finite numbers.
        """
        if not math.isfinite(crop.side_px) or crop.side_px < 8:
            return None
        crop_from_frame, frame_from_crop = square_crop(crop.centre_xy, crop.side_px, crop.roll_rad, _SIDE, crop.squeeze)
        self._cut_out.cut(image_bgr, crop_from_frame, self._crop, rgb=True)
        if hiding:
            paint_out(self._crop, [one @ crop_from_frame[:, :2].T + crop_from_frame[:, 2] for one in hiding])
        np.multiply(self._crop, np.float32(1 / 255), out=self._input[0])
        outputs = self._backend.run({self._backend.inputs[0].name: self._input})
        raw = outputs[self._points_output].reshape(MESH_POINTS, 3)
        logit = float(outputs[self._score_output].item())
        if not (np.isfinite(raw).all() and math.isfinite(logit)):
            raise ModelError("The network {name} gave numbers that are not finite.", name=MODEL_FILE)
        points = np.empty((MESH_POINTS, 3), np.float32)
        points[:, :2] = raw[:, :2] @ frame_from_crop[:, :2].T + frame_from_crop[:, 2]
        points[:, 2] = raw[:, 2] * (crop.side_px / _SIDE)
        return FaceMesh(points, 1 / (1 + math.exp(-min(max(logit, -80.0), 80.0))))
