"""Room: tests. Presets in the window: saved, put on, renamed, deleted, kept on the disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from mirror_app.domain.assignment import Glasses, Joining, LivePart
from mirror_app.gui.background import BackgroundJobs
from mirror_app.gui.faces.preset_keeper import PresetKeeper
from mirror_app.gui.faces.presets_panel import PresetsPanel
from mirror_app.gui.faces.wardrobe import Wardrobe
from mirror_app.gui.picture_panel import PicturePanel
from mirror_app.gui.widgets.bar_buttons import SwitchButton
from mirror_app.pipeline.result import MirrorControls
from mirror_app.settings import Settings
from mirror_app.targets.presets import Preset, load_presets, save_presets
from tests.gui.fakes import FakeDesk, record


class Corner:
    """A window with the panel, and what presets are made of."""

    def __init__(self, qtbot: QtBot, path: Path) -> None:
        self.qtbot, self.path = qtbot, path
        self.window = QWidget()
        self.anchor, self.flip = QPushButton("presets"), SwitchButton("Flip", "M", "", on=True)
        column = QVBoxLayout(self.window)
        column.addWidget(self.anchor)
        column.addStretch(1)
        column.addWidget(self.flip)
        self.jobs = BackgroundJobs()
        desk = FakeDesk([record("anna"), record("bert"), record("own", builtin=False)])
        self.wardrobe = Wardrobe(lambda: desk, self.jobs, QLocale("en_US"))
        self.picture = PicturePanel(Settings(), self.anchor, self.window)
        self.panel = PresetsPanel(self.anchor, self.window)
        self.keeper = PresetKeeper(self.panel, self.wardrobe, self.picture, self.flip, self.jobs, lambda: path)
        self.said: list[str] = []
        self.keeper.notice.connect(self.said.append)
        self.changes = 0
        self.picture.changed.connect(self._count)
        qtbot.addWidget(self.window)
        self.window.resize(900, 560)
        with qtbot.waitActive(self.window):
            self.window.show()
        self.wardrobe.open("anna")
        self.keeper.open()
        qtbot.waitUntil(lambda: self.wardrobe.current == "anna" and not self.wardrobe.is_loading)
        self.wait_for_jobs()

    @property
    def names(self) -> list[str]:
        return [preset.name for preset in self.keeper.presets]

    def wait_for_jobs(self) -> None:
        """Wait until what was handed to the background so far is done."""
        done: list[bool] = []
        self.jobs.submit(lambda: True, done.append, lambda sentence: None)
        self.qtbot.waitUntil(lambda: bool(done))

    def _count(self) -> None:
        self.changes += 1


@pytest.fixture
def corner(qtbot: QtBot, tmp_path: Path) -> Iterator[Corner]:
    corner = Corner(qtbot, tmp_path / "presets.toml")
    yield corner
    assert corner.jobs.stop()


def save(corner: Corner, name: str) -> None:
    corner.panel.name.setFocus()
    corner.panel.name.setText(name)
    QTest.keyClick(corner.panel.name, Qt.Key.Key_Return)


def test_a_preset_brings_back_face_likeness_joining_glasses_and_flip(corner: Corner) -> None:
    corner.picture.likeness.setValue(35)
    corner.picture.joining.choose("alpha")
    corner.picture.glasses.choose("keep")
    corner.picture.keep(["mouth"])
    corner.flip.setChecked(False)
    save(corner, "  课堂 \n")
    assert corner.keeper.presets == (Preset("课堂", "anna", 0.35, "alpha", "keep", ("mouth",), flip_preview=False),)
    assert corner.panel.name.text() == ""
    corner.picture.likeness.setValue(90)
    corner.picture.joining.choose("poisson")
    corner.picture.glasses.choose("replace")
    corner.picture.keep([])
    corner.flip.setChecked(True)
    corner.wardrobe.pick("bert")
    before = corner.changes
    corner.keeper.apply(0)
    worn = corner.picture.applied_to(MirrorControls())
    assert (worn.likeness, worn.joining, worn.glasses) == (0.35, Joining.ALPHA, Glasses.KEEP)
    assert worn.kept == {LivePart.MOUTH}
    assert corner.changes == before + 1, "the mirror is told once, not three times"
    assert not corner.flip.isChecked()
    assert corner.wardrobe.current == "anna"
    assert corner.said[-1] == "Preset: 课堂"


def test_presets_are_on_the_disk_at_once_and_there_at_the_next_start(corner: Corner, qtbot: QtBot) -> None:
    save(corner, "Call")
    corner.wait_for_jobs()
    assert [preset.name for preset in load_presets(corner.path)] == ["Call"]
    again = Corner(qtbot, corner.path)
    assert again.names == ["Call"]
    assert again.panel.rows.count() == 1
    again.jobs.stop()


def test_a_preset_whose_face_is_gone_says_so_and_brings_the_rest(corner: Corner) -> None:
    corner.keeper.presets = (Preset("old", "nobody", likeness=0.2),)
    corner.keeper.apply(0)
    assert corner.said == ["The face of the preset old is gone. Its other choices are used."]
    assert corner.picture.likeness.value() == 20
    assert corner.wardrobe.current == "anna"


def test_a_row_says_the_face_and_the_likeness_and_when_the_face_is_gone(corner: Corner) -> None:
    save_presets(corner.path, (Preset("a", "bert", 0.5), Preset("b", "nobody")))
    corner.keeper.open()
    corner.wait_for_jobs()
    rows = corner.panel.rows
    assert "Bert · likeness 50%" in rows.item(0).toolTip()
    assert "Its face is gone" in rows.item(1).toolTip()


def test_saving_under_a_name_that_is_there_replaces_it(corner: Corner) -> None:
    for name, likeness in (("Call", 10), ("Stream", 20), ("call", 30)):
        corner.picture.likeness.setValue(likeness)
        save(corner, name)
    assert [(one.name, one.likeness) for one in corner.keeper.presets] == [("call", 0.3), ("Stream", 0.2)]


@pytest.mark.parametrize("name", ["", "   "])
def test_without_a_name_nothing_is_saved(corner: Corner, name: str) -> None:
    save(corner, name)
    assert corner.names == []
    assert not corner.panel.save.isEnabled()


def test_the_twenty_first_is_refused_with_a_sentence_and_its_name_stays_to_be_read(corner: Corner) -> None:
    corner.keeper.presets = tuple(Preset(f"p{number}", "anna") for number in range(20))
    save(corner, "one more")
    assert corner.said == ["There are 20 presets already. Delete one first."]
    assert corner.panel.name.text() == "one more"
    assert len(corner.keeper.presets) == 20


def opened(corner: Corner, *names: str) -> PresetsPanel:
    for name in names:
        save(corner, name)
    corner.panel.toggle()
    assert corner.panel.isVisible()
    return corner.panel


def test_the_panel_is_used_by_keys_alone(corner: Corner) -> None:
    panel = opened(corner, "a", "b", "c")
    assert panel.rows.hasFocus()
    QTest.keyClick(panel.rows, Qt.Key.Key_Down)
    QTest.keyClick(panel.rows, Qt.Key.Key_Return)
    assert corner.said[-1] == "Preset: b"
    QTest.keyClick(panel.rows, Qt.Key.Key_F2)
    editor = panel.rows.findChild(QLineEdit)
    assert editor is not None
    editor.setText("晚上")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    corner.qtbot.waitUntil(lambda: corner.names == ["a", "晚上", "c"])
    assert panel.rows.currentRow() == 1
    QTest.keyClick(panel.rows, Qt.Key.Key_Delete)
    assert corner.names == ["a", "c"]
    QTest.keyClick(panel.rows, Qt.Key.Key_Escape)
    assert panel.isHidden()
    assert corner.anchor.hasFocus()


def test_the_panel_is_used_by_the_mouse_alone(corner: Corner) -> None:
    panel = opened(corner, "a", "b")
    second = panel.rows.visualItemRect(panel.rows.item(1)).center()
    QTest.mouseClick(panel.rows.viewport(), Qt.MouseButton.LeftButton, pos=second)
    assert corner.said[-1] == "Preset: b"
    QTest.mouseClick(panel.rename, Qt.MouseButton.LeftButton)
    editor = panel.rows.findChild(QLineEdit)
    assert editor is not None
    editor.setText("z")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    corner.qtbot.waitUntil(lambda: corner.names == ["a", "z"])
    QTest.mouseClick(panel.delete, Qt.MouseButton.LeftButton)
    assert corner.names == ["a"]


@pytest.mark.parametrize(("name", "said"), [("A", ["There is a preset called A already."]), ("", []), ("b", [])])
def test_a_name_that_is_taken_or_empty_changes_nothing(corner: Corner, name: str, said: list[str]) -> None:
    opened(corner, "a", "b")
    corner.keeper.rename(1, name)
    assert corner.names == ["a", "b"]
    assert corner.said == said


def test_an_empty_panel_explains_itself_and_lets_write_a_name(corner: Corner) -> None:
    panel = opened(corner)
    assert panel.name.hasFocus()
    assert panel._hint.isVisible()
    assert panel.rows.isHidden()
    assert panel.rename.isHidden()
    corner.keeper.apply(0)
    assert corner.said == []


@pytest.mark.parametrize("count", [0, 3, 20])
@pytest.mark.parametrize("size", [(900, 560), (1312, 692)])
def test_the_panel_lies_inside_the_window(corner: Corner, count: int, size: tuple[int, int]) -> None:
    panel = opened(corner, *(f"p{number}" for number in range(count)))
    corner.window.resize(*size)
    corner.qtbot.waitUntil(lambda: corner.window.rect().contains(panel.geometry()))
    assert panel.geometry().top() > corner.anchor.geometry().bottom()


def test_space_goes_on_to_the_window(corner: Corner) -> None:
    panel = opened(corner, "a")
    for control in (panel.rows, panel.save, panel.rename, panel.delete):
        control.setEnabled(True)
        control.setFocus()
        before = len(corner.said)
        QTest.keyClick(control, Qt.Key.Key_Space)
        assert len(corner.said) == before
        assert corner.names == ["a"]


def test_the_presets_stay_as_they_were_in_the_window_when_the_disk_refuses(corner: Corner) -> None:
    corner.path.mkdir()
    save(corner, "a")
    corner.wait_for_jobs()
    assert "was not written" in corner.said[-1]
    assert corner.names == ["a"]


def test_every_control_has_a_name_for_screen_readers(corner: Corner) -> None:
    panel = corner.panel
    assert panel.rows.accessibleName()
    assert panel.name.accessibleName()
    assert all(button.text() for button in (panel.save, panel.rename, panel.delete))
