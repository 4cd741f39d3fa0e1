"""Room: swap. Finds one thin line that runs along a strip of brightness samples. Knows no faces."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

# Half the line's width and the distance at which its two sides are sampled, in samples across: thin and thick lines.
_WIDTHS: Final = ((0, 3), (2, 7))
# How far a line may move sideways from one sample along to the next, and what each sample costs.
_ASIDE: Final = 2
_ASIDE_COST: Final = 0.01
_MOVES: Final = np.ones((1, 2 * _ASIDE + 1), np.uint8)
# Where `follow` looks for the line, and how much less it believes what is further away.
_NEAR: Final = np.arange(-3, 4)
_NEAR_WEIGHTS: Final = (1 - 0.1 * np.abs(_NEAR)).astype(np.float32)


def ridges(strips: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """How much each sample is brighter, and darker, than both of its sides; a mere edge gives zero.

    Args:
        strips: (s, along, across) float32, log brightness.

    Returns:
        Brighter and darker, each (s, along, across) float32, >= 0; zero near both ends of `across`.
    """
    brighter, darker = np.zeros_like(strips), np.zeros_like(strips)
    for half, aside in _WIDTHS:
        flat = strips.reshape(-1, strips.shape[2])
        core = np.asarray(cv2.blur(flat, (2 * half + 1, 1)), np.float32).reshape(strips.shape) if half else strips
        inner = slice(aside, -aside)
        above_first = core[..., inner] - core[..., : -2 * aside]
        above_last = core[..., inner] - core[..., 2 * aside :]
        np.maximum(brighter[..., inner], np.minimum(above_first, above_last), out=brighter[..., inner])
        np.maximum(darker[..., inner], -np.maximum(above_first, above_last), out=darker[..., inner])
    return brighter, darker


def trace(strength: NDArray[np.float32], most: float) -> NDArray[np.float32]:
    """The strongest continuous line along each strip, wherever it lies.

    Args:
        strength: (s, along, across) float32, >= 0.
        most: No place counts for more.

    Returns:
        (s, along) float32: where the line crosses, in samples across.
    """
    capped = np.minimum(strength, np.float32(most))
    best = np.ascontiguousarray(capped.transpose(1, 0, 2))
    for before, here in pairwise(best):
        here += cv2.dilate(before, _MOVES)
    lines = [_walk_back(strip) for strip in best.transpose(1, 0, 2).tolist()]
    return _centred(capped, np.array(lines, np.intp))


def _walk_back(best: list[list[float]]) -> list[int]:
    place = max(range(len(best[-1])), key=best[-1].__getitem__)
    places = [place]
    for row in reversed(best[:-1]):
        low = max(place - _ASIDE, 0)
        near = row[low : place + _ASIDE + 1]
        # Straight on, unless a move sideways is worth more than it costs.
        gains = [value - _ASIDE_COST * abs(low + index - place) for index, value in enumerate(near)]
        place = low + gains.index(max(gains))
        places.append(place)
    return places[::-1]


def follow(strength: NDArray[np.float32], line: NDArray[np.float32], most: float) -> NDArray[np.float32]:
    """The line near where it was: quicker than `trace`, and steadier.

    Args:
        strength: (s, along, across) float32, >= 0.
        line: (s, along) float32, the line of the look before.
        most: No place counts for more.

    Returns:
        (s, along) float32: where the line crosses, in samples across.
    """
    capped = np.minimum(strength, np.float32(most))
    around = np.clip(np.round(line).astype(np.intp)[..., None] + _NEAR, 0, strength.shape[2] - 1)
    # Neighbours along the line vote together.
    near = cv2.blur(np.take_along_axis(capped, around, 2).transpose(1, 0, 2).reshape(line.shape[1], -1), (1, 5))
    best = np.asarray(near).reshape(line.shape[1], line.shape[0], -1).transpose(1, 0, 2) * _NEAR_WEIGHTS
    places = np.take_along_axis(around, best.argmax(2)[..., None], 2)[..., 0]
    return _centred(capped, places)


def _centred(strength: NDArray[np.float32], places: NDArray[np.intp]) -> NDArray[np.float32]:
    """Places moved to the middle of what is strong around them, and smoothed along the line."""
    around = np.clip(places[..., None] + np.arange(-2, 3), 0, strength.shape[2] - 1)
    weights = np.take_along_axis(strength, around, 2) + np.float32(1e-4)
    centred = ((weights * around).sum(2) / weights.sum(2)).astype(np.float32)
    return np.asarray(cv2.blur(centred, (3, 1)), np.float32)


def strength_along(strength: NDArray[np.float32], line: NDArray[np.float32]) -> NDArray[np.float32]:
    """(s, along) float32: the largest value at most one sample beside the line."""
    around = np.clip(np.round(line).astype(np.intp)[..., None] + np.arange(-1, 2), 0, strength.shape[2] - 1)
    return np.asarray(np.take_along_axis(strength, around, 2).max(2), np.float32)


def stands_below(values: NDArray[np.float32], aside: int) -> NDArray[np.float32]:
    """How much lower each sample is than the mean of those on both of its sides; (s, along, across) float32."""
    padded = np.pad(values, ((0, 0), (0, 0), (aside, aside)), mode="edge")
    return np.asarray((padded[..., : -2 * aside] + padded[..., 2 * aside :]) / 2 - values, np.float32)
