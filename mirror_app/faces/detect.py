"""Room: faces. Finds faces with MediaPipe's BlazeFace networks. No tracking, no threads."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import product
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.errors import ModelError
from mirror_app.domain.face import Detection
from mirror_app.faces.protocol import FaceDetector
from mirror_app.imaging.resample import reduced
from mirror_app.runtime.backend import InferenceBackend

_KEYPOINTS = 6
# A network that sees a face everywhere must not cost minutes: only the surest boxes are looked at.
MOST_FACES: Final = 1000
# No picture is larger; a network's huge numbers stay numbers that can be reckoned with.
FARTHEST_PX: Final = 1e7
# Boxes that share more than this of their union are the same face (MediaPipe's face detection graph).
_SAME_FACE_OVERLAP = 0.3
# A box of which this share lies inside another is that face again, or a part of it.
SAME_FACE_PART = 0.5
# Side of a tile as a share of the frame's: four of them cover the frame and overlap by a fifth of it.
_TILE_SHARE = 0.6
# Black margin around the frame before it is cut into tiles, as a share of its longer side.
_MARGIN_SHARE = 0.08


@dataclass(frozen=True, slots=True)
class BlazeFaceSpec:
    """What tells the two BlazeFace networks apart (MediaPipe model cards and detection graphs).

    Attributes:
        file: Name of the model file.
        side: Input side, px; the input is square, RGB, -1..1.
        anchors: (stride in px, anchors per cell) for each feature map.
        threshold: Least score of a face, 0..1.
    """

    file: str
    side: int
    anchors: tuple[tuple[int, int], ...]
    threshold: float


SHORT_RANGE = BlazeFaceSpec("face_detection_short_range.onnx", 128, ((8, 2), (16, 6)), 0.5)
FULL_RANGE = BlazeFaceSpec("face_detection_full_range.onnx", 192, ((4, 1),), 0.6)


class BlazeFaceDetector:
    """Finds all faces of a frame, down to a fifth (short range) or a fifteenth (full range) of its longer side."""

    def __init__(self, spec: BlazeFaceSpec, backend: InferenceBackend) -> None:
        """Wrap a loaded network.

        Raises:
            ModelError: The network's outputs do not have this spec's shape.
        """
        self._spec = spec
        self._backend = backend
        self._anchors = _anchor_centres(spec)
        anchors = len(self._anchors)
        if {output.shape for output in backend.outputs} != {(1, anchors, 1), (1, anchors, 4 + 2 * _KEYPOINTS)}:
            raise ModelError(
                "The model file {name} is not a BlazeFace network. Install mirror-app again.", name=spec.file
            )
        by_width = {output.shape[-1]: index for index, output in enumerate(backend.outputs)}
        self._box_output, self._score_output = by_width[4 + 2 * _KEYPOINTS], by_width[1]
        self._canvas = np.zeros((spec.side, spec.side, 3), np.uint8)
        self._input = np.zeros((1, spec.side, spec.side, 3), np.float32)

    def detect(self, image_bgr: NDArray[np.uint8]) -> list[Detection]:
        """Find faces.

        Args:
            image_bgr: (H, W, 3) uint8.

        Returns:
            Faces in frame px, surest first; empty when there is none.

        Raises:
            ModelError: The network failed or gave non-finite numbers.
        """
        side = self._spec.side
        height, width = image_bgr.shape[:2]
        scale = side / max(height, width)
        inner_wh = (max(round(width * scale), 1), max(round(height * scale), 1))
        self._canvas.fill(0)
        self._canvas[: inner_wh[1], : inner_wh[0]] = reduced(image_bgr, inner_wh)
        rgb = cv2.cvtColor(self._canvas, cv2.COLOR_BGR2RGB)
        np.multiply(rgb, np.float32(1 / 127.5), out=self._input[0])
        self._input -= 1
        outputs = self._backend.run({self._backend.inputs[0].name: self._input})
        return self._decode(outputs[self._box_output][0], outputs[self._score_output][0, :, 0], 1 / scale)

    def _decode(self, raw: NDArray[np.float32], logits: NDArray[np.float32], scale: float) -> list[Detection]:
        if not (np.isfinite(logits).all() and np.isfinite(raw).all()):
            raise ModelError("The network {name} gave numbers that are not finite.", name=self._spec.file)
        threshold = self._spec.threshold
        hits = np.flatnonzero(logits > np.log(threshold / (1 - threshold)))
        hits = hits[np.argsort(-logits[hits])][:MOST_FACES]
        centres = self._anchors[hits] * self._spec.side
        near = np.clip(raw[hits].astype(np.float64), -FARTHEST_PX, FARTHEST_PX)
        box_centres = near[:, :2] + centres
        half_sizes = near[:, 2:4] / 2
        boxes = np.concatenate([box_centres - half_sizes, box_centres + half_sizes], 1) * scale
        points = (near[:, 4:].reshape(-1, _KEYPOINTS, 2) + centres[:, None]) * scale
        scores = 1 / (1 + np.exp(-logits[hits].astype(np.float64).clip(-80, 80)))
        return [
            Detection(boxes[i].astype(np.float32), points[i].astype(np.float32), float(scores[i]))
            for i in suppress_overlaps(boxes)
        ]


def detect_in_tiles(detector: FaceDetector, image_bgr: NDArray[np.uint8], only: int | None = None) -> list[Detection]:
    """Find faces in four overlapping quarters of the frame, down to half the size `detect` alone finds.

    With `only`, any whole number, in one of them: four numbers in a row go through all.

    The frame gets a black margin first, because faces cut by its border are found better away from a tile's edge. A
    face cut by a tile may come out as a part of itself; `same_faces_once` joins it with the whole one.
    """
    margin = round(max(image_bgr.shape[:2]) * _MARGIN_SHARE)
    wide = cv2.copyMakeBorder(image_bgr, margin, margin, margin, margin, cv2.BORDER_CONSTANT)
    height, width = wide.shape[:2]
    tile_width, tile_height = math.ceil(width * _TILE_SHARE), math.ceil(height * _TILE_SHARE)
    corners = list(product(dict.fromkeys((0, width - tile_width)), dict.fromkeys((0, height - tile_height))))
    found = []
    for x, y in corners if only is None else [corners[only % len(corners)]]:
        tile = np.asarray(wide[y : y + tile_height, x : x + tile_width], np.uint8)
        found += [_moved(detection, x - margin, y - margin) for detection in detector.detect(tile)]
    return found


def same_faces_once(detections: list[Detection]) -> list[Detection]:
    """Largest first, leaving out every detection that shows a larger one's face again, or a part of it."""
    ordered = sorted(detections, key=lambda detection: -_area(detection.box_xyxy))
    boxes = np.array([detection.box_xyxy for detection in ordered]).reshape(-1, 4)
    kept: list[int] = []
    for index, box in enumerate(boxes):
        if not kept or share_inside(box, boxes[kept]).max() < SAME_FACE_PART:
            kept.append(index)
    return [ordered[index] for index in kept]


