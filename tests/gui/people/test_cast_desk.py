"""Room: tests. A click on a face, a key, the gallery: who wears what afterwards, and what is seen of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mirror_app.domain.assignment import Others
from mirror_app.domain.cast import Wearers
from mirror_app.domain.face import MESH_POINTS, FaceMesh, TrackedFace
from mirror_app.gui.live_worker import LiveTurn
from mirror_app.pipeline.result import MirrorResult, MirrorState, Unsafe
from mirror_app.settings import Settings
from tests.gui.conftest import Stage, build_stage
from tests.gui.fakes import SAFE_BGR, SWAPPED_BGR, frame, result

BOXES = {1: (10, 25, 50, 65), 2: (100, 25, 140, 65)}
"""In a picture of 160 x 90 px."""
MESH = FaceMesh(np.zeros((MESH_POINTS, 3), np.float32), 1.0)


def tracked(person: int | None, place: int) -> TrackedFace:
    return TrackedFace(10 + place, MESH, np.array(BOXES[place], np.float32), person=person)


def show(
    stage: Stage,
    *,
    persons: tuple[int | None, ...] = (1, 2),
    worn: Mapping[int, str] | None = None,
    unsafe: Unsafe | None = None,
    later_ns: int = 0,
) -> MirrorResult:
    """Show two people, the first of whom wears what the mirror's user picked."""
    state = MirrorState.LIVE if unsafe is None else MirrorState.SHIELD
    plain = result(frame(0), state, unsafe)
    faces = tuple(tracked(person, place) for place, person in enumerate(persons, 1))
    shown = replace(
        plain, faces=faces, worn={11: "anna"} if worn is None else worn, captured_ns=plain.captured_ns + later_ns
    )
    stage.window.preview.show_turn(LiveTurn(shown, 1.0))
    return shown


def place_of(stage: Stage, track_id: int) -> QPoint:
    found = stage.window.people.layer.where_is(track_id)
    assert found is not None
    return found.rect.center().toPoint()


def click(stage: Stage, track_id: int) -> None:
    QTest.mouseClick(stage.window.people.layer, Qt.MouseButton.LeftButton, pos=place_of(stage, track_id))


def names(stage: Stage) -> dict[int, str]:
    return {person: target.name for person, target in stage.worker.controls.cast.targets.items()}


def tile(stage: Stage, name: str) -> None:
    tiles = {one.info.name: one for one in stage.window.people.popover.tiles}
    QTest.mouseClick(tiles[name], Qt.MouseButton.LeftButton)


@pytest.mark.parametrize("flip", [True, False])
def test_a_click_on_a_face_and_a_target_dresses_that_person_and_leaves_the_covered_one_covered(
    stage: Stage, flip: bool
) -> None:
    stage.window.controls.flip.setChecked(flip)
    show(stage)
    click(stage, 12)
    popover = stage.window.people.popover
    assert popover.isVisible()
    assert popover.subject.person == 2
    tile(stage, "bert")
    stage.qtbot.waitUntil(lambda: names(stage) == {1: "anna", 2: "bert"})
    assert stage.worker.controls.cast.wearers is Wearers.CHOSEN
    assert stage.window.picture.wearers.value == "chosen"
    assert popover.isHidden()


def test_the_panel_lies_in_the_window_and_beside_the_face(stage: Stage) -> None:
    for size in ((900, 560), (1312, 692)):
        stage.window.resize(*size)
        show(stage)
        for track_id in (11, 12):
            click(stage, track_id)
            popover = stage.window.people.popover
            assert stage.window.rect().contains(popover.geometry())
            at_face = stage.window.people.layer.mapTo(stage.window, place_of(stage, track_id))
            assert not popover.geometry().contains(at_face)
            assert not popover.geometry().intersects(stage.window.gallery.geometry()) or size[0] < 1000


