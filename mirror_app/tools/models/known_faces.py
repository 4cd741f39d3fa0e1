"""Room: tools. Faces about which the truth is known: the demo head's and some built-in ones. Runs no user's model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.capture.demo import DemoCamera
from mirror_app.domain import mesh_topology as topology
from mirror_app.domain.geometry import box_around
from mirror_app.domain.templates import five_landmarks
from mirror_app.imaging.files import read_image
from mirror_app.resources import assets_dir
from mirror_app.tools.models.faces import FaceFinder, PictureWithFace

_DEMO_WH: Final = (1280, 720)
# Looking straight on, turned with the mouth open, and turned the other way.
_DEMO_FRAMES: Final = (0, 65, 150)
# Built-in faces that look most like faces.
_OTHERS: Final = ("marble", "porcelain", "starry-oils", "comic")


@dataclass(frozen=True, slots=True, eq=False)
class TrueFace:
    """A picture of a face and where it really is.

    Attributes:
        image_bgr: (H, W, 3) uint8, BGR; read-only.
        mesh_points: (468, 3) float32, px, as `FaceMesh.points`.
    """

    image_bgr: NDArray[np.uint8]
    mesh_points: NDArray[np.float32]

    @property
    def box_xyxy(self) -> NDArray[np.float32]:
        """(4,) float32, px."""
        return box_around(self.mesh_points)

    @property
    def landmarks(self) -> NDArray[np.float32]:
        """(5, 2) float32, px, in the order of `domain.templates`."""
        return five_landmarks(self.mesh_points)


class KnownFaces:
    """The app's own pictures of faces.

    Attributes:
        demo: One person, three poses and expressions.
        others: Other faces.
    """

    def __init__(self) -> None:
        """Draw and read them.

        Raises:
            MirrorError: One of the app's own networks or pictures is missing.
        """
        camera = DemoCamera(size_wh=_DEMO_WH)
        drawn = [camera.frame_at(index) for index in _DEMO_FRAMES]
        self.demo = [TrueFace(one.frame.image_bgr, one.mesh_points) for one in drawn]
        self.others = [_built_in(name) for name in _OTHERS]
        self._finder = FaceFinder()

    def found(self, image_bgr: NDArray[np.uint8]) -> PictureWithFace | None:
        """The surest face of a picture, as the app's own networks see it; None when they see none.

        Raises:
            ModelError: A network failed.
        """
        return self._finder.look(image_bgr)


def _built_in(name: str) -> TrueFace:
    """A painted face is drawn in the mesh's own texture coordinates, which look like a face from the front."""
    image = read_image(assets_dir() / "targets" / f"{name}.png")
    points = np.zeros((len(topology.UV), 3), np.float32)
    points[:, :2] = topology.UV * image.shape[0]
    return TrueFace(image, points)
