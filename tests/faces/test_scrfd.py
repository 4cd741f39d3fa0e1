"""Room: tests. The SCRFD family: every face once, in whatever order outputs come; a broken network costs little."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.domain.errors import ModelError
from mirror_app.faces.detect import MOST_FACES
from mirror_app.faces.scrfd import ScrfdDetector
from mirror_app.faces.specs import SCRFD_RGB, DetectorSpec
from mirror_app.runtime.backend import TensorSpec
from mirror_app.runtime.ort import OrtCpuBackend
from tests.twins import FaceAt, zero_cost
from tests.twins.facts import DETECTORS

FRAME_WH = (1280, 720)
INPUT_HW = (384, 640)
WIDTHS = (1, 4, 10)


def rows(stride: int, input_hw: tuple[int, int] = INPUT_HW) -> int:
    return 2 * (input_hw[0] // stride) * (input_hw[1] // stride)


class Answering:
    """An SCRFD network that sees what a test wrote into `answers`, keyed by (stride, numbers per anchor)."""

    device = "script"

    def __init__(self, input_hw: tuple[int, int] = INPUT_HW, declared: tuple[int, ...] = (1, 3, -1, -1)) -> None:
        self.inputs = (TensorSpec("input.1", declared),)
        self.answers = {
            (stride, width): np.zeros((rows(stride, input_hw), width), np.float32)
            for width in WIDTHS
            for stride in (8, 16, 32)
        }
        self.order = list(self.answers)
        self.leading = False
        self.seen: list[NDArray[np.float32]] = []

    @property
    def outputs(self) -> tuple[TensorSpec, ...]:
        return tuple(TensorSpec(str(key), self.answers[key].shape) for key in self.order)

    def run(self, feeds: Mapping[str, NDArray[np.float32]]) -> list[NDArray[np.float32]]:
        self.seen.append(feeds["input.1"].copy())
        answers = [self.answers[key] for key in self.order]
        return [answer[None] for answer in answers] if self.leading else answers

    def see(self, stride: int, anchor: int, score: float = 0.9) -> None:
        """A face of 4 x 6 strides around an anchor, its points one stride right of and below it."""
        self.answers[stride, 1][anchor] = score
        self.answers[stride, 4][anchor] = (2, 3, 2, 3)
        self.answers[stride, 10][anchor] = 1


def a_frame(width: int = FRAME_WH[0], height: int = FRAME_WH[1]) -> NDArray[np.uint8]:
    return np.zeros((height, width, 3), np.uint8)


@pytest.mark.parametrize("name", DETECTORS)
@pytest.mark.parametrize("wh", [(1280, 720), (1920, 1080), (480, 640), (640, 640), (333, 517)])
def test_a_face_comes_out_where_it_is_in_a_frame_of_any_size(name: str, wh: tuple[int, int], tmp_path: Path) -> None:
    face = FaceAt(wh, (0.3 * wh[0], 0.3 * wh[1], 0.6 * wh[0], 0.8 * wh[1]))
    spec = DetectorSpec(rgb=DETECTORS[name].is_rgb)
    (found,) = ScrfdDetector(OrtCpuBackend(zero_cost(name, tmp_path, face)), spec).detect(a_frame(*wh))
    np.testing.assert_allclose(found.box_xyxy, face.box, atol=1.5)
    np.testing.assert_allclose(found.keypoints, face.landmarks, atol=1.5)
    assert found.score == pytest.approx(0.9)


@pytest.mark.parametrize("leading", [False, True], ids=["(n, w)", "(1, n, w)"])
@pytest.mark.parametrize("order", ["as insightface", "backwards", "shuffled"])
def test_outputs_are_known_by_their_shapes(leading: bool, order: str) -> None:
    network = Answering()
    network.leading = leading
    if order != "as insightface":
        network.order.sort(key=lambda key: hash((key, 7)) if order == "shuffled" else (-key[0], -key[1]))
    network.see(16, 2 * (10 * 40 + 20))
    (found,) = ScrfdDetector(network, SCRFD_RGB).detect(a_frame())
    np.testing.assert_allclose(found.box_xyxy, np.array([320 - 32, 160 - 48, 320 + 32, 160 + 48]) * 2)
    np.testing.assert_allclose(found.keypoints, np.array([[336, 176]] * 5) * 2)


@pytest.mark.parametrize(("rgb", "first"), [(True, "red"), (False, "blue")])
def test_the_picture_lies_top_left_on_black_in_the_networks_colour_order(rgb: bool, first: str) -> None:
    network, frame = Answering(), a_frame()
    frame[:] = (255, 128, 0)
    ScrfdDetector(network, DetectorSpec(rgb)).detect(frame)
    fed = network.seen[0][0]
    blue, green, red, black = ((level - 127.5) / 128 for level in (255, 128, 0, 0))
    inside = (red, green, blue) if first == "red" else (blue, green, red)
    np.testing.assert_array_equal(fed[:, :360], np.broadcast_to(np.reshape(inside, (3, 1, 1)), (3, 360, 640)))
    np.testing.assert_array_equal(fed[:, 360:], np.full((3, 24, 640), black))


@pytest.mark.parametrize(
    ("wh", "side", "input_hw"),
    [
        ((1280, 720), 640, (384, 640)),
        ((720, 1280), 640, (640, 384)),
        ((500, 500), 320, (320, 320)),
        ((1000, 10), 640, (32, 640)),
        ((1, 4000), 96, (96, 32)),
    ],
)
def test_the_input_is_as_large_as_the_frame_needs(wh: tuple[int, int], side: int, input_hw: tuple[int, int]) -> None:
    network = Answering(input_hw)
    assert ScrfdDetector(network, SCRFD_RGB, side).detect(a_frame(*wh)) == []
    assert network.seen[0].shape == (1, 3, *input_hw)


def test_a_network_of_fixed_size_gets_that_size() -> None:
    network = Answering((640, 640), (1, 3, 640, 640))
    network.see(8, 0)
    (found,) = ScrfdDetector(network, SCRFD_RGB, 320).detect(a_frame())
    np.testing.assert_allclose(found.box_xyxy, np.array([-16, -24, 16, 24]) * 2)


def test_frames_of_another_size_in_between_leave_nothing_behind() -> None:
    network = Answering((640, 640), (1, 3, 640, 640))
    detector = ScrfdDetector(network, SCRFD_RGB)
    tall = np.full((1280, 720, 3), 200, np.uint8)
    for frame in (a_frame(), tall, a_frame()):
        detector.detect(frame)
    np.testing.assert_array_equal(network.seen[2], network.seen[0])


def test_one_face_seen_by_many_anchors_is_one_face_and_the_surest_counts() -> None:
    network = Answering()
    for anchor, score in enumerate((0.6, 0.8, 0.95, 0.7, 0.55)):
        network.see(32, 220 + anchor, score)
    network.see(32, 20, 0.7)
    found = ScrfdDetector(network, SCRFD_RGB).detect(a_frame())
    assert [one.score for one in found] == pytest.approx([0.95, 0.7])


@pytest.mark.parametrize(("score", "count"), [(0.5, 1), (0.499, 0)])
def test_a_face_counts_from_the_threshold_on(score: float, count: int) -> None:
    network = Answering()
    network.see(8, 100, score)
    assert len(ScrfdDetector(network, SCRFD_RGB).detect(a_frame())) == count


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_numbers_that_are_not_finite_are_a_model_error(width: int, value: float) -> None:
    network = Answering()
    network.see(16, 5)
    network.answers[16, width][5] = value
    with pytest.raises(ModelError, match="not finite"):
        ScrfdDetector(network, SCRFD_RGB).detect(a_frame())


@pytest.mark.parametrize("size", [0.0, 1e-3, 1e30, 3e38, -3e38])
def test_a_network_that_sees_faces_everywhere_is_cut_short(size: float) -> None:
    network = Answering()
    for (_, width), answer in network.answers.items():
        answer[:] = 0.9 if width == 1 else size
    found = ScrfdDetector(network, SCRFD_RGB).detect(a_frame())
    assert len(found) <= MOST_FACES
    assert all(np.isfinite(one.box_xyxy).all() and np.isfinite(one.keypoints).all() for one in found)


@pytest.mark.parametrize("missing", [(8, 1), (16, 4), (32, 10)])
def test_an_output_of_the_wrong_shape_is_named(missing: tuple[int, int]) -> None:
    network = Answering()
    network.answers[missing] = np.zeros((7, 3), np.float32)
    with pytest.raises(ModelError, match=r"wrong shapes: expected .*got .*\(7, 3\)"):
        ScrfdDetector(network, SCRFD_RGB).detect(a_frame())


def test_a_network_of_another_kind_is_refused() -> None:
    network = Answering()
    network.order.pop()
    with pytest.raises(ModelError, match="no SCRFD network"):
        ScrfdDetector(network, SCRFD_RGB)
    with pytest.raises(ModelError, match="no SCRFD network"):
        ScrfdDetector(Answering(declared=(1, 640, 640)), SCRFD_RGB)


@pytest.mark.parametrize("side", [0, -32, 100])
def test_a_side_that_no_map_fits_is_refused(side: int) -> None:
    with pytest.raises(ValueError, match="multiple of 32"):
        ScrfdDetector(Answering(), SCRFD_RGB, side)


@pytest.mark.parametrize("wh", [(1920, 1080), (3200, 1800), (640, 360), (1280, 720), (1918, 1080), (1080, 1920)])
def test_the_network_sees_what_linear_interpolation_makes_of_the_frame(wh: tuple[int, int]) -> None:
    image = np.random.default_rng(1).integers(0, 256, (wh[1], wh[0], 3)).astype(np.uint8)
    network = Answering((wh[1] * 640 // max(wh) // 32 * 32, wh[0] * 640 // max(wh) // 32 * 32))
    small_wh = (wh[0] * 640 // max(wh), wh[1] * 640 // max(wh))
    with contextlib.suppress(ModelError):
        ScrfdDetector(network, SCRFD_RGB).detect(image)
    seen = network.seen[0][0][:, : small_wh[1], : small_wh[0]]
    expected = cv2.resize(image, small_wh)[..., ::-1].transpose(2, 0, 1)
    np.testing.assert_allclose(seen * SCRFD_RGB.std + SCRFD_RGB.mean, expected, atol=1e-3)
