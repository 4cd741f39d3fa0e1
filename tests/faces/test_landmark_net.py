"""Room: tests. Landmark networks, the five points and the pose that are made of theirs."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.domain.errors import ModelError
from mirror_app.domain.face import Detection
from mirror_app.faces.five_points import DetectorPoints, LandmarkFrontality, LandmarkPoints
from mirror_app.faces.landmark_net import LandmarkNet
from mirror_app.faces.pose import _OF_68, _OF_MESH, frontality_of, head_rotation
from mirror_app.faces.specs import LANDMARKS_3D68, LANDMARKS_106, LandmarkSpec
from mirror_app.runtime.backend import TensorSpec
from tests.faces.random_faces import rotation

BOX = np.array([100, 60, 196, 180], np.float32)
PICTURE = np.zeros((300, 300, 3), np.uint8)


class Answering:
    """A landmark network that gives the same numbers for every crop and keeps what it was fed."""

    device = "script"

    def __init__(self, spec: LandmarkSpec, numbers: NDArray[np.float32]) -> None:
        self.inputs = (TensorSpec("data", (-1, 3, spec.side, spec.side)),)
        self.outputs = (TensorSpec("fc1", (-1, spec.outputs)),)
        self.numbers = numbers
        self.seen: list[NDArray[np.float32]] = []

    def run(self, feeds: Mapping[str, NDArray[np.float32]]) -> list[NDArray[np.float32]]:
        self.seen.append(feeds["data"].copy())
        return [self.numbers[None]]


def seeing(points: NDArray[np.floating], spec: LandmarkSpec = LANDMARKS_106) -> Answering:
    """A network that sees these points, frame px, in a crop around `BOX`."""
    side = spec.scale * float((BOX[2:] - BOX[:2]).max())
    numbers = np.zeros((spec.outputs // spec.dims, spec.dims))
    found = points.astype(np.float64)
    found[:, :2] -= (BOX[:2] + BOX[2:]) / 2
    numbers[-spec.points :] = found / (side / 2)
    return Answering(spec, numbers.reshape(-1).astype(np.float32))


@pytest.mark.parametrize("spec", [LANDMARKS_106, LANDMARKS_3D68], ids=["106", "3d68"])
def test_points_come_out_in_px_of_the_picture(spec: LandmarkSpec) -> None:
    points = np.random.default_rng(1).uniform(50, 200, (spec.points, spec.dims))
    found = LandmarkNet(seeing(points, spec), spec).locate(PICTURE, BOX)
    assert found is not None
    np.testing.assert_allclose(found, points, atol=1e-3)


def test_the_crop_is_the_box_with_half_as_much_again_in_rgb_0_to_255() -> None:
    network = seeing(np.zeros((106, 2)))
    picture = np.zeros((300, 300, 3), np.uint8)
    picture[30:210, 58:238] = (10, 20, 250)
    LandmarkNet(network, LANDMARKS_106).locate(picture, BOX)
    fed = network.seen[0][0]
    for plane, level in zip(fed[:, 2:-2, 2:-2], (250, 20, 10), strict=True):
        np.testing.assert_array_equal(plane, np.full((188, 188), level))


@pytest.mark.parametrize("box", [(5, 5, 5, 5), (9, 9, 3, 3), (0, 0, np.nan, 4), (0, 0, np.inf, 4)])
def test_a_box_that_holds_no_face_has_no_points(box: tuple[float, ...]) -> None:
    net = LandmarkNet(seeing(np.zeros((106, 2))), LANDMARKS_106)
    assert net.locate(PICTURE, np.array(box, np.float32)) is None
    assert LandmarkPoints(net).five_points(PICTURE, np.array(box, np.float32)) is None
    assert LandmarkFrontality(net).frontality(PICTURE, np.array(box, np.float32)) is None


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_numbers_that_are_not_finite_are_a_model_error(value: float) -> None:
    network = seeing(np.zeros((106, 2)))
    network.numbers[7] = value
    with pytest.raises(ModelError, match="not finite"):
        LandmarkNet(network, LANDMARKS_106).locate(PICTURE, BOX)


def test_fewer_numbers_than_declared_are_a_model_error() -> None:
    network = seeing(np.zeros((106, 2)))
    net = LandmarkNet(network, LANDMARKS_106)
    network.numbers = network.numbers[:10]
    with pytest.raises(ModelError, match="gave 10 numbers"):
        net.locate(PICTURE, BOX)


def test_a_network_of_another_kind_is_refused() -> None:
    with pytest.raises(ModelError, match="no landmark network"):
        LandmarkNet(seeing(np.zeros((68, 3)), LANDMARKS_3D68), LANDMARKS_106)


def test_the_five_points_of_106_are_the_middles_of_the_eyes_the_nose_and_the_mouths_corners() -> None:
    points = np.zeros((106, 2))
    points[33:43] = np.array([120, 100]) + 8 * np.stack([np.cos(np.arange(10)), np.sin(np.arange(10))], 1)
    points[87:97] = (170, 102)
    points[86], points[52], points[61] = (145, 130), (128, 155), (162, 156)
    points[33:43] += np.array([120, 100]) - points[33:43].mean(0)
    five = LandmarkPoints(LandmarkNet(seeing(points), LANDMARKS_106)).five_points(PICTURE, BOX)
    assert five is not None
    assert five.dtype == np.float32
    np.testing.assert_allclose(five, [(120, 100), (170, 102), (145, 130), (128, 155), (162, 156)], atol=1e-3)


class Seeing:
    """A detector that sees what a test says."""

    def __init__(self, *found: Detection) -> None:
        self.found = list(found)

    def detect(self, image_bgr: NDArray[np.uint8]) -> list[Detection]:
        return self.found


def a_detection(shift: float, points: int = 5) -> Detection:
    return Detection(BOX + np.float32(shift), np.full((points, 2), shift, np.float32), 0.9)


@pytest.mark.parametrize(
    ("found", "five"),
    [
        ([a_detection(60), a_detection(5), a_detection(-9)], 5),
        ([a_detection(200)], None),
        ([a_detection(5, points=6)], None),
        ([], None),
    ],
    ids=["the nearest of three", "somebody else", "six keypoints", "nobody"],
)
def test_a_detectors_points_are_those_of_the_face_asked_for(found: list[Detection], five: float | None) -> None:
    points = DetectorPoints(Seeing(*found)).five_points(PICTURE, BOX)
    assert (points is None) == (five is None)
    if five is not None:
        np.testing.assert_array_equal(points, np.full((5, 2), five, np.float32))


def of_68(turn: NDArray[np.float64], scale: float = 10.0) -> NDArray[np.float64]:
    """The 68 points of the average face, turned; those that pose does not look at lie anywhere."""
    points = np.random.default_rng(1).uniform(0, 300, (68, 3))
    points[list(_OF_68)] = topology.CANONICAL[list(_OF_MESH)] @ turn.T * scale + [150, 120, 0]
    return points


angles = st.floats(-1.2, 1.2)


@given(angles, angles, st.floats(-np.pi, np.pi), st.floats(0.01, 1000))
def test_a_heads_turn_is_found_again(yaw: float, pitch: float, roll: float, scale: float) -> None:
    turn = rotation(yaw, pitch, roll)
    found = head_rotation(of_68(turn, scale))
    assert found is not None
    np.testing.assert_allclose(found, turn, atol=1e-6)


def test_a_network_of_68_points_says_how_frontal_a_face_is() -> None:
    turn = rotation(0.8, 0.1, 0.3)
    reader = LandmarkFrontality(LandmarkNet(seeing(of_68(turn), LANDMARKS_3D68), LANDMARKS_3D68))
    assert reader.frontality(PICTURE, BOX) == pytest.approx(turn[2, 2], abs=1e-3)


@pytest.mark.parametrize("points", [np.zeros((68, 3)), np.arange(68.0)[:, None] * np.ones(2)], ids=["one", "a line"])
def test_points_that_are_no_face_look_nowhere(points: NDArray[np.float64]) -> None:
    assert head_rotation(points) is None or abs(frontality_of(points)) <= 1
    if not points.any():
        assert frontality_of(points) == 0
