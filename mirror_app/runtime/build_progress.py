"""Room: runtime. How far a build is: a tree of phases turned into one share that never falls. Knows no TensorRT."""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class _Phase:
    """A phase that runs: its steps, those done, and the phases of the step that runs now."""

    parent: _Phase | None
    steps: int
    done: int = 0
    inside: list[_Phase] = field(default_factory=list)
    finished: bool = False

    def share(self) -> float:
        """0..1 of its own work."""
        if self.finished or self.steps <= 0:
            return float(self.finished)
        # How many phases a step consists of is not told: each takes half of what is left.
        left = math.prod(1 - one.share() / 2 for one in self.inside)
        return min(self.done + 1 - left, self.steps) / self.steps


class BuildProgress:
    """Told of phases by their names, as TensorRT tells them; any thread may tell.

    Several phases may run under one parent at once; a name may come again once its phase has ended.
    """

    def __init__(self) -> None:
        """Start at nothing."""
        self._lock = threading.Lock()
        self._running: dict[str, _Phase] = {}
        self._roots: list[_Phase] = []
        self._most = 0.0

    def start(self, name: str, parent: str | None, steps: int) -> None:
        """A phase begins, inside of another one or of none."""
        with self._lock:
            around = self._running.get(parent) if parent else None
            phase = _Phase(around, steps)
            (around.inside if around else self._roots).append(phase)
            self._running[name] = phase

    def step(self, name: str, step: int) -> None:
        """A phase has done the step of that number; the first is 0."""
        with self._lock:
            phase = self._running.get(name)
            if phase is not None:
                phase.done = max(phase.done, step + 1)
                # They were the work of the step that is done now.
                phase.inside = [one for one in phase.inside if not one.finished]

    def finish(self, name: str) -> None:
        """A phase has ended, done or not."""
        with self._lock:
            phase = self._running.pop(name, None)
            if phase is not None:
                phase.finished = True

    @property
    def share(self) -> float:
        """How much is done, 0..1; it never falls."""
        with self._lock:
            now = sum(one.share() for one in self._roots) / len(self._roots) if self._roots else 0.0
            self._most = max(self._most, min(now, 1.0))
            return self._most


def seconds_left(share: float, spent_s: float) -> float | None:
    """What a build still takes if it goes on as until now; None where that cannot be told yet."""
    if share < 0.02 or spent_s < 1.0:
        return None
    return spent_s * (1 - share) / share
