"""Room: swap. A large picture as several small ones that interleave, and back. Exact; knows no networks."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray


def taken_apart(image: NDArray[np.uint8], tiles: int, parts: Sequence[NDArray[np.uint8]]) -> None:
    """Write every `tiles`-th pixel of every `tiles`-th row into a part of its own.

    Each part shows the whole picture, moved by a pixel: a network that was trained on small pictures does each part as
    if it were the whole.

    Args:
        image: (n * tiles, n * tiles, 3) uint8.
        tiles: >= 1.
        parts: tiles * tiles arrays (n, n, 3) uint8, are filled.
    """
    for row in range(tiles):
        line = parts[row * tiles : (row + 1) * tiles]
        cv2.mixChannels([_rows(image, tiles, row)], list(line), _in_order(tiles))


def put_together(parts: Sequence[NDArray[np.uint8]], tiles: int, image: NDArray[np.uint8]) -> None:
    """Write the picture whose parts these are; the inverse of `taken_apart`, with the same arguments."""
    for row in range(tiles):
        line = parts[row * tiles : (row + 1) * tiles]
        cv2.mixChannels(list(line), [_rows(image, tiles, row)], _in_order(tiles))


def _rows(image: NDArray[np.uint8], tiles: int, row: int) -> NDArray[np.uint8]:
    """Every `tiles`-th row, as a view in which neighbours in a row are the channels of one pixel.

    So OpenCV sorts them as it sorts colours, ten times faster than NumPy copies three bytes at a time.
    """
    rows = image[row::tiles]
    return rows.reshape(rows.shape[0], rows.shape[1] // tiles, 3 * tiles)


def _in_order(tiles: int) -> list[int]:
    """OpenCV's from-to pairs that keep the channels' order."""
    return [channel for channel in range(3 * tiles) for _ in range(2)]
