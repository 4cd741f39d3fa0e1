"""Room: tests. Photos become a target: one face, chosen or largest, from one photo or several, or a sentence."""

from __future__ import annotations

import numpy as np
import pytest

from mirror_app.domain import mesh_topology as topology
from mirror_app.domain.errors import InputError, NoFaceError
from mirror_app.pipeline.assembly import open_enroller
from mirror_app.pipeline.enrol import Enroller, target_from_texture, target_from_views
from mirror_app.pipeline.photo_views import PhotoViews
from mirror_app.swap.target_texture import PhotoView
from tests.portrait import placed_portrait, region_mask


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
    assert target.eye_tone is not None
    assert target.eye_tone.shape == (3,)
    assert np.abs(target.eye_tone).max() < 2
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


def test_any_face_of_a_photo_can_be_chosen_the_largest_is_the_first(enroller: Enroller) -> None:
    large, _ = placed_portrait((400, 480), 280, (200, 240))
    small, small_points = placed_portrait((400, 480), 130, (200, 240))
    both = np.hstack([small, large])
    boxes = [enroller.from_photo(both, "one", index).box_xyxy for index in (0, 1)]
    np.testing.assert_allclose(boxes[1], np.concatenate([small_points.min(0), small_points.max(0)]), atol=15)
    assert boxes[0][0] > 400
    for index in (2, -1):
        with pytest.raises(InputError, match="only 2 faces"):
            enroller.from_photo(both, "one", index)
    with pytest.raises(InputError, match="only one face; there is no face 2"):
        enroller.from_photo(large, "one", 1)


def test_several_photos_of_one_person_make_one_face(enroller: Enroller) -> None:
    photos = [placed_portrait((640, 480), 300, (320, 240), demo_index=index)[0] for index in (0, 100, 200)]
    alone = [enroller.from_photo(photo, "me").target for photo in photos]
    views = [enroller.look(photo).faces[0].view for photo in photos]
    together = target_from_views("me", views, PhotoViews())
    away = [float(np.abs(together.shape - one.shape).mean()) for one in alone]
    apart = float(np.abs(alone[0].shape - alone[1].shape).mean())
    assert max(away) < apart, "the shape lies between those of the photos"
    assert together.texture_bgr.shape == alone[0].texture_bgr.shape
    np.testing.assert_array_equal(target_from_views("me", views[:1], PhotoViews()).shape, alone[0].shape)


def test_a_turned_photo_says_less_about_the_shape_than_a_frontal_one() -> None:
    from_the_front, wider = topology.CANONICAL.copy(), topology.CANONICAL.copy()
    wider[:, 0] *= np.float32(1.05)
    turn = np.radians(50)
    turned = wider @ np.array([[np.cos(turn), 0, np.sin(turn)], [0, 1, 0], [-np.sin(turn), 0, np.cos(turn)]]).T
    image = np.full((64, 64, 3), 120, np.uint8)
    views = [PhotoView(image, (points * 2 + 32).astype(np.float32)) for points in (from_the_front, turned)]
    shapes = [target_from_views("x", chosen, PhotoViews()).shape for chosen in (views, views[:1], views[1:])]
    to_front, to_turned = (float(np.abs(shapes[0] - other).mean()) for other in shapes[1:])
    assert to_front < to_turned / 2


def a_view(eyes: int, open_share: float = 1.0) -> PhotoView:
    """Grey skin, eyes of a level, lids open by a share of the average face's."""
    points = (topology.CANONICAL * 12 + 128).astype(np.float32)
    image = np.full((256, 256, 3), 120, np.uint8)
    for ring in map(list, (topology.IMAGE_LEFT_EYE, topology.IMAGE_RIGHT_EYE)):
        image[region_mask(points[:, :2], tuple(ring), image.shape, 2)] = eyes
        middle = points[ring, 1].mean()
        points[ring, 1] = middle + np.float32(open_share) * (points[ring, 1] - middle)
    return PhotoView(image, points)


def test_the_eyes_tone_is_the_mean_of_the_photos_with_open_eyes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mirror_app.pipeline.enrol.make_texture", lambda _, side: np.zeros((side, side, 3), np.uint8))
    bright, dark, closed = a_view(200), a_view(60), a_view(250, 0.05)
    tones = [
        target_from_views("x", views, PhotoViews()).eye_tone
        for views in ([bright], [dark], [bright, dark, closed], [closed])
    ]
    assert tones[0] is not None
    assert tones[1] is not None
    assert tones[2] is not None
    assert tones[0].min() > 0.2 > -0.2 > tones[1].max()
    np.testing.assert_allclose(tones[2], (tones[0] + tones[1]) / 2, atol=1e-5)
    assert tones[3] is None, "closed eyes say nothing"


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
    assert target.eye_tone is None, "painted faces leave live eyes as they are"
