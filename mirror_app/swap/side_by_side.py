"""Room: swap. The same work for several faces, on two cores at a time. Knows nothing of the work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Final, TypeVar

from mirror_app.runtime.cores import physical_cores

Item = TypeVar("Item")
Result = TypeVar("Result")

# OpenCV lets other threads run, NumPy's small steps do not: a third thread would mostly wait.
_THREADS: Final = 2


class SideBySide:
    """Calls a function for each of several items; for one item, or on one core, without any thread.

    Its threads wait without using the processor, and end with the object or with the program.
    """

    def __init__(self, cores: int | None = None) -> None:
        """Start nothing yet.

        Args:
            cores: Processors to use; this computer's unless given.
        """
        self._cores = cores
        self._pool: ThreadPoolExecutor | None = None

    def each(self, work: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
        """The results in the order of the items; when it returns or raises, nothing is at work any more.

        Args:
            work: Must be safe to run for two items at a time.
            items: What to call it with.

        Raises:
            Exception: What `work` raised for the first item for which it did.
        """
        if len(items) < _THREADS or self._known_cores() < _THREADS:
            return [work(item) for item in items]
        if self._pool is None:
            self._pool = ThreadPoolExecutor(_THREADS, "faces")
        calls = [self._pool.submit(work, item) for item in items]
        wait(calls)
        return [call.result() for call in calls]

    def _known_cores(self) -> int:
        if self._cores is None:
            self._cores = physical_cores()
        return self._cores
