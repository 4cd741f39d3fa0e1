"""Room: swap. A swapper that lets somebody look at every patch; changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mirror_app.domain.assignment import Assignment
from mirror_app.domain.frame import Frame
from mirror_app.domain.patch import FacePatch
from mirror_app.swap.protocol import Swapper


class WatchedSwapper:
    """Works as the swapper inside.

    Args:
        inner: Makes the patches.
        see: Called with every patch before it is joined.
    """

    def __init__(self, inner: Swapper, see: Callable[[FacePatch], None]) -> None:
        self._inner, self._see = inner, see

    @property
    def engine(self) -> str:
        """Name of the way of swapping."""
        return self._inner.engine

    @property
    def device(self) -> str:
        """Where it runs, for people."""
        return self._inner.device

    @property
    def trouble(self) -> str:
        """Why the inner one is out of use."""
        return self._inner.trouble

    @property
    def aside(self) -> str:
        """Why another way covers a face."""
        return self._inner.aside

    def generate(self, frame: Frame, assignments: Sequence[Assignment]) -> list[FacePatch]:
        """Make the patches; see `Swapper.generate`."""
        patches = self._inner.generate(frame, assignments)
        for patch in patches:
            self._see(patch)
        return patches
