"""Room: tests. A photo becomes a target: the largest face, unrolled; a photo without one is refused in a sentence."""

from __future__ import annotations

import numpy as np
import pytest

from mirror_app.domain import mesh_topology as topology
from mirror_app.domain.errors import NoFaceError
from mirror_app.pipeline.assembly import open_enroller
from mirror_app.pipeline.enrol import Enroller, target_from_texture
from tests.portrait import placed_portrait


@pytest.fixture(scope="module")
def enroller() -> Enroller:
    return open_enroller()


def test_a_portrait_becomes_a_target(enroller: Enroller) -> None:
    image, points = placed_portrait((640, 480), 260, (300, 230))
    before = image.copy()
    enrolment = enroller.from_photo(image, "grace")
    target = enrolment.target
    assert enrolment.faces_found == 1
    assert target.name == "grace"
    assert target.colour_follow == 1.0
    assert target.texture_bgr.shape == (*target.texture_alpha.shape, 3)
    assert target.texture_bgr.dtype == target.texture_alpha.dtype == np.uint8
    assert target.shape.shape == (468, 3)
    assert target.shape.dtype == np.float32
    np.testing.assert_allclose(enrolment.box_xyxy, np.concatenate([points.min(0), points.max(0)]), atol=15)
    np.testing.assert_array_equal(image, before)


def test_the_texture_shows_the_portraits_skin_and_lips(enroller: Enroller) -> None:
    image, _ = placed_portrait((640, 480), 300, (320, 240))
    texture = enroller.from_photo(image, "grace").target.texture_bgr.astype(int)
    side = texture.shape[0]
    for vertex in (117, 346, 9):
        x, y = (int(value) for value in topology.UV[vertex] * side)
        blue, _, red = texture[y - 8 : y + 8, x - 8 : x + 8].mean((0, 1))
        assert red > blue + 15, "skin"


def test_the_shape_is_on_the_average_faces_scale(enroller: Enroller) -> None:
    image, _ = placed_portrait((640, 480), 300, (320, 240))
    shape = enroller.from_photo(image, "grace").target.shape
    away = np.linalg.norm(shape - topology.CANONICAL, axis=1)
    assert 0.05 < away.mean() < 1.5


def test_of_several_faces_the_largest_is_taken_and_all_are_counted(enroller: Enroller) -> None:
    large, points = placed_portrait((400, 480), 280, (200, 240))
    small, _ = placed_portrait((400, 480), 130, (200, 240))
    enrolment = enroller.from_photo(np.hstack([small, large]), "both")
    assert enrolment.faces_found == 2
    in_the_right_half = points + np.array([400, 0], np.float32)
    truth = np.concatenate([in_the_right_half.min(0), in_the_right_half.max(0)])
    np.testing.assert_allclose(enrolment.box_xyxy, truth, atol=20)


@pytest.mark.parametrize("size_wh", [(1, 1), (32, 32), (333, 211), (2000, 3)])
def test_a_photo_without_a_face_is_refused_in_a_sentence(enroller: Enroller, size_wh: tuple[int, int]) -> None:
    image = np.full((size_wh[1], size_wh[0], 3), 130, np.uint8)
    with pytest.raises(NoFaceError, match="No face was found in the photo"):
        enroller.from_photo(image, "nobody")


def test_one_photo_leaves_no_trace_in_the_next(enroller: Enroller) -> None:
    first, _ = placed_portrait((640, 480), 200, (200, 200))
    second, _ = placed_portrait((640, 480), 320, (350, 250), demo_index=100)
    enroller.from_photo(first, "first")
    after_another = enroller.from_photo(second, "second")
    alone = open_enroller().from_photo(second, "second")
    np.testing.assert_array_equal(after_another.target.texture_bgr, alone.target.texture_bgr)
    np.testing.assert_array_equal(after_another.target.shape, alone.target.shape)


def test_a_painted_texture_becomes_a_target_that_covers_only_where_it_is_opaque() -> None:
    texture = np.zeros((256, 256, 4), np.uint8)
    texture[..., :3] = (10, 20, 30)
    texture[:128, :, 3] = 255
    target = target_from_texture("half", texture, 0.25)
    assert (target.name, target.colour_follow) == ("half", 0.25)
    assert (target.texture_bgr == (10, 20, 30)).all()
    assert target.texture_alpha[40:120].max() == 255
    assert target.texture_alpha[128:].max() == 0
    x, y = (int(value) for value in topology.UV[list(topology.IMAGE_LEFT_EYE)].mean(0) * 256)
    assert target.texture_alpha[y, x] < 60, "the eyes stay open whatever the painter's alpha says"
    np.testing.assert_array_equal(target.shape, topology.CANONICAL)
