"""Room: faces. Places the 21 points of a hand in a crop with MediaPipe's hand landmark network. No tracking."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.errors import ModelError
from mirror_app.domain.face import HAND_POINTS
from mirror_app.domain.geometry import square_crop
from mirror_app.faces.palm_net import HandCrop, crop_towards
from mirror_app.imaging.cut_out import CutOut
from mirror_app.runtime.backend import InferenceBackend

HAND_FILE: Final = "hand_landmark_lite.onnx"
_SIDE: Final = 224
# The network's outputs: points in the crop, whether it shows a hand, which hand it is, points in metres.
_OUTPUTS: Final = (HAND_POINTS * 3, 1, 1, HAND_POINTS * 3)
# The next crop is laid around the wrist and the fingers' lower joints, this much larger and moved so much of its height
# towards the fingers (MediaPipe's hand landmark graph).
_STEADY: Final = np.array([0, 1, 2, 3, 5, 6, 9, 10, 13, 14, 17, 18])
_CROP_GROWN: Final = 2.0
_CROP_MOVED: Final = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Hand:
    """A hand in the frame.

    Attributes:
        points: (21, 2) float32, frame px: the wrist, then four for each finger from its root, the thumb first.
        score: 0..1, how sure the network is that the crop shows a hand.
    """

    points: NDArray[np.float32]
    score: float


def crop_around_hand(points: NDArray[np.float32]) -> HandCrop:
    """Where to look for a hand in the next frame: around its points (21, 2) in this one."""
    knuckles = (points[5] + points[13]) / 4 + points[9] / 2
    x, y = (knuckles - points[0]).tolist()
    roll = math.atan2(x, -y)
    cos, sin = math.cos(roll), math.sin(roll)
    upright = points[_STEADY] @ np.array([[cos, -sin], [sin, cos]], np.float32)
    low, high = upright.min(0), upright.max(0)
    middle = ((low + high) / 2) @ np.array([[cos, sin], [-sin, cos]], np.float32)
    width, height = (high - low).tolist()
    return crop_towards(
        np.asarray(middle, np.float32), knuckles - points[0], max(width, height) * _CROP_GROWN, height * _CROP_MOVED
    )


class HandNet:
    """The network: 224 x 224 RGB crop in 0..1 to 21 points and a score. Not safe for two threads at once."""

    def __init__(self, backend: InferenceBackend) -> None:
        """Wrap a loaded network.

        Raises:
            ModelError: The network is no hand landmark network.
        """
        if tuple(int(np.prod(output.shape)) for output in backend.outputs) != _OUTPUTS:
            raise ModelError(
                "The model file {name} is not a hand landmark network. Install mirror-app again.", name=HAND_FILE
            )
        self._backend = backend
        self._cut_out = CutOut()
        self._crop = np.zeros((_SIDE, _SIDE, 3), np.uint8)
        self._input = np.zeros((1, _SIDE, _SIDE, 3), np.float32)

    def locate(self, image_bgr: NDArray[np.uint8], crop: HandCrop) -> Hand | None:
        """Place the points.

        Args:
            image_bgr: (H, W, 3) uint8.
            crop: Where to look.

        Returns:
            The hand, whatever its score; None when the crop is too small to hold one.

        Raises:
            ModelError: The network failed or gave non-finite numbers.
        """
        if not math.isfinite(crop.side_px) or crop.side_px < 8:
            return None
        crop_from_frame, frame_from_crop = square_crop(crop.centre_xy, crop.side_px, crop.roll_rad, _SIDE)
        self._cut_out.cut(image_bgr, crop_from_frame, self._crop, rgb=True)
        np.multiply(self._crop, np.float32(1 / 255), out=self._input[0])
        outputs = self._backend.run({self._backend.inputs[0].name: self._input})
        raw, score = outputs[0].reshape(HAND_POINTS, 3), float(outputs[1].item())
        if not (np.isfinite(raw).all() and math.isfinite(score)):
            raise ModelError("The network {name} gave numbers that are not finite.", name=HAND_FILE)
        points = raw[:, :2] @ frame_from_crop[:, :2].T + frame_from_crop[:, 2]
        return Hand(points.astype(np.float32), score)
