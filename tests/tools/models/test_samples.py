"""Room: tests. The inputs that models are measured and calibrated with are those that the app itself makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.faces.arcface import ArcFace
from mirror_app.faces.landmark_net import LandmarkNet
from mirror_app.faces.specs import landmark_spec, recogniser_spec
from mirror_app.resources import assets_dir
from mirror_app.runtime.backend import TensorSpec
from mirror_app.runtime.catalogue import ModelSpec, Role, load_catalogue
from mirror_app.tools.models.faces import PictureWithFace, pictures_with_faces
from mirror_app.tools.models.samples import model_samples

CATALOGUE = load_catalogue(assets_dir() / "models" / "catalogue.toml")


@pytest.fixture(scope="module")
def pictures() -> list[PictureWithFace]:
    return pictures_with_faces(6)


def inputs_of(spec: ModelSpec) -> list[TensorSpec]:
    return [TensorSpec(tensor.name or "x", tensor.shape) for tensor in spec.inputs]


@pytest.mark.parametrize("spec", list(CATALOGUE), ids=lambda spec: spec.name)
def test_every_model_gets_inputs_of_its_shape_and_range(spec: ModelSpec, pictures: list[PictureWithFace]) -> None:
    samples = model_samples(spec, inputs_of(spec), pictures)
    assert len(samples) == len(pictures)
    for tensor in inputs_of(spec):
        fed = [sample[tensor.name] for sample in samples]
        for one in fed:
            assert one.dtype == np.float32
            assert one.flags.c_contiguous
            assert all(want in (-1, got) for want, got in zip(tensor.shape, one.shape, strict=True))
            assert one.std() > 0.01
            assert np.abs(one).max() <= (255 if spec.role is Role.LANDMARKS else 5)
        assert not np.array_equal(fed[0], fed[1])


def test_identities_have_the_length_that_the_app_gives_them(pictures: list[PictureWithFace]) -> None:
    for name, length in (("inswapper_128", 1.0), ("crossface_ghost", 20.0)):
        spec = CATALOGUE.find(name)
        for sample in model_samples(spec, inputs_of(spec), pictures):
            (identity,) = [values for values in sample.values() if values.ndim == 2]
            assert np.linalg.norm(identity) == pytest.approx(length, rel=1e-5)


@dataclass
class Listener:
    """A network that keeps what it was fed."""

    inputs: tuple[TensorSpec, ...]
    outputs: tuple[TensorSpec, ...]
    device: str = "CPU"
    fed: list[NDArray[np.float32]] = field(default_factory=list)

    def run(self, feeds: Mapping[str, NDArray[np.float32]]) -> list[NDArray[np.float32]]:
        self.fed += [values.copy() for values in feeds.values()]
        return [np.ones([max(size, 1) for size in spec.shape], np.float32) for spec in self.outputs]


@pytest.mark.parametrize("name", ["arcface_w600k_r50", "landmarks_2d106", "landmarks_1k3d68"])
def test_they_are_what_the_app_feeds(name: str, pictures: list[PictureWithFace]) -> None:
    spec = CATALOGUE.find(name)
    listener = Listener(tuple(inputs_of(spec)), tuple(TensorSpec("y", one.shape) for one in spec.outputs))
    samples = model_samples(spec, listener.inputs, pictures)
    for picture in pictures:
        if spec.role is Role.RECOGNISER:
            ArcFace(listener, recogniser_spec(spec.contract)).raw(picture.image_bgr, picture.landmarks)
        else:
            LandmarkNet(listener, landmark_spec(spec.contract)).locate(picture.image_bgr, picture.box_xyxy)
    for sample, fed in zip(samples, listener.fed, strict=True):
        difference = np.abs(next(iter(sample.values())) - fed)
        # OpenCV rounds here and there by one grey level, whatever the range.
        assert difference.max() <= 1
        assert difference.mean() < 0.002


def test_the_pictures_are_always_the_same(pictures: list[PictureWithFace]) -> None:
    for first, second in zip(pictures, pictures_with_faces(6), strict=True):
        np.testing.assert_array_equal(first.image_bgr, second.image_bgr)
        np.testing.assert_array_equal(first.landmarks, second.landmarks)
