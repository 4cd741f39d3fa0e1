"""Room: faces. Tells who somebody is: a vector of 512 numbers (ArcFace). No detection, no comparing."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.errors import ModelError
from mirror_app.domain.templates import crop_from_landmarks
from mirror_app.faces.specs import W600K_R50, RecogniserSpec
from mirror_app.runtime.backend import InferenceBackend

EMBEDDING_SIZE: Final = 512


class ArcFace:
    """A recogniser. Not safe for two threads at once."""

    def __init__(self, backend: InferenceBackend, spec: RecogniserSpec = W600K_R50) -> None:
        """Wrap a loaded network.

        Raises:
            ModelError: The network does not turn one crop of this size into 512 numbers.
        """
        self._backend, self._spec = backend, spec
        got_in = [tensor.shape for tensor in backend.inputs]
        got_out = [tensor.shape for tensor in backend.outputs]
        want = (3, spec.side, spec.side)
        fits_in = len(got_in) == 1 and len(got_in[0]) == 4 and _fits(got_in[0][1:], want)
        if not fits_in or len(got_out) != 1 or not _fits(got_out[0][-1:], (EMBEDDING_SIZE,)):
            raise ModelError(
                "This is no ArcFace network: expected an input {wanted} and an output of 512 numbers, got {got}.",
                wanted=("N", *want),
                got=f"{got_in} -> {got_out}",
            )
        self._input_name = backend.inputs[0].name
        self._crop = np.zeros((spec.side, spec.side, 3), np.uint8)
        self._input = np.zeros((1, *want), np.float32)

    def embed(self, image_bgr: NDArray[np.uint8], landmarks: NDArray[np.floating]) -> NDArray[np.float32]:
        """Who a face is, (512,) float32 of unit length; see `raw`."""
        raw = self.raw(image_bgr, landmarks).astype(np.float64)
        return np.asarray(raw / np.linalg.norm(raw), np.float32)

    def raw(self, image_bgr: NDArray[np.uint8], landmarks: NDArray[np.floating]) -> NDArray[np.float32]:
        """Who a face is, as the network says it.

        Args:
            image_bgr: (H, W, 3) uint8.
            landmarks: (5, 2), px of the picture, in the order of `domain.templates`.

        Returns:
            (512,) float32, its length says how good the picture is; the caller's own.

        Raises:
            ModelError: The network failed, or gave non-finite numbers or nothing but zeros.
            ValueError: The landmarks all coincide or are not finite.
        """
        self._fill(image_bgr, landmarks)
        raw = self._backend.run({self._input_name: self._input})[0]
        if raw.shape != (1, EMBEDDING_SIZE):
            raise ModelError(
                "The recogniser gave {got} numbers, expected {expected}.", got=raw.shape, expected=(1, EMBEDDING_SIZE)
            )
        if not np.isfinite(raw).all() or not raw.any():
            raise ModelError("The recogniser gave numbers that are not finite, or nothing but zeros.")
        return np.array(raw[0], np.float32)

    def _fill(self, image_bgr: NDArray[np.uint8], landmarks: NDArray[np.floating]) -> None:
        """The face's crop, RGB, into the network's input; black beyond the picture's border."""
        spec = self._spec
        crop_from_frame = crop_from_landmarks(landmarks, spec.template, spec.side)
        cv2.warpAffine(image_bgr, crop_from_frame, (spec.side, spec.side), dst=self._crop)
        np.subtract(self._crop.transpose(2, 0, 1)[::-1], np.float32(spec.mean), out=self._input[0])
        self._input *= np.float32(1 / spec.std)


def _fits(shape: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    return len(shape) == len(wanted) and all(got in (-1, want) for got, want in zip(shape, wanted, strict=True))
