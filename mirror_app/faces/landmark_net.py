"""Room: faces. Places 106 points, or 68 in space, on a face whose box is known. No detection, no tracking."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.errors import ModelError
from mirror_app.faces.specs import LandmarkSpec
from mirror_app.runtime.backend import InferenceBackend


class LandmarkNet:
    """insightface's 2d106det or 1k3d68. Not safe for two threads at once."""

    def __init__(self, backend: InferenceBackend, spec: LandmarkSpec) -> None:
        """Wrap a loaded network.

        Raises:
            ModelError: The network does not turn one picture of this spec's side into its count of numbers.
        """
        wanted = (3, spec.side, spec.side)
        inputs = [tensor.shape for tensor in backend.inputs]
        outputs = [tensor.shape for tensor in backend.outputs]
        fits = (
            len(inputs) == 1
            and len(inputs[0]) == 4
            and all(got in (-1, want) for got, want in zip(inputs[0][1:], wanted, strict=True))
        )
        if not fits or len(outputs) != 1 or outputs[0][-1] not in (-1, spec.outputs):
            raise ModelError(
                "This is no landmark network: expected an input {wanted} and an output of {count} numbers, got {got}.",
                wanted=("N", *wanted),
                count=spec.outputs,
                got=f"{inputs} -> {outputs}",
            )
        self._backend, self._spec = backend, spec
        self._input_name = backend.inputs[0].name
        self._crop = np.zeros((spec.side, spec.side, 3), np.uint8)
        self._input = np.zeros((1, *wanted), np.float32)

    def locate(self, image_bgr: NDArray[np.uint8], box_xyxy: NDArray[np.floating]) -> NDArray[np.float32] | None:
        """Place the points.

        Args:
            image_bgr: (H, W, 3) uint8.
            box_xyxy: (4,) the face's box, px of the picture.

        Returns:
            (points, dims) float32, px of the picture, a third number in the same unit as the network gives it; None
            where the box is too small to hold a face.

        Raises:
            ModelError: The network failed or gave non-finite numbers.
        """
        spec = self._spec
        low, high = box_xyxy[:2].astype(np.float64), box_xyxy[2:].astype(np.float64)
        longer = float((high - low).max())
        if not np.isfinite(box_xyxy).all() or longer < 1:
            return None
        scale = spec.side / (longer * spec.scale)
        shift = spec.side / 2 - scale * (low + high) / 2
        crop_from_frame = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]])
        cv2.warpAffine(image_bgr, crop_from_frame, (spec.side, spec.side), dst=self._crop)
        self._input[0] = self._crop.transpose(2, 0, 1)[::-1]
        raw = self._backend.run({self._input_name: self._input})[0]
        if raw.size != spec.outputs or not np.isfinite(raw).all():
            raise ModelError(
                "The landmark network gave {got} numbers or some that are not finite, expected {expected}.",
                got=raw.size,
                expected=spec.outputs,
            )
        # The network's unit is half the crop's side, its origin the crop's middle.
        points = raw.reshape(-1, spec.dims)[-spec.points :].astype(np.float64) * (spec.side / 2)
        points[:, :2] += spec.side / 2 - shift
        return np.asarray(points / scale, np.float32)
