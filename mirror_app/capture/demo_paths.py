"""Room: capture. Where demo people are when: functions of time that need no memory. No pixels."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from mirror_app.capture.demo_motion import HeadPose


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody is in the picture; she moves a little about it all the while.

    Attributes:
        x: Middle of the face, as a share of the picture's width.
        y: The same, of its height.
        height: Height of the face (hairline to chin) as a share of the picture's height; the larger stands in front.
        pose: How her head is turned instead of her usual motion; None = as usual.
    """

    x: float
    y: float
    height: float
    pose: HeadPose | None = None


Path = Callable[[float], Place | None]
"""Where she is after so many seconds; None = not in the picture."""

_FASTEST_TURN_RAD: Final = math.radians(24)


def standing(x: float, y: float, height: float) -> Path:
    """Stays where she is."""
    place = Place(x, y, height)
    return lambda _: place


def crossing(
    x_from: float, x_to: float, y: float, height: float, period_s: float, *, phase: float = 0.0, nearer: float = 0.0
) -> Path:
    """Walks from one side to the other and back.

    Args:
        x_from: One end, as `Place.x`.
        x_to: The other end.
        y: As `Place.y`.
        height: As `Place.height`, half-way there.
        period_s: There and back.
        phase: 0.5 = begins at the other end.
        nearer: Share by which she is larger on the way there and smaller on the way back: she passes others once in
            front of them, once behind.
    """

    def place(seconds: float) -> Place:
        turns = seconds / period_s + phase
        along = 0.5 - 0.5 * math.cos(math.tau * turns)
        size = height * (1 + nearer * math.sin(math.tau * turns))
        return Place(x_from + (x_to - x_from) * along, y, size)

    return place


def visiting(path: Path, stays: tuple[tuple[float, float], ...], *, every_s: float, walk_s: float = 1.2) -> Path:
    """Comes and goes at the nearer side of the picture; is where another path says in between.

    Args:
        path: Where she stays.
        stays: From when to when she is wholly there, seconds after the start of each turn.
        every_s: Length of a turn.
        walk_s: How long she takes to come in, and to go.
    """

    def place(seconds: float) -> Place | None:
        at = path(seconds)
        if at is None:
            return None
        now = seconds % every_s
        gone = min((max(start - now, now - end, 0.0) for start, end in stays), default=math.inf)
        if gone >= walk_s:
            return None
        outside = -0.5 * at.height if at.x < 0.5 else 1 + 0.5 * at.height
        part = gone / walk_s
        return Place(at.x + (outside - at.x) * part * part * (3 - 2 * part), at.y, at.height, at.pose)

    return place


def turning(x: float, y: float, height: float, period_s: float = 0.9, *, sway: float = 0.05) -> Path:
    """Turns the head fast from side to side, for two thirds of the time, and throws it about.

    Args:
        x: As `Place.x`, in the middle of the motion.
        y: As `Place.y`.
        height: As `Place.height`.
        period_s: From side to side and back.
        sway: How far the head moves to each side, a share of the picture's width.
    """

    def place(seconds: float) -> Place:
        # Ten seconds: six and a half of motion, then rest.
        share = min(1.0, max(0.0, 4 * math.sin(math.tau * seconds / 10) + 2))
        swing = share * math.sin(math.tau * seconds / period_s)
        nod = share * math.sin(math.tau * seconds / (period_s * 1.7) + 1)
        pose = HeadPose(yaw=_FASTEST_TURN_RAD * swing, pitch=0.16 * nod, roll=0.14 * swing * nod)
        return Place(x + sway * swing, y + 0.02 * nod, height, pose)

    return place
