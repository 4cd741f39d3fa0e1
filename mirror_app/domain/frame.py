"""Room: domain. A picture with its time, before and after the swap. No pixel work here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Size = tuple[int, int]
"""Width and height of a picture, px."""


def size_of(image: NDArray[np.uint8]) -> Size:
    """Width and height of an (H, W, …) picture, px."""
    return image.shape[1], image.shape[0]


def require_image_bgr(image: NDArray[np.uint8]) -> None:
    """Check that an array is a colour picture.

    Raises:
        ValueError: The array is not (H, W, 3) uint8 or is empty.
    """
    if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8 or image.size == 0:
        raise ValueError(f"expected an image of shape (H, W, 3) uint8, got {image.shape} {image.dtype}")


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One camera picture.

    Attributes:
        image_bgr: (H, W, 3) uint8, BGR, read-only by agreement: whoever draws makes a copy.
        index: Rises by one for every picture the provider made, delivered or not.
        captured_ns: `time.monotonic_ns()` of the hand-over from the camera to the app.
    """

    image_bgr: NDArray[np.uint8]
    index: int
    captured_ns: int

    def __post_init__(self) -> None:
        require_image_bgr(self.image_bgr)

    def decode(self) -> Frame:
        """Return itself: a `Frame` is a `PendingFrame` that needs no decoding."""
        return self


class PendingFrame(Protocol):
    """A camera picture not decoded yet, so that a stale one can be dropped before the work is spent."""

    @property
    def index(self) -> int:
        """Rises by one for every picture the provider made."""

    @property
    def captured_ns(self) -> int:
        """`time.monotonic_ns()` of the hand-over from the camera to the app."""

    def decode(self) -> Frame:
        """Convert to BGR. Called at most once, by the worker thread.

        Raises:
            InputError: The picture cannot be decoded.
        """


@dataclass(frozen=True, slots=True, eq=False)
class RenderedFrame:
    """A frame after the renderer: every assigned face replaced, or not.

    Attributes:
        image_bgr: (H, W, 3) uint8, BGR; owned by this object, never the camera's own array.
        index: Index of the `Frame` it was made from.
        captured_ns: Time of the `Frame` it was made from.
        covered_ids: Track ids of the faces that a valid patch covers.
        behind_ids: Track ids of those among them that something is in front of.
    """

    image_bgr: NDArray[np.uint8]
    index: int
    captured_ns: int
    covered_ids: frozenset[int]
    behind_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class SafeFrame:
    """A picture that may leave the app: made by `pipeline.guard` and by nobody else.

    Attributes:
        image_bgr: (H, W, 3) uint8, BGR, label already drawn when it is on; read-only.
        index: Index of the camera frame at whose turn it leaves.
        captured_ns: Time of the camera frame that it shows: a held one keeps its own; a card has that of its turn.
    """

    image_bgr: NDArray[np.uint8]
    index: int
    captured_ns: int
