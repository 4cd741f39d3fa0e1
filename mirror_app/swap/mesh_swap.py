"""Room: swap. The embedded engine: each target's texture on its live mesh. Any CPU, no further network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mirror_app.domain.assignment import Assignment
from mirror_app.domain.frame import Frame
from mirror_app.domain.patch import FacePatch
from mirror_app.domain.target import TargetFace
from mirror_app.swap.mesh_dresser import MeshDresser
from mirror_app.swap.texture_levels import TextureLevels

# Whoever was not seen for so long is learnt anew: light and hair may be other ones.
_FORGET_NS: Final = 3_000_000_000
# Tracks that begin and end at every frame must not fill the memory: so many faces are remembered, 2 MB each.
_MOST_REMEMBERED: Final = 12
# What is learnt slowly is learnt at every third or fourth frame, each face in its own.
_TURNS: Final = 4


@dataclass(slots=True, eq=False)
class _Known:
    """A face that was covered lately."""

    dresser: MeshDresser
    seen_ns: int


class MeshSwapper:
    """Draws targets onto live meshes; what it learns of a face stays that face's own."""

    engine = "mesh"
    device = "CPU"
    trouble = ""
    aside = ""

    def __init__(self) -> None:
        """Begin without knowing anybody."""
        self._known: dict[int, _Known] = {}
        # Made here, not at the first frame: the first one ever takes a tenth of a second, later ones 2 ms.
        self._spare: MeshDresser | None = MeshDresser()
        self._faces = -1

    def generate(self, frame: Frame, assignments: Sequence[Assignment]) -> list[FacePatch]:
        """Make the patches; see `Swapper.generate`."""
        self._forget_absent(frame.captured_ns)
        # One face after the other: two in two threads took as long, for NumPy's many small steps wait for each other.
        return [self._dresser_for(one, frame.captured_ns).cover(frame, one) for one in assignments]

    def _forget_absent(self, now_ns: int) -> None:
        for track_id in [key for key, one in self._known.items() if not 0 <= now_ns - one.seen_ns < _FORGET_NS]:
            del self._known[track_id]

    def _dresser_for(self, assignment: Assignment, now_ns: int) -> MeshDresser:
        track_id = assignment.live_face.track_id
        # The last in the dictionary are those seen last.
        known = self._known.pop(track_id, None) or _Known(self._new_dresser(), now_ns)
        known.seen_ns = now_ns
        worn = known.dresser.levels
        if worn is None or worn.target is not assignment.target:
            known.dresser.wear(self._ready(assignment.target), now_ns)
        while len(self._known) >= _MOST_REMEMBERED:
            del self._known[next(iter(self._known))]
        self._known[track_id] = known
        return known.dresser

    def _new_dresser(self) -> MeshDresser:
        self._faces += 1
        dresser, self._spare = self._spare or MeshDresser(self._faces % _TURNS / _TURNS), None
        return dresser

    def _ready(self, target: TargetFace) -> TextureLevels:
        """The target for one more face; textures that another face wears already are shared."""
        for one in self._known.values():
            levels = one.dresser.levels
            if levels is not None and levels.target is target:
                return levels.for_another_face()
        return TextureLevels(target)
