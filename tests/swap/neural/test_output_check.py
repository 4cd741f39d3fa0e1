"""Room: tests. What cannot be a face is told from what can."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.swap.neural.output_check import could_be_a_face, is_finite
from tests.swap.neural import networks

FACE = networks.picture(64, 64, detail_px=6)
DARK_ROOM = (FACE // 16).astype(np.uint8)
OVEREXPOSED = np.clip(FACE.astype(np.int16) * 2 + 40, 0, 255).astype(np.uint8)
RNG = np.random.default_rng(0)


def black(live: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.zeros_like(live)


def other_face(live: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """As bright, but another one."""
    return live[:, ::-1]


def noise_out_of_range(live: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.where(RNG.random(live.shape) < 0.5, 0, 255).astype(np.uint8)


@pytest.mark.parametrize(
    ("live", "make", "expected"),
    [
        (FACE, other_face, True),
        (DARK_ROOM, other_face, True),
        (OVEREXPOSED, other_face, True),
        (FACE, lambda live: live, False),
        (DARK_ROOM, lambda live: live, False),
        (OVEREXPOSED, lambda live: live, False),
        (FACE, lambda live: live ^ 1, False),
        (FACE, lambda live: (live // 2).astype(np.uint8), True),
        (FACE, black, False),
        (DARK_ROOM, black, False),
        (FACE, lambda live: (live // 50).astype(np.uint8), False),
        (FACE, lambda live: np.full_like(live, 127), False),
        (FACE, lambda live: np.full_like(live, 255), False),
        (FACE, noise_out_of_range, False),
        (DARK_ROOM, noise_out_of_range, False),
        (OVEREXPOSED, noise_out_of_range, False),
    ],
    ids=[
        "a face", "in a dark room", "overexposed", "what went in", "what went in, dark", "what went in, overexposed",
        "what went in, rounded", "half as bright", "black", "black in a dark room", "nearly black",
        "grey", "white", "saturated", "saturated in a dark room", "saturated where overexposed",
    ],
)  # fmt: skip
def test_a_picture_is_judged(
    live: NDArray[np.uint8], make: Callable[[NDArray[np.uint8]], NDArray[np.uint8]], expected: bool
) -> None:
    assert could_be_a_face(make(live), live) is expected


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 3e38])
@pytest.mark.parametrize("place", [(0, 0, 0), (2, 31, 31), (1, 7, 5)])
def test_one_bad_number_is_enough(bad: float, place: tuple[int, int, int]) -> None:
    planes = np.ones((3, 32, 32), np.float32)
    assert is_finite(planes)
    planes[place] = bad
    assert not is_finite(planes)
