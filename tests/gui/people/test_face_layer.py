"""Room: tests. Where the tags of faces stand: in the picture, and not upon each other."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF

from mirror_app.gui.people.face_layer import tag_place

PICTURE = QRectF(100, 50, 640, 360)
FACE = QRectF(300, 200, 80, 90)


def test_a_tag_stands_above_its_face() -> None:
    tag = tag_place(FACE, PICTURE, 100, ())
    assert tag.bottom() < FACE.top()
    assert tag.center().x() == FACE.center().x()


@pytest.mark.parametrize(
    "face",
    [QRectF(100, 50, 60, 80), QRectF(700, 60, 40, 80), QRectF(100, 50, 640, 360), QRectF(300, 380, 60, 30)],
    ids=["left top", "right top", "all of it", "bottom"],
)
def test_a_tag_stays_in_the_picture(face: QRectF) -> None:
    assert PICTURE.contains(tag_place(face, PICTURE, 120, ()))


def test_tags_of_people_who_pass_each_other_stand_free() -> None:
    taken: list[QRectF] = []
    for shift in (0, 20, 40):
        taken.append(tag_place(FACE.translated(shift, 0), PICTURE, 110, taken))
    assert not any(one.intersects(other) for place, one in enumerate(taken) for other in taken[:place])
    assert tag_place(FACE, PICTURE, 110, taken) == taken[0], "a fourth one lies on the first"
