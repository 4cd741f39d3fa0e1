"""Room: tests. A live face and its crop, and networks that say what they are told. No assertions here."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.domain.assignment import Assignment, Glasses, LivePart
from mirror_app.domain.face import FaceMesh, TrackedFace
from mirror_app.domain.frame import Frame
from mirror_app.domain.templates import five_landmarks
from mirror_app.runtime.backend import TensorSpec
from mirror_app.swap.neural.aligned_crop import AlignedCrop, Border, Cropper
from tests.portrait import plain_target

TARGET = plain_target(side=64)


def live_face(*, turned_rad: float = 0.0, height_px: float = 200.0) -> TrackedFace:
    """The average face in the middle of a frame of 400 x 400."""
    points = topology.CANONICAL - topology.CANONICAL.mean(0)
    points = points * np.float32(height_px / np.ptp(points[:, 1]))
    cos, sin = np.cos(turned_rad), np.sin(turned_rad)
    points[:, :2] = points[:, :2] @ np.array([[cos, sin], [-sin, cos]], np.float32) + np.float32(200)
    points = np.ascontiguousarray(points, np.float32)
    return TrackedFace(1, FaceMesh(points, 1.0), np.zeros(4, np.float32), five_landmarks(points))


def without_mesh(face: TrackedFace) -> TrackedFace:
    return TrackedFace(face.track_id, None, face.box_xyxy, face.landmarks)


def grey_frame(level: int = 128) -> Frame:
    return Frame(np.full((400, 400, 3), level, np.uint8), 0, 0)


def crop_of(
    face: TrackedFace, side: int = 128, template: str = "arcface_128", frame: Frame | None = None
) -> AlignedCrop:
    crop = Cropper(template, side, Border.REPLICATE).crop((frame or grey_frame()).image_bgr, face)
    assert crop is not None
    return crop


def worn(face: TrackedFace, *kept: LivePart, glasses: Glasses = Glasses.KEEP) -> Assignment:
    return Assignment(face, TARGET, 0.5, glasses, frozenset(kept))


def at(mask: NDArray[np.uint8], crop: AlignedCrop, vertices: tuple[int, ...]) -> int:
    """The mask at the middle of some mesh vertices."""
    mesh = crop.live_face.mesh
    assert mesh is not None
    middle = mesh.points[list(vertices), :2].mean(0)
    x, y = np.rint(crop.crop_from_frame @ np.array([*middle, 1])).astype(int)
    return int(mask[y, x])


class ScriptedNetwork:
    """Gives the same output whatever it is fed, and remembers what that was."""

    device = "paper"

    def __init__(self, output: NDArray[np.float32]) -> None:
        self.output = output
        self.inputs = (TensorSpec("input", (-1,)),)
        self.outputs = (TensorSpec("output", output.shape),)
        self.fed: list[NDArray[np.float32]] = []

    def run(self, feeds: Mapping[str, NDArray[np.float32]]) -> list[NDArray[np.float32]]:
        self.fed.append(feeds["input"].copy())
        return [self.output]
