"""Room: tests. Scaling, flipping, and the mark that stays readable."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from mirror_app.compose.label import Label
from mirror_app.gui.views.label_finder import LabelFinder
from mirror_app.gui.views.picture import HalvedPicture, ScreenPicture
from mirror_app.gui.views.picture_box import fitted_wh
from tests.gui.fakes import frame, result

sides = st.integers(1, 4000)


@given(sides, sides, sides, sides)
def test_a_picture_fits_its_box_and_touches_one_side(width: int, height: int, box_width: int, box_height: int) -> None:
    fitted = fitted_wh((width, height), (box_width, box_height))
    assert 1 <= fitted[0] <= box_width
    assert 1 <= fitted[1] <= box_height
    assert fitted[0] == box_width or fitted[1] == box_height


@pytest.fixture
def arrow() -> NDArray[np.uint8]:
    """Black with a white left third, (60, 90, 3)."""
    image = np.zeros((60, 90, 3), np.uint8)
    image[:, :30] = 255
    return image


@pytest.mark.parametrize(("flip", "white_x"), [(False, 5), (True, 175)])
@pytest.mark.parametrize("size_wh", [(180, 120)])
def test_flipping_swaps_left_and_right(
    arrow: NDArray[np.uint8], size_wh: tuple[int, int], flip: bool, white_x: int
) -> None:
    shown = ScreenPicture().fit(arrow, size_wh, flip_horizontal=flip)
    assert (shown.width(), shown.height()) == size_wh
    assert shown.pixelColor(white_x, 60).red() == 255
    assert shown.pixelColor(179 - white_x, 60).red() == 0


@pytest.mark.parametrize("size_wh", [(90, 60), (91, 61), (45, 30), (333, 222)])
def test_sizes_with_odd_lines_are_not_sheared(arrow: NDArray[np.uint8], size_wh: tuple[int, int]) -> None:
    shown = ScreenPicture().fit(arrow, size_wh, flip_horizontal=False)
    column = {shown.pixelColor(size_wh[0] // 6, y).red() for y in range(size_wh[1])}
    assert column == {255}


def test_colours_are_not_exchanged() -> None:
    image = np.zeros((8, 8, 3), np.uint8)
    image[:] = (10, 20, 30)
    colour = ScreenPicture().fit(image, (4, 4), flip_horizontal=True).pixelColor(1, 1)
    assert (colour.blue(), colour.green(), colour.red()) == (10, 20, 30)


@pytest.mark.parametrize("size_wh", [(1280, 720), (960, 540), (1707, 960), (333, 187)])
def test_a_flipped_picture_is_the_flipped_camera_with_a_readable_mark(size_wh: tuple[int, int]) -> None:
    ramp = np.linspace(0, 255, 1280, dtype=np.uint8)
    camera = np.ascontiguousarray(np.broadcast_to(ramp[None, :, None], (720, 1280, 3)))
    marked = camera.copy()
    Label().draw(marked)
    plate = LabelFinder().find(replace(result(frame(0)), original_bgr=camera, preview_bgr=marked))
    assert plate is not None
    shown = ScreenPicture().fit(marked, size_wh, flip_horizontal=True, plate=plate)
    # What it should be: the mark drawn into the flipped camera picture, in the other corner.
    wanted = np.ascontiguousarray(camera[:, ::-1])
    left, top, right, bottom = plate.box_xyxy
    Label().draw(wanted, [np.array([left, top, 1280, 720], np.float32)])
    pixels = np.frombuffer(shown.constBits(), np.uint8).reshape(size_wh[1], size_wh[0], 4)[:, :, :3]
    reference = np.asarray(cv2.resize(wanted, size_wh, interpolation=cv2.INTER_AREA), np.int32)
    away = np.abs(pixels - reference)
    assert away.mean() < 1.5
    scale_x, scale_y = size_wh[0] / 1280, size_wh[1] / 720
    rows, columns = (
        slice(int(top * scale_y), int(bottom * scale_y)),
        slice(int((1280 - right) * scale_x), int((1280 - left) * scale_x)),
    )
    assert away[rows, columns].mean() < 12, "the mark stands where it is in the camera's picture, in its own size"
    assert right > left
    assert bottom > top


@pytest.mark.parametrize(
    "faces",
    [[], [(700, 400, 1280, 720)], [(0, 400, 1280, 720)], [(0, 400, 1280, 720), (700, 0, 1280, 300)]],
    ids=["bottom right", "bottom left", "top right", "top left"],
)
def test_the_mark_is_found_in_every_corner(faces: list[tuple[int, int, int, int]]) -> None:
    camera = np.random.default_rng(1).integers(0, 255, (720, 1280, 3), np.uint8)
    marked = camera.copy()
    marked[300:420, 500:620] = 90  # the swapped face
    Label().draw(marked, [np.array(face, np.float32) for face in faces])
    found = LabelFinder().find(replace(result(frame(0)), original_bgr=camera, preview_bgr=marked))
    assert found is not None
    left, top, right, bottom = found.box_xyxy
    changed = (camera != marked).any(axis=2)
    changed[300:420, 500:620] = False
    assert changed[top:bottom, left:right].mean() > 0.95
    changed[top:bottom, left:right] = False
    assert not changed.any(), "a part of the mark lies outside of the box found"


def test_the_mark_is_found_on_black_clothes() -> None:
    camera = np.zeros((720, 1280, 3), np.uint8)
    camera[:, :760] = 120
    marked = camera.copy()
    Label().draw(marked)
    assert LabelFinder().find(replace(result(frame(0)), original_bgr=camera, preview_bgr=marked)) is not None


def test_a_picture_without_mark_has_no_box() -> None:
    camera = np.random.default_rng(1).integers(0, 255, (720, 1280, 3), np.uint8)
    swapped = camera.copy()
    swapped[300:720, 900:1280] = 90  # a face in the corner
    plain = replace(result(frame(0)), original_bgr=camera, preview_bgr=swapped)
    assert LabelFinder().find(replace(plain, preview_bgr=camera.copy())) is None
    assert LabelFinder().find(replace(plain, preview_bgr=camera)) is None


@pytest.mark.parametrize("flip", [True, False])
@pytest.mark.parametrize("share", [0.2, 0.5, 0.7])
def test_in_halves_the_mark_stands_whole_right_of_the_line_and_never_left_of_it(share: float, flip: bool) -> None:
    camera = np.full((720, 1280, 3), 120, np.uint8)
    marked = camera.copy()
    place = [] if flip else [np.array([700, 400, 1280, 720], np.float32)]  # in both cases it is on the left on screen
    Label().draw(marked, place)
    plate = LabelFinder().find(replace(result(frame(0)), original_bgr=camera, preview_bgr=marked))
    assert plate is not None
    both = HalvedPicture().join(camera, marked, share, flip_horizontal=flip)
    shown = ScreenPicture().fit(both, (1280, 720), flip_horizontal=flip, plate=plate, bare_share=share)
    pixels = np.frombuffer(shown.constBits(), np.uint8).reshape(720, 1280, 4)[:, :, :3].astype(int)
    changed = (pixels != 120).any(axis=2)
    line = round(share * 1280)
    assert not changed[:, :line].any()
    left, top, right, bottom = plate.box_xyxy
    x = max(line, 1280 - right if flip else left)
    readable = marked[top:bottom, left:right].astype(int)[:, : 1280 - x]
    found = pixels[top:bottom, x : x + readable.shape[1]]
    if x + (right - left) <= 1280:
        assert np.abs(found - readable).mean() < 2
    else:
        assert changed[top:bottom, line:].mean() > 0.9


@pytest.mark.parametrize(("flip", "real_columns"), [(False, slice(0, 20)), (True, slice(60, 80))])
def test_halves_are_joined_so_that_the_real_one_is_on_the_left_of_the_screen(flip: bool, real_columns: slice) -> None:
    real, swapped = np.full((10, 80, 3), 1, np.uint8), np.full((10, 80, 3), 2, np.uint8)
    both = HalvedPicture().join(real, swapped, 0.25, flip_horizontal=flip)
    assert (both[:, real_columns] == 1).all()
    assert (both == 1).mean() == 0.25
    assert (real == 1).all()
    assert (swapped == 2).all()
