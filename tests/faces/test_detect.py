"""Room: tests. Detection: every face once, in frame pixels, whatever the picture's size; broken networks say so."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.domain.errors import ModelError
from mirror_app.domain.face import Detection
from mirror_app.faces.detect import (
    FULL_RANGE,
    MOST_FACES,
    SHORT_RANGE,
    BlazeFaceDetector,
    BlazeFaceSpec,
    detect_in_tiles,
    overlap,
    same_faces_once,
    share_inside,
    suppress_overlaps,
)
from mirror_app.resources import assets_dir
from mirror_app.runtime.ort import OrtCpuBackend
from tests.faces.scripted import BlobDetector, ScriptedBackend, detection_at
from tests.portrait import placed_portrait

boxes = st.tuples(st.floats(0, 500), st.floats(0, 500), st.floats(1, 300), st.floats(1, 300)).map(
    lambda box: np.array([box[0], box[1], box[0] + box[2], box[1] + box[3]], np.float64)
)
# Like those of a `Detection`.
small_boxes = boxes.map(lambda box: box.astype(np.float32))
SPECS = {"short range": SHORT_RANGE, "full range": FULL_RANGE}
ANCHORS = {"short range": 896, "full range": 2304}


@pytest.fixture(scope="module")
def detectors() -> dict[str, BlazeFaceDetector]:
    return {
        name: BlazeFaceDetector(spec, OrtCpuBackend(assets_dir() / "models" / spec.file))
        for name, spec in SPECS.items()
    }


def shared_part(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    """The share of the smaller box that lies inside the other one."""
    return float(max(share_inside(a, b[None])[0], share_inside(b, a[None])[0]))


class WatchedDetector(BlobDetector):
    """A `BlobDetector` that keeps the pictures it saw."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[NDArray[np.uint8]] = []

    def detect(self, image_bgr: NDArray[np.uint8]) -> list[Detection]:
        self.seen.append(image_bgr)
        return super().detect(image_bgr)


def scripted(spec: BlazeFaceSpec, anchors: int) -> tuple[BlazeFaceDetector, NDArray[np.float32], NDArray[np.float32]]:
    """A detector over a network that finds nobody, and the two arrays that it answers with."""
    raw, logits = np.zeros((1, anchors, 16), np.float32), np.full((1, anchors, 1), -50, np.float32)
    return BlazeFaceDetector(spec, ScriptedBackend(spec.side, [raw, logits])), raw, logits


@given(boxes, boxes)
def test_overlap_is_a_symmetric_share(a: NDArray[np.float64], b: NDArray[np.float64]) -> None:
    assert 0 <= overlap(a, b) <= 1
    assert overlap(a, b) == pytest.approx(overlap(b, a))
    assert overlap(a, a) == pytest.approx(1)


def test_boxes_that_only_touch_or_are_empty_share_nothing() -> None:
    square = np.array([0.0, 0, 10, 10])
    assert overlap(square, np.array([10.0, 0, 20, 10])) == 0
    assert overlap(square, np.array([5.0, 5, 5, 5])) == 0
    assert overlap(np.zeros(4), np.zeros(4)) == 0
    assert overlap(square, np.array([20.0, 20, 5, 5])) == 0, "a box turned inside out holds nothing"


@given(st.lists(boxes, max_size=12))
def test_of_every_group_of_overlapping_boxes_the_best_one_stays(found: list[NDArray[np.float64]]) -> None:
    kept = suppress_overlaps(np.array(found).reshape(-1, 4))
    assert kept == sorted(kept)
    assert (not found) or kept[0] == 0
    for index, box in enumerate(found):
        better = [other for other in kept if other < index and overlap(box, found[other]) >= 0.3]
        assert (index in kept) == (not better)


@given(st.lists(st.tuples(st.integers(10, 300), st.integers(10, 200), st.integers(4, 30)), max_size=4))
def test_in_tiles_every_face_is_found_at_its_place_in_the_frame(
    blobs: list[tuple[int, int, int]],
) -> None:
    image = np.zeros((230, 340, 3), np.uint8)
    for x, y, side in blobs:
        image[y : y + side, x : x + side] = 255
    whole, detector = BlobDetector().detect(image), BlobDetector()
    in_tiles = detect_in_tiles(detector, image)
    assert detector.calls == 4
    for face in whole:
        assert any(shared_part(face.box_xyxy, found.box_xyxy) > 0.9 for found in in_tiles)
    # A face that a tile cuts shows up as a part of itself, never somewhere else.
    for found in in_tiles:
        assert any(shared_part(face.box_xyxy, found.box_xyxy) > 0.3 for face in whole)


@pytest.mark.parametrize("size_wh", [(1, 1), (2, 1), (1, 5), (3, 3)])
def test_a_tiny_picture_has_tiles_too(size_wh: tuple[int, int]) -> None:
    image = np.full((size_wh[1], size_wh[0], 3), 255, np.uint8)
    assert detect_in_tiles(BlobDetector(), image)