def test_afterwards_the_gallery_changes_what_the_person_clicked_last_wears(stage: Stage) -> None:
    show(stage)
    stage.window.people.give(2, "bert")
    stage.qtbot.waitUntil(lambda: names(stage) == {1: "anna", 2: "bert"})
    stage.qtbot.waitUntil(lambda: stage.window.gallery.current == "bert")
    stage.window.gallery.pick_number(3)
    stage.qtbot.waitUntil(lambda: names(stage) == {1: "anna", 2: "carl"})
    assert "Person 2" in stage.window.gallery.hint
    click(stage, 11)
    stage.qtbot.waitUntil(lambda: stage.window.gallery.current == "anna")
    assert "Person 1" in stage.window.gallery.hint
    assert names(stage) == {1: "anna", 2: "carl"}, "looking at a person changes nothing"


def test_the_gallery_gives_to_the_person_whose_panel_is_open(stage: Stage) -> None:
    show(stage)
    click(stage, 12)
    stage.window.gallery.pick_number(3)
    stage.qtbot.waitUntil(lambda: names(stage) == {1: "anna", 2: "carl"})


def test_a_person_can_be_left_out(stage: Stage) -> None:
    show(stage, worn={11: "anna", 12: "anna"})
    click(stage, 12)
    QTest.mouseClick(stage.window.people.popover.leave_out, Qt.MouseButton.LeftButton)
    assert names(stage) == {1: "anna"}
    assert stage.worker.controls.cast.wearers is Wearers.CHOSEN


def test_somebody_not_recognised_is_offered_nothing_until_she_is(stage: Stage) -> None:
    show(stage, persons=(1, None))
    click(stage, 12)
    popover = stage.window.people.popover
    assert popover.tiles == []
    assert popover.leave_out.isHidden()
    assert popover.close_button.hasFocus()
    show(stage, persons=(1, 2))
    assert popover.subject.person == 2
    assert popover.tiles


def test_the_panel_of_somebody_who_leaves_says_so_and_knows_her_when_she_is_back(stage: Stage) -> None:
    show(stage)
    stage.window.people.give(2, "bert")
    stage.qtbot.waitUntil(lambda: names(stage) == {1: "anna", 2: "bert"})
    click(stage, 12)
    popover = stage.window.people.popover
    show(stage, persons=(1,), later_ns=SECOND_NS)
    assert popover.isVisible()
    assert popover.subject.part == "not in the picture"
    assert popover.subject.worn == "bert"
    assert [one.info.name for one in popover.tiles if one.isChecked()] == ["bert"]
    tile(stage, "carl")
    stage.qtbot.waitUntil(lambda: names(stage) == {1: "anna", 2: "carl"})
    stage.window.people.open_person(1)
    show(stage, persons=(None, 1), later_ns=2 * SECOND_NS)
    assert stage.window.people.layer.selected == 12, "person 1 is another track now"
    assert popover.subject.person == 1


def test_the_panel_of_somebody_unknown_closes_when_she_leaves(stage: Stage) -> None:
    show(stage, persons=(1, None))
    click(stage, 12)
    show(stage, persons=(1,), later_ns=SECOND_NS)
    assert stage.window.people.popover.isHidden()
    assert stage.window.people.layer.selected is None


def test_a_face_that_is_deleted_is_worn_by_nobody_any_more(stage: Stage) -> None:
    show(stage)
    stage.window.people.give(2, "bert")
    stage.qtbot.waitUntil(lambda: names(stage) == {1: "anna", 2: "bert"})
    stage.window.people.give(1, "carl")
    stage.qtbot.waitUntil(lambda: names(stage) == {1: "carl", 2: "bert"})
    stage.window.parts.wardrobe.remove("bert")
    stage.qtbot.waitUntil(lambda: "bert" not in names(stage).values())
    assert names(stage)[1] == "carl"
    assert 2 in names(stage), "whoever was covered stays so"


