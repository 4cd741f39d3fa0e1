"""Room: deliver. Memory that two processes share: a card, places for pictures, two counters. Knows no pipe, no camera.

Nobody else can find it: it has no name in the file system, so whatever becomes of either process, the system takes it
back with the last of them.
"""

from __future__ import annotations

import mmap
import os
import secrets
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.frame import Size

PLACES: Final = 3
"""One picture is shown, one is the next, one is being written."""
CARD: Final = PLACES
"""The place of the card; it is written before the other process starts, and never again."""
_COUNTERS_BYTES: Final = mmap.PAGESIZE
"""The counters have a page of their own; the pictures begin after it."""


class SharedPictures:
    """Both sides' view. Who may touch which place is for them to agree on: there is no lock in here.

    Attributes:
        places: (PLACES + 1, h, w, 3) uint8 BGR.
        counters: (2,) int64: pictures that went out, and pictures that should have.
    """

    def __init__(self, memory: mmap.mmap, size_wh: Size) -> None:
        width, height = size_wh
        self.counters: NDArray[np.int64] = np.frombuffer(memory, np.int64, 2)
        pixels: NDArray[np.uint8] = np.frombuffer(memory, np.uint8, _pixel_bytes(size_wh), _COUNTERS_BYTES)
        self.places: NDArray[np.uint8] = pixels.reshape(PLACES + 1, height, width, 3)


@contextmanager
def made_pictures(size_wh: Size) -> Iterator[tuple[SharedPictures, str, tuple[int, ...]]]:
    """New memory, all zeros.

    Yields:
        The memory; the word by which a child process opens it; the file descriptors that the child must inherit. They
        are closed afterwards: once the child has started, the memory needs them no more.

    Raises:
        OSError: There is not enough memory.
    """
    length = _COUNTERS_BYTES + _pixel_bytes(size_wh)
    if sys.platform == "win32":
        name = f"mirror-app-{secrets.token_hex(16)}"
        yield SharedPictures(mmap.mmap(-1, length, tagname=name), size_wh), name, ()
    else:
        descriptor = _unnamed_file()
        try:
            os.ftruncate(descriptor, length)
            yield SharedPictures(mmap.mmap(descriptor, length), size_wh), str(descriptor), (descriptor,)
        finally:
            os.close(descriptor)


def open_pictures(word: str, size_wh: Size) -> SharedPictures:
    """The other side's memory.

    Args:
        word: What `made_pictures` gave.
        size_wh: Of the pictures, as there.
    """
    length = _COUNTERS_BYTES + _pixel_bytes(size_wh)
    if sys.platform == "win32":
        return SharedPictures(mmap.mmap(-1, length, tagname=word), size_wh)
    memory = mmap.mmap(int(word), length)
    os.close(int(word))
    return SharedPictures(memory, size_wh)


def _unnamed_file() -> int:
    if hasattr(os, "memfd_create"):
        return os.memfd_create("mirror-app")
    # Removed before anybody could see it.
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


def _pixel_bytes(size_wh: Size) -> int:
    return (PLACES + 1) * size_wh[0] * size_wh[1] * 3