@pytest.mark.parametrize("size_wh", [(340, 230), (230, 340)])
def test_around_the_frame_the_tiles_are_black(size_wh: tuple[int, int]) -> None:
    detector = WatchedDetector()
    found = detect_in_tiles(detector, np.full((size_wh[1], size_wh[0], 3), 255, np.uint8))
    margin = 0.08 * max(size_wh)
    inside = [np.stack(np.nonzero(tile[..., 0])) for tile in detector.seen]
    # A corner of the frame lies in each tile, by a margin away from two of the tile's edges.
    for tile, (rows, columns) in zip(detector.seen, inside, strict=True):
        height, width = tile.shape[:2]
        assert max(rows.min(), height - 1 - rows.max()) == pytest.approx(margin, abs=1)
        assert max(columns.min(), width - 1 - columns.max()) == pytest.approx(margin, abs=1)
    boxes_xyxy = np.array([detection.box_xyxy for detection in found])
    assert len(found) == 4
    assert overlap(np.array([*boxes_xyxy[:, :2].min(0), *boxes_xyxy[:, 2:].max(0)]), np.array([0, 0, *size_wh])) > 0.6


def test_a_face_found_again_or_in_part_counts_once_with_its_largest_box() -> None:
    face, again, part = detection_at((100, 100), 80), detection_at((105, 95), 90), detection_at((90, 120), 40)
    other = detection_at((300, 100), 80)
    assert same_faces_once([face, again, part, other, other]) == [again, other]
    assert same_faces_once([]) == []


@given(st.permutations(range(5)))
def test_the_largest_face_comes_first_in_whatever_order_they_were_found(order: list[int]) -> None:
    crowd = [detection_at((100.0 + 200 * index, 100), 40.0 + 20 * index) for index in range(5)]
    assert same_faces_once([crowd[index] for index in order]) == crowd[::-1]


def test_a_small_face_in_front_of_which_a_larger_one_comes_does_not_hide_the_larger_one() -> None:
    small, large = detection_at((200, 180), 120), detection_at((290, 180), 300)
    assert same_faces_once([small, large]) == [large]


def test_two_people_side_by_side_count_twice() -> None:
    left, right = detection_at((100, 100), 80), detection_at((165, 100), 80)
    assert len(same_faces_once([left, right])) == 2


@given(small_boxes, st.lists(small_boxes, max_size=4))
def test_the_share_inside_is_one_of_the_boxs_own_area(
    box: NDArray[np.float32], others: list[NDArray[np.float32]]
) -> None:
    shares = share_inside(box, np.array([*others, box, np.zeros(4)], np.float32))
    assert shares.dtype == np.float32
    assert shares.shape == (len(others) + 2,)
    assert shares.min() >= 0
    assert shares.max() <= 1 + 1e-5
    assert shares[-2:] == pytest.approx([1, 0])
    for other, share in zip(others, shares, strict=False):
        assert overlap(box, other) <= share + 1e-5
        back = share_inside(other, box[None])[0]
        assert share * np.prod(box[2:] - box[:2]) == pytest.approx(back * np.prod(other[2:] - other[:2]), abs=0.5)


@pytest.mark.parametrize("empty", [np.zeros(4), np.array([5, 5, 5, 9]), np.array([20, 20, 5, 5])])
def test_an_empty_box_and_one_turned_inside_out_have_no_share_inside_any(empty: NDArray[np.float64]) -> None:
    others = np.array([[0, 0, 30, 30], [5, 5, 5, 9]], np.float32)
    np.testing.assert_array_equal(share_inside(empty.astype(np.float32), others), [0, 0])
    assert share_inside(others[0], others[:0]).shape == (0,)


