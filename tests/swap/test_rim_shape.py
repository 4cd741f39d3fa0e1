"""Room: tests. A traced rim that a brow led astray comes back; a lens's own corners stay."""

from __future__ import annotations

import numpy as np

from mirror_app.swap.glasses_strips import ALONG, rim_angles
from mirror_app.swap.rim_shape import mended

OVAL = (15 + 3 * np.cos(2 * rim_angles()) - 2 * np.sin(rim_angles())).astype(np.float32)
STRONG = np.full(ALONG, 0.2, np.float32)


def test_a_smooth_rim_stays_as_it_is() -> None:
    np.testing.assert_allclose(mended(OVAL, STRONG), OVAL, atol=0.3)


def test_a_detour_over_the_brow_is_undone() -> None:
    astray = OVAL.copy()
    astray[2:7] += 7
    assert np.abs(mended(astray, STRONG) - OVAL).max() < 3


def test_corners_are_left_to_the_lens() -> None:
    cornered = OVAL + np.float32(1.0) * np.cos(4 * rim_angles()).astype(np.float32)
    assert np.abs(mended(cornered, STRONG) - cornered).max() < 0.5


def test_without_any_strength_nothing_changes() -> None:
    np.testing.assert_array_equal(mended(OVAL, np.zeros(ALONG, np.float32)), OVAL)
