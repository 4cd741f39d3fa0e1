"""Room: tests. What neural networks see of a target's photos: the face with room, its five points, its weight."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.domain.errors import ModelError
from mirror_app.domain.target import TargetView
from mirror_app.domain.templates import TEMPLATES, crop_from_landmarks, five_landmarks
from mirror_app.faces.five_points import DetectorPoints, LandmarkFrontality, LandmarkPoints
from mirror_app.pipeline.enrol import target_from_views
from mirror_app.pipeline.photo_networks import open_photo_readers
from mirror_app.pipeline.photo_views import PhotoReaders, PhotoViews, frontal_weight, mesh_frontality
from mirror_app.runtime.models import ModelStore, open_store
from mirror_app.swap.target_texture import PhotoView
from tests.faces.random_faces import rotation
from tests.portrait import placed_portrait, plain_target
from tests.twins import analytic


def a_photo(height_px: float = 300, yaw: float = 0.0, size_wh: tuple[int, int] = (900, 800)) -> PhotoView:
    """The average face, turned, in a picture of smooth noise."""
    coarse = np.random.default_rng(3).integers(0, 256, (size_wh[1] // 16 + 2, size_wh[0] // 16 + 2, 3))
    image = cv2.resize(coarse.astype(np.uint8), size_wh, interpolation=cv2.INTER_CUBIC)
    shape = topology.CANONICAL @ rotation(yaw, 0, 0).T * (height_px / np.ptp(topology.CANONICAL[:, 1]))
    centre = np.array([size_wh[0] / 2, size_wh[1] / 2, 0])
    return PhotoView(np.asarray(image, np.uint8), (shape + centre).astype(np.float32))


def crop_of(image_bgr: NDArray[np.uint8], landmarks: NDArray[np.float32], template: str) -> NDArray[np.uint8]:
    side = 112 if template.startswith("arcface_112") else 256
    crop_from_frame = crop_from_landmarks(landmarks, template, side)
    return np.asarray(cv2.warpAffine(image_bgr, crop_from_frame, (side, side), flags=cv2.INTER_LINEAR), np.uint8)


def only_view(photo: PhotoView, readers: PhotoReaders | None = None) -> TargetView:
    (view,) = PhotoViews(lambda: readers or PhotoReaders()).of([photo])
    return view


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("height_px", [60, 300])
def test_every_templates_crop_of_a_view_is_the_photos_own(template: str, height_px: float) -> None:
    photo = a_photo(height_px)
    view = only_view(photo)
    wanted = crop_of(photo.image_bgr, five_landmarks(photo.points), template)
    np.testing.assert_allclose(crop_of(view.image_bgr, view.landmarks, template).astype(int), wanted, atol=2)


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_large_photos_view_is_made_smaller_and_its_crops_still_lie_right(template: str) -> None:
    photo = a_photo(1200, size_wh=(2400, 2600))
    view = only_view(photo)
    assert max(view.image_bgr.shape[:2]) == 768
    wanted = crop_of(photo.image_bgr, five_landmarks(photo.points), template).astype(float)
    away = np.abs(crop_of(view.image_bgr, view.landmarks, template).astype(float) - wanted)
    assert away.mean() < 2


def test_a_face_at_the_photos_border_has_a_view_as_far_as_the_photo_goes() -> None:
    photo = a_photo(200)
    at_border = PhotoView(photo.image_bgr, photo.points - np.array([430, 380, 0], np.float32))
    view = only_view(at_border)
    corner = photo.image_bgr[: view.image_bgr.shape[0], : view.image_bgr.shape[1]]
    np.testing.assert_array_equal(view.image_bgr, corner)
    np.testing.assert_allclose(view.landmarks, five_landmarks(at_border.points), atol=1e-4)


def test_the_further_a_face_is_turned_the_less_its_photo_counts() -> None:
    weights = [only_view(a_photo(yaw=yaw)).weight for yaw in (0, 0.4, -0.8, 1.2, 1.6)]
    assert weights == sorted(weights, reverse=True)
    assert weights[0] == pytest.approx(1, abs=0.01)
    assert weights[-1] > 0
    assert mesh_frontality(a_photo(yaw=0.4).points) == pytest.approx(np.cos(0.4), abs=0.01)


class Reader:
    """A network that gives one answer, or fails."""

    def __init__(self, five: NDArray[np.float32] | None = None, cosine: float | None = None, broken: str = "") -> None:
        self.five, self.cosine, self.broken = five, cosine, broken
        self.boxes: list[NDArray[np.floating]] = []

    def five_points(self, image_bgr: NDArray[np.uint8], box_xyxy: NDArray[np.floating]) -> NDArray[np.float32] | None:
        self.boxes.append(box_xyxy)
        if self.broken:
            raise ModelError(self.broken)
        return self.five

    def frontality(self, image_bgr: NDArray[np.uint8], box_xyxy: NDArray[np.floating]) -> float | None:
        return self.cosine


def test_the_first_network_that_sees_the_face_is_believed() -> None:
    photo = a_photo()
    five = five_landmarks(photo.points) + np.float32(4)
    unused = Reader(five_landmarks(photo.points) - 9, 0.1)
    blind, seeing = Reader(), Reader(five, 0.5)
    view = only_view(photo, PhotoReaders((blind, seeing, unused), (blind, seeing, unused)))
    wanted = crop_of(photo.image_bgr, five, "ffhq_512")
    np.testing.assert_allclose(crop_of(view.image_bgr, view.landmarks, "ffhq_512").astype(int), wanted, atol=2)
    assert view.weight == pytest.approx(frontal_weight(0.5))
    assert unused.boxes == []
    points = photo.points[:, :2]
    np.testing.assert_array_equal(blind.boxes[0], np.concatenate([points.min(0), points.max(0)]))


@pytest.mark.parametrize("wrong", ["all in one place", "elsewhere", "scattered", "endless"])
def test_points_that_cannot_be_this_faces_are_not_believed(wrong: str) -> None:
    photo = a_photo()
    five = five_landmarks(photo.points)
    answers = {
        "all in one place": np.tile(five.mean(0), (5, 1)),
        "elsewhere": five + np.float32(300),
        "scattered": five.mean(0) + 6 * (five - five.mean(0)),
        "endless": np.full((5, 2), np.inf, np.float32),
    }
    view = only_view(photo, PhotoReaders((Reader(answers[wrong].astype(np.float32)),)))
    np.testing.assert_array_equal(view.landmarks, only_view(photo).landmarks)


def test_a_broken_network_leaves_the_photo_to_the_mesh(caplog: pytest.LogCaptureFixture) -> None:
    photo = a_photo()
    view = only_view(photo, PhotoReaders((Reader(broken="The network failed."),), ()))
    wanted = only_view(photo)
    np.testing.assert_array_equal(view.landmarks, wanted.landmarks)
    assert view.weight == wanted.weight
    assert "The network failed." in caplog.text


def test_networks_are_loaded_with_the_first_photo_and_once() -> None:
    opened: list[int] = []

    def open_readers() -> PhotoReaders:
        opened.append(1)
        return PhotoReaders()

    views = PhotoViews(open_readers)
    assert opened == []
    views.of([a_photo(), a_photo()])
    views.of([a_photo()])
    assert opened == [1]


def test_a_photo_target_has_a_view_per_photo_and_a_painted_one_none() -> None:
    image, points = placed_portrait((640, 480), 300, (320, 240))
    mesh = np.column_stack([points, np.zeros(len(points))]).astype(np.float32)
    target = target_from_views("me", [PhotoView(image, mesh)] * 2, PhotoViews())
    assert len(target.views) == 2
    assert plain_target().views == ()


def a_store(folder: Path, *names: str) -> ModelStore:
    (folder / "store").mkdir()
    store = ModelStore(open_store().catalogue, folder / "store")
    for name in names:
        store.import_file(analytic(name, folder / "files"), name)
    return store


@pytest.mark.parametrize(
    ("installed", "points", "facing"),
    [
        ((), (), ()),
        (("landmarks_1k3d68",), (), (LandmarkFrontality,)),
        (("landmarks_2d106", "scrfd_500m"), (DetectorPoints, LandmarkPoints), ()),
        (("scrfd_10g", "landmarks_1k3d68"), (DetectorPoints,), (LandmarkFrontality,)),
    ],
)
def test_what_is_installed_reads_photos(
    installed: tuple[str, ...], points: tuple[type, ...], facing: tuple[type, ...], tmp_path: Path
) -> None:
    readers = open_photo_readers(a_store(tmp_path, *installed), tmp_path / "no packs")
    assert tuple(map(type, readers.points)) == points
    assert tuple(map(type, readers.facing)) == facing
    view = only_view(a_photo(), readers)
    assert np.isfinite(view.landmarks).all()


def test_an_installed_pack_is_read_by_insightface_itself(tmp_path: Path) -> None:
    pytest.importorskip("insightface", reason="the extra insightface is not installed", exc_type=ImportError)
    (tmp_path / "packs" / "empty").mkdir(parents=True)
    analytic("scrfd_10g", tmp_path / "packs" / "pack")
    readers = open_photo_readers(a_store(tmp_path), tmp_path / "packs")
    assert tuple(map(type, readers.points)) == (DetectorPoints,)
