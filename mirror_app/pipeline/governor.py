"""Room: pipeline. Decides how much to save so that frames keep up. A pure state machine: no clock, no frames."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from itertools import islice
from typing import Final

_WINDOW: Final = 15
"""So many costs, each averaged over its level's period, are looked at."""
_FEWEST: Final = 8
"""A level is judged by so many of them or more."""
_SLOW_SHARE: Final = 0.9
"""The quantile of the costs that has to hold the budget."""
_CALM: Final = 0.9
"""A level further down must be expected to need no more of the budget than this."""
_CALM_NS: Final = 2_000_000_000
"""It must be expected for so long without a break."""
_FIRST_WAIT_NS: Final = 8_000_000_000
_LONGEST_WAIT_NS: Final = 512_000_000_000
"""A level that did not hold is tried again after the first; each time it fails again the wait doubles."""
_CLEARLY_LESS: Final = 0.75
"""Costs that fell to this share of what they were when a level failed: the load is another one, no need to wait."""


class Governor:
    """Takes the cost of every frame and says the level of saving: 0 = nothing is saved.

    It goes up after some slow frames, and down only when the frames in hindsight would have held the budget further
    down too: where the costs show what a saved run would have cost, by that, else by trying, ever more rarely.
    """

    def __init__(self, periods: Sequence[int]) -> None:
        """Start at level 0.

        Args:
            periods: For each level, the number of frames over which its work repeats: 3 where a slow network runs at
                every third. Costs are averaged over it.

        Raises:
            ValueError: There is no level, or a period is not positive.
        """
        if not periods or min(periods) < 1:
            raise ValueError(f"expected positive periods, got {list(periods)}")
        self.level = 0
        self._periods = tuple(periods)
        self._waits_ns = [_FIRST_WAIT_NS] * len(self._periods)
        # What one level further up cost when this level was left for it.
        self._failed_at: list[float | None] = [None] * len(self._periods)
        self._costs: deque[float] = deque(maxlen=_WINDOW + max(self._periods))
        self._means: deque[float] = deque(maxlen=_WINDOW)
        self._calm_ns: int | None = None
        self._changed_ns = 0

    def observe(self, cost_ms: float, budget_ms: float, now_ns: int) -> bool:
        """Take in one frame.

        Args:
            cost_ms: What it took.
            budget_ms: What a frame may take.
            now_ns: Its time, of any clock; one that goes back begins anew.

        Returns:
            Whether the level is another one now.
        """
        if now_ns < self._changed_ns:
            self._changed_ns, self._calm_ns = now_ns, None
        self._costs.append(cost_ms)
        period = self._periods[self.level]
        if len(self._costs) >= period:
            self._means.append(sum(islice(reversed(self._costs), period)) / period)
        if len(self._means) < _FEWEST:
            return False
        # In plain numbers: NumPy takes ten times as long for so few.
        cost = sorted(self._means)[int(_SLOW_SHARE * (len(self._means) - 1))]
        if self.level > 0 and self._failed_at[self.level - 1] is None:
            self._failed_at[self.level - 1] = cost
        if cost > budget_ms:
            return self._up(now_ns)
        return self._down(cost, budget_ms, now_ns)

    def _up(self, now_ns: int) -> bool:
        self._calm_ns = None
        if self.level + 1 == len(self._periods):
            return False
        left, stayed_ns = self.level, now_ns - self._changed_ns
        if self._failed_at[left] is not None and stayed_ns < self._waits_ns[left]:
            self._waits_ns[left] = min(2 * self._waits_ns[left], _LONGEST_WAIT_NS)
        else:
            self._waits_ns[left] = _FIRST_WAIT_NS
        self._failed_at[left] = None
        self._change(left + 1, now_ns)
        return True

    def _down(self, cost: float, budget_ms: float, now_ns: int) -> bool:
        if self.level == 0:
            return False
        below = self.level - 1
        if cost > _CALM * budget_ms or self._expected(below) > _CALM * budget_ms:
            self._calm_ns = None
            return False
        if self._calm_ns is None:
            self._calm_ns = now_ns
        failed_at = self._failed_at[below]
        is_less = failed_at is None or cost < _CLEARLY_LESS * failed_at
        if now_ns - self._calm_ns < (_CALM_NS if is_less else self._waits_ns[below]):
            return False
        self._change(below, now_ns)
        return True

    def _expected(self, level: int) -> float:
        """What the frames would have cost at another level, as far as the dear ones among them show it."""
        period, share = self._periods[self.level], self._periods[level]
        costs = sorted(self._costs, reverse=True)
        dear = max(len(costs) // period, 1)
        return (_mean(costs[:dear]) + (share - 1) * _mean(costs[dear:])) / share

    def _change(self, level: int, now_ns: int) -> None:
        self.level, self._changed_ns, self._calm_ns = level, now_ns, None
        self._costs.clear()
        self._means.clear()


def _mean(costs: Sequence[float]) -> float:
    return sum(costs) / len(costs) if costs else 0.0
