"""Room: tests. The window for files: adding, doing, pausing, taking out, going on after a crash, and drops."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QMimeData, QPoint, QPointF, QSettings, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from mirror_app.domain.assignment import LivePart, Others
from mirror_app.domain.cast import Cast, Wearers
from mirror_app.domain.errors import UnknownTargetError
from mirror_app.domain.frame import Frame
from mirror_app.domain.label import LabelStyle, LabelText
from mirror_app.gui.background import BackgroundJobs
from mirror_app.gui.batch.door import BatchDoor
from mirror_app.gui.batch.window import BatchWindow
from mirror_app.gui.batch.words import BatchRow
from mirror_app.gui.faces.wardrobe import Wardrobe
from mirror_app.gui.label.duty_desk import DutyDesk
from mirror_app.gui.overlays import DropFrame
from mirror_app.gui.widgets.icons import Icon
from mirror_app.imaging.files import write_image
from mirror_app.pipeline.batch import worn_key
from mirror_app.pipeline.batch_inputs import FoundFile
from mirror_app.pipeline.batch_record import BatchRecord, ItemState, read_record
from mirror_app.pipeline.result import MirrorControls
from mirror_app.settings import Settings
from mirror_app.tools.label_log import Reason
from tests.fakes import FakeMirror, make_video, picture
from tests.gui.fakes import FakeDesk, record
from tests.gui.fakes import target as face


@dataclass
class Stage:
    """The door with a mirror behind it that waits at `gate` before every frame."""

    door: BatchDoor
    duty: DutyDesk
    host: QWidget
    gate: threading.Event
    mirrors: list[tuple[str, MirrorControls]]
    begun: threading.Event
    frames: list[Frame]
    out: Path
    source: Path
    qtbot: QtBot

    @property
    def window(self) -> BatchWindow:
        assert self.door.opened is not None
        return self.door.opened

    def rows(self) -> dict[str, BatchRow]:
        return {row.file.source.name: row for row in self.door.queue.model.rows}

    def states(self) -> dict[str, ItemState]:
        return {name: row.state for name, row in self.rows().items()}

    def add(self, *names: str) -> None:
        wanted = {*self.states(), *names}
        self.door.queue.add([self.source / name for name in names])
        self.until(lambda: {*self.states()} == wanted)

    def until(self, holds: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(holds, timeout=8000)

    def ended(self) -> None:
        self.until(lambda: not self.door.queue.is_running)

    def press(self) -> None:
        self.window.go.click()


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path) -> Iterator[Stage]:
    source, gate, begun = tmp_path / "in", threading.Event(), threading.Event()
    source.mkdir()
    gate.set()
    make_video(source / "a.mp4", frames=6)
    make_video(source / "b.mov", frames=6)
    write_image(source / "c.png", picture(64, 48))
    (source / "bad.mp4").write_text("hello")
    state = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    state.setValue("batch/folder", str(tmp_path / "out"))
    jobs, host = BackgroundJobs(), QWidget()
    qtbot.addWidget(host)
    wardrobe = Wardrobe(lambda: FakeDesk([record("anna"), record("bert")]), jobs, QLocale("en_US"))
    wardrobe.open("bert")
    qtbot.waitUntil(lambda: wardrobe.current == "bert" and not wardrobe.is_loading, timeout=3000)
    mirrors: list[tuple[str, MirrorControls]] = []
    frames: list[Frame] = []

    def wait(frame: Frame) -> None:
        begun.set()
        gate.wait(8)
        frames.append(frame)

    def open_mirror(target: str, controls: MirrorControls) -> FakeMirror:
        if target == "gone":
            raise UnknownTargetError("There is no target face called gone.")
        mirrors.append((target, controls))
        return FakeMirror(on_frame=wait)

    duty = DutyDesk(lambda: tmp_path / "unlabelled.jsonl", host)
    worn_now = MirrorControls(
        likeness=0.4,
        label_style=LabelStyle(LabelText.ZH),
        kept=frozenset({LivePart.EYES}),
        cast=Cast(Wearers.CHOSEN, {2: face("anna")}),
        others=Others.BLUR,
    )
    door = BatchDoor(wardrobe, state, lambda: worn_now, Settings, duty, host, open_mirror)
    yield Stage(door, duty, host, gate, mirrors, begun, frames, tmp_path / "out", source, qtbot)
    gate.set()
    door.stop()
    jobs.stop()


def _button(window: QWidget, words: str) -> QPushButton:
    box = window.findChild(QMessageBox)
    assert box is not None
    return next(button for button in box.findChildren(QPushButton) if button.text() == words)


def test_files_are_done_one_after_the_other_and_a_bad_one_says_why(stage: Stage) -> None:
    stage.door.open()
    stage.add("a.mp4", "bad.mp4", "c.png")
    stage.press()
    stage.ended()
    done, failed = ItemState.DONE, ItemState.FAILED
    assert stage.states() == {"a.mp4": done, "bad.mp4": failed, "c.png": done}
    assert "is not a video or picture" in stage.rows()["bad.mp4"].sentence
    assert sorted(path.name for path in stage.out.iterdir() if path.name[0] != ".") == ["a.mp4", "c.png"]
    assert stage.window.status.text() == "Done: 2 of 3.  Failed: 1."
    assert stage.window.go.text() == "Start", "the failed one can be tried again"


def test_the_face_that_the_mirror_wears_is_chosen_with_its_likeness_and_the_mark(stage: Stage) -> None:
    stage.door.open()
    stage.add("a.mp4")
    stage.press()
    stage.ended()
    ((target, controls),) = stage.mirrors
    assert (target, controls.likeness, controls.label_on, controls.swap_on) == ("bert", 0.4, True, True)
    assert controls.label_style == LabelStyle(LabelText.ZH)
    assert (controls.kept, controls.others) == (frozenset({LivePart.EYES}), Others.BLUR)
    assert (controls.cast.wearers, dict(controls.cast.targets)) == (Wearers.ONE, {}), "a number means nobody in a file"


def test_another_face_can_be_chosen_and_the_mark_left_out(stage: Stage) -> None:
    stage.door.open()
    stage.add("a.mp4")
    stage.window.face.choose("anna")
    stage.window.label.click()
    assert stage.window.label.isChecked(), "the duty to label comes first"
    assert stage.duty.dialog is not None
    stage.duty.dialog.choices[Reason.OWN_USE].click()
    stage.duty.dialog.turn_off.click()
    assert "no watermark" in stage.window.status.text()
    stage.press()
    stage.ended()
    ((target, controls),) = stage.mirrors
    assert (target, controls.label_on) == ("anna", False)


def test_pause_rests_at_a_frame_and_goes_on(stage: Stage) -> None:
    stage.door.open()
    stage.add("a.mp4")
    stage.gate.clear()
    stage.press()
    stage.until(stage.begun.is_set)
    assert stage.window.go.text() == "Pause"
    stage.press()
    stage.gate.set()
    stage.until(lambda: len(stage.frames) == 1)
    stage.qtbot.wait(200)
    assert len(stage.frames) == 1
    assert stage.rows()["a.mp4"].is_paused
    assert stage.window.go.text() == "Go on"
    assert not stage.window.face.isEnabled()
    stage.press()
    stage.ended()
    assert len(stage.frames) == 6
    assert stage.states()["a.mp4"] is ItemState.DONE


def test_files_can_be_added_while_the_queue_runs(stage: Stage) -> None:
    stage.door.open()
    stage.add("a.mp4")
    stage.gate.clear()
    stage.press()
    stage.until(lambda: stage.states()["a.mp4"] is ItemState.WORKING)
    stage.add("b.mov")
    stage.gate.set()
    stage.ended()
    assert {*stage.states().values()} == {ItemState.DONE}


def test_the_file_in_work_can_be_taken_out(stage: Stage) -> None:
    stage.door.open()
    stage.add("a.mp4", "b.mov")
    stage.gate.clear()
    stage.press()
    stage.until(lambda: stage.states()["a.mp4"] is ItemState.WORKING)
    stage.window.files.setCurrentIndex(stage.door.queue.model.index(0))
    stage.window.leave_out.click()
    stage.gate.set()
    stage.ended()
    assert stage.states() == {"b.mov": ItemState.DONE}
    assert [path.name for path in stage.out.iterdir() if path.name[0] != "."] == ["b.mp4"]
    assert {item.state for item in read_record(stage.out)} == {ItemState.LEFT_OUT, ItemState.DONE}


def test_done_files_can_be_cleared_and_the_same_file_is_listed_once(stage: Stage) -> None:
    stage.door.open()
    stage.add("a.mp4", "a.mp4")
    stage.press()
    stage.ended()
    stage.add("b.mov", "a.mp4")
    stage.window.clear_done.click()
    assert stage.states() == {"b.mov": ItemState.WAITING}
    assert not stage.window.clear_done.isEnabled()


def test_a_face_that_is_gone_stops_the_queue_with_a_sentence(stage: Stage) -> None:
    stage.door.open()
    stage.add("a.mp4")
    stage.window.face.addItem("Gone", "gone")
    stage.window.face.choose("gone")
    stage.press()
    stage.ended()
    assert stage.window.status.text() == "There is no target face called gone."
    assert stage.states() == {"a.mp4": ItemState.WAITING}


def test_an_output_folder_in_use_stops_the_queue_with_a_sentence(stage: Stage) -> None:
    stage.door.open()
    stage.add("a.mp4")
    with BatchRecord(stage.out):
        stage.press()
        stage.ended()
    assert "Another batch already writes into" in stage.window.status.text()


def test_the_list_shows_a_small_picture_and_the_length(stage: Stage) -> None:
    stage.door.open()
    stage.add("a.mp4", "c.png", "bad.mp4")
    stage.window.grab()
    stage.until(lambda: stage.rows()["c.png"].image is not None and stage.rows()["a.mp4"].image is not None)
    assert stage.rows()["a.mp4"].seconds == pytest.approx(0.2)
    assert stage.rows()["c.png"].seconds is None
    assert stage.rows()["bad.mp4"].image is None
    assert not stage.out.exists(), "small pictures of real faces are never written to the disk"


def test_closing_the_window_hides_it_and_the_end_is_told_in_the_mirror(stage: Stage) -> None:
    stage.door.open()
    stage.add("a.mp4")
    stage.gate.clear()
    stage.press()
    with stage.qtbot.waitSignal(stage.door.notice, timeout=8000) as told:
        stage.window.close()
    assert told.args == ["The files go on in the background."]
    assert stage.window.isHidden()
    assert stage.door.queue.is_running
    with stage.qtbot.waitSignal(stage.door.notice, timeout=8000) as told:
        stage.gate.set()
    assert told.args == ["The files are done."]


def test_the_app_can_quit_in_the_midst_and_goes_on_next_time(stage: Stage) -> None:
    stage.door.open()
    stage.add("a.mp4", "b.mov")
    stage.gate.clear()
    stage.press()
    stage.until(lambda: stage.states()["a.mp4"] is ItemState.WORKING)
    threading.Timer(0.2, stage.gate.set).start()
    stage.door.stop()
    assert [item.state for item in read_record(stage.out)] == [ItemState.WAITING] * 2
    assert not [path for path in stage.out.iterdir() if path.name[0] != "."]


@pytest.fixture
def crashed(stage: Stage) -> Stage:
    """A folder whose record says that a batch was cut short in its second file."""
    names = ("a.mp4", "b.mov", "c.png")
    worn = worn_key("anna", "auto", MirrorControls(label_on=False))
    with BatchRecord(stage.out) as batch:
        first, second, _third = batch.plan([FoundFile(stage.source / name, "x") for name in names], worn)
        batch.save([replace(first, state=ItemState.FAILED), replace(second, state=ItemState.WORKING)])
    return stage


def test_a_queue_that_a_crash_cut_short_is_offered_and_goes_on_as_it_was(crashed: Stage) -> None:
    crashed.door.open()
    crashed.until(lambda: crashed.window.findChild(QMessageBox) is not None)
    box = crashed.window.findChild(QMessageBox)
    assert box is not None
    assert "Not done yet: 2." in box.text()
    _button(crashed.window, "Go on").click()
    crashed.until(lambda: len(crashed.states()) == 2)
    crashed.ended()
    assert crashed.states() == {"b.mov": ItemState.DONE, "c.png": ItemState.DONE}
    ((target, controls),) = crashed.mirrors
    assert (target, controls.label_on) == ("anna", False)
    assert (crashed.out / "x" / "b.mp4").is_file()


def test_an_offer_that_was_refused_does_not_come_again(crashed: Stage) -> None:
    crashed.door.open()
    crashed.until(lambda: crashed.window.findChild(QMessageBox) is not None)
    _button(crashed.window, "Leave them out").click()
    left = (ItemState.LEFT_OUT, ItemState.FAILED)
    crashed.until(lambda: all(item.state in left for item in read_record(crashed.out)))
    assert crashed.states() == {}


@pytest.mark.parametrize(
    ("names", "goes_to_batch"),
    [
        (["c.png"], False),
        (["c.png", "c.png"], False),
        (["a.mp4"], True),
        (["c.png", "a.mp4"], True),
        (["."], True),
        (["unknown"], False),
    ],
)
def test_photos_dropped_on_the_mirror_are_faces_and_videos_and_folders_go_into_the_queue(
    stage: Stage, names: list[str], goes_to_batch: bool
) -> None:
    paths = [stage.source / name for name in names]
    photos: list[list[Path]] = []
    stage.door.photos_dropped.connect(photos.append)
    frame = DropFrame(stage.host)
    stage.door.watch(frame)
    assert frame.invite(paths)[0] is (Icon.FILM if goes_to_batch else Icon.PHOTO)
    _drop(stage.host, paths)
    if goes_to_batch:
        stage.until(lambda: bool(stage.states()))
        assert stage.window.isVisible()
        assert photos == []
    else:
        stage.until(lambda: photos == [paths])
        assert stage.door.opened is None


def test_the_window_for_files_takes_photos_too(stage: Stage) -> None:
    stage.door.open()
    _drop(stage.window, [stage.source / "c.png"])
    stage.until(lambda: [*stage.states()] == ["c.png"])


def _drop(widget: QWidget, paths: list[Path]) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(widget, QDragEnterEvent(QPoint(5, 5), copy, data, left, none))
    QApplication.sendEvent(widget, QDropEvent(QPointF(5, 5), copy, data, left, none))


def test_every_control_can_be_reached_and_has_a_name(stage: Stage) -> None:
    stage.door.open()
    window = stage.window
    for control in (window.add_files, window.add_folder, window.leave_out, window.clear_done, window.files,
                    window.face, window.label, window.choose_folder, window.open_folder, window.go):  # fmt: skip
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus
        assert control.accessibleName() or control is window.go
    assert window.go.text()


def test_a_thousand_files_are_listed_and_painted_without_being_opened_all(stage: Stage) -> None:
    many = stage.source / "many"
    many.mkdir()
    for number in range(1000):
        (many / f"{number:04}.mp4").touch()
    wanted: list[str] = []
    stage.door.open()
    stage.door.queue.model.look_wanted.connect(wanted.append)
    stage.door.queue.add([many])
    stage.until(lambda: len(stage.states()) == 1000)
    stage.window.grab()
    assert 3 <= len(wanted) < 40, "only what is in sight is looked at"
