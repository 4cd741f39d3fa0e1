"""Room: swap. A swapper that lets somebody look at every patch; changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mirror_app.domain.assignment import Assignment
from mirror_app.domain.frame import Frame
from mirror_app.domain.patch import FacePatch
from mirror_app.swap.protocol import Swapper
from mirror_app.swap.wrapped import WrappedSwapper


class WatchedSwapper(WrappedSwapper):
    """Works as the swapper inside.

    Args:
        inner: Makes the patches.
        see: Called with every patch before it is joined.
    """

    def __init__(self, inner: Swapper, see: Callable[[FacePatch], None]) -> None:
        super().__init__(inner)
        self._see = see

    def generate(self, frame: Frame, assignments: Sequence[Assignment]) -> list[FacePatch]:
        """Make the patches; see `Swapper.generate`."""
        patches = self._inner.generate(frame, assignments)
        for patch in patches:
            self._see(patch)
        return patches
