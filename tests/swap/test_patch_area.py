"""Room: tests. The patch's rectangle always lies inside the frame, and its reduced coordinates agree with OpenCV's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirror_app.imaging.resample import resized
from mirror_app.swap.patch_area import PatchArea, patch_area
from tests.faces.scripted import mesh_at

places = st.tuples(st.floats(-3000, 5000), st.floats(-3000, 5000))
sizes = st.tuples(st.integers(1, 2000), st.integers(1, 2000))


@given(places, st.floats(1, 6000), sizes)
def test_the_area_lies_inside_the_frame_and_holds_every_visible_point(
    centre: tuple[float, float], height: float, size_wh: tuple[int, int]
) -> None:
    points = mesh_at(centre, height).points
    area = patch_area(points, (size_wh[1], size_wh[0], 3))
    if area is None:
        return
    assert 0 <= area.x < area.x + area.width <= size_wh[0]
    assert 0 <= area.y < area.y + area.height <= size_wh[1]
    x, y = points[:, 0], points[:, 1]
    inside = (x >= 0) & (x < size_wh[0] - 1) & (y >= 0) & (y < size_wh[1] - 1)
    assert ((x >= area.x) & (x < area.x + area.width))[inside].all()
    assert ((y >= area.y) & (y < area.y + area.height))[inside].all()


def test_a_face_in_the_frame_has_an_area_and_one_outside_has_none() -> None:
    assert patch_area(mesh_at((320, 180), 100).points, (360, 640, 3)) is not None
    assert patch_area(mesh_at((-200, 180), 100).points, (360, 640, 3)) is None
    assert patch_area(mesh_at((320, 900), 100).points, (360, 640, 3)) is None


def test_a_mesh_that_is_not_finite_has_no_area() -> None:
    for value in (np.nan, np.inf, -np.inf):
        points = mesh_at((320, 180), 100).points.copy()
        points[300, 2] = value
        assert patch_area(points, (360, 640, 3)) is None


def test_the_area_of_a_frame_is_a_view() -> None:
    image = np.zeros((50, 60, 3), np.uint8)
    PatchArea(10, 20, 5, 6).of(image)[:] = 9
    assert (image[20:26, 10:15] == 9).all()
    assert image.sum() == 9 * 5 * 6 * 3


@pytest.mark.parametrize("margin", [0.0, 0.1, 0.5])
def test_a_margin_widens_the_area_by_a_share_of_the_longer_side(margin: float) -> None:
    points = mesh_at((1000, 900), 400).points
    plain, wide = (patch_area(points, (2000, 2000), share) for share in (0.0, margin))
    assert plain is not None
    assert wide is not None
    beyond = margin * np.ptp(points[:, :2], axis=0).max()
    found = [plain.x - wide.x, plain.y - wide.y, wide.width - plain.width - beyond, wide.height - plain.height - beyond]
    np.testing.assert_allclose(found, beyond, atol=2)


@given(places, st.floats(20, 2000), sizes, st.floats(0, 1))
def test_the_area_with_a_margin_lies_in_the_frame_around_the_one_without(
    centre: tuple[float, float], height: float, size_wh: tuple[int, int], margin: float
) -> None:
    points = mesh_at(centre, height).points
    plain, wide = (patch_area(points, size_wh[::-1], share) for share in (0.0, margin))
    if plain is None:
        return
    assert wide is not None
    assert 0 <= wide.x <= plain.x
    assert 0 <= wide.y <= plain.y
    assert plain.x + plain.width <= wide.x + wide.width <= size_wh[0]
    assert plain.y + plain.height <= wide.y + wide.height <= size_wh[1]


def test_the_part_of_a_part_is_the_part_of_the_whole_and_a_view() -> None:
    image = np.random.default_rng(1).integers(0, 255, (50, 60, 3)).astype(np.uint8)
    around, inner = PatchArea(10, 5, 40, 40), PatchArea(23, 17, 9, 11)
    picture = around.of(image).copy()
    np.testing.assert_array_equal(inner.of_part(picture, around), inner.of(image))
    np.testing.assert_array_equal(around.of_part(picture, around), picture)
    inner.of_part(picture, around)[:] = 7
    assert (picture[12:23, 13:22] == 7).all()


@given(st.integers(1, 3000), st.integers(1, 3000), st.integers(16, 500))
def test_the_reduced_size_keeps_the_shape_and_never_grows(width: int, height: int, longest: int) -> None:
    reduced = PatchArea(0, 0, width, height).reduced_wh(longest)
    assert min(reduced) >= 2
    assert max(reduced) <= max(longest, 2)
    assert reduced[0] <= max(width, 2)
    assert reduced[1] <= max(height, 2)
    if min(reduced) > 20:
        assert abs(reduced[0] / reduced[1] - width / height) < 0.06 * width / height


def test_enlarging_a_reduced_ramp_of_positions_gives_the_positions_back() -> None:
    area = PatchArea(40, 30, 200, 120)
    reduced_wh = area.reduced_wh(100)
    full_x, full_y = np.meshgrid(np.arange(200, dtype=np.float32) + 40, np.arange(120, dtype=np.float32) + 30)
    corners = np.array([[40, 30, 0], [239, 149, 0], [100, 75, 10]], np.float32)
    reduced = area.reduce(corners, reduced_wh)
    # A small picture whose value is its own position in the frame: as `reduce` sees it, and as cv2.resize makes it.
    small_x = resized(full_x, reduced_wh)
    for (x, y, _), (rx, ry, _) in zip(corners, reduced, strict=True):
        inside = 0 <= rx <= reduced_wh[0] - 1 and 0 <= ry <= reduced_wh[1] - 1
        if inside:
            column = int(np.floor(rx))
            share = rx - column
            row = round(float(ry))
            value = small_x[row, column] * (1 - share) + small_x[row, min(column + 1, reduced_wh[0] - 1)] * share
            assert abs(value - x) < 0.02
        assert y >= 30
    enlarged = area.enlarge(small_x)
    assert np.abs(enlarged - full_x)[2:-2, 2:-2].max() < 0.02
    assert full_y[0, 0] == 30
