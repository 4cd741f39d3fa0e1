"""Room: tests. What the window does when keys are pressed, photos dropped and frames come."""

from __future__ import annotations

import warnings
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from mirror_app.gui.faces.consent_dialog import ConsentDialog
from mirror_app.pipeline.result import MirrorState, Unsafe
from mirror_app.settings import Settings
from mirror_app.targets.consent import Consent
from mirror_app.targets.remarks import Badge, Remark
from mirror_app.tools.label_log import Reason
from tests.gui.conftest import Stage, build_stage
from tests.gui.fakes import REAL_FACE_BGR, SAFE_BGR, SWAPPED_BGR, frame


def shown_bgr(stage: Stage) -> tuple[int, int, int]:
    """The colour in the middle of the preview."""
    picture = stage.window.preview.grab().toImage()
    colour = QColor(picture.pixel(picture.width() // 2, picture.height() // 2 + 20))
    return colour.blue(), colour.green(), colour.red()


def press(stage: Stage, key: Qt.Key) -> None:
    QTest.keyClick(stage.window, key)


def test_the_swapped_picture_is_shown(stage: Stage) -> None:
    assert shown_bgr(stage) == SWAPPED_BGR
    assert stage.window.state_bar.pill.status.word == "SAFE"


def test_space_shows_the_real_face_only_while_it_is_held(stage: Stage) -> None:
    QTest.keyPress(stage.window, Qt.Key.Key_Space)
    assert shown_bgr(stage) == REAL_FACE_BGR
    QTest.keyRelease(stage.window, Qt.Key.Key_Space)
    assert shown_bgr(stage) == SWAPPED_BGR


def test_space_compares_even_when_a_control_has_the_focus(stage: Stage) -> None:
    window = stage.window
    for control in (window.controls.swap, window.controls.picker, window.gallery.add_button, window.controls.compare):
        control.setFocus()
        QTest.keyPress(control, Qt.Key.Key_Space)
        assert window.preview.is_comparing, control.accessibleName()
        QTest.keyRelease(control, Qt.Key.Key_Space)
        assert not window.preview.is_comparing
    assert window.controls.swap.isChecked()


def test_comparing_is_labelled_so_that_nobody_takes_it_for_the_output(stage: Stage) -> None:
    before = stage.window.preview.grab().toImage()
    stage.window.preview.set_compare(True)
    after = stage.window.preview.grab().toImage()
    row = before.height() // 2 - stage.window.preview.width() * 9 // 32 + 36
    reds = [QColor(after.pixel(x, row)).red() for x in range(after.width() // 2 - 100, after.width() // 2 + 100)]
    assert np.mean(reds) > 150, "the tag is not there"


@pytest.mark.parametrize("how", ["deactivated", "hidden"])
def test_a_window_that_is_not_in_front_covers_the_real_face(stage: Stage, how: str) -> None:
    QTest.keyPress(stage.window, Qt.Key.Key_Space)
    assert stage.window.preview.is_comparing
    if how == "hidden":
        stage.window.hide()
    else:
        other = QPushButton("another window")
        stage.qtbot.addWidget(other)
        other.show()
        other.activateWindow()
    stage.qtbot.waitUntil(lambda: not stage.window.preview.is_comparing)


def test_the_compare_button_works_while_it_is_held_down(stage: Stage) -> None:
    button = stage.window.controls.compare
    QTest.mousePress(button, Qt.MouseButton.LeftButton)
    assert stage.window.preview.is_comparing
    QTest.mouseRelease(button, Qt.MouseButton.LeftButton)
    assert not stage.window.preview.is_comparing


def has_label(stage: Stage) -> bool:
    return stage.worker.controls.label_on


def test_the_watermark_is_on_at_every_start(stage: Stage, qtbot: QtBot, tmp_path: Path) -> None:
    assert has_label(stage)
    press(stage, Qt.Key.Key_W)
    dialog = stage.window.duty.dialog
    assert dialog is not None
    dialog.choices[Reason.PLATFORM].click()
    dialog.turn_off.click()
    assert not has_label(stage)
    stage.window.close()
    again = build_stage(qtbot, tmp_path, stage.saved[-1])
    assert again.window.controls.watermark.isChecked()
    assert has_label(again)
    again.window.close()


def test_the_swap_can_be_switched_off_and_the_pill_says_so(stage: Stage) -> None:
    press(stage, Qt.Key.Key_X)
    stage.show_frame()
    status = stage.window.state_bar.pill.status
    assert status.word == "OFF"
    assert "only you see it" in status.reason


def test_flip_is_on_at_first_and_remembered(stage: Stage, qtbot: QtBot, tmp_path: Path) -> None:
    assert stage.window.controls.flip.isChecked()
    press(stage, Qt.Key.Key_M)
    stage.window.close()
    assert stage.saved[-1].flip_preview is False
    again = build_stage(qtbot, tmp_path, stage.saved[-1])
    assert not again.window.controls.flip.isChecked()
    again.window.close()


def saved_pictures(stage: Stage) -> list[Path]:
    return sorted(stage.pictures.glob("*.png"))


def wait_for_pictures(stage: Stage, count: int) -> None:
    stage.qtbot.waitUntil(lambda: len(saved_pictures(stage)) == count)


def test_a_screenshot_holds_the_safe_picture_and_nothing_else(stage: Stage) -> None:
    stage.window.preview.set_compare(True)  # what is seen must not matter
    for count in (1, 2):
        press(stage, Qt.Key.Key_S)
        wait_for_pictures(stage, count)
    for path in saved_pictures(stage):
        picture = cv2.imread(str(path))
        assert picture is not None
        assert (picture == SAFE_BGR).all()
    stage.qtbot.waitUntil(lambda: "Saved as" in stage.window.note.text)


@pytest.mark.parametrize(
    ("state", "unsafe", "words"),
    [
        (MirrorState.SHIELD, Unsafe.NO_FACE, "No face"),
        (MirrorState.HOLD, Unsafe.NO_FACE, "No face"),
        (MirrorState.SHIELD, Unsafe.SEVERAL_FACES, "More than one face"),
        (MirrorState.SHIELD, Unsafe.NOT_CHOSEN, "not chosen"),
        (MirrorState.SHIELD, Unsafe.NOT_COVERED, "not fully covered"),
        (MirrorState.SHIELD, Unsafe.SWAP_OFF, "Swap is off"),
        (MirrorState.SHIELD, Unsafe.NO_TARGET, "No face picked"),
        (MirrorState.SHIELD, Unsafe.ERROR, "Something went wrong"),
    ],
)
def test_a_screenshot_is_refused_with_the_reason(stage: Stage, state: MirrorState, unsafe: Unsafe, words: str) -> None:
    stage.mirror.state, stage.mirror.unsafe = state, unsafe
    stage.show_frame()
    press(stage, Qt.Key.Key_S)
    assert stage.window.note.text.startswith("No screenshot was saved.")
    assert words in stage.window.note.text
    stage.jobs.stop()
    assert saved_pictures(stage) == []


def test_a_screenshot_before_the_first_picture_is_refused(qtbot: QtBot, tmp_path: Path) -> None:
    stage = build_stage(qtbot, tmp_path, Settings())
    press(stage, Qt.Key.Key_S)
    assert "no picture yet" in stage.window.note.text
    stage.window.close()


def test_number_keys_and_arrows_pick_faces(stage: Stage) -> None:
    for key, name in (
        (Qt.Key.Key_2, "bert"),
        (Qt.Key.Key_Right, "carl"),
        (Qt.Key.Key_Left, "bert"),
        (Qt.Key.Key_1, "anna"),
        (Qt.Key.Key_Left, "own"),
        (Qt.Key.Key_Right, "anna"),
        (Qt.Key.Key_9, "anna"),
    ):
        press(stage, key)
        stage.wait_for_target(name)
        assert stage.window.gallery.current == name


def test_arrow_keys_work_while_a_tile_has_the_focus(stage: Stage) -> None:
    tile = stage.window.gallery.shelf.tiles[0]
    tile.setFocus()
    QTest.keyClick(tile, Qt.Key.Key_Right)
    stage.wait_for_target("bert")


def test_enter_picks_the_tile_with_the_focus(stage: Stage) -> None:
    tile = stage.window.gallery.shelf.tiles[2]
    tile.setFocus()
    QTest.keyClick(tile, Qt.Key.Key_Return)
    stage.wait_for_target("carl")


def drop(stage: Stage, *urls: QUrl) -> None:
    data = QMimeData()
    data.setUrls(urls)
    action, button, modifiers = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Qt 6.12 wants a QPointF, which 6.8 does not take
        enter = QDragEnterEvent(QPoint(50, 50), action, data, button, modifiers)
    QApplication.sendEvent(stage.window, enter)
    assert enter.isAccepted()
    assert stage.window.drop_frame.isVisible()
    QApplication.sendEvent(stage.window, QDropEvent(QPointF(50, 50), action, data, button, modifiers))
    assert not stage.window.drop_frame.isVisible()


def consent_dialog(stage: Stage) -> ConsentDialog:
    found: list[ConsentDialog] = []

    def is_open() -> bool:
        found[:] = [dialog for dialog in stage.window.findChildren(ConsentDialog) if dialog.isVisible()]
        return bool(found)

    stage.qtbot.waitUntil(is_open)
    return found[0]


def given_consent(stage: Stage) -> Consent | None:
    return stage.desk.consent


def add_button(dialog: ConsentDialog) -> QPushButton:
    return next(button for button in dialog.findChildren(QPushButton) if button.isDefault())


def test_a_dropped_photo_is_added_only_after_consent(stage: Stage, tmp_path: Path) -> None:
    photo = tmp_path / "奶奶 1955.jpg"
    drop(stage, QUrl.fromLocalFile(str(photo)))
    dialog = consent_dialog(stage)
    assert dialog.consent is None, "nothing is chosen beforehand"
    assert not add_button(dialog).isEnabled()
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert given_consent(stage) is None
    dialog.choose(Consent.PERMISSION)
    stage.qtbot.waitUntil(add_button(dialog).isEnabled)
    add_button(dialog).click()
    stage.wait_for_target("奶奶 1955")
    assert given_consent(stage) is Consent.PERMISSION
    assert stage.window.gallery.current == "奶奶 1955"


def test_cancelling_adds_nothing(stage: Stage, tmp_path: Path) -> None:
    drop(stage, QUrl.fromLocalFile(str(tmp_path / "someone.jpg")))
    dialog = consent_dialog(stage)
    dialog.choose(Consent.SELF)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    stage.qtbot.wait(50)
    assert stage.desk.consent is None
    assert len(stage.window.gallery.names) == 4


def test_a_picture_dragged_from_a_web_page_is_refused_with_a_sentence(stage: Stage) -> None:
    drop(stage, QUrl("https://example.org/face.jpg"))
    assert "Save the picture on this computer" in stage.window.note.text


def test_a_photo_without_a_face_is_said_and_not_worn(stage: Stage, tmp_path: Path) -> None:
    stage.desk.faceless = frozenset({"wall.jpg"})
    drop(stage, QUrl.fromLocalFile(str(tmp_path / "wall.jpg")))
    dialog = consent_dialog(stage)
    dialog.choose(Consent.FICTIONAL)
    stage.qtbot.waitUntil(lambda: "No face was found" in dialog.panel.words)
    assert not add_button(dialog).isEnabled()
    assert stage.window.gallery.current == "anna"


def test_of_several_faces_in_a_photo_the_chosen_one_is_added(stage: Stage, tmp_path: Path) -> None:
    stage.desk.faces_in_photo = 3
    drop(stage, QUrl.fromLocalFile(str(tmp_path / "party.jpg")))
    dialog = consent_dialog(stage)
    dialog.choose(Consent.PERMISSION)
    stage.qtbot.waitUntil(add_button(dialog).isEnabled)
    picker = dialog.panel.picker
    QTest.mouseClick(picker, Qt.MouseButton.LeftButton, pos=picker.box_on_screen(2).center().toPoint())
    add_button(dialog).click()
    stage.wait_for_target("party")
    assert [face.view.image_bgr.max() for face in stage.desk.added] == [2]


def question(stage: Stage, answer: str) -> QPushButton:
    box = QApplication.activeModalWidget()
    assert isinstance(box, QMessageBox)
    return next(button for button in box.findChildren(QPushButton) if button.text() == answer)


def test_several_photos_dropped_make_one_face_when_they_show_one_person(stage: Stage, tmp_path: Path) -> None:
    stage.desk.faceless = frozenset({"wall.jpg"})
    names = ("me.jpg", "wall.jpg", "me too.jpg")
    drop(stage, *(QUrl.fromLocalFile(str(tmp_path / name)) for name in names))
    stage.qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
    question(stage, "One person").click()
    dialog = consent_dialog(stage)
    dialog.choose(Consent.SELF)
    stage.qtbot.waitUntil(add_button(dialog).isEnabled)
    dialog.panel.after.click()
    assert "No face was found" in dialog.panel.words
    assert "left out" in dialog.panel.words
    add_button(dialog).click()
    stage.wait_for_target("me")
    assert len(stage.desk.added) == 2
    assert len(stage.window.gallery.names) == 5


def test_several_photos_dropped_make_separate_faces_when_asked_to(stage: Stage, tmp_path: Path) -> None:
    drop(stage, *(QUrl.fromLocalFile(str(tmp_path / name)) for name in ("ann.jpg", "bob.jpg", "cid.jpg")))
    stage.qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
    question(stage, "Separate faces").click()
    for name, is_added in (("ann", True), ("bob", False), ("cid", True)):
        dialog = consent_dialog(stage)
        assert dialog.title == name
        dialog.choose(Consent.FICTIONAL)
        stage.qtbot.waitUntil(add_button(dialog).isEnabled)
        (dialog.accept if is_added else dialog.reject)()
    stage.wait_for_target("cid")
    assert stage.window.gallery.names[-2:] == ["ann", "cid"]


def test_nothing_is_asked_any_more_when_the_question_about_several_photos_is_cancelled(
    stage: Stage, tmp_path: Path
) -> None:
    drop(stage, *(QUrl.fromLocalFile(str(tmp_path / name)) for name in ("ann.jpg", "bob.jpg")))
    stage.qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
    question(stage, "Cancel").click()
    stage.qtbot.wait(50)
    assert not stage.window.findChildren(ConsentDialog)


def test_what_speaks_against_a_photo_is_said_in_the_dialog_and_at_its_tile(stage: Stage, tmp_path: Path) -> None:
    stage.desk.remarks = (Remark.BLURRED, Remark.GLASSES)
    drop(stage, QUrl.fromLocalFile(str(tmp_path / "me.jpg")))
    dialog = consent_dialog(stage)
    stage.qtbot.waitUntil(lambda: "blurred" in dialog.panel.words)
    assert "Glasses" in dialog.panel.words
    dialog.choose(Consent.SELF)
    add_button(dialog).click()
    stage.wait_for_target("me")
    tile = next(tile for tile in stage.window.gallery.shelf.tiles if tile.info.name == "me")
    assert tile.info.badge is Badge.FAIR
    assert "The photo is blurred. Use a sharper one." in tile.toolTip()
    without = stage.window.gallery.shelf.tiles[0]
    assert without.info.badge is None
    corner = QPoint(112 - 20, 112 - 15)
    assert tile.grab().toImage().pixelColor(corner) != without.grab().toImage().pixelColor(corner)


def test_an_own_face_is_deleted_by_key_and_brought_back_by_key(stage: Stage) -> None:
    own = next(tile for tile in stage.window.gallery.shelf.tiles if tile.info.name == "own")
    QTest.keyClick(own, Qt.Key.Key_Delete)
    stage.qtbot.waitUntil(lambda: "own" not in stage.window.gallery.names)
    assert stage.window.gallery.undo_strip.isVisible()
    QTest.keyClick(stage.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    stage.qtbot.waitUntil(lambda: "own" in stage.window.gallery.names)
    assert stage.window.gallery.undo_strip.isHidden()


def test_a_preset_is_put_on_by_its_key(stage: Stage) -> None:
    window = stage.window
    window.gallery.presets_button.click()
    assert window.presets.isVisible()
    QTest.keyClicks(window.presets.name, "x 2 m")
    QTest.keyClick(window.presets.name, Qt.Key.Key_Return)
    assert window.controls.swap.isChecked(), "letters, digits and spaces typed into the name are no shortcuts"
    assert not window.preview.is_comparing
    assert window.gallery.current == "anna"
    press(stage, Qt.Key.Key_2)
    press(stage, Qt.Key.Key_M)
    QTest.keyClick(window.presets.rows, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    stage.wait_for_target("anna")
    assert window.controls.flip.isChecked()
    assert window.preset_keeper.presets[0].name == "x 2 m"


def test_stars_and_recent_faces_are_there_at_the_next_start(stage: Stage, qtbot: QtBot, tmp_path: Path) -> None:
    carl = next(tile for tile in stage.window.gallery.shelf.tiles if tile.info.name == "carl")
    QTest.keyClick(carl, Qt.Key.Key_Asterisk)
    stage.window.close()
    assert (stage.saved[-1].favourites, stage.saved[-1].recent) == (("carl",), ("anna",))
    again = build_stage(qtbot, tmp_path, stage.saved[-1])
    qtbot.waitUntil(lambda: again.window.gallery.names == ["carl", "anna", "bert", "own"])
    again.window.close()


def test_frames_are_painted_in_order_and_none_twice(stage: Stage) -> None:
    painted: list[int] = []
    stage.window.preview.painted.connect(lambda turn, _done_ns: painted.append(turn.result.index))
    for _ in range(5):
        stage.show_frame()
        stage.window.preview.repaint()  # painting the same picture again is no new frame
    assert painted == sorted(set(painted))
    assert len(painted) == 5


def test_the_paint_is_timed_at_its_end(stage: Stage) -> None:
    times: list[tuple[int, int]] = []
    stage.window.preview.painted.connect(lambda turn, done_ns: times.append((turn.result.finished_ns, done_ns)))
    stage.show_frame()
    assert times[0][1] > times[0][0]


def test_a_failing_mirror_covers_the_picture_and_recovers(stage: Stage) -> None:
    stage.mirror.error = ZeroDivisionError()
    with stage.qtbot.waitSignal(stage.worker.failed):
        stage.camera.give()
    assert shown_bgr(stage) not in (REAL_FACE_BGR, SWAPPED_BGR)
    assert stage.window.state_bar.pill.status.word == "SHIELD"
    stage.mirror.error = None
    stage.show_frame()
    assert stage.window.state_bar.pill.status.word == "SAFE"


def test_a_mirror_that_could_not_be_opened_says_so_whatever_camera_is_picked(stage: Stage) -> None:
    stage.worker.why_closed = "The model file x is missing."
    stage.inputs.choose("id-Front")
    assert "model file x" in stage.window.preview.accessibleDescription()


def test_a_late_frame_of_the_camera_before_is_not_shown(stage: Stage) -> None:
    late = frame(50)
    stage.inputs.choose("id-Front")
    with stage.qtbot.waitSignal(stage.worker.result_ready):
        stage.worker.deliver(late)
    stage.qtbot.wait(20)
    assert stage.window.preview.turn is None


def test_closing_ends_every_thread_and_remembers_the_choices(stage: Stage) -> None:
    press(stage, Qt.Key.Key_3)
    stage.wait_for_target("carl")
    deliver = stage.camera.deliver
    assert deliver is not None
    stage.window.close()
    assert stage.worker.isFinished()
    assert stage.camera.deliver is None, "the camera is given back"
    assert stage.saved[-1].target == "carl"
    deliver(frame(99))
    stage.qtbot.wait(20)
    assert 99 not in stage.mirror.seen


def test_every_control_has_a_name_for_screen_readers_and_can_be_reached_by_tab(stage: Stage) -> None:
    controls = stage.window.controls
    wanted = [
        controls.picker, controls.swap, controls.flip, controls.watermark, controls.compare, controls.screenshot,
        stage.window.gallery.add_button, *stage.window.gallery.shelf.tiles,
    ]  # fmt: skip
    assert all(widget.accessibleName() for widget in wanted)
    assert all(widget.focusPolicy() & Qt.FocusPolicy.TabFocus for widget in wanted)


def test_an_activation_change_alone_does_not_stop_comparing_in_the_front_window(stage: Stage) -> None:
    QTest.keyPress(stage.window, Qt.Key.Key_Space)
    QApplication.sendEvent(stage.window, QEvent(QEvent.Type.ActivationChange))
    assert stage.window.preview.is_comparing
    QTest.keyRelease(stage.window, Qt.Key.Key_Space)
