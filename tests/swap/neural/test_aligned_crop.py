"""Room: tests. Crops show the face where the network expects it, at any size, turn and border."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from mirror_app.domain.templates import TEMPLATES
from mirror_app.swap.neural.aligned_crop import Border, Cropper, looks_like_a_face
from tests.swap.neural import networks

SIDE = 64
FRONTAL = networks.landmarks_at((160, 120), 100)


def crop_of(
    image: NDArray[np.uint8],
    landmarks: NDArray[np.float32],
    template: str = "arcface_128",
    border: Border = Border.BLACK,
) -> NDArray[np.uint8]:
    crop = Cropper(template, SIDE, border).crop(image, networks.live_face(landmarks))
    assert crop is not None
    return crop.image_bgr


def dotted(landmarks: NDArray[np.float32], radius: int = 4) -> NDArray[np.uint8]:
    """Black, with a disc of another grey at each landmark."""
    image = np.zeros((240, 320, 3), np.uint8)
    for number, (x, y) in enumerate(landmarks):
        cv2.circle(image, (round(float(x)), round(float(y))), radius, (50 + 40 * number,) * 3, -1)
    return image


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("turn_deg", [0, 35, -120])
@pytest.mark.parametrize("side_px", [60, 100, 190])
def test_the_five_points_come_to_lie_on_the_template(template: str, turn_deg: float, side_px: float) -> None:
    landmarks = networks.landmarks_at((160, 120), side_px, turn_deg, template)
    crop = crop_of(dotted(landmarks), landmarks, template)
    for number, (x, y) in enumerate(TEMPLATES[template] * SIDE):
        assert crop[round(y), round(x), 0] == pytest.approx(50 + 40 * number, abs=2)


@pytest.mark.parametrize("side_px", [30, 64, 127])
def test_up_to_twice_its_size_a_face_is_interpolated_once(side_px: float) -> None:
    image = networks.picture()
    landmarks = networks.landmarks_at((160, 120), side_px, 20)
    crop = Cropper("arcface_128", SIDE, Border.BLACK).crop(image, networks.live_face(landmarks))
    assert crop is not None
    plain = cv2.warpAffine(image, crop.crop_from_frame, (SIDE, SIDE))
    np.testing.assert_allclose(crop.image_bgr.astype(int), plain, atol=1)


@pytest.mark.parametrize("side_px", [140, 300, 700])
@pytest.mark.parametrize("turn_deg", [0, 30])
def test_a_large_face_is_averaged_and_not_sampled(side_px: float, turn_deg: float) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (900, 900, 3), np.uint8)
    crop = crop_of(noise, networks.landmarks_at((450, 450), side_px, turn_deg))
    sampled = 255 / np.sqrt(12)
    assert crop[8:-8, 8:-8].std() < 0.75 * sampled * SIDE / (side_px / 2)


@pytest.mark.parametrize("side_px", [140, 300, 700])
@pytest.mark.parametrize("at", [(450.0, 450.0), (451.3, 448.6), (330.0, 571.0)])
def test_halving_does_not_move_the_picture(side_px: float, at: tuple[float, float]) -> None:
    x, y = np.meshgrid(np.arange(900), np.arange(900))
    blob = 250 * np.exp(-((x - at[0]) ** 2 + (y - at[1]) ** 2) / (2 * (side_px / 10) ** 2))
    landmarks = networks.landmarks_at(at, side_px, 10)
    crop = Cropper("arcface_128", SIDE, Border.BLACK).crop(
        np.dstack([blob] * 3).astype(np.uint8), networks.live_face(landmarks)
    )
    assert crop is not None
    weights = crop.image_bgr[..., 0].astype(np.float64)
    seen = [(weights * np.arange(SIDE)[None, :]).sum(), (weights * np.arange(SIDE)[:, None]).sum()] / weights.sum()
    expected = crop.crop_from_frame @ np.array([*at, 1])
    # Half a pixel of the frame, forgotten once, would be 0.1 to 0.2 of the crop's.
    np.testing.assert_allclose(seen, expected, atol=0.04)


@pytest.mark.parametrize(("border", "shown"), [(Border.BLACK, 0), (Border.REPLICATE, 200)])
@pytest.mark.parametrize("side_px", [80, 200])
def test_past_the_frame_lies_what_the_contract_says(border: Border, shown: int, side_px: float) -> None:
    image = np.full((240, 320, 3), 90, np.uint8)
    image[:, :20] = 200
    crop = crop_of(image, networks.landmarks_at((0, 120), side_px), border=border)
    assert crop[SIDE // 2, 2, 0] == shown
    assert crop[SIDE // 2, -3, 0] == 90


def test_arrays_are_used_again_and_each_place_has_its_own() -> None:
    cropper, image = Cropper("arcface_128", SIDE, Border.BLACK), networks.picture()
    one, other = (cropper.crop(image, networks.live_face(networks.landmarks_at((x, 120), 90)), place)
                  for place, x in enumerate((100, 220)))  # fmt: skip
    again = cropper.crop(image, networks.live_face(FRONTAL))
    assert one is not None
    assert other is not None
    assert again is not None
    assert again.image_bgr is one.image_bgr
    assert other.image_bgr is not one.image_bgr


MIRRORED = FRONTAL * np.array([-1, 1], np.float32) + np.array([320, 0], np.float32)


@pytest.mark.parametrize(
    "landmarks",
    [
        None,
        MIRRORED,
        np.full((5, 2), 100, np.float32),
        np.stack([np.arange(5), np.arange(5)], 1).astype(np.float32),
        np.where(FRONTAL[2] == FRONTAL, np.nan, FRONTAL).astype(np.float32),
        np.where(FRONTAL[2] == FRONTAL, np.inf, FRONTAL).astype(np.float32),
        FRONTAL[:4],
        FRONTAL + np.float32(5000),
    ],
    ids=["none", "mirrored", "one point", "a line", "nan", "infinite", "four", "far outside"],
)
def test_what_is_no_face_in_the_frame_gives_no_crop(landmarks: NDArray[np.float32] | None) -> None:
    assert Cropper("arcface_128", SIDE, Border.BLACK).crop(networks.picture(), networks.live_face(landmarks)) is None


@given(
    turn=st.floats(-180, 180),
    side_px=st.floats(6, 2000),
    squeeze=st.floats(0.15, 1),
    seed=st.integers(0, 1000),
)
def test_any_turned_narrow_or_trembling_face_is_still_one(
    turn: float, side_px: float, squeeze: float, seed: int
) -> None:
    upright = (TEMPLATES["arcface_128"] - 0.5) * [squeeze, 1]
    cos, sin = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    trembling = upright + np.random.default_rng(seed).normal(size=(5, 2)) * 0.005
    assert looks_like_a_face((trembling * side_px) @ np.array([[cos, sin], [-sin, cos]]))
    assert not looks_like_a_face((trembling * side_px * [-1, 1]) @ np.array([[cos, sin], [-sin, cos]]))
