"""Room: tests. The panel "Camera": shows what the camera offers and nothing else, and every choice counts at once."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from mirror_app.capture.knobs import Knob, KnobState
from mirror_app.gui.camera.inputs import DEMO_ID
from mirror_app.gui.camera.panel import CameraPanel
from tests.gui.camera_stage import CameraStage, ScriptedProvider

ALL_KNOBS = {
    Knob.EXPOSURE_TIME: KnobState(0.001, 0.1, None, can_be_automatic=True),
    Knob.BRIGHTNESS: KnobState(-2, 2, 0, can_be_automatic=False),
    Knob.WHITE_BALANCE: KnobState(2800, 6500, None, can_be_automatic=True),
    Knob.ZOOM: KnobState(1, 3, 1, can_be_automatic=False),
}


class Scene:
    """A window with a button, the panel, and a camera with every knob."""

    def __init__(self, qtbot: QtBot) -> None:
        self.stage = CameraStage("Front", "Back")
        self.stage.cameras["Front"].knobs = dict(ALL_KNOBS)
        self.stage.cameras["Back"].knobs = {}
        self.window = QWidget()
        self.window.resize(900, 620)
        self.button = QPushButton("Camera", self.window)
        self.button.move(16, 570)
        self.panel = CameraPanel(self.stage.inputs, self.button, self.window)
        qtbot.addWidget(self.window)
        with qtbot.waitActive(self.window):
            self.window.show()
        self.stage.inputs.start("")
        self.stage.wait(1)
        self.panel.toggle()

    @property
    def camera(self) -> ScriptedProvider:
        return self.stage.open_providers[0]

    @property
    def words(self) -> str:
        return self.panel._hint.text() if not self.panel._hint.isHidden() else ""


@pytest.fixture
def scene(qtbot: QtBot) -> Scene:
    return Scene(qtbot)


def test_it_shows_the_camera_by_name_with_its_sizes_and_what_automatic_means(scene: Scene) -> None:
    panel = scene.panel
    assert panel._heading.text() == "Front"
    assert [panel.mode.itemText(row) for row in range(panel.mode.count())] == [
        "Automatic: 1280 × 720, 30 fps",
        "1280 × 720, 30 fps",
        "640 × 480, 60 fps",
    ]
    assert panel.mode.value == ""


def test_a_size_counts_at_once_and_is_shown_when_the_panel_opens_again(scene: Scene) -> None:
    scene.panel.mode.choose("640x480@60")
    assert scene.stage.cameras["Front"].opened_modes == ["", "640x480@60"]
    scene.panel.toggle()
    scene.panel.toggle()
    assert scene.panel.mode.value == "640x480@60"


def test_only_the_knobs_that_the_camera_has_are_shown(scene: Scene) -> None:
    assert all(row.isVisible() for row in scene.panel.rows.values())
    scene.stage.cameras["Front"].knobs.pop(Knob.ZOOM)
    scene.panel.toggle()
    scene.panel.toggle()
    assert [knob for knob, row in scene.panel.rows.items() if row.isVisible()] == [
        Knob.EXPOSURE_TIME,
        Knob.BRIGHTNESS,
        Knob.WHITE_BALANCE,
    ]
    assert [knob for knob, row in scene.panel.rows.items() if not row.automatic.isHidden()] == [
        Knob.EXPOSURE_TIME,
        Knob.WHITE_BALANCE,
    ]


@pytest.mark.parametrize(
    ("knob", "position", "value", "words"),
    [
        (Knob.EXPOSURE_TIME, 0, 0.001, "1/1000 s"),
        (Knob.EXPOSURE_TIME, 50, 0.01, "1/100 s"),
        (Knob.EXPOSURE_TIME, 100, 0.1, "1/10 s"),
        (Knob.BRIGHTNESS, 75, 1.0, "+1.0 EV"),
        (Knob.WHITE_BALANCE, 100, 6500, "6500 K"),
        (Knob.ZOOM, 50, 2.0, "2.0×"),
    ],
)
def test_a_slider_turns_its_knob_in_its_own_unit(
    scene: Scene, knob: Knob, position: int, value: float, words: str
) -> None:
    row = scene.panel.rows[knob]
    row.slider.setValue(1)
    row.slider.setValue(position)
    assert scene.camera.turned[knob] == pytest.approx(value)
    assert row.value_text == words
    assert not row.automatic.isChecked() or row.automatic.isHidden()
    scene.panel.toggle()
    scene.panel.toggle()
    assert row.slider.value() == position, "shown again as it was left"


def test_the_switch_gives_a_knob_back_to_the_camera(scene: Scene) -> None:
    row = scene.panel.rows[Knob.WHITE_BALANCE]
    row.slider.setValue(80)
    row.automatic.click()
    assert scene.camera.turned[Knob.WHITE_BALANCE] is None
    assert row.value_text == ""
    row.automatic.click()
    assert scene.camera.turned[Knob.WHITE_BALANCE] == pytest.approx(2800 + 0.8 * 3700)


def test_reset_gives_everything_back(scene: Scene) -> None:
    scene.panel.mode.choose("640x480@60")
    scene.stage.wait(1)
    scene.panel.rows[Knob.ZOOM].slider.setValue(90)
    before = scene.camera
    scene.panel.reset.click()
    assert before.turned == dict.fromkeys(Knob)
    assert scene.stage.inputs.camera_modes == {}
    scene.stage.wait(1)
    assert scene.camera.turned == {}
    assert scene.panel.mode.value == ""
    assert scene.panel.rows[Knob.ZOOM].slider.value() == 0


def test_it_follows_the_camera_in_use_and_says_what_is_the_matter(scene: Scene) -> None:
    assert scene.words == ""
    scene.stage.inputs.choose("id-Back")
    scene.stage.wait(1)
    assert scene.panel._heading.text() == "Back"
    assert "lets nobody set" in scene.words
    scene.stage.cameras["Back"].is_frozen = True
    scene.stage.wait(3)
    assert "off just now" in scene.words
    assert scene.panel.mode.isVisible()
    scene.stage.inputs.choose(DEMO_ID)
    assert "demo camera" in scene.words
    assert not scene.panel.mode.isVisible()
    assert not scene.panel.reset.isVisible()


def test_it_can_be_used_by_keyboard_alone(scene: Scene) -> None:
    panel = scene.panel
    assert panel.mode.hasFocus()
    reached = []
    for _ in range(8):
        reached.append(scene.window.focusWidget())
        QTest.keyClick(scene.window.focusWidget(), Qt.Key.Key_Tab)
    wanted: list[QWidget] = [panel.mode]
    for row in panel.rows.values():
        wanted += [row.slider, *([row.automatic] if not row.automatic.isHidden() else [])]
    assert reached == [*wanted, panel.reset]
    assert all(widget.accessibleName() for widget in wanted)
    panel.rows[Knob.ZOOM].slider.setFocus()
    QTest.keyClick(panel.rows[Knob.ZOOM].slider, Qt.Key.Key_Right)
    assert scene.camera.turned[Knob.ZOOM] == pytest.approx(1.02)
    QTest.keyClick(panel.rows[Knob.ZOOM].slider, Qt.Key.Key_Escape)
    assert panel.isHidden()
    assert scene.button.hasFocus()


def test_escape_closes_it_even_where_there_is_nothing_to_set(scene: Scene) -> None:
    scene.panel.toggle()
    scene.stage.inputs.choose(DEMO_ID)
    scene.panel.toggle()
    QTest.keyClick(scene.window.focusWidget(), Qt.Key.Key_Escape)
    assert scene.panel.isHidden()


@pytest.mark.parametrize("size", [QSize(900, 620), QSize(1400, 900)])
def test_it_lies_inside_the_window_and_above_its_button(scene: Scene, size: QSize, qtbot: QtBot) -> None:
    scene.window.resize(size)
    scene.button.move(16, size.height() - 50)
    qtbot.waitUntil(lambda: scene.window.rect().contains(scene.panel.geometry()))
    scene.stage.inputs.choose("id-Back")
    scene.stage.wait(1)
    assert scene.window.rect().contains(scene.panel.geometry())
    assert scene.panel.geometry().bottom() < scene.button.y()


def test_it_is_as_high_as_its_contents_from_the_first_moment(scene: Scene, qtbot: QtBot) -> None:
    at_first = scene.panel.height()
    qtbot.wait(50)
    scene.panel.toggle()
    scene.panel.toggle()
    assert scene.panel.height() == at_first == scene.panel.sizeHint().height()
