"""Room: tests. The crowd run: people who come, go, cross and are taken for nobody before a mirror.

The mirror is real from the casting to the guard, the tracker is scripted. Meanwhile the user changes who wears what.
Every picture that leaves is searched for bare skin.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.assignment import Joining, Others
from mirror_app.domain.cast import Cast, Wearers, with_target, without
from mirror_app.domain.face import TrackedFace, TrackState
from mirror_app.domain.frame import Frame, Size
from mirror_app.domain.geometry import box_around
from mirror_app.domain.target import TargetFace
from mirror_app.pipeline.mirror import MirrorPipeline
from mirror_app.pipeline.result import MirrorControls, MirrorResult, MirrorState
from mirror_app.render.cpu import CpuRenderer
from tests.faces.scripted import mesh_at
from tests.pipeline.bare_skin import FOUND, strength
from tests.pipeline.fault_stage import FACE_PX, Painter, Person, Scene, paint
from tests.pipeline.faults import FRAME_NS, TARGET
from tests.pipeline.scripted import ScriptedTracker

SIZE_WH: Final[Size] = (320, 110)
OTHER_WH: Final[Size] = (240, 135)
_MOST: Final = 5
_SPOILT: Final = ("swap invalid", "swap live", "swap half", "swap elsewhere", "swap raises", "swap empty")


@dataclass
class Actor:
    """Somebody in front of the camera, and what the tracker makes of her now."""

    person: int
    place: Person
    speed: float
    track_id: int
    is_known: bool = True
    has_mesh: bool = True
    state: TrackState = TrackState.CONFIRMED
    confidence: float = 1.0

    @property
    def face(self) -> TrackedFace:
        mesh = mesh_at(self.place.centre, FACE_PX)
        return TrackedFace(
            self.track_id, mesh if self.has_mesh else None, box_around(mesh.points), None, self.state, self.confidence,
            self.person if self.is_known else None,
        )  # fmt: skip


@dataclass
class Findings:
    """What a run found."""

    live: int = 0
    bare: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    worn: Counter[str] = field(default_factory=Counter)


class CrowdRun:
    """One mirror and its crowd."""

    def __init__(self, seed: int, controls: MirrorControls, *, has_doubts: bool = True) -> None:
        self._seed, self._random = seed, np.random.default_rng(seed)
        self._has_doubts = has_doubts
        self._scene = Scene(self._random, size_wh=SIZE_WH)
        self._tracker = ScriptedTracker()
        # The card gives way at once: all the more pictures are to be judged.
        renderer = CpuRenderer(Painter(self._scene, lambda: None))
        self.mirror = MirrorPipeline(self._tracker, renderer, after_card=1)
        self.controls = replace(controls, joining=Joining.ALPHA)
        self.mirror.sizes = (OTHER_WH,)
        self._tracks = 0
        self.actors = [self._enter(person, 40.0 + 70 * person) for person in range(1, 4)]
        self.found = Findings()

    def run(self, frames: int) -> Findings:
        """So many camera frames."""
        for index in range(frames):
            self._walk()
            if self._has_doubts:
                self._doubt()
                self._choose()
            self._turn(index)
        return self.found

    def _enter(self, person: int, x: float) -> Actor:
        self._tracks += 1
        speed = float(self._random.normal(0, 3)) if self._has_doubts else 0.0
        return Actor(person, Person(x, 55), speed, self._tracks)

    def _walk(self) -> None:
        """People cross, leave, and come in from the side."""
        for actor in self.actors:
            actor.place.x += actor.speed
        self.actors = [actor for actor in self.actors if -20 < actor.place.x < SIZE_WH[0] + 20]
        absent = sorted(set(range(1, 8)) - {actor.person for actor in self.actors})
        if self._has_doubts and len(self.actors) < _MOST and self._random.random() < 0.06:
            from_left = bool(self._random.random() < 0.5)
            newcomer = self._enter(int(self._random.choice(absent)), 0.0 if from_left else SIZE_WH[0])
            newcomer.speed = abs(newcomer.speed) * (1 if from_left else -1)
            newcomer.is_known, newcomer.state = False, TrackState.TENTATIVE
            self.actors.append(newcomer)

    def _doubt(self) -> None:
        """Somebody is not recognised, lost for a moment, or taken for a new track."""
        chance = self._random.random
        for actor in self.actors:
            if chance() < 0.1:
                actor.is_known = bool(chance() < 0.9)
            if chance() < 0.1:
                actor.has_mesh = bool(chance() < 0.9)
            if chance() < 0.1:
                actor.state = list(TrackState)[int(self._random.integers(3))]
                actor.confidence = float(self._random.choice([1.0, 1.0, 1.0, 0.8, 0.5, 0.49, np.nan]))
            if chance() < 0.02:
                self._tracks += 1
                actor.track_id, actor.is_known = self._tracks, False
        self._random.shuffle(self.actors)
        if len(self.actors) > 1 and chance() < 0.03:
            self.actors[0].track_id = self.actors[1].track_id
        self._tracker.is_missing = bool(chance() < 0.05)
        self._scene.faults = {str(self._random.choice(_SPOILT))} if chance() < 0.15 else set()

    def _choose(self) -> None:
        """The user changes who wears what, and what becomes of the others."""
        cast, chance = self.controls.cast, self._random.random
        if chance() < 0.1:
            person = int(self._random.integers(1, 8))
            cast = without(cast, person) if chance() < 0.4 else with_target(cast, person, named(person))
        if chance() < 0.05:
            cast = replace(cast, wearers=list(Wearers)[int(self._random.integers(3))])
        others = list(Others)[int(self._random.integers(2))] if chance() < 0.05 else self.controls.others
        self.controls = replace(self.controls, cast=cast, others=others)

    def _turn(self, index: int) -> None:
        image = self._picture()
        self._tracker.now = tuple(actor.face for actor in self.actors)
        self.mirror.controls = self.controls
        result = self.mirror.process(Frame(image, index, 10**12 + index * FRAME_NS))
        self.found.live += result.state is MirrorState.LIVE
        cast = self.controls.cast
        where = f"{cast.wearers.value}, {self.controls.others.value}, seed {self._seed}, frame {index}"
        for size, safe in result.leaving.items():
            if strength(safe.image_bgr, min(size[0] / SIZE_WH[0], size[1] / SIZE_WH[1])) > FOUND:
                self.found.bare[where] += 1
        self._check_worn(result, where)

    def _picture(self) -> NDArray[np.uint8]:
        image = self._random.integers(70, 110, (SIZE_WH[1], SIZE_WH[0], 1), dtype=np.uint8).repeat(3, 2)
        for actor in self.actors:
            paint(image, actor.place)
        image.flags.writeable = False
        return image

    def _check_worn(self, result: MirrorResult, where: str) -> None:
        by_track = {actor.track_id: actor for actor in self.actors}
        for track_id, name in result.worn.items():
            actor = by_track[track_id]
            chosen = self.controls.cast.targets.get(actor.person) if actor.is_known else None
            right = chosen if self.controls.cast.wearers is Wearers.CHOSEN else self.controls.target
            self.found.worn[name] += 1
            self.found.wrong[where] += right is None or right.name != name
        if self.controls.cast.wearers is Wearers.ONE:
            self.found.wrong[where] += bool(set(result.worn) - {self.actors[0].track_id})


def named(person: int) -> TargetFace:
    """The target that this person is to wear."""
    return replace(TARGET, name=f"of {person}")


def controls(wearers: Wearers, others: Others) -> MirrorControls:
    """Two of the crowd are chosen, where people are chosen."""
    cast = replace(with_target(with_target(Cast(), 1, named(1)), 2, named(2)), wearers=wearers)
    return MirrorControls(target=TARGET, cast=cast, others=others)
