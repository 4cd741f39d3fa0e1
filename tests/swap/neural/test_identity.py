"""Room: tests. The identity input of every kind, from one photo and from several."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.domain.errors import ModelError
from mirror_app.domain.target import TargetView
from mirror_app.domain.templates import crop_from_landmarks
from mirror_app.runtime.backend import TensorSpec
from mirror_app.swap.neural.identity import IdentityMaker
from mirror_app.swap.neural.spec import IdentityKind, SwapperSpec
from tests.swap.neural import networks

RAWS = {1: networks.raw_embedding(1, 18.0), 2: networks.raw_embedding(2, 24.0)}
EMAP = (np.random.default_rng(9).normal(size=(512, 512)) / 20).astype(np.float32)
MATRIX = (np.random.default_rng(8).normal(size=(512, 512)) / 20).astype(np.float32)


class MatrixConverter:
    """A converter that multiplies by a matrix."""

    inputs = (TensorSpec("input", (1, 512)),)
    outputs = (TensorSpec("output", (1, 512)),)
    device = "CPU"

    def run(self, feeds: Mapping[str, NDArray[np.float32]]) -> list[NDArray[np.float32]]:
        return [feeds["input"] @ MATRIX]


def model_of(kind: IdentityKind) -> SwapperSpec:
    portrait = {"portrait_template": "arcface_112_v2", "portrait_side": 112} if kind is IdentityKind.PORTRAIT else {}
    return replace(networks.PLAIN, identity=kind, **portrait)  # type: ignore[arg-type]


def maker(kind: IdentityKind) -> IdentityMaker:
    return IdentityMaker(model_of(kind), networks.ScriptedRecogniser(RAWS), emap=EMAP, converter=MatrixConverter())


def unit(vector: NDArray[np.floating]) -> NDArray[np.floating]:
    return vector / np.linalg.norm(vector)


MIXED = unit(unit(RAWS[1]) * 3 + unit(RAWS[2]))
MIXED_LENGTH = (3 * 18.0 + 24.0) / 4


@pytest.mark.parametrize(
    ("kind", "of_one", "of_two"),
    [
        (IdentityKind.UNIT, unit(RAWS[1]), MIXED),
        (IdentityKind.EMAP, unit(unit(RAWS[1]) @ EMAP), unit(MIXED @ EMAP)),
        (IdentityKind.CONVERTED, RAWS[1] @ MATRIX, MIXED_LENGTH * MIXED @ MATRIX),
        (IdentityKind.CONVERTED_UNIT, unit(RAWS[1] @ MATRIX), unit(MIXED @ MATRIX)),
    ],
)
def test_vectors_are_made_as_their_network_learnt_them(
    kind: IdentityKind, of_one: NDArray[np.floating], of_two: NDArray[np.floating]
) -> None:
    one = maker(kind).identity(networks.target(networks.view(1)))
    two = maker(kind).identity(networks.target(networks.view(1, weight=3), networks.view(2, weight=1)))
    assert one.shape == two.shape == (1, 512)
    assert one.dtype == two.dtype == np.float32
    np.testing.assert_allclose(one[0], of_one, atol=1e-5 * np.abs(of_one).max())
    np.testing.assert_allclose(two[0], of_two, atol=1e-5 * np.abs(of_two).max())


def test_a_portrait_is_the_photo_that_counts_most_in_red_green_blue() -> None:
    views = (networks.view(1, weight=1), networks.view(2, weight=5, side=180))
    made = IdentityMaker(model_of(IdentityKind.PORTRAIT), None).identity(networks.target(*views))
    transform = crop_from_landmarks(views[1].landmarks, "arcface_112_v2", 112)
    expected = cv2.warpAffine(views[1].image_bgr, transform, (112, 112), borderMode=cv2.BORDER_REPLICATE)
    assert made.shape == (1, 3, 112, 112)
    np.testing.assert_allclose(made[0], expected[..., ::-1].transpose(2, 0, 1) / 255, atol=1.01 / 255)


def test_a_target_is_looked_at_once_and_the_last_few_are_kept() -> None:
    recogniser = networks.ScriptedRecogniser(RAWS)
    identity = IdentityMaker(model_of(IdentityKind.UNIT), recogniser)
    shelf = [networks.target(networks.view(1)) for _ in range(9)]
    first = identity.identity(shelf[0])
    assert identity.identity(shelf[0]) is first
    assert len(recogniser.calls) == 1
    for one in shelf:
        identity.identity(one)
    assert len(recogniser.calls) == 9
    identity.identity(shelf[8])
    assert len(recogniser.calls) == 9
    identity.identity(shelf[0])
    assert len(recogniser.calls) == 10


@pytest.mark.parametrize("kind", IdentityKind)
def test_a_target_without_photos_has_no_identity(kind: IdentityKind) -> None:
    with pytest.raises(ModelError, match="somebody has no photo"):
        maker(kind).identity(networks.target())


@pytest.mark.parametrize("kind", [kind for kind in IdentityKind if kind is not IdentityKind.PORTRAIT])
@pytest.mark.parametrize("raw", [np.zeros(512, np.float32), np.full(512, np.nan, np.float32)])
def test_what_the_recogniser_cannot_tell_is_an_error(kind: IdentityKind, raw: NDArray[np.float32]) -> None:
    identity = IdentityMaker(model_of(kind), SilentRecogniser(raw), emap=EMAP, converter=MatrixConverter())
    with pytest.raises(ModelError, match="give no identity"):
        identity.identity(networks.target(networks.view(1)))


class SilentRecogniser:
    """Gives the same vector for everybody, as it is."""

    def __init__(self, raw: NDArray[np.float32]) -> None:
        self._raw = raw

    def embed(self, image_bgr: NDArray[np.uint8], landmarks: NDArray[np.float32]) -> NDArray[np.float32]:
        return self._raw

    def raw(self, image_bgr: NDArray[np.uint8], landmarks: NDArray[np.float32]) -> NDArray[np.float32]:
        return self._raw


def test_a_portrait_of_no_face_is_an_error() -> None:
    photo = networks.view(1)
    blind = TargetView(photo.image_bgr, np.zeros((5, 2), np.float32))
    with pytest.raises(ModelError, match="shows no face"):
        IdentityMaker(model_of(IdentityKind.PORTRAIT), None).identity(networks.target(blind))


@pytest.mark.parametrize(
    ("kind", "recogniser", "emap", "said"),
    [
        (IdentityKind.UNIT, None, None, "needs a face recogniser"),
        (IdentityKind.EMAP, networks.ScriptedRecogniser(RAWS), None, "lacks its matrix"),
        (IdentityKind.EMAP, networks.ScriptedRecogniser(RAWS), EMAP[:100], "lacks its matrix"),
        (IdentityKind.CONVERTED, networks.ScriptedRecogniser(RAWS), EMAP, "needs a converter"),
        (IdentityKind.CONVERTED_UNIT, networks.ScriptedRecogniser(RAWS), EMAP, "needs a converter"),
    ],
)
def test_what_a_model_needs_is_missed_at_once(
    kind: IdentityKind, recogniser: networks.ScriptedRecogniser | None, emap: NDArray[np.float32] | None, said: str
) -> None:
    with pytest.raises(ModelError, match=said):
        IdentityMaker(model_of(kind), recogniser, emap=emap)
