"""Room: faces. Finds palms in a square of the picture with MediaPipe's palm detector. No tracking, no threads."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.errors import ModelError
from mirror_app.domain.geometry import square_crop
from mirror_app.imaging.cut_out import CutOut
from mirror_app.runtime.backend import InferenceBackend

PALM_FILE: Final = "palm_detection_lite.onnx"
# The network was made for 192 px, where it takes twice as long; a hand near a face that fills a third of the square is
# found as surely at this.
_SIDE: Final = 128
# Stride in px and anchors per cell of the network's two grids (MediaPipe's palm detection graph).
_GRIDS: Final = ((8, 2), (16, 6))
_KEYPOINTS: Final = 7
_NUMBERS: Final = 4 + 2 * _KEYPOINTS
_LEAST_SCORE: Final = 0.5
# Keypoints of a palm: the wrist, the middle finger's knuckle.
_WRIST, _KNUCKLE = 0, 2
# From a palm's box to the hand's crop: so much larger, and moved towards the fingers (MediaPipe's hand landmark graph).
_CROP_GROWN: Final = 2.6
_CROP_MOVED: Final = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class HandCrop:
    """Where to look for a hand: a turned square in which the fingers point up.

    Attributes:
        centre_xy: (2,) float32, frame px.
        side_px: Its side.
        roll_rad: Its turn.
    """

    centre_xy: NDArray[np.float32]
    side_px: float
    roll_rad: float


class PalmNet:
    """The network: square RGB picture in 0..1 to palms. Not safe for two threads at once."""

    def __init__(self, backend: InferenceBackend) -> None:
        """Wrap a loaded network.

        Raises:
            ModelError: The network is no palm detector.
        """
        widths = [output.shape[-1] for output in backend.outputs]
        if sorted(widths) != [1, _NUMBERS]:
            raise ModelError(
                "The model file {name} is not a palm detection network. Install mirror-app again.", name=PALM_FILE
            )
        self._backend = backend
        self._box_output, self._score_output = widths.index(_NUMBERS), widths.index(1)
        self._anchors = _anchor_centres()
        self._cut_out = CutOut()
        self._crop = np.zeros((_SIDE, _SIDE, 3), np.uint8)
        self._input = np.zeros((1, _SIDE, _SIDE, 3), np.float32)

    def find(self, image_bgr: NDArray[np.uint8], centre_xy: NDArray[np.float32], side_px: float) -> list[HandCrop]:
        """Find palms in an upright square of the frame.

        Args:
            image_bgr: (H, W, 3) uint8.
            centre_xy: (2,) the square's middle, frame px.
            side_px: Its side, > 0; what reaches out of the frame is black.

        Returns:
            Where the hands must be, surest first.

        Raises:
            ModelError: The network failed or gave non-finite numbers.
        """
        crop_from_frame, frame_from_crop = square_crop(centre_xy, side_px, 0.0, _SIDE)
        self._cut_out.cut(image_bgr, crop_from_frame, self._crop, rgb=True)
        np.multiply(self._crop, np.float32(1 / 255), out=self._input[0])
        outputs = self._backend.run({self._backend.inputs[0].name: self._input})
        raw, logits = outputs[self._box_output][0], outputs[self._score_output][0, :, 0]
        if not (np.isfinite(raw).all() and np.isfinite(logits).all()):
            raise ModelError("The network {name} gave numbers that are not finite.", name=PALM_FILE)
        found: list[HandCrop] = []
        sure = np.flatnonzero(logits > math.log(_LEAST_SCORE / (1 - _LEAST_SCORE)))
        for index in sure[np.argsort(-logits[sure])]:
            crop = self._hand_crop(raw[index], self._anchors[index], frame_from_crop)
            if crop is not None and not any(is_same_hand(crop, other) for other in found):
                found.append(crop)
        return found

    def _hand_crop(
        self, raw: NDArray[np.float32], anchor: NDArray[np.float32], frame_from_crop: NDArray[np.float32]
    ) -> HandCrop | None:
        scale = float(frame_from_crop[0, 0])
        side = float(raw[2:4].max()) * scale
        if not 1 <= side < _SIDE * scale:
            return None
        shift = frame_from_crop[:, 2]
        middle = (raw[:2] + anchor) * scale + shift
        points = (raw[4:].reshape(_KEYPOINTS, 2) + anchor) * scale + shift
        return crop_towards(middle, points[_KNUCKLE] - points[_WRIST], side * _CROP_GROWN, side * _CROP_MOVED)


def crop_towards(
    middle_xy: NDArray[np.float32], fingers_xy: NDArray[np.float32], side_px: float, moved_px: float
) -> HandCrop:
    """A crop around a place, moved and turned towards where the fingers point (2,)."""
    x, y = fingers_xy.tolist()
    roll = math.atan2(x, -y)
    ahead = np.array([math.sin(roll), -math.cos(roll)], np.float32)
    return HandCrop((middle_xy + ahead * np.float32(moved_px)).astype(np.float32), side_px, roll)


def is_same_hand(crop: HandCrop, other: HandCrop) -> bool:
    """Whether two crops show one hand: the middle of one lies in the inner half of the other."""
    apart = math.dist(crop.centre_xy.tolist(), other.centre_xy.tolist())
    return apart < 0.25 * max(crop.side_px, other.side_px)


def _anchor_centres() -> NDArray[np.float32]:
    """(anchors, 2): x and y, px of the network's input, in the order of its outputs."""
    grids = []
    for stride, each in _GRIDS:
        middles = (np.arange(_SIDE // stride) + 0.5) * stride
        x, y = np.meshgrid(middles, middles)
        grids.append(np.repeat(np.stack([x.ravel(), y.ravel()], -1), each, axis=0))
    return np.concatenate(grids).astype(np.float32)
