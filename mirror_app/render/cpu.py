"""Room: render. Swap and compose on the CPU, face by face."""

from __future__ import annotations

from collections.abc import Sequence

from mirror_app.compose.joiner import Joiner
from mirror_app.domain.assignment import Assignment, Joining
from mirror_app.domain.frame import Frame, RenderedFrame
from mirror_app.render.frame_room import FrameRoom
from mirror_app.render.soundness import is_sound
from mirror_app.swap.protocol import Swapper


class CpuRenderer:
    """Asks the swapper for each face's patch and joins it."""

    def __init__(self, swapper: Swapper) -> None:
        self._swapper = swapper
        self._joiner = Joiner()
        self._room = FrameRoom()

    @property
    def engine(self) -> str:
        """Name of the way of swapping."""
        return self._swapper.engine

    @property
    def device(self) -> str:
        """Where it runs, for people."""
        return self._swapper.device

    @property
    def trouble(self) -> str:
        """Why the way of swapping that was taken is out of use; "" while it is not."""
        return self._swapper.trouble

    @property
    def aside(self) -> str:
        """Why another way covers a face of the last frame; else ""."""
        return self._swapper.aside

    def render(self, frame: Frame, assignments: Sequence[Assignment], joining: Joining) -> RenderedFrame:
        """Replace every assigned face; see `FaceRenderer.render`."""
        image = self._room.copy_of(frame.image_bgr)
        covered = set()
        for assignment, patch in zip(assignments, self._swapper.generate(frame, assignments), strict=True):
            if patch.valid and is_sound(patch, assignment, image):
                self._joiner.join(image, patch, joining, assignment, frame.captured_ns)
                covered.add(assignment.live_face.track_id)
        return RenderedFrame(image, frame.index, frame.captured_ns, frozenset(covered))