def test_all_of_it_goes_without_a_mouse(stage: Stage) -> None:
    show(stage)
    window, popover = stage.window, stage.window.people.popover
    QTest.keyClick(window, Qt.Key.Key_E)
    first = popover.subject.person
    assert popover.isVisible()
    assert popover.tiles[0].hasFocus()
    QTest.keyClick(window, Qt.Key.Key_E)
    assert popover.subject.person != first
    QTest.keyClick(popover.tiles[0], Qt.Key.Key_Escape)
    assert popover.isHidden()
    assert window.preview.hasFocus()
    QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert popover.subject.person == 2
    QTest.keyClick(popover.tiles[0], Qt.Key.Key_Right)
    assert popover.tiles[1].hasFocus()
    assert window.gallery.current == "anna", "the arrow was the panel's"
    wanted = popover.tiles[1].info.name
    QTest.keyClick(popover.tiles[1], Qt.Key.Key_Return)
    stage.qtbot.waitUntil(lambda: names(stage) == {1: "anna", 2: wanted})


@pytest.mark.parametrize("key", [Qt.Key.Key_7, Qt.Key.Key_2])
def test_a_person_who_is_not_there_is_said(stage: Stage, key: Qt.Key) -> None:
    show(stage, persons=(1, None))
    QTest.keyClick(stage.window, key, Qt.KeyboardModifier.ControlModifier)
    assert "not in the picture" in stage.window.note.text
    assert stage.window.people.popover.isHidden()


def test_comparing_goes_on_working_over_a_face(stage: Stage) -> None:
    show(stage)
    click(stage, 11)
    for control in (stage.window.people.popover.tiles[0], stage.window.preview):
        QTest.keyPress(control, Qt.Key.Key_Space)
        assert stage.window.preview.is_comparing
        QTest.keyRelease(control, Qt.Key.Key_Space)
        assert not stage.window.preview.is_comparing


