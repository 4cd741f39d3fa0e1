"""Room: swap. What is held before a face, as an occlusion network (XSeg) sees it, stays live. No joining."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.assignment import Assignment
from mirror_app.domain.frame import Frame
from mirror_app.imaging.resample import blurred
from mirror_app.runtime.backend import InferenceBackend
from mirror_app.swap.neural.aligned_crop import AlignedCrop
from mirror_app.swap.neural.masks.drawing import everything
from mirror_app.swap.neural.masks.face_crop import FaceCrop
from mirror_app.swap.neural.masks.network_spec import MaskNetSpec, checked

# As FaceFusion treats this network's answers: blurred by so much, and shown from one half on.
_SOFTNESS_PX: Final = 5.0
_SHOWN: Final = np.clip(2 * np.arange(256) - 255, 0, 255).astype(np.uint8)


class OccluderMask:
    """Asks an occlusion network about every face; for one thread, its arrays are reused."""

    def __init__(self, backend: InferenceBackend, spec: MaskNetSpec) -> None:
        self._backend, self._spec = backend, spec
        self._cut = FaceCrop(spec.template, spec.side)
        self._input = np.empty((1, spec.side, spec.side, 3), np.float32)
        self._face = np.empty((spec.side, spec.side), np.float32)

    def mask(self, frame: Frame, crop: AlignedCrop, assignment: Assignment) -> NDArray[np.uint8]:
        """Draw the mask; see `MaskMaker.mask`."""
        seen = self._cut.of(frame.image_bgr, crop)
        if seen is None:
            return everything(crop.side)
        np.multiply(seen.image_bgr, np.float32(1 / 255), out=self._input[0])
        output = self._backend.run({self._backend.inputs[0].name: self._input})[0]
        share = checked(output, (1, seen.side, seen.side, 1), self._spec.name).reshape(seen.side, seen.side)
        np.clip(share, 0, 1, out=self._face)
        soft = blurred(np.asarray(cv2.convertScaleAbs(self._face, alpha=255), np.uint8), _SOFTNESS_PX)
        return self._cut.carried(np.asarray(cv2.LUT(soft, _SHOWN), np.uint8), seen, crop)
