"""Room: tools. Pictures with a face in them that every installation has: the demo head and the built-in faces."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.capture.demo import DemoCamera
from mirror_app.domain.errors import ModelError
from mirror_app.domain.geometry import box_around
from mirror_app.domain.templates import five_landmarks
from mirror_app.faces.detect import SHORT_RANGE, BlazeFaceDetector
from mirror_app.faces.mesh import MODEL_FILE, FaceMeshNet, crop_around_detection
from mirror_app.imaging.files import read_image
from mirror_app.resources import assets_dir
from mirror_app.runtime.ort import OrtCpuBackend

_DEMO_WH: Final = (1280, 720)
# Two thirds of a second apart the demo head looks another way and makes another face.
_DEMO_STEP: Final = 20
# Darker, as it is and brighter: what a network computes grows with the light.
_LIGHTS: Final = (0.6, 1.0, 1.3)
# Every so many demo pictures one of the built-in faces is shown.
_BUILT_IN_EVERY: Final = 2


@dataclass(frozen=True, slots=True, eq=False)
class PictureWithFace:
    """A picture and where the face in it is.

    Attributes:
        image_bgr: (H, W, 3) uint8, BGR.
        box_xyxy: (4,) float32, px.
        landmarks: (5, 2) float32, px, in the order of `domain.templates`.
    """

    image_bgr: NDArray[np.uint8]
    box_xyxy: NDArray[np.float32]
    landmarks: NDArray[np.float32]


def pictures_with_faces(count: int) -> list[PictureWithFace]:
    """So many pictures, always the same ones.

    Raises:
        ModelError: One of the app's own networks is missing, or finds nobody.
    """
    finder = FaceFinder()
    found = (seen for image in _pictures() if (seen := finder.look(image)) is not None)
    pictures = [seen for _, seen in zip(range(count), found, strict=False)]
    if len(pictures) < count:
        raise ModelError("No faces were found in the app's own pictures. Install mirror-app again.")
    return pictures


def _pictures() -> Iterator[NDArray[np.uint8]]:
    demo = DemoCamera(size_wh=_DEMO_WH)
    built_in = sorted((assets_dir() / "targets").glob("*.png"))
    for index in range(300):
        image = demo.frame_at(index * _DEMO_STEP).frame.image_bgr
        lit = cv2.convertScaleAbs(image, alpha=_LIGHTS[index % len(_LIGHTS)])
        yield np.ascontiguousarray(lit[:, ::-1] if index % 2 else lit, np.uint8)
        if index % _BUILT_IN_EVERY == 0 and index // _BUILT_IN_EVERY < len(built_in):
            yield read_image(built_in[index // _BUILT_IN_EVERY])


class FaceFinder:
    """The app's own detector and mesh network."""

    def __init__(self) -> None:
        models = assets_dir() / "models"
        self._detector = BlazeFaceDetector(SHORT_RANGE, OrtCpuBackend(models / SHORT_RANGE.file))
        self._mesh_net = FaceMeshNet(OrtCpuBackend(models / MODEL_FILE))

    def look(self, image_bgr: NDArray[np.uint8]) -> PictureWithFace | None:
        """The surest face of a picture (H, W, 3) uint8, BGR; None when nobody is seen.

        Raises:
            ModelError: A network failed.
        """
        detections = self._detector.detect(image_bgr)
        mesh = self._mesh_net.locate(image_bgr, crop_around_detection(detections[0])) if detections else None
        if mesh is None:
            return None
        return PictureWithFace(image_bgr, box_around(mesh.points), five_landmarks(mesh.points))
