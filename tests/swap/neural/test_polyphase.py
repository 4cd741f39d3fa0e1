"""Room: tests. A picture taken apart and put together is the picture."""

from __future__ import annotations

import numpy as np
import pytest

from mirror_app.swap.neural.polyphase import put_together, taken_apart

PICTURE = np.random.default_rng(0).integers(0, 256, (12, 12, 3), np.uint8)


@pytest.mark.parametrize("tiles", [1, 2, 3])
def test_taking_apart_and_putting_together_is_exact(tiles: int) -> None:
    parts = [np.empty((12 // tiles, 12 // tiles, 3), np.uint8) for _ in range(tiles**2)]
    taken_apart(PICTURE, tiles, parts)
    back = np.zeros_like(PICTURE)
    put_together(parts, tiles, back)
    np.testing.assert_array_equal(back, PICTURE)


def test_each_part_shows_the_whole_picture() -> None:
    ramp = np.repeat(np.arange(12, dtype=np.uint8)[None, :, None] * 20, 12, 0).repeat(3, 2)
    parts = [np.empty((6, 6, 3), np.uint8) for _ in range(4)]
    taken_apart(ramp, 2, parts)
    assert [int(part[0, 0, 0]) for part in parts] == [0, 20, 0, 20]
    assert [int(part[0, -1, 0]) for part in parts] == [200, 220, 200, 220]