def share_inside(box_xyxy: NDArray[np.float32], others_xyxy: NDArray[np.float32]) -> NDArray[np.float32]:
    """(n,) float32: the share of a box's own area that lies inside each of the others (n, 4); 0 for an empty box."""
    low = np.maximum(box_xyxy[:2], others_xyxy[:, :2])
    high = np.minimum(box_xyxy[2:], others_xyxy[:, 2:])
    area = _area(box_xyxy)
    shared = np.prod(np.maximum(high - low, 0), axis=1)
    return np.asarray(shared / area if area > 0 else 0 * shared, np.float32)


def _area(box_xyxy: NDArray[np.floating]) -> float:
    return float(np.prod(np.maximum(box_xyxy[2:] - box_xyxy[:2], 0)))


def _moved(detection: Detection, x: int, y: int) -> Detection:
    shift = np.array([x, y], np.float32)
    return Detection(detection.box_xyxy + np.tile(shift, 2), detection.keypoints + shift, detection.score)


def suppress_overlaps(
    boxes_xyxy: NDArray[np.floating], most_overlap: float = _SAME_FACE_OVERLAP, wider_px: float = 0.0
) -> list[int]:
    """Keep the first of every group of boxes that mean the same face.

    Args:
        boxes_xyxy: (n, 4), best first; those after the first `MOST_FACES` are left out.
        most_overlap: Boxes that share more of their union mean the same face.
        wider_px: Boxes are taken to be this much wider and higher than their corners say.

    Returns:
        Indices of the kept boxes, best first.
    """
    boxes = boxes_xyxy[:MOST_FACES].astype(np.float64)
    areas = np.prod(np.maximum(boxes[:, 2:] - boxes[:, :2] + wider_px, 0), axis=1)
    kept: list[int] = []
    left = np.arange(len(boxes))
    while left.size:
        first, left = left[0], left[1:]
        kept.append(int(first))
        low = np.maximum(boxes[first, :2], boxes[left, :2])
        high = np.minimum(boxes[first, 2:], boxes[left, 2:])
        shared = np.prod(np.maximum(high - low + wider_px, 0), axis=1)
        left = left[shared <= most_overlap * (areas[first] + areas[left] - shared)]
    return kept


def overlap(a_xyxy: NDArray[np.floating], b_xyxy: NDArray[np.floating]) -> float:
    """Intersection over union of two boxes, 0..1; 0 for empty boxes."""
    low, high = np.maximum(a_xyxy[:2], b_xyxy[:2]), np.minimum(a_xyxy[2:], b_xyxy[2:])
    shared = float(np.prod(np.maximum(high - low, 0)))
    total = _area(a_xyxy) + _area(b_xyxy) - shared
    return shared / total if total > 0 else 0.0


def _anchor_centres(spec: BlazeFaceSpec) -> NDArray[np.float32]:
    """(n, 2) float32, 0..1 of the input: cell by cell, row by row, map by map."""
    centres = []
    for stride, per_cell in spec.anchors:
        cells = spec.side // stride
        axis = (np.arange(cells, dtype=np.float32) + 0.5) / cells
        grid = np.stack(np.meshgrid(axis, axis), -1).reshape(-1, 2)
        centres.append(np.repeat(grid, per_cell, axis=0))
    return np.concatenate(centres)
