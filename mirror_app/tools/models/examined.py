"""Room: tools. What the checks of all roles share: a network to be examined, and how far points may be off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.errors import MirrorError
from mirror_app.domain.sentence import Sentence
from mirror_app.pipeline.neural import NeuralParts
from mirror_app.pipeline.wishes import Wishes
from mirror_app.runtime.backend import InferenceBackend
from mirror_app.runtime.catalogue import Role
from mirror_app.runtime.factory import Device
from mirror_app.runtime.models import InstalledModel, ModelStore
from mirror_app.tools.models.known_faces import KnownFaces
from mirror_app.tools.models.rows import CheckedStage

# Mean distance of five points from where they should be, as a share of the distance between the eyes: networks put
# the eyes' centres and the nose's tip a little elsewhere than the mesh, but not this far.
_MOST_AWAY: Final = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class Examined:
    """What the checks of a role need.

    Attributes:
        store: The model's store, with those that it needs.
        model: Which one is examined.
        backend: It, running.
        device: Where the others should run.
        faces: What it is shown.
    """

    store: ModelStore
    model: InstalledModel
    backend: InferenceBackend
    device: Device
    faces: KnownFaces

    @property
    def parts(self) -> NeuralParts:
        """Opens the other networks, as for the live picture."""
        return NeuralParts(self.store, Wishes(devices={role.value: self.device.value for role in Role}))

    @property
    def has_recogniser(self) -> bool:
        """Whether one is installed."""
        return self.store.find(self.store.catalogue.of_role(Role.RECOGNISER)[0].name) is not None


def guarded(name: str, check: Callable[[], CheckedStage]) -> CheckedStage:
    """A check that a broken network fails, instead of ending all."""
    try:
        return check()
    except MirrorError as error:
        return CheckedStage(name, False, error.sentence)


def away(points: NDArray[np.float32], truth: NDArray[np.float32]) -> float:
    """Mean distance of five points (5, 2) from the true ones, as a share of the distance between the true eyes."""
    return float(np.linalg.norm(points - truth, axis=1).mean() / np.linalg.norm(truth[1] - truth[0]))


def judged(name: str, share: float) -> CheckedStage:
    """Whether points are near enough to the truth."""
    off, most = f"{share:.0%}", f"{_MOST_AWAY:.0%}"
    seen = Sentence("Its points are {off} of the eyes' distance off, at most {most} is right.", off=off, most=most)
    return CheckedStage(name, share <= _MOST_AWAY, seen)
