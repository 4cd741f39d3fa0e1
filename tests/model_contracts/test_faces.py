"""Room: tests. Detectors, recogniser and landmarks say what their contracts say."""

from __future__ import annotations

from typing import Final

import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.faces.arcface import ArcFace
from mirror_app.faces.landmark_net import LandmarkNet
from mirror_app.faces.scrfd import ScrfdDetector
from mirror_app.faces.specs import detector_spec, landmark_spec, recogniser_spec
from mirror_app.runtime.catalogue import ModelSpec
from mirror_app.runtime.models import ModelStore
from tests.model_contracts import reference
from tests.model_contracts.pictures import (
    CATALOGUE,
    FRAME_BGR,
    PHOTO_BGR,
    PHOTO_FACE,
    opened,
    spec_with,
)
from tests.twins import facts, formulas

# Detectors: markers of three colours, one for each stride, aligned with the cells of a frame at half its size.
_MARKED_HW: Final = (720, 1280)
_CELLS_XY: Final = ((21, 17), (9, 6), (13, 4))


def _marked_frame() -> NDArray[np.uint8]:
    image = np.random.default_rng(3).integers(0, 120, (*_MARKED_HW, 3)).astype(np.uint8)
    for (column, row), stride, colour in zip(_CELLS_XY, facts.STRIDES, formulas.MARKERS_RGB, strict=True):
        size = 2 * stride
        image[row * size : (row + 1) * size, column * size : (column + 1) * size] = colour[::-1]
    return image


def _found(store: ModelStore, name: str, spec: ModelSpec) -> list[NDArray[np.float64]]:
    """A row for each detection: score, box, points."""
    backend = opened(store, name)
    detections = ScrfdDetector(backend, detector_spec(spec.contract)).detect(_marked_frame())
    return [np.concatenate([[one.score], one.box_xyxy, one.keypoints.reshape(-1)]) for one in detections]


def _markers_fit(found: list[NDArray[np.float64]]) -> bool:
    if len(found) != len(_CELLS_XY):
        return False
    for level, (cell, stride) in enumerate(zip(_CELLS_XY, facts.STRIDES, strict=True)):
        centre = 2 * stride * np.array(cell, np.float64)
        box = formulas.box_reach(level, 1) * 2 * stride
        points = formulas.point_reach(level, 1).reshape(5, 2) * 2 * stride + centre
        expected = np.concatenate([centre - box[:2], centre + box[2:], points.reshape(-1)])
        nearest = min(found, key=lambda row: float(np.abs(row[1:] - expected).max()))
        if np.abs(nearest[1:] - expected).max() > 0.05 or abs(nearest[0] - formulas.BEST_SCORES[1]) > 0.004:
            return False
    return True


@pytest.mark.parametrize("name", facts.DETECTORS)
def test_a_detector_finds_the_markers_of_every_stride(store: ModelStore, name: str) -> None:
    assert _markers_fit(_found(store, name, CATALOGUE.find(name)))


@pytest.mark.parametrize("name", ["scrfd_10g", "retinaface_10g"])
@pytest.mark.parametrize(("key", "value"), [("colour", ""), ("mean", 0.0), ("mean", 127.0), ("std", 127.5)])
def test_a_detector_with_one_fact_wrong_does_not(store: ModelStore, name: str, key: str, value: object) -> None:
    spec = CATALOGUE.find(name)
    if key == "colour":
        value = "bgr" if spec.contract["colour"] == "rgb" else "rgb"
    assert not _markers_fit(_found(store, name, spec_with(spec, key, value)))


# Recogniser


def test_the_recogniser_gives_the_vector_of_the_aligned_photo(store: ModelStore) -> None:
    arcface = ArcFace(opened(store, facts.RECOGNISER), recogniser_spec(CATALOGUE.find(facts.RECOGNISER).contract))
    expected = reference.embedding(PHOTO_BGR, PHOTO_FACE)
    raw, unit = arcface.raw(PHOTO_BGR, PHOTO_FACE), arcface.embed(PHOTO_BGR, PHOTO_FACE)
    assert _apart(raw, expected) < 0.005
    assert _apart(unit, expected / np.linalg.norm(expected)) < 0.005
    assert _apart(raw, reference.embedding(PHOTO_BGR[..., ::-1], PHOTO_FACE)) > 0.1


@pytest.mark.parametrize(("key", "value"), [("template", "arcface_112_v1"), ("mean", 100.0), ("std", 118.0)])
def test_the_recogniser_with_one_fact_wrong_does_not(store: ModelStore, key: str, value: object) -> None:
    spec = spec_with(CATALOGUE.find(facts.RECOGNISER), key, value)
    raw = ArcFace(opened(store, facts.RECOGNISER), recogniser_spec(spec.contract)).raw(PHOTO_BGR, PHOTO_FACE)
    assert _apart(raw, reference.embedding(PHOTO_BGR, PHOTO_FACE)) > 0.03


def _apart(got: NDArray[np.float32], expected: NDArray[np.float32]) -> float:
    """Distance as a share of the expected length."""
    return float(np.linalg.norm(got - expected) / np.linalg.norm(expected))


# Landmarks
_BOX: Final = np.array([-20, 60, 140, 250], np.float32)


def _points(store: ModelStore, name: str, spec: ModelSpec) -> NDArray[np.float32]:
    points = LandmarkNet(opened(store, name), landmark_spec(spec.contract)).locate(FRAME_BGR, _BOX)
    assert points is not None
    return points


def _expected_points(name: str, image: NDArray[np.uint8]) -> NDArray[np.float64]:
    count, dims = (106, 2) if name == "landmarks_2d106" else (1103, 3)
    scale = 192 / (1.5 * 190)
    crop_from_frame = np.array([[scale, 0, 96 - 60 * scale], [0, scale, 96 - 155 * scale]])
    crop = reference.aligned(image, crop_from_frame, 192, "black")
    weights, bias = formulas.landmark_layer(count, dims)
    raw = formulas.landmark_features(crop[..., ::-1].transpose(2, 0, 1)) @ weights + bias
    points = raw.reshape(-1, dims)[-68 if dims == 3 else 0 :] * 96
    points[:, :2] = (points[:, :2] + 96 - crop_from_frame[:, 2]) / scale
    points[:, 2:] /= scale
    return points


@pytest.mark.parametrize("name", facts.LANDMARKS)
def test_landmarks_lie_where_the_contract_says(store: ModelStore, name: str) -> None:
    points = _points(store, name, CATALOGUE.find(name))
    assert np.abs(points - _expected_points(name, FRAME_BGR)).max() < 0.1
    assert np.abs(points - _expected_points(name, FRAME_BGR[..., ::-1])).max() > 2


@pytest.mark.parametrize("name", facts.LANDMARKS)
def test_landmarks_with_another_crop_lie_elsewhere(store: ModelStore, name: str) -> None:
    points = _points(store, name, spec_with(CATALOGUE.find(name), "scale", 1.4))
    assert np.abs(points - _expected_points(name, FRAME_BGR)).max() > 2
