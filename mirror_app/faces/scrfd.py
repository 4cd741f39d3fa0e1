"""Room: faces. Finds faces with the SCRFD networks and RetinaFace-10g. No tracking, no threads."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.errors import ModelError
from mirror_app.domain.face import Detection
from mirror_app.faces.detect import FARTHEST_PX, MOST_FACES, suppress_overlaps
from mirror_app.faces.specs import DetectorSpec
from mirror_app.runtime.backend import InferenceBackend

_STRIDES: Final = (8, 16, 32)
_ANCHORS_PER_CELL: Final = 2
# Numbers per anchor of the three kinds of outputs: score, distances to the box's four sides, five points.
_SCORE, _BOX, _POINTS = 1, 4, 10
_COARSEST: Final = _STRIDES[-1]
# The reference counts a box's last pixel in: insightface's boxes are one px wider and higher where they are compared.
_LAST_PIXEL: Final = 1.0


class ScrfdDetector:
    """Finds all faces of a frame and five points on each.

    Its finest anchors are 16 px of the network's input, and the frame's longer side is reduced to `side`: faces are
    found from about 16 * longer / side px on, that is 32 px at 1280 x 720 and 48 px at 1920 x 1080 with a side of 640.

    Attributes:
        is_free: Whether the network takes pictures of any size.
        is_reduced: True makes `side` a quarter shorter, in a network that is free. May be changed between pictures.
    """

    def __init__(self, backend: InferenceBackend, spec: DetectorSpec, side: int = 640) -> None:
        """Wrap a loaded network.

        Args:
            backend: The network; where its height and width are free, the frame's shape decides them.
            spec: How it wants its pictures.
            side: Longer side of its input, px, a multiple of 32; a network of fixed size has its own.

        Raises:
            ModelError: The network has not one picture as input and nine outputs.
            ValueError: The side is no multiple of 32.
        """
        if side <= 0 or side % _COARSEST:
            raise ValueError(f"expected a side that is a multiple of {_COARSEST}, got {side}")
        shapes = [tensor.shape for tensor in backend.inputs]
        if len(shapes) != 1 or len(shapes[0]) != 4 or shapes[0][1] not in (3, -1) or len(backend.outputs) != 9:
            raise ModelError(
                "This is no SCRFD network: expected an input (1, 3, H, W) and 9 outputs, got {inputs} and {outputs}.",
                inputs=shapes,
                outputs=len(backend.outputs),
            )
        self._backend, self._spec, self._side = backend, spec, side
        self._input_name = backend.inputs[0].name
        self._fixed_hw = shapes[0][2:] if min(shapes[0][2:]) > 0 else None
        self.is_free, self.is_reduced = self._fixed_hw is None, False
        self._frame_hw, self._was_reduced = (0, 0), False
        self._scale = 1.0
        self._small = np.zeros((1, 1, 3), np.uint8)
        self._how = cv2.INTER_LINEAR
        self._planes: list[NDArray[np.uint8]] = []
        self._input = np.zeros((1, 3, _COARSEST, _COARSEST), np.float32)

    @property
    def device(self) -> str:
        """Where it runs, for people."""
        return self._backend.device

    def detect(self, image_bgr: NDArray[np.uint8]) -> list[Detection]:
        """Find faces; see `FaceDetector.detect`. Five keypoints each, in the order of `domain.templates`.

        Raises:
            ModelError: The network failed, gave non-finite numbers, or outputs of the wrong shapes.
        """
        if (image_bgr.shape[:2], self.is_reduced) != (self._frame_hw, self._was_reduced):
            self._was_reduced = self.is_reduced
            self._make_room(image_bgr.shape[0], image_bgr.shape[1])
        self._fill(image_bgr)
        maps = self._by_stride(self._backend.run({self._input_name: self._input}))
        found = [self._decode(stride, *arrays) for stride, arrays in zip(_STRIDES, maps, strict=True)]
        scores, boxes, points = (np.concatenate(parts) for parts in zip(*found, strict=True))
        order = np.argsort(-scores, kind="stable")[:MOST_FACES]
        scores, boxes, points = scores[order], boxes[order] / self._scale, points[order] / self._scale
        return [
            Detection(boxes[index].astype(np.float32), points[index].astype(np.float32), min(float(scores[index]), 1.0))
            for index in suppress_overlaps(boxes, self._spec.most_overlap, _LAST_PIXEL)
        ]

    def _make_room(self, height: int, width: int) -> None:
        """Buffers for frames of a size: the picture lies in the input's top left corner, black fills the rest."""
        input_h, input_w = self._fixed_hw or self._input_hw(height, width)
        # As in insightface: the limiting side fits exactly, the other one is cut to whole px.
        if height / width > input_h / input_w:
            small_h, small_w = input_h, int(input_h / (height / width))
        else:
            small_h, small_w = int(input_w * (height / width)), input_w
        small_h, small_w = max(small_h, 1), max(small_w, 1)
        self._scale = small_h / height
        self._how = _interpolation((width, height), (small_w, small_h))
        self._small = np.zeros((small_h, small_w, 3), np.uint8)
        self._planes = [np.zeros((small_h, small_w), np.uint8) for _ in range(3)]
        self._input = np.full((1, 3, input_h, input_w), -self._spec.mean / self._spec.std, np.float32)
        self._frame_hw = (height, width)

    def _input_hw(self, height: int, width: int) -> tuple[int, int]:
        """The longer side is `side`; the shorter one as the frame needs it: a wide frame costs less than a square."""
        side = self._side if not self.is_reduced else max(self._side * 3 // 4 // _COARSEST, 1) * _COARSEST
        shorter = -(-side * min(height, width) // (max(height, width) * _COARSEST)) * _COARSEST
        return (shorter, side) if height <= width else (side, shorter)

    def _fill(self, image_bgr: NDArray[np.uint8]) -> None:
        small_h, small_w = self._small.shape[:2]
        cv2.resize(image_bgr, (small_w, small_h), dst=self._small, interpolation=self._how)
        cv2.split(self._small, self._planes)
        factor, shift = 1 / self._spec.std, -self._spec.mean / self._spec.std
        for plane, values in zip(self._planes, self._input[0, :: -1 if self._spec.rgb else 1], strict=True):
            # The sum of a picture and nothing is OpenCV's fastest way from bytes to scaled floats.
            cv2.addWeighted(plane, factor, plane, 0, shift, dst=values[:small_h, :small_w], dtype=cv2.CV_32F)

    def _by_stride(self, outputs: list[NDArray[np.float32]]) -> list[list[NDArray[np.float32]]]:
        """(scores, boxes, points) for each stride, found by their shapes: files differ in order and leading dimension.

        Raises:
            ModelError: An output is missing.
        """
        height, width = self._input.shape[2:]
        by_shape = {output.shape[-2:]: output.reshape(output.shape[-2:]) for output in outputs if output.ndim >= 2}
        rows = [(height // stride) * (width // stride) * _ANCHORS_PER_CELL for stride in _STRIDES]
        wanted = [[(count, numbers) for numbers in (_SCORE, _BOX, _POINTS)] for count in rows]
        if len(by_shape) != len(outputs) or any(shape not in by_shape for shapes in wanted for shape in shapes):
            raise ModelError(
                "The face detector gave outputs of the wrong shapes: expected {expected}, got {got}.",
                expected=[shape for shapes in wanted for shape in shapes],
                got=[output.shape for output in outputs],
            )
        return [[by_shape[shape] for shape in shapes] for shapes in wanted]

    def _decode(
        self, stride: int, scores: NDArray[np.float32], sides: NDArray[np.float32], offsets: NDArray[np.float32]
    ) -> tuple[NDArray[np.float32], NDArray[np.float64], NDArray[np.float64]]:
        """Scores (n,), boxes (n, 4) and points (n, 5, 2), px of the input, of the anchors that show a face."""
        hits = np.flatnonzero(scores >= self._spec.threshold)
        if not np.isfinite(scores).all() or not (np.isfinite(sides[hits]).all() and np.isfinite(offsets[hits]).all()):
            raise ModelError("The face detector gave numbers that are not finite.")
        if len(hits) > MOST_FACES:
            hits = np.sort(hits[np.argpartition(-scores[hits, 0], MOST_FACES)[:MOST_FACES]])
        rows, columns = np.divmod(hits // _ANCHORS_PER_CELL, self._input.shape[3] // stride)
        centres = np.stack([columns, rows], 1) * float(stride)
        far = FARTHEST_PX / stride
        reach = np.clip(sides[hits].astype(np.float64), -far, far) * stride
        boxes = np.concatenate([centres - reach[:, :2], centres + reach[:, 2:]], 1)
        away = np.clip(offsets[hits].astype(np.float64), -far, far) * stride
        return scores[hits, 0], boxes, centres[:, None] + away.reshape(-1, 5, 2)


def _interpolation(size_wh: tuple[int, int], small_wh: tuple[int, int]) -> int:
    """How to reduce a picture so that it comes out as under linear interpolation: one of OpenCV's `INTER_` constants.

    One pixel of 3 x 3, as 1920 x 1080 px have for each of 640 x 360, lies just where that looks: taking it as it is
    costs half the time.
    """
    times = size_wh[0] // small_wh[0]
    is_in_the_middle = times % 2 == 1 and size_wh == (times * small_wh[0], times * small_wh[1])
    return cv2.INTER_NEAREST_EXACT if is_in_the_middle else cv2.INTER_LINEAR
