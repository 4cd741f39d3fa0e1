"""Room: tests. The recogniser: the right crop in the right colours, and no identity out of a broken network."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.domain.errors import ModelError
from mirror_app.domain.templates import TEMPLATES
from mirror_app.faces.arcface import EMBEDDING_SIZE, ArcFace
from mirror_app.faces.specs import RecogniserSpec
from mirror_app.runtime.backend import TensorSpec

LANDMARKS = (TEMPLATES["arcface_112_v2"] * 112 + 40).astype(np.float32)


class Answering:
    """A recogniser that gives the same vector to everybody, always in the same place, and keeps what it was fed."""

    device = "script"

    def __init__(self, vector: NDArray[np.float32], batch: int = -1, side: int = 112) -> None:
        self.inputs = (TensorSpec("input.1", (batch, 3, side, side)),)
        self.outputs = (TensorSpec("683", (batch, vector.size)),)
        self.answer = vector[None]
        self.seen: list[NDArray[np.float32]] = []

    def run(self, feeds: Mapping[str, NDArray[np.float32]]) -> list[NDArray[np.float32]]:
        self.seen.append(feeds["input.1"].copy())
        return [self.answer]


def a_vector(length: float = 20.0) -> NDArray[np.float32]:
    vector = np.random.default_rng(1).normal(size=EMBEDDING_SIZE)
    return (length * vector / np.linalg.norm(vector)).astype(np.float32)


def a_picture() -> NDArray[np.uint8]:
    return np.random.default_rng(2).integers(0, 256, (200, 200, 3)).astype(np.uint8)


def test_a_face_that_lies_as_the_template_does_is_fed_pixel_by_pixel_as_rgb_in_minus_1_to_1() -> None:
    network, picture = Answering(a_vector()), a_picture()
    ArcFace(network).raw(picture, LANDMARKS)
    wanted = (picture[40:152, 40:152, ::-1].astype(np.float32) - 127.5) / 127.5
    np.testing.assert_allclose(network.seen[0][0], wanted.transpose(2, 0, 1), atol=1.1 / 127.5)
    assert np.mean(np.abs(network.seen[0][0] - wanted.transpose(2, 0, 1)) > 1e-6) < 0.01


def test_beyond_the_pictures_border_it_is_black() -> None:
    network = Answering(a_vector())
    ArcFace(network).raw(np.full((200, 200, 3), 200, np.uint8), LANDMARKS - 80)
    np.testing.assert_array_equal(network.seen[0][0, :, :30, :30], -1)


def test_the_spec_decides_template_side_and_range() -> None:
    network = Answering(a_vector(), side=128)
    spec = RecogniserSpec("arcface_128", 128, 0.0, 255.0)
    picture = a_picture()
    ArcFace(network, spec).raw(picture, TEMPLATES["arcface_128"] * 128 + 10)
    wanted = picture[10:138, 10:138, ::-1].transpose(2, 0, 1) / 255
    np.testing.assert_allclose(network.seen[0][0], wanted, atol=1.1 / 255)


@pytest.mark.parametrize("length", [1e-12, 20.0, 1e30])
def test_an_embedding_has_unit_length_and_the_raw_one_its_own(length: float) -> None:
    recogniser = ArcFace(Answering(a_vector(length)))
    np.testing.assert_array_equal(recogniser.raw(a_picture(), LANDMARKS), a_vector(length))
    unit = recogniser.embed(a_picture(), LANDMARKS)
    assert unit.dtype == np.float32
    np.testing.assert_allclose(unit, a_vector(1.0), atol=1e-6)


def test_a_vector_stays_when_the_network_writes_the_next_one_to_the_same_place() -> None:
    network = Answering(a_vector())
    kept = ArcFace(network).raw(a_picture(), LANDMARKS)
    network.answer[:] = 7
    np.testing.assert_array_equal(kept, a_vector())


@pytest.mark.parametrize("value", [np.nan, np.inf, 0.0])
def test_no_identity_comes_out_of_a_broken_network(value: float) -> None:
    vector = a_vector() * np.float32(0 if value == 0 else 1)
    vector[100] = value
    for ask in (ArcFace(Answering(vector)).raw, ArcFace(Answering(vector)).embed):
        with pytest.raises(ModelError, match="not finite, or nothing but zeros"):
            ask(a_picture(), LANDMARKS)


def test_a_vector_of_another_size_than_declared_is_a_model_error() -> None:
    network = Answering(a_vector())
    recogniser = ArcFace(network)
    network.answer = np.ones((1, 128), np.float32)
    with pytest.raises(ModelError, match=r"gave \(1, 128\) numbers, expected \(1, 512\)"):
        recogniser.raw(a_picture(), LANDMARKS)


@pytest.mark.parametrize(
    "network",
    [Answering(a_vector(), side=96), Answering(np.ones(256, np.float32)), Answering(np.ones(1, np.float32))],
    ids=["crop of 96", "256 numbers", "1 number"],
)
def test_a_network_of_another_kind_is_refused(network: Answering) -> None:
    with pytest.raises(ModelError, match=r"no ArcFace network: expected an input .* got"):
        ArcFace(network)
