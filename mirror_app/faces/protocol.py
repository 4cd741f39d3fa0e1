"""Room: faces. The seam behind which faces are found. No networks here."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.face import Detection


class FaceDetector(Protocol):
    """Finds all faces of a picture. Belongs to one thread."""

    def detect(self, image_bgr: NDArray[np.uint8]) -> list[Detection]:
        """Find faces.

        Args:
            image_bgr: (H, W, 3) uint8; unchanged.

        Returns:
            Faces in px of the picture, surest first; empty when there is none.

        Raises:
            ModelError: The network failed or gave non-finite numbers.
        """


class FivePointSource(Protocol):
    """Finds the five points of a face whose box is known. Belongs to one thread."""

    def five_points(self, image_bgr: NDArray[np.uint8], box_xyxy: NDArray[np.floating]) -> NDArray[np.float32] | None:
        """Find the points.

        Args:
            image_bgr: (H, W, 3) uint8; unchanged.
            box_xyxy: (4,) from forehead to chin, px of the picture.

        Returns:
            (5, 2) float32, px of the picture, in the order of `domain.templates`; None when no face is seen there.

        Raises:
            ModelError: A network failed.
        """


class FrontalitySource(Protocol):
    """Says how straight a face looks into the camera. Belongs to one thread."""

    def frontality(self, image_bgr: NDArray[np.uint8], box_xyxy: NDArray[np.floating]) -> float | None:
        """The cosine between where the head looks and the direction to the camera, -1..1.

        Args:
            image_bgr: (H, W, 3) uint8; unchanged.
            box_xyxy: (4,) from forehead to chin, px of the picture.

        Returns:
            None when no face is seen there.

        Raises:
            ModelError: A network failed.
        """


class Recogniser(Protocol):
    """Tells people apart. Belongs to one thread."""

    def embed(self, image_bgr: NDArray[np.uint8], landmarks: NDArray[np.float32]) -> NDArray[np.float32]:
        """Who a face is.

        Args:
            image_bgr: (H, W, 3) uint8; unchanged.
            landmarks: (5, 2) float32, px of the picture, in the order of `domain.templates`.

        Returns:
            (n,) float32 of unit length; the more two faces are alike, the nearer to 1 is the product of theirs.

        Raises:
            ModelError: The network failed.
        """
