"""Room: tests. The app's real pipeline over networks that cost nothing, to measure its own time. Holds no clock."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.domain.assignment import Joining
from mirror_app.domain.face import FaceMesh, TrackedFace
from mirror_app.domain.frame import Frame
from mirror_app.domain.target import TargetFace, TargetView
from mirror_app.domain.templates import five_landmarks
from mirror_app.faces.arcface import ArcFace
from mirror_app.faces.detect import FULL_RANGE, SHORT_RANGE, BlazeFaceDetector, BlazeFaceSpec
from mirror_app.faces.mesh import FaceMeshNet
from mirror_app.faces.scrfd import ScrfdDetector
from mirror_app.faces.specs import SCRFD_RGB
from mirror_app.faces.track import FaceTracker
from mirror_app.pipeline.mirror import MirrorPipeline
from mirror_app.pipeline.result import MirrorControls
from mirror_app.render.cpu import CpuRenderer
from mirror_app.resources import assets_dir
from mirror_app.runtime.backend import InferenceBackend
from mirror_app.runtime.catalogue import load_catalogue
from mirror_app.runtime.ort import OrtCpuBackend
from mirror_app.swap.neural.identity import IdentityMaker
from mirror_app.swap.neural.masks.combined import usual_mask
from mirror_app.swap.neural.spec import swapper_spec
from mirror_app.swap.neural.swapper import NeuralSwapper
from tests.portrait import FRAME_NS, placed_portrait, plain_target
from tests.twins import FaceAt, zero_cost

PICTURES: Final = 6


@dataclass(frozen=True, slots=True)
class Scene:
    """A frame's size and the height of the face in it."""

    frame_wh: tuple[int, int]
    face_px: int

    @property
    def face(self) -> FaceAt:
        """A face in the middle."""
        (width, height), half = self.frame_wh, self.face_px / 2
        box = (width / 2 - 0.4 * self.face_px, height / 2 - half, width / 2 + 0.4 * self.face_px, height / 2 + half)
        return FaceAt(self.frame_wh, box)


SCENES: Final = {"720p, face 280 px": Scene((1280, 720), 280), "1080p, face 450 px": Scene((1920, 1080), 450)}


def pictures_of(scene: Scene) -> list[NDArray[np.uint8]]:
    """Frames with a face where the twins see one, each a little brighter than the one before; read-only."""
    middle = (scene.frame_wh[0] / 2, scene.frame_wh[1] / 2)
    first, _ = placed_portrait(scene.frame_wh, scene.face_px, middle)
    pictures = [np.asarray(cv2.convertScaleAbs(first, beta=step), np.uint8) for step in range(PICTURES)]
    for picture in pictures:
        picture.flags.writeable = False
    return pictures


def as_frames(pictures: Sequence[NDArray[np.uint8]], first: int, count: int) -> list[Frame]:
    """Frames of a 30 frames/s camera that shows these pictures over and over."""
    return [
        Frame(pictures[index % len(pictures)], index, (index + 1) * FRAME_NS) for index in range(first, first + count)
    ]


def photographed_target() -> TargetFace:
    """A target with one photo, whose skin takes on the live colours."""
    image, _ = placed_portrait((512, 512), 300, (256, 256))
    face = FaceAt((512, 512), (136, 106, 376, 406))
    plain = plain_target(colour_follow=1.0, side=64)
    return TargetFace(
        plain.name, plain.texture_bgr, plain.texture_alpha, plain.shape, 1.0,
        views=(TargetView(image, face.landmarks.astype(np.float32)),),
    )  # fmt: skip


def open_swapper(model: str, folder: Path, load: Callable[[Path], InferenceBackend] = OrtCpuBackend) -> NeuralSwapper:
    """A swapper that gives back what it sees, a little duller; `load` opens its networks."""
    spec = swapper_spec(load_catalogue(assets_dir() / "models" / "catalogue.toml").find(model))
    recogniser = ArcFace(load(zero_cost("arcface_w600k_r50", folder)))
    identity = IdentityMaker(spec, recogniser, emap=np.eye(512, dtype=np.float32))
    return NeuralSwapper(spec, load(zero_cost(model, folder)), identity, usual_mask())


def open_tracker(scene: Scene, folder: Path) -> FaceTracker:
    """A tracker that sees one face that stays where it is."""
    mesh_net = FaceMeshNet(OrtCpuBackend(zero_cost("face_landmark", folder)))
    return FaceTracker(_detector(SHORT_RANGE, scene, folder), _detector(FULL_RANGE, scene, folder), mesh_net)


def open_pipeline(scene: Scene, model: str, folder: Path) -> MirrorPipeline:
    """The mirror as the window runs it: mask, colour by membrane, label and guard."""
    mirror = MirrorPipeline(open_tracker(scene, folder), CpuRenderer(open_swapper(model, folder)))
    mirror.controls = MirrorControls(target=photographed_target(), joining=Joining.MEMBRANE)
    return mirror


def _detector(spec: BlazeFaceSpec, scene: Scene, folder: Path) -> BlazeFaceDetector:
    return BlazeFaceDetector(spec, OrtCpuBackend(zero_cost(Path(spec.file).stem, folder, scene.face)))


def open_scrfd(scene: Scene, folder: Path) -> ScrfdDetector:
    """The detector of a user's own files, at its usual 640 px."""
    return ScrfdDetector(OrtCpuBackend(zero_cost("scrfd_10g", folder, scene.face)), SCRFD_RGB)


def face_at(height_px: float, centre_xy: tuple[float, float], track_id: int = 1) -> TrackedFace:
    """A frontal face of the average shape."""
    shape = topology.CANONICAL
    low, high = shape.min(0), shape.max(0)
    points = (shape - (low + high) / 2) * np.float32(height_px / (high - low)[1])
    points[:, :2] += np.array(centre_xy, np.float32)
    box = np.concatenate([points[:, :2].min(0), points[:, :2].max(0)])
    return TrackedFace(track_id, FaceMesh(points.astype(np.float32), 1.0), box, five_landmarks(points))
