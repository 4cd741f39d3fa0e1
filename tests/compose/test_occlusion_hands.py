"""Room: tests. A hand's points become the pixels it covers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirror_app.compose.occlusion_hands import Floats, without_hands
from mirror_app.domain.patch import FacePatch


def flat_hand(x: float, y: float, size: float) -> Floats:
    """Fingers up, the wrist at a place."""
    points = np.zeros((21, 2), np.float32)
    for finger, across in enumerate((-0.6, -0.3, 0.0, 0.3, 0.6)):
        for joint in range(4):
            points[1 + 4 * finger + joint] = (across, -1 - 0.3 * joint)
    return np.asarray(points * np.float32(size) + np.array([x, y], np.float32), np.float32)


def patch(width: int = 200, height: int = 160) -> FacePatch:
    alpha = np.ones((height, width), np.float32)
    return FacePatch(np.zeros((height, width, 3), np.uint8), alpha, (50, 40))


def test_the_face_is_not_seen_beneath_the_hand_and_seen_beside_it() -> None:
    visible = without_hands(None, [flat_hand(150, 180, 60)], patch())
    assert visible is not None
    assert visible[90, 100] == 0
    assert visible[5, 5] == 1
    assert visible.dtype == np.float32


def test_two_fingers_spread_apart_show_the_face_between_them() -> None:
    hand = flat_hand(150, 260, 80)
    visible = without_hands(None, [hand], patch())
    assert visible is not None
    tips = hand[[8, 12]] - (50, 40)
    (x0, y0), (x1, _) = tips.tolist()
    assert visible[round(y0), round(x0)] < 0.2
    assert visible[round(y0), round((x0 + x1) / 2)] > 0.8


def test_what_other_things_hide_stays_hidden() -> None:
    before = np.full((160, 200), 0.25, np.float32)
    visible = without_hands(before, [flat_hand(150, 180, 60)], patch())
    assert visible is not None
    assert visible.max() == 0.25
    assert visible.min() == 0
    assert (before == 0.25).all()


def test_the_shadow_along_a_hand_is_not_taken_for_a_part_of_it() -> None:
    bare = without_hands(None, [flat_hand(150, 180, 60)], patch())
    assert bare is not None
    shadowed = np.minimum(bare, 1 - (np.roll(bare, 3, axis=1) < 0.5).astype(np.float32))
    visible = without_hands(shadowed, [flat_hand(150, 180, 60)], patch())
    assert visible is not None
    np.testing.assert_array_equal(visible, bare)


@pytest.mark.parametrize("x", [-5000.0, 1e7, float("nan"), float("inf")])
def test_a_hand_beside_the_patch_changes_nothing(x: float) -> None:
    assert without_hands(None, [flat_hand(x, 100, 40)], patch()) is None
    before = np.ones((160, 200), np.float32)
    assert without_hands(before, [flat_hand(x, 100, 40)], patch()) is before


@given(st.floats(-400, 600), st.floats(-400, 600), st.floats(0, 500))
def test_any_hand_leaves_shares(x: float, y: float, size: float) -> None:
    visible = without_hands(None, [flat_hand(x, y, size)], patch())
    if visible is not None:
        assert visible.shape == (160, 200)
        assert 0 <= visible.min() <= visible.max() <= 1