@pytest.mark.parametrize("name", SPECS)
@pytest.mark.parametrize("size_wh", [(640, 360), (360, 640), (333, 517), (64, 64)])
def test_a_scripted_hit_lands_where_its_anchor_is_in_any_picture(name: str, size_wh: tuple[int, int]) -> None:
    spec = SPECS[name]
    detector, raw, logits = scripted(spec, ANCHORS[name])
    stride, per_cell = spec.anchors[0]
    column, row = 5, 3
    anchor = (row * (spec.side // stride) + column) * per_cell
    raw[0, anchor, :4] = [2, -1, 20, 30]
    raw[0, anchor, 4:] = np.arange(12)
    logits[0, anchor] = 3
    (found,) = detector.detect(np.zeros((size_wh[1], size_wh[0], 3), np.uint8))
    scale = max(size_wh) / spec.side
    centre = np.array([(column + 0.5) * stride, (row + 0.5) * stride])
    box_centre, half_size = centre + np.array([2, -1]), np.array([10, 15])
    expected = np.concatenate([box_centre - half_size, box_centre + half_size]) * scale
    np.testing.assert_allclose(found.box_xyxy, expected, rtol=1e-5)
    np.testing.assert_allclose(found.keypoints, (centre + np.arange(12).reshape(6, 2)) * scale, rtol=1e-5)
    assert found.score == pytest.approx(1 / (1 + np.exp(-3)))
    assert found.box_xyxy.dtype == found.keypoints.dtype == np.float32


def test_the_surest_face_comes_first_and_unsure_ones_not_at_all() -> None:
    detector, raw, logits = scripted(SHORT_RANGE, 896)
    raw[0, :, 2:4] = 6
    for anchor, logit in ((0, 0.1), (100, 4.0), (300, 2.0), (500, -0.1)):
        logits[0, anchor] = logit
    scores = [detection.score for detection in detector.detect(np.zeros((128, 128, 3), np.uint8))]
    assert scores == sorted(scores, reverse=True)
    assert len(scores) == 3


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_scores_that_are_not_finite_are_a_model_error(value: float) -> None:
    detector, _, logits = scripted(SHORT_RANGE, 896)
    logits[0, 7] = value
    with pytest.raises(ModelError, match="not finite"):
        detector.detect(np.zeros((128, 128, 3), np.uint8))


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_box_that_is_not_finite_is_a_model_error(value: float) -> None:
    detector, raw, logits = scripted(SHORT_RANGE, 896)
    logits[0, 7], raw[0, 7, 1] = 0.2, value
    with pytest.raises(ModelError, match="not finite"):
        detector.detect(np.zeros((128, 128, 3), np.uint8))


def test_a_network_of_another_kind_is_refused() -> None:
    backend = ScriptedBackend(128, [np.zeros((1, 896, 16), np.float32), np.zeros((1, 896, 2), np.float32)])
    with pytest.raises(ModelError, match="is not a BlazeFace network"):
        BlazeFaceDetector(SHORT_RANGE, backend)


@pytest.mark.parametrize(
    ("name", "size_wh", "height_px", "centre_xy"),
    [
        ("short range", (640, 360), 200, (320, 180)),
        ("short range", (360, 640), 250, (180, 400)),
        ("short range", (1280, 720), 600, (640, 400)),
        ("full range", (640, 480), 40, (200, 200)),
        ("full range", (641, 361), 90, (500, 120)),
        ("full range", (360, 640), 120, (150, 450)),
    ],
)
def test_the_portraits_face_is_found_where_it_is(
    detectors: dict[str, BlazeFaceDetector],
    name: str,
    size_wh: tuple[int, int],
    height_px: float,
    centre_xy: tuple[float, float],
) -> None:
    image, points = placed_portrait(size_wh, height_px, centre_xy)
    (found,) = detectors[name].detect(image)
    truth = np.concatenate([points.min(0), points.max(0)])
    assert overlap(found.box_xyxy, truth) > 0.4
    left, right, nose, mouth, *_ = found.keypoints
    # A share of the face, and one and a half of the pixels that the network sees.
    near = 0.12 * height_px + 1.5 * max(size_wh) / SPECS[name].side
    true_left = points[list(topology.IMAGE_LEFT_EYE)].mean(0)
    true_right = points[list(topology.IMAGE_RIGHT_EYE)].mean(0)
    for seen, true in ((left, true_left), (right, true_right), (nose, points[topology.NOSE_TIP])):
        assert np.linalg.norm(seen - true) < near
    assert np.linalg.norm(mouth - points[list(topology.LIPS_OUTER)].mean(0)) < near


@pytest.mark.parametrize("size_wh", [(1, 1), (2, 1), (1, 300), (300, 1), (32, 32), (7, 3), (64, 48)])
@pytest.mark.parametrize("name", SPECS)
def test_nobody_is_found_in_an_empty_picture_of_any_size(
    detectors: dict[str, BlazeFaceDetector], name: str, size_wh: tuple[int, int]
) -> None:
    assert detectors[name].detect(np.full((size_wh[1], size_wh[0], 3), 120, np.uint8)) == []


def test_a_picture_before_leaves_no_trace_in_the_next(detectors: dict[str, BlazeFaceDetector]) -> None:
    detector = detectors["short range"]
    landscape, _ = placed_portrait((640, 360), 250, (320, 180))
    assert detector.detect(landscape)
    assert detector.detect(np.full((640, 200, 3), 120, np.uint8)) == []


@pytest.mark.parametrize("size", [0.0, 1e-3, 1e30, 3e38, -3e38])
@pytest.mark.parametrize("name", SPECS)
def test_a_network_that_sees_faces_everywhere_is_cut_short(name: str, size: float) -> None:
    detector, raw, logits = scripted(SPECS[name], ANCHORS[name])
    raw[:], logits[:] = size, 9
    found = detector.detect(np.zeros((1080, 1920, 3), np.uint8))
    assert len(found) <= MOST_FACES
    assert all(np.isfinite(one.box_xyxy).all() and np.isfinite(one.keypoints).all() for one in found)


@given(st.lists(boxes, max_size=30), st.floats(0.05, 0.95))
def test_the_boxes_that_stay_are_those_that_comparing_one_by_one_keeps(
    found: list[NDArray[np.float64]], most: float
) -> None:
    kept: list[int] = []
    for index, box in enumerate(found):
        if all(overlap(box, found[other]) <= most for other in kept):
            kept.append(index)
    assert suppress_overlaps(np.array(found).reshape(-1, 4), most) == kept
