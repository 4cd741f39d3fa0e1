"""Room: render. Memory for finished frames, taken back when nobody looks at one any more. Draws nothing."""

from __future__ import annotations

import weakref
from collections import deque
from typing import Final

import numpy as np
from numpy.typing import NDArray

# Unused frames kept at most: the window, the outputs and the guard hold about as many at a time.
_MOST_IDLE: Final = 4


class FrameRoom:
    """Copies frames into memory used before: fresh memory of this size costs more than the copy itself."""

    def __init__(self) -> None:
        self._idle: deque[NDArray[np.uint8]] = deque(maxlen=_MOST_IDLE)

    def copy_of(self, image_bgr: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The caller's own copy of (H, W, 3) uint8; its memory is used again when the last reference to it is gone."""
        copy = self.memory(image_bgr.shape)
        np.copyto(copy, image_bgr)
        return copy

    def memory(self, shape: tuple[int, ...]) -> NDArray[np.uint8]:
        """The caller's own array of this shape, with anything in it; used again as a copy's is."""
        memory = self._take(shape)
        # Over a memoryview: a view keeps alive the array at the bottom, and so that is this one, not `memory`.
        lent = np.asarray(memory.data)
        weakref.finalize(lent, self._idle.append, memory).atexit = False
        return lent

    def _take(self, shape: tuple[int, ...]) -> NDArray[np.uint8]:
        while True:
            try:
                memory = self._idle.pop()
            # The last reference may go in any thread: looking before taking would be no safer.
            except IndexError:
                return np.empty(shape, np.uint8)
            if memory.shape == shape:
                return memory
