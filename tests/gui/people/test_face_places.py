"""Room: tests. Which face a pointer means: flipped or not, with margins, on dense screens, and in motion."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF, QSize

from mirror_app.domain.face import TrackedFace
from mirror_app.gui.people.face_places import FacePlaces, Shown
from mirror_app.gui.views.picture_box import picture_box

IMAGE_WH = (1280, 720)
FRAME_NS = 33_000_000


def face(track_id: int, left: float, top: float, right: float, bottom: float) -> TrackedFace:
    return TrackedFace(track_id, None, np.array([left, top, right, bottom], np.float32))


def meant(places: FacePlaces, x: float, y: float, shown: Shown) -> int | None:
    found = places.at(QPointF(x, y), shown)
    return None if found is None else found.face.track_id


LEFT, RIGHT = face(1, 128, 180, 384, 540), face(2, 896, 180, 1152, 540)


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0], ids=str)
@pytest.mark.parametrize(
    ("widget_wh", "flip", "point", "track_id"),
    [
        ((640, 360), False, (128, 180), 1),
        ((640, 360), False, (512, 180), 2),
        ((640, 360), True, (128, 180), 2),
        ((640, 360), True, (512, 180), 1),
        ((640, 360), False, (320, 180), None),
        ((640, 560), False, (128, 280), 1),
        ((640, 560), False, (128, 60), None),
        ((840, 360), False, (228, 180), 1),
        ((840, 360), True, (228, 180), 2),
        ((840, 360), False, (60, 180), None),
    ],
)
def test_the_face_under_the_pointer_is_found(
    widget_wh: tuple[int, int], flip: bool, point: tuple[int, int], track_id: int | None, ratio: float
) -> None:
    places = FacePlaces()
    places.see([LEFT, RIGHT], IMAGE_WH, 0)
    shown = Shown(picture_box(IMAGE_WH, QSize(*widget_wh), ratio).rect, flip)
    assert meant(places, *point, shown) == track_id


@given(
    x=st.floats(0, 1),
    y=st.floats(0, 1),
    wide=st.floats(0.02, 0.5),
    flip=st.booleans(),
    width=st.floats(160, 3840),
    height=st.floats(90, 2160),
)
def test_the_middle_of_every_box_drawn_means_its_face(
    x: float, y: float, wide: float, flip: bool, width: float, height: float
) -> None:
    places = FacePlaces()
    box = np.array([x - wide / 2, y - wide / 2, x + wide / 2, y + wide / 2]) * [*IMAGE_WH, *IMAGE_WH]
    places.see([face(7, *box.tolist())], IMAGE_WH, 0)
    shown = Shown(QRectF(13, 5, width, height), flip)
    (place,) = places.now(shown)
    middle = place.rect.center()
    assert meant(places, middle.x(), middle.y(), shown) == 7
    assert shown.rect.adjusted(-0.01, -0.01, 0.01, 0.01).contains(place.rect), "no box leaves the picture"


def test_flipping_carries_a_box_to_the_other_side() -> None:
    places = FacePlaces()
    places.see([LEFT], IMAGE_WH, 0)
    rect = QRectF(10, 20, 640, 360)
    (straight,), (flipped,) = places.now(Shown(rect, flip=False)), places.now(Shown(rect, flip=True))
    assert straight.rect == QRectF(74, 110, 128, 180)
    assert flipped.rect == QRectF(458, 110, 128, 180)


def test_where_a_fast_face_was_a_moment_ago_still_means_it() -> None:
    places, shown = FacePlaces(), Shown(QRectF(0, 0, 1280, 720), flip=False)
    for step in range(9):
        places.see([face(1, 100 + 90 * step, 200, 200 + 90 * step, 340)], IMAGE_WH, step * FRAME_NS)
    (now,) = places.now(shown)
    assert now.rect.left() == 820
    assert meant(places, 690, 270, shown) == 1, "two frames ago it was here"
    found = places.at(QPointF(690, 270), shown)
    assert found is not None
    assert found.rect.left() == 820, "it is told where it is now"


def test_a_face_missed_for_a_few_frames_stays_until_it_is_too_long_ago() -> None:
    places, shown = FacePlaces(), Shown(QRectF(0, 0, 1280, 720), flip=False)
    places.see([LEFT], IMAGE_WH, 0)
    places.see([], IMAGE_WH, 5 * FRAME_NS)
    assert meant(places, 256, 360, shown) == 1
    assert places.now(shown) == [], "no box is drawn in the air"
    places.see([], IMAGE_WH, 10 * FRAME_NS)
    assert meant(places, 256, 360, shown) is None


def test_who_is_there_now_comes_before_who_was_there() -> None:
    places, shown = FacePlaces(), Shown(QRectF(0, 0, 1280, 720), flip=False)
    places.see([face(1, 400, 200, 500, 340), face(2, 700, 200, 800, 340)], IMAGE_WH, 0)
    places.see([face(1, 700, 200, 800, 340), face(2, 400, 200, 500, 340)], IMAGE_WH, FRAME_NS)
    assert meant(places, 750, 270, shown) == 1
    assert meant(places, 450, 270, shown) == 2


def test_a_small_face_before_a_large_one_can_be_meant() -> None:
    places, shown = FacePlaces(), Shown(QRectF(0, 0, 1280, 720), flip=False)
    places.see([face(1, 200, 100, 800, 700), face(2, 260, 150, 340, 250)], IMAGE_WH, 0)
    assert meant(places, 300, 200, shown) == 2
    assert meant(places, 500, 400, shown) == 1


def test_frames_of_another_camera_with_an_older_clock_forget_what_was() -> None:
    places, shown = FacePlaces(), Shown(QRectF(0, 0, 1280, 720), flip=False)
    places.see([LEFT], IMAGE_WH, 50 * FRAME_NS)
    places.see([RIGHT], IMAGE_WH, FRAME_NS)
    assert meant(places, 256, 360, shown) is None
    assert meant(places, 1024, 360, shown) == 2
