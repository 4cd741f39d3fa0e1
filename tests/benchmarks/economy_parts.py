"""Room: tests. A slow painting network without weights, and how good its patches are when made at some frames only.

Prints nothing. The painter recolours what it sees, pixel by pixel, so that its picture of every frame is known; a real
network also changes the shape, and takes its own time.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.assignment import Assignment
from mirror_app.domain.face import TrackedFace
from mirror_app.domain.frame import Frame
from mirror_app.domain.patch import FacePatch
from mirror_app.pipeline.assembly import open_tracker
from mirror_app.swap.key_frames import KeyFrameSwapper
from mirror_app.swap.neural.aligned_crop import Border
from mirror_app.swap.neural.identity import IdentityMaker
from mirror_app.swap.neural.masks.combined import usual_mask
from mirror_app.swap.neural.spec import IdentityKind, SwapperSpec
from mirror_app.swap.neural.swapper import NeuralSwapper
from mirror_app.swap.protocol import Swapper
from tests.benchmarks.prediction_scenes import Performance
from tests.swap.neural import networks

PAINTER: Final = SwapperSpec(
    "painter", "ffhq_512", 256, (0, 0, 0), (1, 1, 1), False, Border.REPLICATE, IdentityKind.UNIT
)
TARGET: Final = networks.target(networks.view(1))
_LEAST_ALPHA: Final = 0.02


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A frame and the face found in it."""

    frame: Frame
    face: TrackedFace

    @property
    def assignment(self) -> Assignment:
        """The face wears the painter's target."""
        return Assignment(self.face, TARGET, 0.5)


def painter(cost_ms: float = 0.0) -> NeuralSwapper:
    """The app's neural engine around a network that gives known pictures and takes some time for each face."""

    def paint(identities: NDArray[np.float32], crops: NDArray[np.float32]) -> NDArray[np.float32]:
        time.sleep(cost_ms * 1e-3 * len(crops))
        return np.asarray(0.16 + 0.62 * crops[:, [1, 2, 0]], np.float32)

    recogniser = networks.ScriptedRecogniser({1: networks.raw_embedding(1)})
    network = networks.ScriptedNetwork(PAINTER, lambda crops, identities: paint(identities, crops))
    return NeuralSwapper(PAINTER, network, IdentityMaker(PAINTER, recogniser), usual_mask())


def seen_in(performance: Performance) -> list[Seen]:
    """All frames of a performance in which the tracker follows a face."""
    tracker, seen = open_tracker(), []
    for index, shown in enumerate(performance.shown()):
        frame = Frame(shown.image_bgr, index, shown.time_ns)
        tracker.follow(frame)
        tracker.scan(frame)
        if tracker.faces and tracker.faces[0].mesh is not None:
            seen.append(Seen(frame, tracker.faces[0]))
    return seen


class StaleSwapper:
    """What key frames are without carrying: the last patch stays where it was."""

    def __init__(self, inner: Swapper, every: int) -> None:
        self._inner, self._every, self._turn = inner, every, 0
        self.made = 0
        self._patch: FacePatch | None = None

    def generate(self, frame: Frame, assignments: Sequence[Assignment]) -> list[FacePatch]:
        """One face only."""
        self.made = int(self._turn % self._every == 0)
        if self.made:
            (made,) = self._inner.generate(frame, assignments)
            self._patch = replace(made, image_bgr=made.image_bgr.copy(), alpha=made.alpha.copy())
        self._turn += 1
        assert self._patch is not None
        return [self._patch]


@dataclass(frozen=True, slots=True)
class Likeness:
    """How near the patches are to those made at every frame, over the face's pixels.

    Attributes:
        psnr: dB, mean over the frames between key frames.
        worst: dB, their 5th percentile.
        made: Share of the frames in which the network ran.
        ms: Median processor time of a frame in between: what else the machine does is not in it.
    """

    psnr: float
    worst: float
    made: float
    ms: float


def likeness(seen: Sequence[Seen], swapper: KeyFrameSwapper | StaleSwapper) -> Likeness:
    """Compare a swapper's joined pictures with those of a painter that works at every frame."""
    truth, found, made, taken = painter(), [], 0, []
    for one in seen:
        (wanted,) = truth.generate(one.frame, [one.assignment])
        begun = time.thread_time_ns()
        (patch,) = swapper.generate(one.frame, [one.assignment])
        ms = (time.thread_time_ns() - begun) * 1e-6
        made += swapper.made
        if not swapper.made:
            found.append(_psnr(one.frame.image_bgr, wanted, patch))
            taken.append(ms)
    if not found:
        return Likeness(99, 99, 1.0, 0.0)
    return Likeness(float(np.mean(found)), float(np.percentile(found, 5)), made / len(seen), float(np.median(taken)))


def _psnr(image_bgr: NDArray[np.uint8], wanted: FacePatch, patch: FacePatch) -> float:
    (a, where), (b, also) = (_joined(image_bgr, one) for one in (wanted, patch))
    face = where | also
    error = float(np.square(a[face] - b[face]).mean())
    return 10 * float(np.log10(255**2 / max(error, 1e-3)))


def _joined(image_bgr: NDArray[np.uint8], patch: FacePatch) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    picture, where = image_bgr.astype(np.float32), np.zeros(image_bgr.shape[:2], np.bool_)
    (x, y), (height, width) = patch.origin_xy, patch.alpha.shape
    window = picture[y : y + height, x : x + width]
    window += patch.alpha[..., None] * (patch.image_bgr - window)
    where[y : y + height, x : x + width] = patch.alpha > _LEAST_ALPHA
    return picture, where
