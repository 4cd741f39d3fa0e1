"""Room: tests. The rasteriser: values to a fiftieth of a pixel, the nearest surface first, zero where nothing is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.imaging.rasterise import MeshRasteriser
from tests.faces.scripted import mesh_at

ONE_TRIANGLE = np.array([[0, 1, 2]], np.int32)
SQUARE = np.array([[0, 1, 2], [0, 2, 3]], np.int32)


def square_points(x0: float, y0: float, x1: float, y1: float, z: float = 0.0) -> NDArray[np.float32]:
    return np.array([[x0, y0, z], [x1, y0, z], [x1, y1, z], [x0, y1, z]], np.float32)


def distance_from_truth(
    points: NDArray[np.float32], triangles: NDArray[np.int32], size_wh: tuple[int, int]
) -> NDArray[np.float32]:
    """Draw a mesh that carries its own x and y; how far each covered pixel's values are from its place, px."""
    values = np.ones_like(points)
    values[:, :2] = points[:, :2]
    drawn = MeshRasteriser(triangles).draw(points, values, size_wh, cull_back=False)
    rows, columns = np.nonzero(drawn[..., 2])
    return np.asarray(np.abs(drawn[rows, columns, :2] - np.stack([columns, rows], -1)).max(-1), np.float32)


@pytest.mark.parametrize("size_wh", [(64, 48), (176, 130), (48, 176), (500, 500)])
def test_a_flat_mesh_that_carries_its_own_position_shows_pixel_coordinates(size_wh: tuple[int, int]) -> None:
    width, height = size_wh
    away = distance_from_truth(square_points(3.3, 2.7, width - 5.2, height - 4.1), SQUARE, size_wh)
    assert len(away) == pytest.approx((width - 8.5) * (height - 6.8), rel=0.06)
    assert away.max() < 0.02


@pytest.mark.parametrize(("size_wh", "face_height"), [((96, 96), 90), ((176, 140), 130), ((140, 176), 400)])
def test_a_face_mesh_shows_pixel_coordinates_in_spite_of_its_depth(
    size_wh: tuple[int, int], face_height: float
) -> None:
    points = mesh_at((size_wh[0] / 2, size_wh[1] / 2), face_height).points
    away = distance_from_truth(points, topology.TRIANGLES, size_wh)
    assert len(away) > 2000
    assert away.max() < 0.02


def test_pixels_are_filled_by_their_centres() -> None:
    points = square_points(9.6, 9.6, 19.4, 19.4)
    values = np.ones((4, 3), np.float32)
    inside = MeshRasteriser(SQUARE).draw(points, values, (40, 30), cull_back=False).any(-1)
    rows, columns = np.nonzero(inside)
    assert (columns.min(), columns.max(), rows.min(), rows.max()) == (10, 19, 10, 19)


def test_outside_the_mesh_everything_is_exactly_zero_also_the_second_time() -> None:
    rasteriser, values = MeshRasteriser(ONE_TRIANGLE), np.full((3, 3), 7, np.float32)
    rasteriser.draw(np.array([[0, 0, 0], [60, 0, 0], [0, 60, 0]], np.float32), values, (64, 64), cull_back=False)
    drawn = rasteriser.draw(
        np.array([[2, 2, 0], [12, 2, 0], [2, 12, 0]], np.float32), values, (64, 64), cull_back=False
    )
    assert (drawn[20:] == 0).all()
    assert (drawn[:, 20:] == 0).all()
    assert drawn.any()


@pytest.mark.parametrize("near_first", [True, False])
def test_the_nearest_surface_wins_whatever_the_order(near_first: bool) -> None:
    near, far = square_points(5, 5, 25, 25, z=-10), square_points(0, 0, 30, 30, z=10)
    near_value, far_value = np.full((4, 3), 1, np.float32), np.full((4, 3), 2, np.float32)
    order = (near, far) if near_first else (far, near)
    carried = (near_value, far_value) if near_first else (far_value, near_value)
    triangles = np.concatenate([SQUARE, SQUARE + 4])
    drawn = MeshRasteriser(triangles).draw(np.concatenate(order), np.concatenate(carried), (32, 32), cull_back=False)
    assert drawn[15, 15, 0] == pytest.approx(1)
    assert drawn[2, 15, 0] == pytest.approx(2)


def test_crossing_surfaces_are_told_apart_pixel_by_pixel() -> None:
    rising = square_points(0, 0, 40, 40)
    rising[[0, 3], 2], rising[[1, 2], 2] = -10, 10
    flat = square_points(0, 0, 40, 40)
    values = np.repeat(np.array([[1.0], [2.0]], np.float32), 4, axis=0).repeat(3, axis=1)
    drawn = MeshRasteriser(np.concatenate([SQUARE, SQUARE + 4])).draw(
        np.concatenate([rising, flat]), values, (40, 40), cull_back=False
    )
    assert drawn[20, 10, 0] == pytest.approx(1)
    assert drawn[20, 30, 0] == pytest.approx(2)


def test_a_triangle_that_turns_its_back_is_left_out() -> None:
    front = np.array([[5, 5, 0], [5, 25, 0], [25, 5, 0]], np.float32)
    back = front[[0, 2, 1]]
    rasteriser, values = MeshRasteriser(ONE_TRIANGLE), np.ones((3, 3), np.float32)
    seen = {name: rasteriser.draw(points, values, (32, 32)).any() for name, points in (("f", front), ("b", back))}
    assert seen["f"] != seen["b"]
    assert rasteriser.draw(back, values, (32, 32), cull_back=False).any()


@given(
    st.integers(0, 2**32 - 1), st.tuples(st.integers(2, 80), st.integers(2, 80)), st.floats(0.1, 3000), st.booleans()
)
@settings(max_examples=60)
def test_a_mesh_anywhere_gives_finite_values_between_its_own(
    seed: int, size_wh: tuple[int, int], spread: float, cull_back: bool
) -> None:
    random = np.random.default_rng(seed)
    points = random.normal(0, spread, (9, 3)).astype(np.float32)
    points[:, 2] = np.clip(points[:, 2], -20, 20)
    values = random.uniform(1, 2, (9, 3)).astype(np.float32)
    triangles = random.integers(0, 9, (12, 3)).astype(np.int32)
    drawn = MeshRasteriser(triangles).draw(points, values, size_wh, cull_back=cull_back)
    assert drawn.shape == (size_wh[1], size_wh[0], 3)
    assert np.isfinite(drawn).all()
    inside = drawn.any(-1)
    if inside.any():
        assert drawn[inside].min() > 0.99
        assert drawn[inside].max() < 2.01
