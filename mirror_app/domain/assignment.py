"""Room: domain. Who gets which face."""

from __future__ import annotations

from dataclasses import dataclass

from mirror_app.domain.face import TrackedFace
from mirror_app.domain.target import TargetFace


@dataclass(frozen=True, slots=True, eq=False)
class Assignment:
    """One live face and the target it wears.

    Attributes:
        live_face: Has a mesh.
        target: The identity to show.
        likeness: 0..1, how far the face's shape goes toward the target's.
    """

    live_face: TrackedFace
    target: TargetFace
    likeness: float
