"""Room: tests. The mesh network: points in frame pixels, wherever the crop lies, and broken networks say so."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.domain.errors import ModelError
from mirror_app.domain.face import MESH_POINTS, Detection, FaceMesh
from mirror_app.domain.geometry import square_crop
from mirror_app.domain.templates import five_landmarks
from mirror_app.faces.mesh import MODEL_FILE, FaceMeshNet, MeshCrop, crop_around_detection, crop_around_mesh
from mirror_app.resources import assets_dir
from mirror_app.runtime.ort import OrtCpuBackend
from tests.faces.scripted import ScriptedBackend, detection_at, mesh_at
from tests.portrait import placed_portrait


@pytest.fixture(scope="module")
def net() -> FaceMeshNet:
    return FaceMeshNet(OrtCpuBackend(assets_dir() / "models" / MODEL_FILE))


def scripted(points: NDArray[np.float32], logit: float = 5.0) -> FaceMeshNet:
    answers = [points.reshape(1, 1, 1, -1), np.full((1, 1, 1, 1), logit, np.float32)]
    return FaceMeshNet(ScriptedBackend(192, answers))


def a_crop(side_px: float = 100.0, centre: tuple[float, float] = (50.0, 60.0), roll_rad: float = 0.0) -> MeshCrop:
    return MeshCrop(np.array(centre, np.float32), side_px, roll_rad)


def located(net: FaceMeshNet, image: NDArray[np.uint8], crop: MeshCrop) -> FaceMesh:
    mesh = net.locate(image, crop)
    assert mesh is not None
    return mesh


@pytest.mark.parametrize(("height_px", "size_wh"), [(40, (200, 150)), (150, (640, 360)), (700, (1280, 720))])
def test_the_mesh_lies_on_the_portraits_true_points(
    net: FaceMeshNet, height_px: float, size_wh: tuple[int, int]
) -> None:
    centre = (size_wh[0] / 2, size_wh[1] / 2)
    image, truth = placed_portrait(size_wh, height_px, centre)
    mesh = located(net, image, a_crop(height_px * 1.5, centre))
    mesh = located(net, image, crop_around_mesh(mesh))
    assert mesh.score > 0.9
    away = np.linalg.norm(mesh.points[:, :2] - truth, axis=1) / height_px
    assert away.mean() < 0.03
    assert away.max() < 0.12


@pytest.mark.parametrize("degrees", [-40, 25, 90, 180])
def test_a_turned_picture_gives_a_turned_mesh(net: FaceMeshNet, degrees: float) -> None:
    image, _ = placed_portrait((300, 300), 160, (150, 150))
    turn = cv2.getRotationMatrix2D((150, 150), -degrees, 1)
    turned = np.asarray(cv2.warpAffine(image, turn, (300, 300), borderMode=cv2.BORDER_REPLICATE), np.uint8)
    upright = located(net, image, a_crop(240, (150, 150)))
    found = located(net, turned, a_crop(240, (150, 150), float(np.radians(degrees))))
    expected = upright.points[:, :2] @ turn[:, :2].T + turn[:, 2]
    assert np.abs(found.points[:, :2] - expected).mean() < 1.5


def test_the_score_tells_a_face_from_a_wall(net: FaceMeshNet) -> None:
    wall = np.random.default_rng(3).integers(100, 140, (200, 200, 3)).astype(np.uint8)
    assert located(net, wall, a_crop(150, (100, 100))).score < 0.3


@given(
    st.tuples(st.floats(-500, 2500), st.floats(-500, 2500)),
    st.floats(8, 3000),
    st.floats(-np.pi, np.pi),
    st.integers(0, 2**32 - 1),
)
def test_the_networks_points_are_carried_back_into_the_frame(
    centre: tuple[float, float], side: float, roll: float, seed: int
) -> None:
    raw = np.random.default_rng(seed).uniform(0, 192, (MESH_POINTS, 3)).astype(np.float32)
    mesh = located(scripted(raw), np.zeros((40, 60, 3), np.uint8), a_crop(side, centre, roll))
    crop_from_frame, _ = square_crop(np.array(centre), side, roll, 192)
    again = mesh.points[:, :2].astype(np.float64) @ crop_from_frame[:, :2].T + crop_from_frame[:, 2]
    np.testing.assert_allclose(again, raw[:, :2], atol=0.1 * max(1.0, 192 / side))
    np.testing.assert_allclose(mesh.points[:, 2], raw[:, 2] * side / 192, rtol=1e-4, atol=1e-3)


@given(st.tuples(st.floats(100, 900), st.floats(100, 900)), st.floats(30, 600), st.floats(-3, 3))
def test_the_crop_around_a_mesh_turns_with_the_face_and_holds_it_with_a_margin(
    centre: tuple[float, float], height: float, roll: float
) -> None:
    points = mesh_at((0, 0), height).points.astype(np.float64)
    turn = np.array([[np.cos(roll), -np.sin(roll)], [np.sin(roll), np.cos(roll)]])
    points[:, :2] = points[:, :2] @ turn.T + centre
    crop = crop_around_mesh(FaceMesh(points.astype(np.float32), 1.0))
    assert abs(np.angle(np.exp(1j * (crop.roll_rad - roll)))) < 0.01
    assert crop.side_px == pytest.approx(1.5 * height, rel=0.01)
    crop_from_frame, _ = square_crop(crop.centre_xy, crop.side_px, crop.roll_rad, 192)
    inside = points[:, :2] @ crop_from_frame[:, :2].T + crop_from_frame[:, 2]
    assert inside.min() > 192 / 8
    assert inside.max() < 192 * 7 / 8


def lengthened(mesh: FaceMesh, factor: float) -> FaceMesh:
    return FaceMesh(mesh.points * np.array([1, factor, 1], np.float32), mesh.score)


@pytest.mark.parametrize(
    ("length", "least", "most"), [(0.8, 1, 1), (1.0, 1, 1), (1.1, 0.85, 0.95), (1.2, 0.74, 0.85), (2.0, 0.74, 0.74)]
)
def test_only_long_faces_are_squeezed_and_only_so_far(length: float, least: float, most: float) -> None:
    assert least <= crop_around_mesh(lengthened(mesh_at((200, 200), 150), length)).squeeze <= most


@pytest.mark.parametrize("degrees", [-60, -30, 30, 60])
def test_a_turned_head_is_not_a_long_one(degrees: float) -> None:
    angle = np.radians(degrees)
    turn = np.array([[np.cos(angle), 0, np.sin(angle)], [0, 1, 0], [-np.sin(angle), 0, np.cos(angle)]], np.float32)
    straight = mesh_at((0, 0), 150)
    turned = FaceMesh(straight.points @ turn.T, 1.0)
    assert crop_around_mesh(turned).squeeze == pytest.approx(crop_around_mesh(straight).squeeze, abs=0.01)


@pytest.mark.parametrize("length", [1.3, 1.45])
def test_a_long_faces_chin_is_found_where_a_square_crop_loses_it(net: FaceMeshNet, length: float) -> None:
    image, truth = placed_portrait((640, 480), 200, (320, 240))
    stretch = np.array([[1, 0, 0], [0, length, 240 * (1 - length)]], np.float32)
    long_image = np.asarray(cv2.warpAffine(image, stretch, (640, 480), borderMode=cv2.BORDER_REPLICATE), np.uint8)
    true_chin = truth[topology.CHIN, 1] * length + stretch[1, 2]
    squeezed = square = located(net, long_image, a_crop(300 * length, (320, 240)))
    for _ in range(8):
        squeezed = located(net, long_image, crop_around_mesh(squeezed))
        crop = crop_around_mesh(square)
        square = located(net, long_image, replace(crop, side_px=crop.side_px / crop.squeeze, squeeze=1.0))
    off = [abs(float(found.points[topology.CHIN, 1]) - true_chin) for found in (squeezed, square)]
    assert off[0] < 0.6 * off[1]


def test_the_crop_around_a_detection_is_its_box_with_a_margin_and_level_eyes() -> None:
    crop = crop_around_detection(detection_at((70, 80), 40))
    np.testing.assert_allclose(crop.centre_xy, (70, 80))
    assert crop.side_px == pytest.approx(60)
    assert crop.roll_rad == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("side_px", [0.0, 7.9, -5.0, float("nan"), float("inf")])
def test_a_crop_too_small_or_endless_holds_no_face(side_px: float) -> None:
    net = scripted(np.zeros((MESH_POINTS, 3), np.float32))
    assert net.locate(np.zeros((10, 10, 3), np.uint8), a_crop(side_px)) is None


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_points_that_are_not_finite_are_a_model_error(value: float) -> None:
    raw = np.zeros((MESH_POINTS, 3), np.float32)
    raw[77, 1] = value
    with pytest.raises(ModelError, match="not finite"):
        scripted(raw).locate(np.zeros((10, 10, 3), np.uint8), a_crop())


def test_a_score_that_is_not_finite_is_a_model_error() -> None:
    net = scripted(np.zeros((MESH_POINTS, 3), np.float32), logit=float("nan"))
    with pytest.raises(ModelError, match="not finite"):
        net.locate(np.zeros((10, 10, 3), np.uint8), a_crop())


def test_a_network_of_another_kind_is_refused() -> None:
    with pytest.raises(ModelError, match="is not a face mesh network"):
        FaceMeshNet(ScriptedBackend(192, [np.zeros((1, 1404), np.float32), np.zeros((1, 2), np.float32)]))


def test_the_network_is_fed_rgb_in_0_to_1() -> None:
    backend = ScriptedBackend(192, [np.zeros((1, 1404), np.float32), np.zeros((1, 1), np.float32)])
    image = np.zeros((400, 400, 3), np.uint8)
    image[:] = (255, 51, 0)
    FaceMeshNet(backend).locate(image, a_crop(100, (200, 200)))
    np.testing.assert_allclose(backend.seen[0][0, 96, 96], (0, 0.2, 1), atol=1e-6)


@pytest.mark.parametrize("size", [0.85, 1.0, 1.15])
@pytest.mark.parametrize("degrees", [-40, 0, 25])
def test_a_box_from_forehead_to_chin_leads_to_the_mesh_too(net: FaceMeshNet, size: float, degrees: float) -> None:
    image, truth = placed_portrait((640, 480), 220, (320, 240))
    turn = cv2.getRotationMatrix2D((320, 240), degrees, 1)
    turned = np.asarray(cv2.warpAffine(image, turn, (640, 480), borderMode=cv2.BORDER_REPLICATE), np.uint8)
    points = (truth @ turn[:, :2].T + turn[:, 2]).astype(np.float32)
    middle, half = (points.min(0) + points.max(0)) / 2, np.ptp(points, axis=0) / 2 * np.float32(size)
    seen = Detection(np.concatenate([middle - half, middle + half]), five_landmarks(points), 0.9)
    mesh = located(net, turned, crop_around_mesh(located(net, turned, crop_around_detection(seen))))
    assert mesh.score > 0.9
    assert np.linalg.norm(mesh.points[:, :2] - points, axis=1).mean() < 0.03 * 220
