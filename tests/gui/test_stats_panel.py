"""Room: tests. The strip with the timing: what it shows, what it costs while closed, and the files it writes."""

from __future__ import annotations

import csv
import time
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mirror_app.gui.background import BackgroundJobs
from mirror_app.gui.live_worker import LiveWorker
from mirror_app.gui.stats import chart as stats_chart
from mirror_app.gui.stats.panel import StatsPanel
from mirror_app.gui.stats.record import STEPS
from mirror_app.gui.stats.words import Machine
from tests.gui.fakes import FakeMirror
from tests.gui.stats_frames import MS, turn

FRAMES = 30


@pytest.fixture
def panel(qtbot: QtBot, tmp_path: Path) -> Iterator[StatsPanel]:
    """A panel that counted thirty frames of 27 ms."""
    jobs = BackgroundJobs()
    panel = panel_with(qtbot, jobs, tmp_path)
    yield panel
    jobs.stop()


def panel_with(qtbot: QtBot, jobs: BackgroundJobs, folder: Path) -> StatsPanel:
    worker = LiveWorker(FakeMirror)
    worker.engine, worker.device = "mesh", "CPU"
    panel = StatsPanel(worker, jobs, lambda: folder)
    qtbot.addWidget(panel)
    panel.resize(730, panel.sizeHint().height())
    paint(panel)
    return panel


def paint(panel: StatsPanel) -> None:
    done_ns = time.monotonic_ns()
    for index in range(FRAMES):
        each = turn(index, done_ns - (FRAMES - index) * 33 * MS)
        panel.count(each, each.result.finished_ns + 4 * MS)


def saved(qtbot: QtBot, panel: StatsPanel, kind: int | None) -> str:
    """Press a button and wait for the note; `kind` is the line of the picture button's menu, None the table button."""
    with qtbot.waitSignal(panel.notice, timeout=5000) as said:
        if kind is None:
            QTest.keyClick(panel.table_button, Qt.Key.Key_Return)
        else:
            panel.menu.actions()[kind].trigger()
    assert said.args is not None
    return str(said.args[0])


def only_file(folder: Path, ending: str) -> Path:
    (path,) = folder.iterdir()
    assert path.suffix == ending
    assert path.name.startswith("mirror-timing-")
    return path


def test_while_closed_it_paints_and_reckons_nothing(
    qtbot: QtBot, panel: StatsPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    refreshes = []
    monkeypatch.setattr(stats_chart.StatsChart, "show_recent", lambda *_: refreshes.append(1))
    assert panel.isHidden()
    paint(panel)
    qtbot.wait(600)
    assert refreshes == []
    panel.toggle()
    qtbot.waitUntil(lambda: len(refreshes) >= 3)
    panel.toggle()
    assert panel.isHidden()
    seen = len(refreshes)
    qtbot.wait(600)
    assert len(refreshes) == seen


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Return])
def test_it_closes_by_the_keyboard(panel: StatsPanel, key: Qt.Key) -> None:
    panel.toggle()
    QTest.keyClick(panel.close_button, key)
    assert panel.isHidden()


def test_its_buttons_leave_space_to_the_window(qtbot: QtBot, panel: StatsPanel) -> None:
    panel.toggle()
    for button in (panel.close_button, panel.picture_button, panel.table_button):
        QTest.keyClick(button, Qt.Key.Key_Space)
        assert button.accessibleName()
    assert panel.isVisible()
    assert not panel.menu.isVisible()


def test_a_screen_reader_hears_the_numbers(panel: StatsPanel) -> None:
    panel.toggle()
    said = panel.chart.accessibleDescription()
    assert "30 pictures per second" in said
    assert "p95 27 ms" in said
    assert "Left out: 0 before the work" in said


def test_without_frames_it_says_that_it_waits(qtbot: QtBot, tmp_path: Path) -> None:
    panel = StatsPanel(LiveWorker(FakeMirror), BackgroundJobs(), lambda: tmp_path)
    qtbot.addWidget(panel)
    panel.toggle()
    assert panel.chart.accessibleDescription() == "Waiting for frames…"
    assert not panel.grab().isNull()


def test_left_out_pictures_are_told_by_their_reason(panel: StatsPanel) -> None:
    worker = panel._worker
    for each in range(4):
        worker.deliver(turn(each, 0).result)  # type: ignore[arg-type]
    paint(panel)
    numbers = panel.numbers(time.monotonic_ns())
    assert numbers is not None
    assert tuple(numbers.skips) == (3, 0)
    assert worker.drops == 3


