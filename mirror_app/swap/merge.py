"""Room: swap. Several unrolled photos of one person and their mirrored sides become one whole face. No frames.

Steps from texel to texel are merged, not colours: photos under different light join without a seam, and what no photo
shows grows smoothly out of what is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.imaging.gradients import Steps, between, integrated, mirrored, steps_of

# The better of two views counts more than twice when it is twice as good: blends of two views are soft.
_SHARPNESS: Final = 4
# Steps whose weights sum to less than this fade to none: nobody shows them.
_UNSURE: Final = 0.03


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """One photo's face in the UV layout.

    Attributes:
        log_bgr: (side, side, 3) float32, logarithms of the colours.
        trust: (side, side) float32, 0..1, how far each texel is this face, well seen.
    """

    log_bgr: NDArray[np.float32]
    trust: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Whole:
    """A face without holes.

    Attributes:
        log_bgr: (side, side, 3) float32, logarithms of the colours.
        shown: (side, side) float32, 0..1: 1 where a photo shows the texel or its mirrored one, 0 where it is made up.
        both_seen: (side, side) float32, 0..1, where the photos show the texel and its mirrored one.
    """

    log_bgr: NDArray[np.float32]
    shown: NDArray[np.float32]
    both_seen: NDArray[np.float32]


def merge(views: Sequence[View]) -> Whole:
    """Join views of one person and fill what none shows from the mirrored side, and where that fails, smoothly.

    Args:
        views: At least one, all of one side.
    """
    trusts = [between(view.trust) for view in views]
    steps = [steps_of(view.log_bgr) for view in views]
    own = (_mean(steps, trusts, 0), _mean(steps, trusts, 1))
    sure = (_most(trusts, 0), _most(trusts, 1))
    back, back_sure = mirrored(own), mirrored(sure, 1.0)
    joined = (_filled(own[0], sure[0], back[0], back_sure[0]), _filled(own[1], sure[1], back[1], back_sure[1]))
    trust = np.max([view.trust for view in views], axis=0)
    other = np.ascontiguousarray(trust[:, ::-1])
    picture = integrated(joined)
    return Whole(picture + _level(views, picture), np.maximum(trust, other), np.minimum(trust, other))


def _mean(steps: Sequence[Steps], trusts: Sequence[Steps], axis: int) -> NDArray[np.float32]:
    if len(steps) == 1:
        return steps[0][axis]
    weights = [trust[axis] ** _SHARPNESS + np.float32(1e-6) for trust in trusts]
    total = np.sum(weights, axis=0)
    parts = [step[axis] * (weight / total)[..., None] for step, weight in zip(steps, weights, strict=True)]
    return np.asarray(np.sum(parts, axis=0), np.float32)


def _most(trusts: Sequence[Steps], axis: int) -> NDArray[np.float32]:
    return np.asarray(np.max([trust[axis] for trust in trusts], axis=0), np.float32)


def _filled(
    own: NDArray[np.float32], sure: NDArray[np.float32], other: NDArray[np.float32], other_sure: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Own steps where they are sure, those of the mirrored side in the rest, none where neither is."""
    borrowed = other_sure * (1 - sure)
    total = np.maximum(sure + borrowed, np.float32(_UNSURE))
    return np.asarray(own * (sure / total)[..., None] + other * (borrowed / total)[..., None], np.float32)


def _level(views: Sequence[View], picture: NDArray[np.float32]) -> NDArray[np.float32]:
    """(3,): what integrated steps lack to have the brightness and colour that the photos show."""
    weight = sum(float(view.trust.sum()) for view in views)
    if weight < 1:
        return np.asarray(np.mean([view.log_bgr.mean((0, 1)) for view in views], axis=0), np.float32)
    total = np.sum([((view.log_bgr - picture) * view.trust[..., None]).sum((0, 1)) for view in views], axis=0)
    return np.asarray(total / weight, np.float32)
