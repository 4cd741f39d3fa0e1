"""Room: render. Swap and compose on the CPU, face by face."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.compose.blend import window_under
from mirror_app.compose.joiner import Joiner
from mirror_app.compose.occlusion import OcclusionFinder
from mirror_app.compose.occlusion_hands import without_hands
from mirror_app.domain.assignment import Assignment, Joining
from mirror_app.domain.face import TrackedFace
from mirror_app.domain.frame import Frame, RenderedFrame
from mirror_app.domain.patch import FacePatch
from mirror_app.render.fades import Fades, Veil
from mirror_app.render.frame_room import FrameRoom
from mirror_app.render.in_front import InFront
from mirror_app.render.soundness import is_sound
from mirror_app.swap.protocol import Swapper

# A head reaches so far beyond its face on each side, in faces.
_REACH: Final = 0.4


@dataclass(frozen=True, slots=True, eq=False)
class _Join:
    """What lies over one patch: things in front of the face, and the pixels it comes through or goes under."""

    in_front: InFront | None
    veil: Veil | None
    share: float

    def finish(self, image: NDArray[np.uint8]) -> None:
        if self.in_front is not None:
            self.in_front.lay_back(image)
        if self.veil is not None:
            self.veil.cover(image, self.share)


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
        covered, behind = set(), set()
        worn = [*assignments, *self._fades.begin(assignments, hidden, frame.captured_ns)]
        # A larger face is nearer, and so before a smaller one: it is joined last.
        pairs = sorted(zip(worn, self._swapper.generate(frame, worn), strict=True), key=lambda pair: _height(pair[0]))
        others = [*(assignment.live_face for assignment in worn), *hidden]
        sound = [
            (assignment, patch) for assignment, patch in pairs if patch.valid and is_sound(patch, assignment, image)
        ]
        joins = [self._join_of(frame, image, assignment, patch, others) for assignment, patch in sound]
        # A backdrop shows what was there, bare faces too: all of them lie beneath all patches.
        for _, patch in sound:
            window_under(image, patch)
        for (assignment, patch), join in zip(sound, joins, strict=True):
            self._joiner.join(image, replace(patch, backdrop=None), joining, assignment, frame.captured_ns)
            join.finish(image)
            covered.add(assignment.live_face.track_id)
            if join.in_front is not None:
                behind.add(assignment.live_face.track_id)
        return RenderedFrame(image, frame.index, frame.captured_ns, frozenset(covered), frozenset(behind))

    def _join_of(
        self,
        frame: Frame,
        image: NDArray[np.uint8],
        assignment: Assignment,
        patch: FacePatch,
        faces: Sequence[TrackedFace],
    ) -> _Join:
        """What is to be done after a patch is joined; to be asked while the picture is still as it was."""
        share = self._fades.share(assignment)
        veil = Veil(image, assignment.live_face) if share < 1 else None
        # Sound before anything is cut: where something is in front, nothing of the face is to be seen either.
        visible = self._visible(frame, assignment.live_face, patch, faces)
        return _Join(None if visible is None else InFront(image, patch, visible), veil, share)

    def _visible(
        self, frame: Frame, live_face: TrackedFace, patch: FacePatch, faces: Sequence[TrackedFace]
    ) -> NDArray[np.float32] | None:
        """Where the face itself is seen; None = all over its patch. See `OcclusionFinder.visible`."""
        visible = self._occlusion.visible(frame, live_face, patch)
        # Beside another face a mesh may lie a little off, and what is cut would be bare skin: all is covered.
        if any(_is_near(live_face, other) for other in faces if other.track_id != live_face.track_id):
            return None
        return without_hands(visible, live_face.hands, patch)


def _is_near(face: TrackedFace, other: TrackedFace) -> bool:
    """Whether another face is so near that heads may hide each other."""
    reach = np.float32(_REACH) * (face.box_xyxy[2:] - face.box_xyxy[:2])
    low, high = face.box_xyxy[:2] - reach, face.box_xyxy[2:] + reach
    return bool((other.box_xyxy[2:] > low).all() and (other.box_xyxy[:2] < high).all())


def _height(assignment: Assignment) -> float:
    mesh = assignment.live_face.mesh
    return 0.0 if mesh is None else float(np.ptp(mesh.points[:, 1]))
