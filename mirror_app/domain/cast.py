"""Room: domain. Which of several people wear a target, and which one. No faces of a frame here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from types import MappingProxyType

from mirror_app.domain.target import TargetFace

_NOBODY: Mapping[int, TargetFace] = MappingProxyType({})


class Wearers(Enum):
    """Who wears a target; the value is its name in settings and on the command line.

    Whoever does not is treated as `domain.assignment.Others` says.
    """

    ONE = "one"
    """One person at a time: the largest face, until it leaves."""
    ALL = "all"
    """Everybody in the picture wears the picked target."""
    CHOSEN = "chosen"
    """Only the people picked by hand, each her own target, and only while they are surely recognised."""


@dataclass(frozen=True, slots=True, eq=False)
class Cast:
    """Who wears which target.

    People's numbers are of one session: the app keeps no faces of people, so they mean nobody at the next start.

    Attributes:
        wearers: How the people are picked.
        targets: For `Wearers.CHOSEN`, the target of each person by `TrackedFace.person`.
    """

    wearers: Wearers = Wearers.ONE
    targets: Mapping[int, TargetFace] = field(default_factory=lambda: _NOBODY)


def with_target(cast: Cast, person: int, target: TargetFace) -> Cast:
    """The cast in which people are chosen by hand, and this person wears this target, whatever she wore before."""
    return Cast(Wearers.CHOSEN, MappingProxyType({**cast.targets, person: target}))


def without(cast: Cast, person: int) -> Cast:
    """The cast in which this person wears nothing of her own; how the people are picked stays as it is."""
    return replace(cast, targets=MappingProxyType({one: face for one, face in cast.targets.items() if one != person}))
