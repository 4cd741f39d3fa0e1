"""Room: swap. Runs a swapping network on small pictures: numbers in, pictures out. Knows no faces and no frames."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.errors import ModelError
from mirror_app.runtime.backend import InferenceBackend
from mirror_app.swap.neural.colour_planes import ColourPlanes
from mirror_app.swap.neural.output_check import is_finite
from mirror_app.swap.neural.spec import SwapperSpec


@dataclass(frozen=True, slots=True)
class Ports:
    """Which of a network's inputs is which.

    Attributes:
        crop: Name of the input for the live face's crop.
        identity: Name of the input that says whose face to make.
        takes_many: Its batch is free.
    """

    crop: str
    identity: str
    takes_many: bool


class SwapNetwork:
    """A swapping network with what goes before and after it. Its arrays are kept from run to run. For one thread."""

    def __init__(self, model: SwapperSpec, backend: InferenceBackend, ports: Ports) -> None:
        self._name, self._side, self._backend, self._ports = model.name, model.side, backend, ports
        self._into = ColourPlanes(model.side, model.mean, model.std)
        # SimSwap takes ImageNet's mean and deviation and gives 0..1 all the same.
        self._out_of = self._into if model.denormalise else ColourPlanes(model.side, (0, 0, 0), (1, 1, 1))
        self._crops: dict[int, NDArray[np.float32]] = {}
        self._identities: dict[int, NDArray[np.float32]] = {}

    def paint(
        self,
        crops_bgr: Sequence[NDArray[np.uint8]],
        identities: Sequence[NDArray[np.float32]],
        painted_bgr: Sequence[NDArray[np.uint8]],
    ) -> list[bool]:
        """Run the network on every crop: at once where its batch is free, else one after the other.

        Args:
            crops_bgr: (side, side, 3) uint8 each.
            identities: One batch of one for each crop, float32.
            painted_bgr: (side, side, 3) uint8 each, are filled.

        Returns:
            For each crop, whether the network gave finite numbers; where it did not the picture is left as it was.

        Raises:
            ModelError: The network failed, or gave something of another shape.
        """
        step = len(crops_bgr) if self._ports.takes_many else 1
        finite = []
        for first in range(0, len(crops_bgr), max(step, 1)):
            batch = slice(first, first + step)
            finite += self._paint_batch(crops_bgr[batch], identities[batch], painted_bgr[batch])
        return finite

    def _paint_batch(
        self,
        crops_bgr: Sequence[NDArray[np.uint8]],
        identities: Sequence[NDArray[np.float32]],
        painted_bgr: Sequence[NDArray[np.uint8]],
    ) -> list[bool]:
        count = len(crops_bgr)
        planes = self._kept(self._crops, (count, 3, self._side, self._side))
        for one, crop in zip(planes, crops_bgr, strict=True):
            self._into.fill(one, crop)
        output = self._backend.run({self._ports.crop: planes, self._ports.identity: self._joined(identities)})[0]
        if output.shape != planes.shape:
            raise ModelError(
                "The network {name} gave an output of shape {got}; {expected} was expected.",
                name=self._name,
                got=output.shape,
                expected=planes.shape,
            )
        finite = [is_finite(one) for one in output]
        for is_good, one, picture in zip(finite, output, painted_bgr, strict=True):
            if is_good:
                self._out_of.draw(picture, one)
        return finite

    def _joined(self, identities: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
        """The same array for the same single identity: a backend need not take it in again."""
        if len(identities) == 1:
            return identities[0]
        joined = self._kept(self._identities, (len(identities), *identities[0].shape[1:]))
        return np.concatenate(identities, out=joined)

    def _kept(self, arrays: dict[int, NDArray[np.float32]], shape: tuple[int, ...]) -> NDArray[np.float32]:
        if shape[0] not in arrays:
            arrays[shape[0]] = np.empty(shape, np.float32)
        return arrays[shape[0]]
