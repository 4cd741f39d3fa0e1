"""Room: pipeline. What the user wants to swap with. Light to load: the start does not wait for what nobody brought."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from mirror_app.domain.sentence import Sentence
from mirror_app.runtime.factory import Device

if TYPE_CHECKING:
    from mirror_app.runtime.catalogue import Role

AUTO: Final = "auto"
"""The best usable engine or detector."""
MESH: Final = "mesh"
"""The engine that comes with the app."""
BUILT_IN: Final = "builtin"
"""The detectors that come with the app."""
NO_MODEL: Final = Sentence("No neural model is installed: the built-in engine needs none.")
OPENING: Final = Sentence("The built-in engine shows you until your models are open.")
CHOSEN: Final = Sentence("You chose the built-in engine.")


@dataclass(frozen=True, slots=True, eq=False)
class Wishes:
    """What the user wants to run.

    Attributes:
        engine: `AUTO`, `MESH`, or a swapper's name in the catalogue, with "@256" behind it where it can be tiled.
        detector: `AUTO`, `BUILT_IN` or a detector's name.
        devices: Where a role is to run, by the value of `Role`; what is missing is `Device.AUTO`.
    """

    engine: str = AUTO
    detector: str = AUTO
    devices: Mapping[str, str] = field(default_factory=dict)

    def device(self, role: Role) -> Device:
        """Where the networks of a role are to run."""
        return Device(self.devices.get(role.value, Device.AUTO.value))
