"""Room: tests. Recognisers that know people by a colour painted on their noses, and broken ones. No assertions."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")
EMBEDDING_SIZE = 512


def unit(number: int) -> NDArray[np.float32]:
    """(512,) float32: the embedding of one of many people, none like another."""
    return np.asarray(np.eye(EMBEDDING_SIZE)[number], np.float32)


def like(number: int, cosine: float, other: int = 500) -> NDArray[np.float32]:
    """(512,) float32: an embedding as near to this one's."""
    return np.asarray(cosine * unit(number) + np.sqrt(1 - cosine**2) * unit(other), np.float32)


class NoseReader:
    """Says who somebody is by the blue on the tip of the nose; `asked` keeps whom it saw."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.says: Callable[[int], NDArray[np.float32]] = unit

    def embed(self, image_bgr: NDArray[np.uint8], landmarks: NDArray[np.float32]) -> NDArray[np.float32]:
        x, y = np.rint(landmarks[2]).astype(int)
        number = int(image_bgr[y, x, 0])
        self.asked.append(number)
        return self.says(number)


class Giving:
    """Gives what it is told to, whatever it sees; the first two answers, which prove it, are in order."""

    def __init__(self, answer: Any, good: int = 2) -> None:
        self.answer, self.good, self.calls = answer, good, 0

    def embed(self, image_bgr: NDArray[np.uint8], landmarks: NDArray[np.float32]) -> NDArray[np.float32]:
        self.calls += 1
        if self.calls <= self.good:
            return unit(self.calls)
        if isinstance(self.answer, Exception):
            raise self.answer
        given: NDArray[np.float32] = self.answer
        return given


class Later(Executor):
    """Does what it is given when the test says so."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], None]] = []

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        done: Future[T] = Future()

        def work() -> None:
            try:
                done.set_result(fn(*args, **kwargs))
            except Exception as error:  # noqa: BLE001
                done.set_exception(error)

        self.waiting.append(work)
        return done

    def work(self) -> None:
        """Do all of it."""
        for work in self.waiting:
            work()
        self.waiting = []
