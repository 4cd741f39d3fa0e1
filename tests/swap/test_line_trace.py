"""Room: tests. A thin line is found along a strip; edges, spots and noise are not taken for one."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.swap.line_trace import follow, ridges, stands_below, strength_along, trace

ALONG, ACROSS = 40, 36
COURSE = (18 + 6 * np.sin(np.linspace(0, 2 * np.pi, ALONG))).astype(np.float32)


def strip_with_line(contrast: float, half_width: float = 0.5) -> NDArray[np.float32]:
    """(1, ALONG, ACROSS): a line along COURSE in a little noise."""
    off = np.abs(np.arange(ACROSS) - COURSE[:, None])
    line = np.clip(half_width + 1 - off, 0, 1) * contrast
    noise = np.random.default_rng(1).normal(0, 0.01, (ALONG, ACROSS))
    return np.asarray((line + noise)[None], np.float32)


@pytest.mark.parametrize("contrast", [0.2, -0.2])
@pytest.mark.parametrize("half_width", [0.5, 2.0])
def test_a_line_is_traced_whether_bright_or_dark_thin_or_thick(contrast: float, half_width: float) -> None:
    brighter, darker = ridges(strip_with_line(contrast, half_width))
    found = trace(np.maximum(brighter, darker), 0.5)
    assert np.abs(found[0] - COURSE).mean() < 1
    right, wrong = (brighter, darker) if contrast > 0 else (darker, brighter)
    assert np.median(strength_along(right, found)) > 4 * np.median(strength_along(wrong, found))


def test_a_mere_edge_is_no_line() -> None:
    edge = np.zeros((1, ALONG, ACROSS), np.float32)
    edge[..., 20:] = 1
    assert max(part.max() for part in ridges(edge)) == 0


def test_one_bright_spot_does_not_pull_the_line_away() -> None:
    strip = strip_with_line(0.2)
    strip[0, 20, 30] = 3
    assert np.abs(trace(ridges(strip)[0], 0.25)[0] - COURSE).mean() < 1.2


@pytest.mark.parametrize("moved", [-2.0, 0.0, 1.5])
def test_a_line_that_moved_a_little_is_followed(moved: float) -> None:
    found = follow(ridges(strip_with_line(0.2))[0], (COURSE + np.float32(moved))[None], 0.5)
    assert np.abs(found[0] - COURSE).mean() < 1


def test_what_lies_below_both_sides_is_positive_and_a_slope_is_nothing() -> None:
    below = stands_below(-strip_with_line(0.2), 4)
    assert np.median(below[0, np.arange(ALONG), np.round(COURSE).astype(int)]) > 0.15
    slope = np.broadcast_to(np.arange(ACROSS, dtype=np.float32), (1, ALONG, ACROSS))
    np.testing.assert_allclose(stands_below(slope, 4)[..., 4:-4], 0, atol=1e-6)
