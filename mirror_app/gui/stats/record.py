"""Room: gui. The last ten seconds, frame by frame, in a ring of fixed size. Qt-free; writes no files, draws nothing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mirror_app.pipeline.clock import Percentiles
from mirror_app.pipeline.result import MirrorState, Stage

if TYPE_CHECKING:
    from mirror_app.gui.live_worker import LiveTurn

WINDOW_NS: Final = 10_000_000_000
"""How far back the panel, its picture and its table look."""
_RATE_NS: Final = 2_000_000_000
"""How far back the line above the picture looks: it shall follow what the user does."""
_CAPACITY: Final = 1024
"""Ten seconds at 100 frames a second."""
WAIT: Final = "wait"
PAINT: Final = "paint"
STEPS: Final = (WAIT, *(stage.value for stage in Stage), PAINT)
"""What the time from hand-over to paint is made of, in order: waiting for the work to begin, the pipeline's stages, and
from the result to the end of its paint."""
_STAGE_KEYS: Final = STEPS[1:-1]
_STATES: Final = tuple(MirrorState)
_STATE_NUMBERS: Final = {state: number for number, state in enumerate(_STATES)}
_PERCENTS: Final = (50, 95, 99)


class Skips(NamedTuple):
    """How many were left out because a newer one came: camera frames before the work, results before the paint."""

    frames: int
    results: int


@dataclass(frozen=True, slots=True)
class Numbers:
    """What the line above the picture says.

    Attributes:
        frames_per_second: Painted in the last two seconds.
        delay_ms: The middle hand-over-to-paint time of the last two seconds.
        delays: The same over the last ten seconds.
        skips: Since the start of the app.
    """

    frames_per_second: float
    delay_ms: float
    delays: Percentiles
    skips: Skips


@dataclass(frozen=True, eq=False)
class Recent:
    """Painted frames, oldest first. Row i of every array is frame i.

    Attributes:
        now_ns: When it was asked for, `time.monotonic_ns()`.
        indexes: (n,) int64, the camera frames' numbers.
        painted_ns: (n,) int64, the end of each paint.
        delays_ms: (n,) float64, from hand-over to the end of the paint.
        steps_ms: (n, 8) float32, a column per name in `STEPS`.
        pipeline_ms: (n,) float32, one turn of `Mirror.process`.
        states: What left the app with each frame.
        skips: (n, 2) int64, `Skips` since the start of the app, as it was at each paint.
    """

    now_ns: int
    indexes: NDArray[np.int64]
    painted_ns: NDArray[np.int64]
    delays_ms: NDArray[np.float64]
    steps_ms: NDArray[np.float32]
    pipeline_ms: NDArray[np.float32]
    states: tuple[MirrorState, ...]
    skips: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.indexes)

    @property
    def frames_per_second(self) -> float:
        """Paints per second; 0 when there are less than two."""
        if len(self) < 2:
            return 0.0
        return (len(self) - 1) / max((int(self.painted_ns[-1]) - int(self.painted_ns[0])) / 1e9, 1e-9)

    @cached_property
    def delays(self) -> Percentiles:
        """Percentiles of the hand-over-to-paint time, ms."""
        return _percentiles(self.delays_ms[:, None])[0]

    @cached_property
    def steps(self) -> dict[str, Percentiles]:
        """Percentiles of every step, ms."""
        return dict(zip(STEPS, _percentiles(self.steps_ms), strict=True))

    @cached_property
    def new_skips(self) -> NDArray[np.int64]:
        """(n, 2) int64: how many were left out between the paint before and this one; 0 for the first."""
        return np.diff(self.skips, axis=0, prepend=self.skips[:1])

    @property
    def skipped(self) -> Skips:
        """How many were left out between the first and the last of these frames."""
        frames, results = self.new_skips.sum(axis=0)
        return Skips(int(frames), int(results))


class StatsRecord:
    """Takes in every paint at the price of one row; everything else is reckoned when it is asked for."""

    def __init__(self) -> None:
        self._counts = np.zeros((_CAPACITY, 6), np.int64)
        self._ms = np.zeros((_CAPACITY, len(STEPS) + 1), np.float32)
        self._painted = 0

    def painted(self, turn: LiveTurn, done_ns: int, skips: Skips) -> None:
        """Take in one paint.

        Args:
            turn: What was painted.
            done_ns: `time.monotonic_ns()` at the end of the paint.
            skips: Since the start of the app.
        """
        result, row = turn.result, self._painted % _CAPACITY
        waited_ms = (result.finished_ns - result.captured_ns) * 1e-6 - turn.pipeline_ms
        stages = result.stages_ms
        self._counts[row] = (result.index, result.captured_ns, done_ns, _STATE_NUMBERS[result.state], *skips)
        self._ms[row] = (
            max(waited_ms, 0.0),
            *[stages.get(key, 0.0) for key in _STAGE_KEYS],
            (done_ns - result.finished_ns) * 1e-6,
            turn.pipeline_ms,
        )
        self._painted += 1

    def recent(self, now_ns: int, window_ns: int = WINDOW_NS) -> Recent:
        """The frames painted in the last `window_ns`, as a copy."""
        rows = np.arange(max(self._painted - _CAPACITY, 0), self._painted) % _CAPACITY
        rows = rows[self._counts[rows, 2] >= now_ns - window_ns]
        counts, ms = self._counts[rows], self._ms[rows]
        return Recent(
            now_ns=now_ns,
            indexes=counts[:, 0],
            painted_ns=counts[:, 2],
            delays_ms=(counts[:, 2] - counts[:, 1]) * 1e-6,
            steps_ms=ms[:, :-1],
            pipeline_ms=ms[:, -1],
            states=tuple(_STATES[number] for number in counts[:, 3]),
            skips=counts[:, 4:],
        )

    def numbers(self, now_ns: int, skips: Skips) -> Numbers | None:
        """What to say about the present; None when less than two frames were painted in the last two seconds."""
        latest = self.recent(now_ns, _RATE_NS)
        if len(latest) < 2:
            return None
        delays = self.recent(now_ns).delays
        return Numbers(latest.frames_per_second, float(np.median(latest.delays_ms)), delays, skips)


def _percentiles(columns: NDArray[np.float32] | NDArray[np.float64]) -> list[Percentiles]:
    """One for each column; zeros when there are no rows."""
    if not len(columns):
        return [Percentiles(0.0, 0.0, 0.0)] * columns.shape[1]
    table = np.percentile(columns, _PERCENTS, axis=0)
    return [Percentiles(float(p50), float(p95), float(p99)) for p50, p95, p99 in table.T]
