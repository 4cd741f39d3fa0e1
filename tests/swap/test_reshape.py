"""Room: tests. The live picture moves with the mesh: the same way, without folds, and only around the face."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.swap.likeness import LikenessShaper
from mirror_app.swap.reshape import ReshapedFace, area_around, move_field, reshape_by
from tests.faces.scripted import mesh_at
from tests.imaging.pictures import soft_noise

SIZE_WH: Final = (480, 360)
SHAPE: Final = topology.CANONICAL


def reshape_face(
    image: NDArray[np.uint8], points: NDArray[np.float32], moves: NDArray[np.float32]
) -> ReshapedFace | None:
    area = area_around(points, moves, image.shape)
    return None if area is None else reshape_by(move_field(points, moves, area), image, points, moves, area)


def bulge(vertex: int, move: tuple[float, float, float], reach_cm: float) -> NDArray[np.float32]:
    """(468, 3): the average face with the surroundings of a vertex moved, cm."""
    share = np.exp(-((np.linalg.norm(SHAPE - SHAPE[vertex], axis=1) / reach_cm) ** 2))
    return np.asarray(SHAPE + share[:, None] * np.array(move), np.float32)


def scaled(x: float, y: float) -> NDArray[np.float32]:
    return np.asarray(SHAPE * np.array([x, y, 1]), np.float32)


# All reach, or nearly reach, the largest move that the shaper allows.
FACES: Final = {
    "wide": scaled(1.15, 1), "narrow": scaled(0.87, 1), "long": scaled(1, 1.12), "short": scaled(1, 0.89),
    "large": scaled(1.15, 1.12), "long nose": bulge(topology.NOSE_TIP, (0, 1.2, -0.8), 2),
    "long chin": bulge(topology.CHIN, (0, 1.2, 0), 3), "small chin": bulge(topology.CHIN, (0, -1.2, 0), 3),
    "high brow": bulge(9, (0, -1.2, 0), 3),
}  # fmt: skip
# Centre and height of a face in the frame: whole, cut by each border, small, larger than the frame.
PLACES: Final = {
    "whole": ((240, 180), 150.0), "left": ((30, 180), 220.0), "right": ((450, 180), 220.0), "top": ((240, 20), 220.0),
    "bottom": ((240, 340), 220.0), "corner": ((455, 345), 200.0), "small": ((200, 100), 24.0),
    "huge": ((250, 150), 900.0),
}  # fmt: skip


def placed(place: str, yaw: float = 0.0, roll: float = 0.0) -> NDArray[np.float32]:
    centre, height = PLACES[place]
    about_y = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])
    about_z = np.array([[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]])
    return np.asarray(mesh_at((0, 0), height).points @ (about_z @ about_y).T + [*centre, 0], np.float32)


def moves_toward(face: str, points: NDArray[np.float32]) -> NDArray[np.float32]:
    return LikenessShaper().moves(points, 1, FACES[face], 1.0, 0)


def noise_frame(strength: float = 40.0) -> NDArray[np.uint8]:
    noise = soft_noise(SIZE_WH[::-1], strength)[..., None] * np.ones(3, np.float32)
    return np.clip(128 + noise, 0, 255).astype(np.uint8)


def position_frame(axis: int) -> NDArray[np.uint8]:
    """(H, W, 3) uint8: half of each pixel's column (axis 0) or row (axis 1), so that it fits a byte."""
    columns, rows = np.meshgrid(np.arange(SIZE_WH[0]), np.arange(SIZE_WH[1]))
    return np.repeat(((columns, rows)[axis] // 2)[..., None], 3, -1).astype(np.uint8)


def reshaped(image: NDArray[np.uint8], points: NDArray[np.float32], moves: NDArray[np.float32]) -> ReshapedFace:
    face = reshape_face(image, points, moves)
    assert face is not None
    return face


def inner_borders(face: ReshapedFace, change: NDArray[np.int_]) -> NDArray[np.int_]:
    """The change along those sides of the picture that lie inside the frame."""
    area = face.area
    sides = [
        (area.x > 0, change[:, 0]), (area.y > 0, change[0]),
        (area.x + area.width < SIZE_WH[0], change[:, -1]), (area.y + area.height < SIZE_WH[1], change[-1]),
    ]  # fmt: skip
    return np.concatenate([np.zeros(1, int), *(side.ravel() for inside, side in sides if inside)])


@pytest.mark.parametrize("place", PLACES)
def test_without_moves_picture_and_points_stay_bit_for_bit(place: str) -> None:
    image, points = noise_frame(), placed(place)
    face = reshaped(image, points, np.zeros_like(points))
    np.testing.assert_array_equal(face.points, points)
    np.testing.assert_array_equal(face.picture_bgr, face.area.of(image))
    assert not np.shares_memory(face.picture_bgr, image)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("face_name", FACES)
def test_the_picture_goes_over_into_the_frame_without_a_step(place: str, face_name: str) -> None:
    image, points = noise_frame(), placed(place, roll=0.3)
    face = reshaped(image, points, moves_toward(face_name, points))
    change = np.abs(face.picture_bgr.astype(int) - face.area.of(image))
    assert inner_borders(face, change).max() == 0


def test_the_frame_is_not_touched() -> None:
    image, points = noise_frame(), placed("whole")
    before = image.copy()
    image.flags.writeable = False
    reshaped(image, points, moves_toward("wide", points))
    np.testing.assert_array_equal(image, before)


def dot_at(image: NDArray[np.uint8], place: NDArray[np.float32]) -> None:
    x, y = np.indices(SIZE_WH)
    spot = 220 * np.exp(-((x - place[0]) ** 2 + (y - place[1]) ** 2) / (2 * 1.8**2)).T
    image[:] = np.maximum(image, spot[..., None].astype(np.uint8))


def found_dot(picture: NDArray[np.uint8], near: NDArray[np.float32], reach: int = 7) -> NDArray[np.float64]:
    """The centre of what is bright around a place."""
    column, row = (int(value) for value in np.round(near))
    window = picture[row - reach : row + reach + 1, column - reach : column + reach + 1, 0].astype(float)
    rows, columns = np.mgrid[row - reach : row + reach + 1, column - reach : column + reach + 1]
    return np.array([(columns * window).sum() / window.sum(), (rows * window).sum() / window.sum()])


@pytest.mark.parametrize("face_name", sorted(FACES.keys() - {"long nose"}))
@pytest.mark.parametrize("pose", [(0.0, 0.0), (0.4, 0.0), (-0.2, 0.5)])
def test_lids_and_lips_are_where_the_moved_mesh_says(face_name: str, pose: tuple[float, float]) -> None:
    points = placed("whole", *pose)
    # Corners and middles of both lids, corners of the mouth, forehead and chin on the outline.
    chosen = [33, 133, 159, 145, 263, 362, 386, 374, 78, 308, 10, 152]
    moves, errors, lengths = moves_toward(face_name, points), [], []
    for vertex in chosen:
        image = np.zeros((*SIZE_WH[::-1], 3), np.uint8)
        dot_at(image, points[vertex, :2])
        face = reshaped(image, points, moves)
        expected = face.points[vertex, :2] - face.area.origin_xy
        errors.append(float(np.linalg.norm(found_dot(face.picture_bgr, expected) - expected)))
        lengths.append(float(np.linalg.norm(face.points[vertex] - points[vertex])))
    assert max(errors) < 1.0
    assert max(lengths) > 1.5, "some of them do move"


def test_a_single_point_far_from_live_pixels_goes_where_it_is_sent_although_its_surroundings_stay() -> None:
    points = placed("whole")
    moves = np.zeros_like(points)
    moves[topology.NOSE_TIP, :2] = (0, 6)
    found = reshaped(noise_frame(), points, moves).points - points
    assert found[topology.NOSE_TIP, 1] > 5
    assert np.abs(found[[10, 33, 152, 263], :2]).max() < 0.2


@pytest.mark.parametrize("face_name", FACES)
def test_points_inside_the_face_go_where_they_are_sent(face_name: str) -> None:
    points = placed("whole")
    moves = moves_toward(face_name, points)
    away = np.linalg.norm((reshaped(noise_frame(), points, moves).points - points - moves)[:, :2], axis=1)
    assert np.quantile(away, 0.9) < 0.3 * np.linalg.norm(moves, axis=1).max()
    assert away[[1, 50, 280, 117, 346]].max() < 0.35 * np.linalg.norm(moves, axis=1).max()


def places_shown(points: NDArray[np.float32], moves: NDArray[np.float32]) -> NDArray[np.float64]:
    """(h, w, 2): which place of the frame each pixel of the reshaped picture shows; the rounding smoothed away."""
    shown = [reshaped(position_frame(axis), points, moves).picture_bgr[..., 0] for axis in (0, 1)]
    return np.stack([cv2.GaussianBlur(plane.astype(np.float64) * 2, (0, 0), 3) for plane in shown], -1)


@pytest.mark.parametrize("place", ["whole", "left", "top", "corner", "bottom"])
@pytest.mark.parametrize("face_name", FACES)
def test_nothing_folds_at_the_largest_moves(place: str, face_name: str) -> None:
    points = placed(place, yaw=0.3, roll=0.2)
    shown = places_shown(points, moves_toward(face_name, points))
    across, down = np.gradient(shown, axis=1), np.gradient(shown, axis=0)
    areas = across[..., 0] * down[..., 1] - across[..., 1] * down[..., 0]
    assert areas[8:-8, 8:-8].min() > 0.1


@pytest.mark.parametrize("ring", [topology.IMAGE_LEFT_EYE, topology.IMAGE_RIGHT_EYE, topology.LIPS_INNER])
def test_an_outward_move_enlarges_and_an_inward_one_shrinks(ring: tuple[int, ...]) -> None:
    points = placed("whole")
    face = reshaped(noise_frame(), points, moves_toward("wide", points))
    narrower = reshaped(noise_frame(), points, moves_toward("narrow", points))
    middle_x = points[:, 0].mean()
    out, before, inward = (np.abs(p[list(ring), 0] - middle_x).max() for p in (face.points, points, narrower.points))
    assert inward < before < out


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("which", ["points", "moves"])
@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
def test_a_mesh_or_moves_that_are_not_finite_give_no_picture(value: float, which: str) -> None:
    points = placed("whole")
    moves = moves_toward("wide", points)
    (points if which == "points" else moves)[100, 1] = value
    assert reshape_face(noise_frame(), points, moves) is None


@pytest.mark.parametrize("shift", [(3000, 0), (0, -3000), (-3000, 4000)])
def test_a_face_outside_the_frame_gives_no_picture(shift: tuple[int, int]) -> None:
    points = placed("whole") + np.array([*shift, 0], np.float32)
    assert reshape_face(noise_frame(), points, moves_toward("wide", points)) is None


@given(
    st.tuples(st.floats(-200, 700), st.floats(-200, 600)),
    st.floats(3, 2000),
    st.tuples(st.floats(-1.2, 1.2), st.floats(-3.2, 3.2)),
    st.sampled_from(sorted(FACES)),
)
@settings(max_examples=40)
def test_any_face_anywhere_gives_a_sound_picture_or_none(
    centre: tuple[float, float], height: float, turn: tuple[float, float], face_name: str
) -> None:
    yaw, roll = turn
    about_y = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])
    about_z = np.array([[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]])
    points = np.asarray(mesh_at((0, 0), height).points @ (about_z @ about_y).T + [*centre, 0], np.float32)
    image = noise_frame()
    face = reshape_face(image, points, moves_toward(face_name, points))
    if face is None:
        return
    assert np.isfinite(face.points).all()
    assert face.points.dtype == np.float32
    assert face.picture_bgr.dtype == np.uint8
    assert face.picture_bgr.shape == (face.area.height, face.area.width, 3)
    change = np.abs(face.picture_bgr.astype(int) - face.area.of(image))
    assert inner_borders(face, change).max() == 0
    assert np.linalg.norm(face.points - points, axis=1).max() < 0.15 * height + 1e-3
