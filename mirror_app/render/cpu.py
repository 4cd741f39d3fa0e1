"""Room: render. Swap and compose on the CPU, face by face."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mirror_app.compose.joiner import Joiner
from mirror_app.compose.occlusion import OcclusionFinder
from mirror_app.domain.assignment import Assignment, Joining
from mirror_app.domain.face import TrackedFace
from mirror_app.domain.frame import Frame, RenderedFrame
from mirror_app.render.fades import Fades, Veil
from mirror_app.render.frame_room import FrameRoom
from mirror_app.render.in_front import InFront
from mirror_app.render.soundness import is_sound
from mirror_app.swap.protocol import Swapper


class CpuRenderer:
    """Asks the swapper for each face's patch and joins it."""

    def __init__(self, swapper: Swapper) -> None:
        self._swapper = swapper
        self._joiner = Joiner()
        self._occlusion = OcclusionFinder()
        self._room = FrameRoom()
        self._fades = Fades()

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

    def render(
        self, frame: Frame, assignments: Sequence[Assignment], joining: Joining, hidden: Sequence[TrackedFace] = ()
    ) -> RenderedFrame:
        """Replace every assigned face; see `FaceRenderer.render`."""
        image = self._room.copy_of(frame.image_bgr)
        covered = set()
        worn = [*assignments, *self._fades.begin(assignments, hidden, frame.captured_ns)]
        # A larger face is nearer, and so before a smaller one: it is joined last.
        pairs = sorted(zip(worn, self._swapper.generate(frame, worn), strict=True), key=lambda pair: _height(pair[0]))
        for assignment, patch in pairs:
            if patch.valid and is_sound(patch, assignment, image):
                share = self._fades.share(assignment)
                veil = Veil(image, assignment.live_face) if share < 1 else None
                # Sound before anything is cut: where something is in front, nothing of the face is to be seen either.
                visible = self._occlusion.visible(frame, assignment.live_face, patch)
                in_front = None if visible is None else InFront(image, patch, visible)
                self._joiner.join(image, patch, joining, assignment, frame.captured_ns)
                if in_front is not None:
                    in_front.lay_back(image)
                if veil is not None:
                    veil.cover(image, share)
                covered.add(assignment.live_face.track_id)
        return RenderedFrame(image, frame.index, frame.captured_ns, frozenset(covered))


def _height(assignment: Assignment) -> float:
    mesh = assignment.live_face.mesh
    return 0.0 if mesh is None else float(np.ptp(mesh.points[:, 1]))
