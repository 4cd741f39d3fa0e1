"""Room: pipeline. What is saved while frames do not keep up with the camera, and in which order. Runs nothing."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING, Final

from mirror_app.domain.frame import Frame
from mirror_app.domain.sentence import Sentence, joined
from mirror_app.faces.track import FaceTracker
from mirror_app.pipeline.governor import Governor

if TYPE_CHECKING:
    from mirror_app.faces.scrfd import ScrfdDetector
    from mirror_app.swap.key_frames import KeyFrameSwapper
    from mirror_app.swap.neural.swapper import NeuralSwapper

# Of the camera's interval; the rest is for the ways out and the window.
_SHARE: Final = 0.9
# Pictures that come faster than 30 a second are not worth a coarser face; slower ones than 12 a second come from a
# camera that waits for light.
_SHORTEST_NS: Final = 33_333_333
_LONGEST_NS: Final = 83_333_333
_INTERVALS: Final = 15


@dataclass(frozen=True, slots=True)
class Savings:
    """One level of saving.

    Attributes:
        key_every: The swapping network runs at every n-th frame.
        mesh_every: The mesh network does.
        enlarges: Whether crops larger than the swapping network are done, as several pictures.
        searches_fully: Whether the detector sees frames at its usual size.
    """

    key_every: int = 1
    mesh_every: int = 1
    enlarges: bool = True
    searches_fully: bool = True

    @property
    def period(self) -> int:
        """Frames after which the work repeats."""
        return math.lcm(self.key_every, self.mesh_every)

    @property
    def sentence(self) -> str:
        """What is saved; "" for nothing."""
        said: list[str] = []
        if self.key_every > 1:
            said.append(Sentence("To keep up, the network runs on one frame in {n}.", n=self.key_every))
        if not self.enlarges:
            said.append(Sentence("The network's picture is not enlarged."))
        if self.mesh_every > 1:
            said.append(Sentence("To keep up, the face's mesh is measured on one frame in {n}.", n=self.mesh_every))
        if not self.searches_fully:
            said.append(Sentence("Faces are looked for in smaller pictures."))
        return joined(said)


@dataclass(frozen=True, slots=True, eq=False)
class Knobs:
    """The user's own networks, as far as they can run less often or on less; None where there is none.

    Attributes:
        keys: Runs the swapping network.
        network: That one.
        detector: Runs on the processor and takes pictures of any size.
    """

    keys: KeyFrameSwapper | None = None
    network: NeuralSwapper | None = None
    detector: ScrfdDetector | None = None

    def levels(self) -> tuple[Savings, ...]:
        """What can be saved here, the first hurting least: nothing, then one thing more at a time."""
        return tuple(dict.fromkeys(self._all_levels()))

    def _all_levels(self) -> Iterator[Savings]:
        now = Savings()
        yield now
        # A carried patch is 1 dB further from a made one with each frame, whether the head turns fast or slowly
        # (`tests/benchmarks/economy.py`). A mesh that is not measured costs expression, a small picture small faces.
        for key_every in (2, 3):
            now = replace(now, key_every=key_every if self.keys else 1)
            yield now
        now = replace(now, enlarges=self.network is None or self.network.tiles == 1)
        yield now
        now = replace(now, key_every=4 if self.keys else 1)
        yield now
        now = replace(now, mesh_every=2)
        yield now
        now = replace(now, searches_fully=self.detector is None)
        yield now
        yield replace(now, mesh_every=3)

    def turn(self, savings: Savings) -> None:
        """Save so much from the next frame on."""
        if self.keys is not None:
            self.keys.every = savings.key_every
        if self.network is not None:
            self.network.enlarges = savings.enlarges
        if self.detector is not None:
            self.detector.is_reduced = not savings.searches_fully


class Economy:
    """Keeps a live mirror in time with its camera by saving as little as will do. For one thread."""

    def __init__(self, tracker: FaceTracker, knobs: Knobs) -> None:
        """Begin without saving."""
        self._tracker, self._knobs, self._levels = tracker, knobs, knobs.levels()
        self._governor = Governor([level.period for level in self._levels])
        self._intervals_ns: deque[float] = deque(maxlen=_INTERVALS)
        self._last: Frame | None = None
        self._spare_ms = 0.0

    def sentence(self, engine: str) -> str:
        """What is saved now, while this engine covers the faces; "" for nothing."""
        now, keys = self._levels[self._governor.level], self._knobs.keys
        if keys is not None and engine != keys.engine:
            now = replace(now, key_every=1, enlarges=True)
        return now.sentence

    @property
    def budget_ms(self) -> float:
        """What a frame may take: most of the camera's interval."""
        interval = median(self._intervals_ns) if self._intervals_ns else _SHORTEST_NS
        return _SHARE * min(max(interval, _SHORTEST_NS), _LONGEST_NS) * 1e-6

    def spend_spare(self, cost_ms: float) -> None:
        """Count work that was done between the last frame and the next."""
        self._spare_ms += cost_ms

    def end_frame(self, frame: Frame, cost_ms: float) -> None:
        """Count a frame that was swapped, and decide what is saved at the next one.

        Args:
            frame: Its index counts all that the camera made, whether they came here or not.
            cost_ms: What it took, without spare time.
        """
        self._measure(frame)
        cost_ms, self._spare_ms = cost_ms + self._spare_ms, 0.0
        if self._governor.observe(cost_ms, self.budget_ms, frame.captured_ns):
            savings = self._levels[self._governor.level]
            self._tracker.mesh_every = savings.mesh_every
            self._knobs.turn(savings)

    def _measure(self, frame: Frame) -> None:
        last, self._last = self._last, frame
        if last is None:
            return
        frames, passed_ns = frame.index - last.index, frame.captured_ns - last.captured_ns
        if frames > 0 and passed_ns > 0:
            self._intervals_ns.append(passed_ns / frames)
