"""Room: swap. Which pixels are face, as a parsing network (BiSeNet) sees it: hair and hands stay live. No joining."""

from __future__ import annotations

from functools import reduce
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.assignment import Assignment, Glasses
from mirror_app.domain.frame import Frame
from mirror_app.imaging.resample import blurred
from mirror_app.runtime.backend import InferenceBackend
from mirror_app.swap.neural.aligned_crop import AlignedCrop
from mirror_app.swap.neural.colour_planes import ColourPlanes
from mirror_app.swap.neural.masks.drawing import everything
from mirror_app.swap.neural.masks.face_crop import FaceCrop
from mirror_app.swap.neural.masks.network_spec import MaskNetSpec, checked

# The 19 classes of CelebAMask-HQ, by number: skin 1, brows 2 3, eyes 4 5, glasses 6, nose 10, mouth 11, lips 12 13; the
# others are background, ears, neck, clothes, hair and hats.
_CLASSES: Final = 19
_FACE: Final = (1, 2, 3, 4, 5, 10, 11, 12, 13)
_GLASSES: Final = 6
# The network was trained with ImageNet's colours, RGB.
_MEAN_RGB: Final = (0.485, 0.456, 0.406)
_STD_RGB: Final = (0.229, 0.224, 0.225)
# The mask is finished at half the network's side (256 of 512). There two pixels, four of the network's, are added
# around the face: its classes end inside the skin's edge.
_ADDED: Final = np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5)), np.uint8)
_SOFTNESS_PX: Final = 1.5


class RegionsMask:
    """Asks a parsing network about every face; for one thread, its arrays are reused."""

    def __init__(self, backend: InferenceBackend, spec: MaskNetSpec) -> None:
        self._backend, self._spec = backend, spec
        self._cut = FaceCrop(spec.template, spec.side)
        self._input = np.empty((1, 3, spec.side, spec.side), np.float32)
        self._planes = ColourPlanes(spec.side, _MEAN_RGB, _STD_RGB)
        self._face, self._other = (np.empty((spec.side, spec.side), np.float32) for _ in range(2))

    def mask(self, frame: Frame, crop: AlignedCrop, assignment: Assignment) -> NDArray[np.uint8]:
        """Draw the mask; see `MaskMaker.mask`."""
        seen = self._cut.of(frame.image_bgr, crop)
        if seen is None:
            return everything(crop.side)
        self._planes.fill(self._input[0], seen.image_bgr)
        output = self._backend.run({self._backend.inputs[0].name: self._input})[0]
        scores = checked(output, (1, _CLASSES, seen.side, seen.side), self._spec.name)[0]
        kept = (*_FACE, _GLASSES) if assignment.glasses is Glasses.REPLACE else _FACE
        face = cv2.compare(self._largest(scores, kept, self._face), self._largest_other(scores, kept), cv2.CMP_GT)
        half = cv2.resize(face, (seen.side // 2, seen.side // 2), interpolation=cv2.INTER_AREA)
        soft = blurred(np.asarray(cv2.dilate(half, _ADDED), np.uint8), _SOFTNESS_PX)
        return self._cut.carried(soft, seen, crop)

    def _largest_other(self, scores: NDArray[np.float32], kept: tuple[int, ...]) -> NDArray[np.float32]:
        return self._largest(scores, tuple(one for one in range(_CLASSES) if one not in kept), self._other)

    def _largest(
        self, scores: NDArray[np.float32], classes: tuple[int, ...], room: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """The best score among some classes at every pixel, in `room`."""
        np.copyto(room, scores[classes[0]])
        return reduce(lambda most, one: np.asarray(cv2.max(most, scores[one], dst=most), np.float32), classes[1:], room)