@pytest.mark.parametrize("width", [560, 730, 1000, 1600])
def test_a_slow_frame_stands_out(qtbot: QtBot, panel: StatsPanel, width: int) -> None:
    panel.resize(width, panel.height())
    panel.toggle()
    even = panel.chart.grab().toImage()
    each = turn(FRAMES, time.monotonic_ns() - 200 * MS)
    panel.count(each, each.result.finished_ns + 150 * MS)
    panel.toggle()
    panel.toggle()
    assert panel.chart.grab().toImage() != even


def test_the_picture_is_saved_as_png(qtbot: QtBot, panel: StatsPanel, tmp_path: Path) -> None:
    note = saved(qtbot, panel, 0)
    path = only_file(tmp_path, ".png")
    assert note == f"Saved as {path}"
    image = QImage(str(path))
    assert image.width() == 2000
    assert len({image.pixel(x, y) for x in range(0, 2000, 7) for y in range(0, image.height(), 7)}) > 10


def test_the_picture_is_saved_as_svg_made_of_lines_and_words(qtbot: QtBot, panel: StatsPanel, tmp_path: Path) -> None:
    saved(qtbot, panel, 1)
    root = ElementTree.fromstring(only_file(tmp_path, ".svg").read_bytes())
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert "text" in tags
    assert "image" not in tags, "no pixels, so none of a face"
    assert "Mesh · FP32 · CPU" in "".join(root.itertext())


def test_the_table_has_a_row_for_each_frame_with_units(qtbot: QtBot, panel: StatsPanel, tmp_path: Path) -> None:
    saved(qtbot, panel, None)
    data = only_file(tmp_path, ".csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    names, *rows = csv.reader(data.decode("utf-8-sig").splitlines())
    assert names[0] == "Time (s)"
    assert sum(name.endswith("(ms)") for name in names) == len(STEPS) + 2
    assert len(rows) == FRAMES
    assert {len(row) for row in rows} == {len(names)}
    assert [float(row[0]) for row in rows[:3]] == pytest.approx([0.0, 0.033, 0.066], abs=1e-3)
    assert rows[0][2] == "LIVE"
    steps = [float(value) for value in rows[0][4 : 4 + len(STEPS)]]
    assert sum(steps) == pytest.approx(float(rows[0][3]), abs=0.01)


def test_two_files_of_the_same_second_have_two_names(qtbot: QtBot, panel: StatsPanel, tmp_path: Path) -> None:
    for _ in range(3):
        saved(qtbot, panel, None)
    assert len(list(tmp_path.iterdir())) == 3


def test_a_table_without_frames_has_its_heading(qtbot: QtBot, tmp_path: Path) -> None:
    panel = StatsPanel(LiveWorker(FakeMirror), BackgroundJobs(), lambda: tmp_path)
    qtbot.addWidget(panel)
    saved(qtbot, panel, None)
    assert len(only_file(tmp_path, ".csv").read_text("utf-8-sig").splitlines()) == 1


@pytest.mark.parametrize("kind", [None, 0, 1])
def test_a_folder_that_cannot_be_written_gives_a_sentence(qtbot: QtBot, tmp_path: Path, kind: int | None) -> None:
    jobs = BackgroundJobs()
    note = saved(qtbot, panel_with(qtbot, jobs, tmp_path / "missing"), kind)
    assert "was not written: its folder does not exist" in note
    jobs.stop()


def test_a_pictures_folder_that_cannot_be_made_gives_a_sentence(qtbot: QtBot, tmp_path: Path) -> None:
    jobs = BackgroundJobs()
    (tmp_path / "file").touch()
    panel = StatsPanel(LiveWorker(FakeMirror), jobs, lambda: make_folder(tmp_path / "file" / "Mirror"))
    qtbot.addWidget(panel)
    assert "was not written: its folder is not a folder" in saved(qtbot, panel, None)
    jobs.stop()


def make_folder(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def test_the_menu_opens_under_its_button(qtbot: QtBot, panel: StatsPanel) -> None:
    panel.toggle()
    QTest.keyClick(panel.picture_button, Qt.Key.Key_Return)
    qtbot.waitUntil(panel.menu.isVisible)
    panel.menu.close()


@pytest.mark.parametrize(
    ("machine", "short", "whole"),
    [
        (Machine("mesh", "CPU"), "Mesh · CPU", "Mesh · FP32 · CPU"),
        (Machine("neural_1a_256", "some GPU"), "Neural 1a 256 · some GPU", "Neural 1a 256 · some GPU"),
        (Machine("neural", "CPU"), "Neural · CPU", "Neural · CPU"),
        (Machine("", ""), "", ""),
    ],
)
def test_the_machine_in_words(machine: Machine, short: str, whole: str) -> None:
    assert (machine.short, machine.whole) == (short, whole)
