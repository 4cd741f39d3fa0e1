"""Room: tests. A generated crop comes back to where the face lies: at the right pixels, in the right memory."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from mirror_app.domain.patch import FacePatch
from mirror_app.swap.neural.paste import Paster
from tests.imaging.pictures import soft_noise

FRAME_HW = (90, 120)


def crop_and_mask(side: int, seed: int = 0) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """A soft picture, and an oval that ends before the border."""
    noise = np.dstack([soft_noise((side, side), 40, seed + channel) for channel in range(3)]) + 128
    picture = cv2.GaussianBlur(np.clip(noise, 0, 255).astype(np.uint8), (0, 0), 3)
    mask = np.zeros((side, side), np.uint8)
    cv2.ellipse(mask, (side // 2, side // 2), (int(side * 0.3), int(side * 0.4)), 20, 0, 360, 255, -1)
    return np.asarray(picture, np.uint8), np.asarray(cv2.GaussianBlur(mask, (0, 0), side / 60), np.uint8)


def crop_from_frame(side_px: float, turn_rad: float, centre_xy: tuple[float, float], side: int) -> NDArray[np.float64]:
    """A square of this side and turn in the frame, as a crop."""
    scale = side / side_px
    turned = scale * np.array([[math.cos(turn_rad), math.sin(turn_rad)], [-math.sin(turn_rad), math.cos(turn_rad)]])
    return np.column_stack([turned, np.full(2, side / 2) - turned @ centre_xy])


def over_the_frame(one: NDArray[np.uint8], transform: NDArray[np.float64]) -> NDArray[np.uint8]:
    """What OpenCV makes of it over the whole frame."""
    return np.asarray(cv2.warpAffine(one, transform, FRAME_HW[::-1], flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP))


def on_the_frame(patch: FacePatch) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """The patch's pixels and alpha in a frame that is empty elsewhere; fails where the patch reaches past the frame."""
    (height, width), (x, y) = patch.alpha.shape, patch.origin_xy
    assert x >= 0
    assert y >= 0
    image, alpha = np.zeros((*FRAME_HW, 3), np.uint8), np.zeros(FRAME_HW, np.float32)
    image[y : y + height, x : x + width] = patch.image_bgr
    alpha[y : y + height, x : x + width] = patch.alpha
    return image, alpha


@given(
    st.sampled_from([32, 64, 128]), st.floats(0.6, 4), st.floats(-math.pi, math.pi),
    st.tuples(st.floats(-60, 180), st.floats(-60, 150)), st.integers(0, 5),
)  # fmt: skip
def test_a_patch_is_what_opencv_makes_over_the_whole_frame(
    side: int, enlarged: float, turn_rad: float, centre_xy: tuple[float, float], seed: int
) -> None:
    picture, mask = crop_and_mask(side, seed)
    transform = crop_from_frame(side * enlarged, turn_rad, centre_xy, side)
    patch = Paster().paste(picture, mask, transform, FRAME_HW)
    wanted_mask = over_the_frame(mask, transform)
    if not patch.valid:
        assert wanted_mask.max() == 0
        return
    image, alpha = on_the_frame(patch)
    assert np.abs(alpha * 255 - wanted_mask).max() <= 1.01
    shown = wanted_mask > 1
    assert np.abs(image.astype(int) - over_the_frame(picture, transform))[shown].max(initial=0) <= 1
    assert 0 <= patch.alpha.min() <= patch.alpha.max() <= 1


def test_the_patch_is_no_larger_than_what_the_mask_shows() -> None:
    picture, mask = crop_and_mask(64)
    mask[:] = 0
    mask[20:30, 40:60] = 255
    patch = Paster().paste(picture, mask, crop_from_frame(64, 0, (60, 45), 64), FRAME_HW)
    height, width = patch.alpha.shape
    assert 10 <= height <= 13
    assert 20 <= width <= 23


@pytest.mark.parametrize(
    "transform",
    [
        crop_from_frame(64, 0, (400, 45), 64),
        crop_from_frame(64, 0, (60, -300), 64),
        np.full((2, 3), np.nan),
        np.zeros((2, 3)),
    ],
    ids=["right of the frame", "above it", "not finite", "no transform"],
)
def test_what_does_not_lie_in_the_frame_is_not_valid(transform: NDArray[np.float64]) -> None:
    assert not Paster().paste(*crop_and_mask(64), transform, FRAME_HW).valid


def test_an_empty_mask_shows_nothing() -> None:
    picture, mask = crop_and_mask(64)
    assert not Paster().paste(picture, np.zeros_like(mask), crop_from_frame(64, 0, (60, 45), 64), FRAME_HW).valid


def test_a_mask_that_reaches_the_border_darkens_nothing() -> None:
    picture, mask = np.full((64, 64, 3), 200, np.uint8), np.full((64, 64), 255, np.uint8)
    for side_px in (20, 64, 80):
        patch = Paster().paste(picture, mask, crop_from_frame(side_px, 0.3, (60, 45), 64), FRAME_HW)
        assert patch.alpha.max() == 1
        shown = patch.image_bgr[patch.alpha > 0.02]
        assert shown.min() >= 199, side_px


def test_a_crop_shown_much_smaller_is_averaged_first() -> None:
    stripes = np.zeros((128, 128, 3), np.uint8)
    stripes[::2] = 255
    patch = Paster().paste(stripes, np.full((128, 128), 255, np.uint8), crop_from_frame(32, 0, (60, 45), 128), FRAME_HW)
    middle = patch.image_bgr[10:20, 10:20]
    assert middle.min() >= 126
    assert middle.max() <= 129


def test_a_still_face_is_pasted_into_the_same_memory_and_nothing_given_is_changed() -> None:
    picture, mask = crop_and_mask(64)
    mask[0] = 255
    given = picture.copy(), mask.copy()
    paster, transform = Paster(), crop_from_frame(60, 0.1, (60, 45), 64)
    first, second = (paster.paste(picture, mask, transform, FRAME_HW) for _ in range(2))
    assert np.shares_memory(first.image_bgr, second.image_bgr)
    assert np.shares_memory(first.alpha, second.alpha)
    assert not np.shares_memory(first.image_bgr, Paster().paste(picture, mask, transform, FRAME_HW).image_bgr)
    assert (picture == given[0]).all()
    assert (mask == given[1]).all()


def test_a_face_that_goes_away_and_comes_back_needs_no_new_memory() -> None:
    picture, mask = crop_and_mask(64)
    paster, addresses = Paster(), set()
    for side_px in (80, 60, 40, 60, 80):
        patch = paster.paste(picture, mask, crop_from_frame(side_px, 0, (60, 45), 64), FRAME_HW)
        addresses.add((patch.image_bgr.ctypes.data, patch.alpha.ctypes.data))
    assert len(addresses) == 1
