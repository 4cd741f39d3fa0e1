"""Room: faces. The five points that aligned crops are made from, and how frontal a face is. No tracking."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.faces.detect import overlap
from mirror_app.faces.landmark_net import LandmarkNet
from mirror_app.faces.pose import frontality_of
from mirror_app.faces.protocol import FaceDetector

# Of 2d106det's points (insightface, alignment/coordinate_reg, picture 2d106markup): the rings of the eyes with their
# centres, the tip of the nose and the corners of the mouth.
_IMAGE_LEFT_EYE: Final = list(range(33, 43))
_IMAGE_RIGHT_EYE: Final = list(range(87, 97))
_NOSE_AND_MOUTH: Final = [86, 52, 61]
# A detection that shares less of the union with the box asked for is somebody else.
_LEAST_OVERLAP: Final = 0.3


class DetectorPoints:
    """Five points as a detector with five keypoints sees them: what recognisers were trained with."""

    def __init__(self, detector: FaceDetector) -> None:
        """Use a detector of the SCRFD family."""
        self._detector = detector

    def five_points(self, image_bgr: NDArray[np.uint8], box_xyxy: NDArray[np.floating]) -> NDArray[np.float32] | None:
        """The points of the detection that fits the box best; see `FivePointSource`."""
        found = [(overlap(one.box_xyxy, box_xyxy), one.keypoints) for one in self._detector.detect(image_bgr)]
        shared, points = max(found, key=lambda one: one[0], default=(0.0, np.zeros((0, 2), np.float32)))
        return points if shared >= _LEAST_OVERLAP and points.shape == (5, 2) else None


class LandmarkPoints:
    """Five points out of 2d106det's 106."""

    def __init__(self, net: LandmarkNet) -> None:
        """Use a network of 106 points."""
        self._net = net

    def five_points(self, image_bgr: NDArray[np.uint8], box_xyxy: NDArray[np.floating]) -> NDArray[np.float32] | None:
        """The points placed in the box; see `FivePointSource`."""
        points = self._net.locate(image_bgr, box_xyxy)
        if points is None:
            return None
        eyes = [points[ring].mean(0) for ring in (_IMAGE_LEFT_EYE, _IMAGE_RIGHT_EYE)]
        return np.concatenate([np.stack(eyes), points[_NOSE_AND_MOUTH]]).astype(np.float32)


class LandmarkFrontality:
    """How frontal a face is by 1k3d68's 68 points."""

    def __init__(self, net: LandmarkNet) -> None:
        """Use a network of 68 points."""
        self._net = net

    def frontality(self, image_bgr: NDArray[np.uint8], box_xyxy: NDArray[np.floating]) -> float | None:
        """See `FrontalitySource`."""
        points = self._net.locate(image_bgr, box_xyxy)
        return None if points is None else frontality_of(points)
