"""Room: render. The seam between the mirror and the way a frame's faces are replaced."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from mirror_app.domain.assignment import Assignment, Joining
from mirror_app.domain.face import TrackedFace
from mirror_app.domain.frame import Frame, RenderedFrame


class FaceRenderer(Protocol):
    """Turns a frame and who-wears-what into a rendered frame."""

    @property
    def engine(self) -> str:
        """Name of the way of swapping, as in `--engine`."""

    @property
    def device(self) -> str:
        """Where it runs, for people."""

    @property
    def trouble(self) -> str:
        """A sentence about why the way of swapping that was taken is out of use; "" while it is not."""

    @property
    def aside(self) -> str:
        """A sentence about why another way covers a face of the last frame though nothing is out of use; else ""."""

    def render(
        self, frame: Frame, assignments: Sequence[Assignment], joining: Joining, hidden: Sequence[TrackedFace] = ()
    ) -> RenderedFrame:
        """Replace every assigned face.

        Args:
            frame: The camera picture.
            assignments: Whom to cover, and with whose face.
            joining: How the faces are joined to the picture.
            hidden: Who is to be pixelated by the caller; whoever of them wore a target just before goes there in a few
                frames, and is covered until then.

        Returns:
            A frame of its own pixels; `covered_ids` names the faces a valid patch covers.

        Raises:
            ModelError: A network failed.
        """
