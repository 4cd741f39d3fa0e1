"""Room: tests. A patch comes to the sharpness of the live face, from both sides, and then holds still."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mirror_app.swap.detail import DetailMatcher, sharpness, with_crispness
from tests.imaging.pictures import checkerboard, soft_noise

SIDE: Final = 96
EVERYWHERE: Final = np.ones((SIDE, SIDE), np.uint8)
COVERED: Final = np.ones((SIDE, SIDE), np.float32)
# Looks are due at least this often.
STEP_NS: Final = 10**9


def face(grain: float = 6.0, blur_px: float = 0.0, seed: int = 1) -> NDArray[np.uint8]:
    """(SIDE, SIDE, 3) uint8: something like skin, as sharp as asked."""
    image = 140 + soft_noise((SIDE, SIDE), grain, seed)
    if blur_px:
        image = np.asarray(cv2.GaussianBlur(image, (0, 0), blur_px), np.float32)
    return np.repeat(np.clip(image, 0, 255).astype(np.uint8)[..., None], 3, -1)


def with_noise(image: NDArray[np.uint8], deviation: float) -> NDArray[np.uint8]:
    noise = np.random.default_rng(5).normal(0, deviation, (SIDE, SIDE, 1))
    return np.clip(image + noise, 0, 255).astype(np.uint8)


def texture(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(SIDE, SIDE, 4) uint8: with an alpha that has edges of its own."""
    return np.dstack([image, checkerboard((SIDE, SIDE), 16)[..., 0]])


def level(image: NDArray[np.uint8]) -> float:
    return sharpness(np.ascontiguousarray(image[..., :3]), EVERYWHERE)


def look_for(matcher: DetailMatcher, live: NDArray[np.uint8], looks: int, begin: int = 0) -> list[float]:
    """The matcher compares its own texture with a live picture; returns the crispness after each look."""
    found = []
    for index in range(begin, begin + looks):
        patch = with_crispness(texture(face()), matcher.crispness)[..., :3]
        matcher.look(live, np.ascontiguousarray(patch), COVERED, index * STEP_NS)
        found.append(matcher.crispness)
    return found


LIVES: Final = {
    "blurred": face(blur_px=0.6, seed=2), "much blurred": face(blur_px=0.95, seed=2), "alike": face(seed=2),
    "noisy": with_noise(face(seed=2), 4), "very noisy": with_noise(face(seed=2), 8),
}  # fmt: skip


@pytest.mark.parametrize("before", [None, "much blurred", "very noisy"])
@pytest.mark.parametrize("live", LIVES)
def test_the_patch_comes_to_the_live_sharpness_from_either_side_and_holds_still(live: str, before: str | None) -> None:
    matcher = DetailMatcher()
    if before is not None:
        look_for(matcher, LIVES[before], 8)
    look_for(matcher, LIVES[live], 12, 8)
    patch = with_crispness(texture(face()), matcher.crispness)
    assert 0.75 < level(patch) / level(LIVES[live]) < 1.1
    assert len(set(look_for(matcher, LIVES[live], 10, 20))) == 1


@pytest.mark.parametrize("grain", [0.6, 2.0, 12.0])
@pytest.mark.parametrize("noise", [0, 2, 6])
def test_no_texture_makes_it_swing_to_and_fro(grain: float, noise: float) -> None:
    matcher, live, found = DetailMatcher(), with_noise(face(blur_px=0.8, seed=2), noise), []
    for index in range(40):
        patch = with_crispness(texture(face(grain)), matcher.crispness)[..., :3]
        matcher.look(live, np.ascontiguousarray(patch), COVERED, index * STEP_NS)
        found.append(matcher.crispness)
    assert max(found[20:]) / min(found[20:]) < 1.3
    assert len(set(found[30:])) <= 3


def test_five_looks_go_most_of_the_way() -> None:
    matcher = DetailMatcher()
    crispness = look_for(matcher, LIVES["noisy"], 20)
    assert crispness[4] == pytest.approx(crispness[-1], rel=0.2)
    assert crispness[0] > 1.1


