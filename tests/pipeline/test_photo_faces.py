"""Room: tests. Faces are found in photos of every size and shape, and whichever way the photo is turned."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.pipeline.assembly import open_enroller
from mirror_app.pipeline.enrol import Enroller
from mirror_app.pipeline.photo_faces import PhotoFaces
from tests.imaging.pictures import soft_noise
from tests.portrait import placed_portrait


@pytest.fixture(scope="module")
def enroller() -> Enroller:
    return open_enroller()


def height_of(found: PhotoFaces, index: int = 0) -> float:
    box = found.faces[index].box_xyxy
    return float(box[3] - box[1])


def wall(width: int, height: int) -> NDArray[np.uint8]:
    """A large wall without anybody, unevenly lit."""
    small = soft_noise((60, 60), 14.0) + 120
    large = cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.repeat(np.clip(large, 0, 255).astype(np.uint8)[..., None], 3, axis=2)


def with_face(photo: NDArray[np.uint8], face_height: int, left: int, top: int) -> NDArray[np.uint8]:
    side = round(face_height * 1.7)
    portrait, _ = placed_portrait((side, side), face_height, (side / 2, side / 2))
    photo[top : top + side, left : left + side] = portrait
    return photo


@pytest.mark.parametrize("quarter_turns", [0, 1, 2, 3])
def test_a_photo_is_turned_until_somebody_stands_upright_in_it(enroller: Enroller, quarter_turns: int) -> None:
    image, points = placed_portrait((640, 400), 260, (250, 200))
    photo = np.ascontiguousarray(np.rot90(image, quarter_turns))
    found = enroller.look(photo)
    assert found.quarter_turns == -quarter_turns % 4
    assert found.photo_wh == (640, 400)
    assert found.preview_bgr.shape == (400, 640, 3)
    np.testing.assert_allclose(
        found.faces[0].box_xyxy, np.concatenate([points.min(0), points.max(0)]), atol=15, err_msg=str(quarter_turns)
    )


@pytest.mark.parametrize("roll_deg", [-40, -20, 20, 40])
def test_a_leaning_head_does_not_turn_the_photo(enroller: Enroller, roll_deg: float) -> None:
    image, _ = placed_portrait((600, 600), 260, (300, 300))
    turned = cv2.warpAffine(image, cv2.getRotationMatrix2D((300, 300), roll_deg, 1), (600, 600))
    assert enroller.look(np.asarray(turned, np.uint8)).quarter_turns == 0


@pytest.mark.parametrize("size_wh", [(64, 64), (100, 80), (128, 512)])
def test_a_face_in_a_small_photo_is_found(enroller: Enroller, size_wh: tuple[int, int]) -> None:
    shorter = min(size_wh)
    image, _ = placed_portrait(size_wh, shorter * 0.6, (size_wh[0] / 2, size_wh[1] / 2))
    found = enroller.look(image)
    assert height_of(found) == pytest.approx(shorter * 0.6, rel=0.15)


@pytest.mark.parametrize("face_height", [150, 500, 2500])
def test_a_face_in_a_photo_of_8000_pixels_is_found_and_cut_out_at_the_size_that_is_needed(
    enroller: Enroller, face_height: int
) -> None:
    photo = with_face(wall(8000, 5000), face_height, 300, 200)
    found = enroller.look(photo)
    assert height_of(found) == pytest.approx(face_height, rel=0.08)
    view = found.faces[0].view
    assert max(view.image_bgr.shape) <= 2800
    kept = float(np.ptp(view.points[:, 1]))
    assert kept == pytest.approx(min(face_height, 1200), rel=0.1), "a small face keeps all its pixels"
    assert max(found.preview_bgr.shape) <= 1024


@pytest.mark.parametrize("is_upright", [True, False])
def test_everybody_on_a_panorama_is_found(enroller: Enroller, is_upright: bool) -> None:
    photo = wall(5000, 700)
    for number in range(4):
        with_face(photo, 180, 100 + 1250 * number, 150)
    found = enroller.look(photo if is_upright else np.ascontiguousarray(np.rot90(photo)))
    assert len(found.faces) == 4
    assert found.photo_wh == (5000, 700)


def test_faces_come_largest_first_each_once(enroller: Enroller) -> None:
    photo = wall(1800, 700)
    for face_height, left in ((200, 50), (360, 500), (280, 1200)):
        with_face(photo, face_height, left, 40)
    heights = [height_of(enroller.look(photo), index) for index in range(3)]
    assert heights == pytest.approx([360, 280, 200], rel=0.1)
    assert len(enroller.look(photo).faces) == 3


@pytest.mark.parametrize("side", ["left", "right", "top", "bottom"])
def test_a_face_cut_by_the_border_is_found(enroller: Enroller, side: str) -> None:
    image, points = placed_portrait((640, 480), 300, (320, 240))
    (left, top), (right, bottom) = points.min(0), points.max(0)
    part = 0.2
    x, y = part * (right - left), part * (bottom - top)
    rows, columns = {
        "left": (slice(None), slice(round(left + x), None)),
        "right": (slice(None), slice(None, round(right - x))),
        "top": (slice(round(top + y), None), slice(None)),
        "bottom": (slice(None, round(bottom - y)), slice(None)),
    }[side]
    assert len(enroller.look(np.ascontiguousarray(image[rows, columns])).faces) == 1


def test_the_photo_is_left_as_it_was(enroller: Enroller) -> None:
    image, _ = placed_portrait((640, 480), 300, (320, 240))
    before = image.copy()
    enroller.look(image)
    np.testing.assert_array_equal(image, before)
