"""Room: capture. What can be turned on a camera beside its format, in words without Qt. Turns nothing itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Protocol, runtime_checkable


class Knob(Enum):
    """Something that can be turned on a camera."""

    EXPOSURE_TIME = "exposure time"
    BRIGHTNESS = "brightness"
    WHITE_BALANCE = "white balance"
    ZOOM = "zoom"


@dataclass(frozen=True, slots=True)
class KnobState:
    """How a knob stands.

    Attributes:
        lowest: s, EV, K or a factor, as the knob is one for.
        highest: The same unit; above `lowest`.
        value: Where it stands, in the same unit; None while the camera sees to it itself.
        can_be_automatic: Whether the camera can see to it itself.
    """

    lowest: float
    highest: float
    value: float | None
    can_be_automatic: bool


@runtime_checkable
class Steerable(Protocol):
    """A camera with knobs; one that is not open yet has none."""

    def knobs(self) -> Mapping[Knob, KnobState]:
        """The knobs that this camera has, and how they stand."""

    def turn(self, knob: Knob, value: float | None) -> None:
        """Set a knob; None leaves it to the camera, or to where it stands at first. Unknown knobs are left alone."""