@pytest.mark.parametrize(("live", "low", "high"), [(face(0.0), 0.0, 1.0), (with_noise(face(), 90), 1.0, 10.0)])
def test_crispness_stays_within_bounds_when_nothing_can_match(live: NDArray[np.uint8], low: float, high: float) -> None:
    matcher = DetailMatcher()
    assert low < look_for(matcher, live, 30)[-1] < high
    assert matcher.crispness != 1
    assert 0.7 < level(with_crispness(texture(face()), look_for(matcher, face(), 15, 30)[-1])) / level(face()) < 1.1


def test_a_patch_that_covers_next_to_nothing_is_not_compared() -> None:
    matcher, alpha = DetailMatcher(), np.full((SIDE, SIDE), 0.5, np.float32)
    alpha[:5, :5] = 1
    for index in range(9):
        matcher.look(LIVES["very noisy"], face(), alpha, index * STEP_NS)
    assert matcher.crispness == 1


def test_only_what_the_patch_covers_counts() -> None:
    alpha = COVERED.copy()
    alpha[:, SIDE // 2 :] = 0
    live = face()
    live[:, SIDE // 2 :] = checkerboard((SIDE, SIDE), 2)[:, SIDE // 2 :]
    half, whole = DetailMatcher(), DetailMatcher()
    half.look(live, face(), alpha, 0)
    whole.look(live, face(), COVERED, 0)
    assert half.crispness < 1.2 < whole.crispness


def test_looks_are_due_at_once_and_then_now_and_then() -> None:
    matcher = DetailMatcher()
    assert matcher.due(0)
    look_for(matcher, face(), 10)
    last_ns = 9 * STEP_NS
    assert not matcher.due(last_ns + 1)
    assert matcher.due(last_ns + STEP_NS)
    assert matcher.due(last_ns - 1), "the clock went back"


def test_after_a_reset_it_begins_anew() -> None:
    matcher = DetailMatcher()
    first = look_for(matcher, LIVES["very noisy"], 10)
    matcher.reset()
    assert matcher.crispness == 1
    assert matcher.due(9 * STEP_NS + 1)
    assert look_for(matcher, LIVES["very noisy"], 10) == first


def test_crispness_one_gives_the_texture_back() -> None:
    one = texture(face())
    assert with_crispness(one, 1.0) is one, "and takes no time"


@given(st.floats(0.02, 6), st.integers(0, 2**32 - 1))
@settings(max_examples=30)
def test_alpha_never_changes_and_the_argument_stays(crispness: float, seed: int) -> None:
    one = np.random.default_rng(seed).integers(0, 256, (40, 40, 4)).astype(np.uint8)
    before = one.copy()
    result = with_crispness(one, crispness)
    assert result.shape == one.shape
    assert result.dtype == np.uint8
    np.testing.assert_array_equal(result[..., 3], before[..., 3])
    np.testing.assert_array_equal(one, before)


def test_sharpness_rises_with_crispness_and_the_colour_stays() -> None:
    one = texture(face())
    pictures = [with_crispness(one, crispness) for crispness in (0.1, 0.3, 0.6, 1.0, 1.3, 1.7, 2.2, 3.0)]
    assert (np.diff([level(picture) for picture in pictures]) > 0.02).all()
    for picture in pictures:
        np.testing.assert_allclose(picture[..., :3].mean((0, 1)), one[..., :3].mean((0, 1)), atol=1)


def test_what_is_made_crisper_is_the_same_every_time() -> None:
    one = texture(face())
    np.testing.assert_array_equal(with_crispness(one, 2.0), with_crispness(one, 2.0))


def test_a_flat_picture_has_no_sharpness_and_only_the_mask_counts() -> None:
    board, mask = checkerboard((SIDE, SIDE), 4), np.zeros((SIDE, SIDE), np.uint8)
    assert sharpness(np.full((SIDE, SIDE, 3), 90, np.uint8), EVERYWHERE) == 0
    assert sharpness(board, mask) == 0
    half = board.copy()
    half[:, : SIDE // 2] = 128
    mask[:, : SIDE // 2 - 2] = 1
    assert sharpness(half, mask) == 0
    assert sharpness(half, EVERYWHERE) == pytest.approx(sharpness(board, EVERYWHERE) / 2, rel=0.1)
