"""Room: tests. Choosing a face in a photo by mouse and by keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mirror_app.gui.faces.face_picker import FacePicker, PickableFace


def close_up(colour: str) -> QImage:
    image = QImage(20, 20, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    return image


def picker_of(qtbot: QtBot, *boxes: QRectF) -> FacePicker:
    """A picker over a grey photo of 400 x 200 px."""
    photo = QImage(400, 200, QImage.Format.Format_RGB32)
    photo.fill(QColor("#777777"))
    picker = FacePicker()
    qtbot.addWidget(picker)
    picker.show_photo(photo, [PickableFace(box, close_up("red")) for box in boxes])
    picker.show()
    return picker


def click(picker: FacePicker, at: QPointF) -> None:
    QTest.mouseClick(picker, Qt.MouseButton.LeftButton, pos=at.toPoint())


ROW = [QRectF(0.1 * index, 0.3, 0.08, 0.3) for index in range(8)]


def test_boxes_lie_where_the_photo_shows_the_faces(qtbot: QtBot) -> None:
    picker = picker_of(qtbot, QRectF(0, 0, 0.5, 1), QRectF(0.5, 0.5, 0.5, 0.5))
    assert picker.box_on_screen(0) == QRectF(0, 75, 150, 150)
    assert picker.box_on_screen(1) == QRectF(150, 150, 150, 75)


def test_a_click_on_a_box_or_on_a_face_below_chooses_it(qtbot: QtBot) -> None:
    picker = picker_of(qtbot, *ROW[:3])
    with qtbot.waitSignal(picker.chosen) as caught:
        click(picker, picker.box_on_screen(2).center())
    assert caught.args == [2]
    below = picker.close_up_on_screen(1)
    assert below is not None
    click(picker, below.center())
    assert picker.current == 1


def test_a_click_beside_all_faces_chooses_nothing(qtbot: QtBot) -> None:
    picker = picker_of(qtbot, *ROW[:3])
    with qtbot.assertNotEmitted(picker.chosen):
        click(picker, QPointF(290, 20))
        click(picker, picker.box_on_screen(0).center())


def test_the_smaller_of_two_boxes_that_lie_on_each_other_is_chosen(qtbot: QtBot) -> None:
    picker = picker_of(qtbot, QRectF(0.1, 0.1, 0.8, 0.8), QRectF(0.4, 0.4, 0.1, 0.2))
    click(picker, picker.box_on_screen(1).center())
    assert picker.current == 1


def test_a_tiny_face_can_be_hit(qtbot: QtBot) -> None:
    picker = picker_of(qtbot, QRectF(0.1, 0.1, 0.3, 0.6), QRectF(0.7, 0.5, 0.005, 0.01))
    click(picker, picker.box_on_screen(1).center() + QPointF(9, -9))
    assert picker.current == 1


@pytest.mark.parametrize(
    ("keys", "current"),
    [
        ([Qt.Key.Key_Right], 1),
        ([Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Left], 1),
        ([Qt.Key.Key_Left], 0),
        ([Qt.Key.Key_3], 2),
        ([Qt.Key.Key_3, Qt.Key.Key_Right], 2),
        ([Qt.Key.Key_9], 0),
    ],
)
def test_keys_choose(qtbot: QtBot, keys: list[Qt.Key], current: int) -> None:
    picker = picker_of(qtbot, *ROW[:3])
    for key in keys:
        QTest.keyClick(picker, key)
    assert picker.current == current


def test_of_many_faces_those_around_the_chosen_one_are_shown_by_themselves(qtbot: QtBot) -> None:
    picker = picker_of(qtbot, *ROW)
    shown = [picker.close_up_on_screen(index) is not None for index in range(8)]
    assert shown == [True] * 5 + [False] * 3
    picker.choose(7)
    shown = [picker.close_up_on_screen(index) is not None for index in range(8)]
    assert shown == [False] * 3 + [True] * 5


def test_one_face_alone_is_no_choice(qtbot: QtBot) -> None:
    picker = picker_of(qtbot, ROW[0])
    assert picker.focusPolicy() == Qt.FocusPolicy.NoFocus
    assert picker.height() == 300
    with qtbot.assertNotEmitted(picker.chosen):
        click(picker, picker.box_on_screen(0).center())


def test_the_photo_its_boxes_and_the_faces_are_painted(qtbot: QtBot) -> None:
    picker = picker_of(qtbot, *ROW[:2])
    image = picker.grab().toImage()
    assert image.pixelColor(150, 150) == QColor("#777777")
    below = picker.close_up_on_screen(1)
    assert below is not None
    assert image.pixelColor((below.center() + QPointF(8, 8)).toPoint()) == QColor("red")
    edge = picker.box_on_screen(0)
    assert image.pixelColor(round(edge.left()), round(edge.center().y())) != QColor("#777777")


def test_without_a_photo_something_is_painted_too(qtbot: QtBot) -> None:
    picker = FacePicker()
    qtbot.addWidget(picker)
    picker.show_photo(None)
    assert not picker.grab().isNull()
