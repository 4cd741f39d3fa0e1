"""Room: tests. Networks and detectors that answer what a test says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.domain.face import Detection, FaceMesh
from mirror_app.faces.detect import BlazeFaceDetector
from mirror_app.faces.mesh import FaceMeshNet, MeshCrop
from mirror_app.runtime.backend import TensorSpec

STUDIO_HW = (360, 640)
"""Height and width of the frames that `ScriptedDetector` knows."""


class ScriptedBackend:
    """An `InferenceBackend` that gives the arrays in `answers`."""

    device = "script"

    def __init__(self, side: int, answers: list[NDArray[np.float32]]) -> None:
        self.inputs = (TensorSpec("input", (1, side, side, 3)),)
        self.outputs = tuple(TensorSpec(f"output_{index}", answer.shape) for index, answer in enumerate(answers))
        self.answers = answers
        self.seen: list[NDArray[np.float32]] = []

    def run(self, feeds: Mapping[str, NDArray[np.float32]]) -> list[NDArray[np.float32]]:
        self.seen.append(feeds["input"].copy())
        return self.answers


class ScriptedDetector(BlazeFaceDetector):
    """Finds what `found` holds in a whole frame, nothing in a part of one, and counts the frames and parts it saw."""

    def __init__(self, *found: Detection) -> None:
        self.found = list(found)
        self.calls = self.parts = 0

    def detect(self, image_bgr: NDArray[np.uint8]) -> list[Detection]:
        if image_bgr.shape[:2] != STUDIO_HW:
            self.parts += 1
            return []
        self.calls += 1
        return list(self.found)


class BlobDetector(BlazeFaceDetector):
    """Finds every white blob of a black picture, wherever the picture was cut."""

    def __init__(self) -> None:
        self.calls = 0

    def detect(self, image_bgr: NDArray[np.uint8]) -> list[Detection]:
        self.calls += 1
        _, _, stats, _ = cv2.connectedComponentsWithStats((image_bgr[..., 0] > 0).view(np.uint8))
        return [
            detection_at((x + width / 2, y + height / 2), float(max(width, height)))
            for x, y, width, height, _ in stats[1:].tolist()
        ]


class ScriptedMeshNet(FaceMeshNet):
    """Places what `answer` says; without a script, a perfect mesh in the middle of every crop."""

    def __init__(self) -> None:
        self.answer: Callable[[MeshCrop], FaceMesh | None] = mesh_in_crop
        self.calls = 0

    def locate(
        self, image_bgr: NDArray[np.uint8], crop: MeshCrop, hiding: Sequence[NDArray[np.float32]] = ()
    ) -> FaceMesh | None:
        self.calls += 1
        return self.answer(crop)


def mesh_at(centre_xy: tuple[float, float], height_px: float, score: float = 1.0) -> FaceMesh:
    """The average face, upright, at a place and height in frame px."""
    shape = topology.CANONICAL * np.float32(height_px / np.ptp(topology.CANONICAL[:, 1]))
    middle = (shape.min(0) + shape.max(0)) / 2
    return FaceMesh((shape - middle + np.array([*centre_xy, 0], np.float32)).astype(np.float32), score)


def mesh_in_crop(crop: MeshCrop) -> FaceMesh:
    """The mesh of a face that sits in the middle of the crop with the usual margin."""
    return mesh_at((float(crop.centre_xy[0]), float(crop.centre_xy[1])), crop.side_px / 1.5)


def detection_at(centre_xy: tuple[float, float], side_px: float, score: float = 0.95) -> Detection:
    """A detection of an upright face."""
    x, y = centre_xy
    half = side_px / 2
    box = np.array([x - half, y - half, x + half, y + half], np.float32)
    offsets = np.array([[-0.2, -0.2], [0.2, -0.2], [0, 0.05], [0, 0.25], [-0.45, -0.1], [0.45, -0.1]], np.float32)
    return Detection(box, (np.array(centre_xy, np.float32) + offsets * side_px).astype(np.float32), score)
