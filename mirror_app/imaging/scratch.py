"""Room: imaging. Memory that is used again and again for arrays of changing size. Knows no pictures."""

from __future__ import annotations

import math
from typing import Generic

import numpy as np
from numpy.typing import NDArray

from mirror_app.imaging.resample import Scalar


class Scratch(Generic[Scalar]):
    """Memory for one array at a time; asks for more only when a larger one than ever is wanted."""

    def __init__(self, dtype: type[Scalar]) -> None:
        self._dtype: type[Scalar] = dtype
        self._room: NDArray[Scalar] = np.empty(0, dtype)

    def array(self, *shape: int) -> NDArray[Scalar]:
        """A contiguous array of this shape with anything in it; valid until the next call."""
        size = math.prod(shape)
        if self._room.size < size:
            # Some more than is needed, so that a face that comes nearer does not ask for new memory at every frame.
            self._room = np.empty(size * 9 // 8, self._dtype)
        return self._room[:size].reshape(shape)