def test_two_clicks_are_full_screen_on_a_face_too(stage: Stage) -> None:
    show(stage)
    layer, place = stage.window.people.layer, place_of(stage, 11)
    QTest.mouseClick(layer, Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseDClick(layer, Qt.MouseButton.LeftButton, pos=place)
    assert stage.window.full_screen.is_on
    assert stage.window.people.popover.isHidden()
    stage.window.full_screen.leave()


def test_boxes_are_seen_here_and_never_reach_what_leaves(stage: Stage) -> None:
    shown = show(stage)
    before = stage.window.preview.grab().toImage()
    QTest.keyClick(stage.window, Qt.Key.Key_I)
    assert stage.window.picture.boxes.isChecked()
    boxed = stage.window.preview.grab().toImage()
    assert boxed != before
    corner = place_of(stage, 11)
    assert near(boxed, corner) == near(before, corner), "a face itself is not painted over"
    assert (shown.safe.image_bgr == SAFE_BGR).all()
    assert (shown.preview_bgr == SWAPPED_BGR).all()
    QTest.keyClick(stage.window, Qt.Key.Key_I)
    assert stage.window.preview.grab().toImage() == before


def near(image: QImage, place: QPoint) -> int:
    ratio = image.devicePixelRatio()
    return image.pixel(round(place.x() * ratio), round(place.y() * ratio))


def test_the_face_under_the_pointer_lights_up_and_others_do_not(stage: Stage) -> None:
    show(stage)
    layer = stage.window.people.layer
    plain = stage.window.preview.grab().toImage()
    QTest.mouseMove(layer, place_of(stage, 12))
    stage.qtbot.waitUntil(lambda: layer.cursor().shape() == Qt.CursorShape.PointingHandCursor)
    lit = stage.window.preview.grab().toImage()
    assert near(lit, place_of(stage, 12)) != near(plain, place_of(stage, 12))
    assert near(lit, place_of(stage, 11)) == near(plain, place_of(stage, 11))
    QTest.mouseMove(layer, QPoint(layer.width() // 2, layer.height() // 2))
    stage.qtbot.waitUntil(lambda: layer.cursor().shape() != Qt.CursorShape.PointingHandCursor)
    assert stage.window.preview.grab().toImage() == plain


@pytest.mark.parametrize(("value", "kept"), [("one", "one"), ("all", "all"), ("chosen", "one")])
def test_who_wears_it_counts_at_once_and_is_remembered_but_for_people_who_mean_nobody_later(
    stage: Stage, qtbot: QtBot, tmp_path: Path, value: str, kept: str
) -> None:
    stage.window.picture.wearers.choose(value)
    assert stage.worker.controls.cast.wearers is Wearers(value)
    stage.window.close()
    assert stage.saved[-1].wearers == kept
    again = build_stage(qtbot, tmp_path, stage.saved[-1])
    assert again.worker.controls.cast.wearers is Wearers(kept)
    again.window.close()


def test_choosing_by_hand_keeps_covered_whoever_is(stage: Stage) -> None:
    show(stage, worn={11: "anna", 12: "anna"})
    stage.window.picture.wearers.choose("chosen")
    assert names(stage) == {1: "anna", 2: "anna"}


def test_who_is_covered_but_not_recognised_yet_keeps_the_target_once_she_is(stage: Stage) -> None:
    show(stage, persons=(None, None))
    stage.window.picture.wearers.choose("chosen")
    assert names(stage) == {}
    show(stage, persons=(1, 2), worn={})
    assert names(stage) == {1: "anna"}, "the other one was not covered"


def test_people_are_recognised_while_their_numbers_are_wanted(stage: Stage) -> None:
    def recognises() -> bool:
        return stage.worker.controls.recognises

    show(stage)
    assert not recognises()
    click(stage, 12)
    assert recognises()
    QTest.keyClick(stage.window.people.popover, Qt.Key.Key_Escape)
    assert not recognises()
    QTest.keyClick(stage.window, Qt.Key.Key_I)
    assert recognises()
    QTest.keyClick(stage.window, Qt.Key.Key_I)
    assert not recognises()


def test_a_camera_that_comes_back_shows_the_same_people(stage: Stage) -> None:
    show(stage)
    stage.window.people.give(2, "bert")
    stage.qtbot.waitUntil(lambda: 2 in names(stage))
    stage.inputs.choose("demo")
    assert names(stage) == {1: "anna", 2: "bert"}
    assert stage.window.people.popover.isHidden()


SECOND_NS = 1_100_000_000


def test_ways_out_are_offered_after_a_second_of_somebody_else(stage: Stage) -> None:
    strip = stage.window.people.strip
    show(stage, unsafe=Unsafe.SEVERAL_FACES)
    assert strip.isHidden(), "somebody may only walk by"
    show(stage, unsafe=Unsafe.SEVERAL_FACES, later_ns=SECOND_NS)
    assert strip.isVisible()
    assert strip.height() > 60
    picture = stage.window.preview.picture_rect
    assert picture is not None
    assert picture.toAlignedRect().contains(strip.geometry())
    assert strip.y() > picture.center().y(), "faces are in the upper half"
    click(stage, 12)
    show(stage, unsafe=Unsafe.SEVERAL_FACES, later_ns=SECOND_NS)
    assert strip.isHidden(), "whoever chooses needs the room"
    stage.window.people.popover.close_panel()
    show(stage, unsafe=Unsafe.SEVERAL_FACES, later_ns=SECOND_NS)
    assert strip.isVisible()
    QTest.mouseClick(strip.cover_all, Qt.MouseButton.LeftButton)
    assert stage.worker.controls.cast.wearers is Wearers.ALL
    show(stage, later_ns=2 * SECOND_NS)
    assert strip.isHidden()


def test_others_can_be_blurred_from_there_and_the_strip_be_closed(stage: Stage) -> None:
    strip = stage.window.people.strip
    stage.window.picture.wearers.choose("chosen")
    show(stage, unsafe=Unsafe.NOT_CHOSEN)
    show(stage, unsafe=Unsafe.NOT_CHOSEN, later_ns=SECOND_NS)
    assert "not chosen" in strip.sentence
    QTest.keyClick(strip.close_button, Qt.Key.Key_Return)
    show(stage, unsafe=Unsafe.NOT_CHOSEN, later_ns=2 * SECOND_NS)
    assert strip.isHidden(), "closed is closed until it is over"
    QTest.keyClick(strip.blur, Qt.Key.Key_Return)
    assert stage.worker.controls.others is Others.BLUR


def test_the_settings_hold_who_wears_it() -> None:
    assert Settings().wearers == "one"
