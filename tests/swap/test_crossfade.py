"""Room: tests. Looks that change go from the old to the new, never past either, and start from what was shown."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from mirror_app.swap.crossfade import Crossfade, Fade

MS = 1_000_000
FRAME = 33 * MS


def texture(seed: int, side: int = 16) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, (side, side, 4), np.uint8)


def step(fade: Crossfade, lit: NDArray[np.uint8], now_ns: int, *, is_new: bool = False) -> NDArray[np.int_]:
    if is_new:
        fade.begin(now_ns)
    fade.step(now_ns)
    return fade.texture(lit).astype(int)


@given(st.integers(0, 99), st.integers(5 * MS, 90 * MS))
def test_every_texel_goes_straight_from_the_old_to_the_new(seed: int, frame_ns: int) -> None:
    fade, old, new = Crossfade(), texture(seed), texture(seed + 100)
    shown = [step(fade, old, 0)]
    shown += [step(fade, new, (1 + k) * frame_ns, is_new=k == 0) for k in range(2 + 300 * MS // frame_ns)]
    np.testing.assert_array_equal(shown[1], old)
    np.testing.assert_array_equal(shown[-1], new)
    low, high = np.minimum(old, new), np.maximum(old, new)
    toward = np.sign(new.astype(int) - old)
    for one, other in pairwise(shown):
        assert (other >= low).all(), "cover never falls below the lesser one's"
        assert (other <= high).all()
        assert ((other - one) * toward >= 0).all()


def test_a_change_during_a_change_starts_from_what_is_shown() -> None:
    fade = Crossfade()
    step(fade, texture(1), 0)
    for k in range(1, 5):
        last = step(fade, texture(2), k * FRAME, is_new=k == 1)
    np.testing.assert_array_equal(step(fade, texture(3), 5 * FRAME, is_new=True), last)
    for k in range(6, 20):
        shown = step(fade, texture(3), k * FRAME)
    np.testing.assert_array_equal(shown, texture(3))


def test_a_face_that_comes_closer_meanwhile_is_faded_at_its_new_size() -> None:
    fade = Crossfade()
    step(fade, texture(1), 0)
    step(fade, texture(2), FRAME, is_new=True)
    assert step(fade, texture(2, side=24), 2 * FRAME).shape == (24, 24, 4)


@pytest.mark.parametrize("now_ns", [-FRAME, 251 * MS, 10**12])
def test_what_was_not_seen_just_before_is_no_start(now_ns: int) -> None:
    fade = Crossfade()
    step(fade, texture(1), 0)
    np.testing.assert_array_equal(step(fade, texture(2), now_ns, is_new=True), texture(2))


def test_another_face_wears_its_target_at_once() -> None:
    fade = Crossfade()
    step(fade, texture(1), 0)
    fade.begin(FRAME)
    fade.stop()
    fade.step(FRAME)
    assert fade.share == 1
    np.testing.assert_array_equal(fade.texture(texture(2)), texture(2))


def test_a_clock_that_goes_back_ends_the_fade() -> None:
    fade = Fade()
    fade.share(1000 * MS)
    assert fade.begin(1033 * MS)
    assert fade.share(1033 * MS) == 0
    assert fade.share(1000 * MS) == 1
