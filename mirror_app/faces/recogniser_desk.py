"""Room: faces. Asks a recogniser about one face at a time and survives whatever it does. Compares nobody."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.errors import MirrorError, ModelError
from mirror_app.domain.sentence import Sentence
from mirror_app.faces.protocol import Recogniser
from mirror_app.faces.signature import Signature

T = TypeVar("T")

# So many failures in a row, and it is out of use: one may be the fault of a picture.
_MOST_FAILURES: Final = 3
# Whoever waits longer for an answer goes on without, until it comes.
_PATIENCE_S: Final = 2.0
# It rests so many times as long as an answer took: where it shares a slow processor with the picture, it takes a fifth.
_REST: Final = 4.0
_URGENT_REST: Final = 1.0
# What is kept of a picture reaches so many times the spread of the five points beyond them; a crop needs 1.4.
_MARGIN: Final = 2.0
# A network that finds two quite different pictures so alike says the same of everybody.
_BLIND_COSINE: Final = 0.99
_PROBE_PX: Final = 112
_PROBE_POINTS: Final = np.array([[38, 52], [74, 52], [56, 72], [42, 92], [71, 92]], np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What a recogniser said of a face.

    Attributes:
        track_id: Whose track it was.
        looked: What the face looked like in the picture that was shown to the recogniser.
        embedding: (n,) float32 of unit length.
    """

    track_id: int
    looked: Signature
    embedding: NDArray[np.float32]


class RecogniserDesk:
    """A recogniser, opened when it is first wanted. Everything here belongs to one thread; the work may be another's.

    Whatever goes wrong with it becomes `trouble`; nothing is raised.
    """

    def __init__(
        self,
        open_recogniser: Callable[[], Recogniser],
        executor: Executor | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Open nothing yet.

        Args:
            open_recogniser: Loads it; may raise anything.
            executor: Runs it, one thing at a time; None = in place, for those who have all the time it takes.
            clock: Seconds.
        """
        self._open, self._executor, self._clock = open_recogniser, executor, clock
        self._opening: Future[Recogniser] | None = None
        self._recogniser: Recogniser | None = None
        self._asked: tuple[int, Signature, float] | None = None
        self._working: Future[tuple[NDArray[np.float32], float]] | None = None
        self._answered_s, self._took_s = 0.0, 0.0
        self._failures = 0
        self.trouble = ""
        """A `Sentence` about why it is out of use; "" while it is not."""

    @property
    def is_ready(self) -> bool:
        """Whether it answers: it is open, in order, and does not keep anybody waiting. Opens it."""
        self._look_after_opening()
        if self._recogniser is None:
            return False
        return self._asked is None or self._clock() - self._asked[2] <= _PATIENCE_S

    def is_free(self, *, is_urgent: bool) -> bool:
        """Whether it may be asked now; where it works beside the picture, it rests between two answers."""
        if self._recogniser is None or self._working is not None:
            return False
        rest_s = (_URGENT_REST if is_urgent else _REST) * self._took_s
        return self._executor is None or self._clock() - self._answered_s >= rest_s

    def ask(
        self, track_id: int, looked: Signature, image_bgr: NDArray[np.uint8], landmarks: NDArray[np.float32]
    ) -> None:
        """Show it a face; only when it is free.

        Args:
            track_id: Whose track it is.
            looked: What the face looks like in this picture.
            image_bgr: (H, W, 3) uint8; what is needed of it is copied.
            landmarks: (5, 2) float32, px, in the order of `domain.templates`.
        """
        recogniser = self._recogniser
        if recogniser is None or self._working is not None or not np.isfinite(landmarks).all():
            return
        part, corner = _around(image_bgr, landmarks)
        self._asked = track_id, looked, self._clock()
        self._working = self._run(lambda: _timed(recogniser, part, landmarks - corner, self._clock))

    def take_answer(self) -> Answer | None:
        """The answer to the last question, once."""
        if self._working is None or self._asked is None or not self._working.done():
            return None
        (track_id, looked, _), done = self._asked, self._working
        self._asked = self._working = None
        self._answered_s = self._clock()
        error = done.exception()
        if error is not None:
            self._failures += 1
            if self._failures >= _MOST_FAILURES:
                self._give_up(error)
            return None
        self._failures = 0
        embedding, self._took_s = done.result()
        return Answer(track_id, looked, embedding)

    def _look_after_opening(self) -> None:
        if self._recogniser is not None or self.trouble:
            return
        if self._opening is None:
            self._opening = self._run(lambda: _proven(self._open()))
        if self._opening.done():
            error = self._opening.exception()
            if error is None:
                self._recogniser = self._opening.result()
            else:
                self._give_up(error)

    def _give_up(self, error: BaseException) -> None:
        why = error.sentence if isinstance(error, MirrorError) else type(error).__name__
        self._recogniser = None
        self.trouble = Sentence(
            "People are told apart by what can be seen of them, because the recogniser cannot be used: {why}", why=why
        )

    def _run(self, work: Callable[[], T]) -> Future[T]:
        if self._executor is not None:
            return self._executor.submit(work)
        done: Future[T] = Future()
        try:
            done.set_result(work())
        # As an executor does: whatever goes wrong is handed over with the result.
        except Exception as error:  # noqa: BLE001
            done.set_exception(error)
        return done


def _proven(recogniser: Recogniser) -> Recogniser:
    """The same recogniser, if it tells a black picture from one of noise.

    Raises:
        ModelError: It does not, or its answers are of no use.
    """
    black = np.zeros((_PROBE_PX, _PROBE_PX, 3), np.uint8)
    noise = np.random.default_rng(0).integers(0, 256, black.shape).astype(np.uint8)
    one, other = (_checked(recogniser.embed(picture, _PROBE_POINTS)) for picture in (black, noise))
    if float(one @ other) > _BLIND_COSINE:
        raise ModelError("The recogniser says the same of every picture.")
    return recogniser


def _timed(
    recogniser: Recogniser, image_bgr: NDArray[np.uint8], landmarks: NDArray[np.float32], clock: Callable[[], float]
) -> tuple[NDArray[np.float32], float]:
    """The embedding, and the seconds it took."""
    begun = clock()
    return _checked(recogniser.embed(image_bgr, landmarks)), clock() - begun


def _checked(embedding: NDArray[np.float32]) -> NDArray[np.float32]:
    """The same embedding, if it is one.

    Raises:
        ModelError: It is not a vector of unit length.
    """
    if embedding.ndim != 1 or not abs(float(np.linalg.norm(embedding)) - 1) < 1e-2:
        raise ModelError("The recogniser gave something that is no vector of length 1.")
    return embedding


def _around(
    image_bgr: NDArray[np.uint8], landmarks: NDArray[np.float32]
) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """A copy of the picture's part about the five points, 1 x 1 px at least, and where its corner lies, (2,) px."""
    low, high = landmarks.min(0), landmarks.max(0)
    reach = _MARGIN * float((high - low).max()) + 1
    height, width = image_bgr.shape[:2]
    x0, y0 = np.clip(np.floor(low - reach), 0, (width - 1, height - 1)).astype(int).tolist()
    x1, y1 = np.clip(np.ceil(high + reach), (x0 + 1, y0 + 1), (width, height)).astype(int).tolist()
    return image_bgr[y0:y1, x0:x1].copy(), np.array([x0, y0], np.float32)
