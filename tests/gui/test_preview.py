"""Room: tests. What the preview paints: the swap, half of the real face, a sentence, the state in a corner."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from mirror_app.gui import theme
from mirror_app.gui.live_worker import LiveTurn
from mirror_app.gui.views.preview import Preview
from mirror_app.pipeline.result import MirrorState, Unsafe
from tests.gui.fakes import REAL_FACE_BGR, SWAPPED_BGR, frame, result


def turn(state: MirrorState = MirrorState.LIVE, unsafe: Unsafe | None = None) -> LiveTurn:
    return LiveTurn(result(frame(0), state, unsafe), 1.0)


@pytest.fixture
def preview(qtbot: QtBot) -> Preview:
    shown = Preview()
    qtbot.addWidget(shown)
    shown.resize(640, 360)  # the shape of the fakes' pictures
    shown.show()
    shown.show_turn(turn())
    return shown


def colour_at(preview: Preview, x: float, y: float = 0.7) -> tuple[int, int, int]:
    """BGR at a share of the width and height."""
    image = preview.grab().toImage()
    colour = QColor(image.pixel(int(x * image.width()), int(y * image.height())))
    return colour.blue(), colour.green(), colour.red()


@pytest.mark.parametrize("flip", [True, False])
def test_the_split_view_shows_the_real_face_left_of_the_line_and_the_swap_right_of_it(
    preview: Preview, flip: bool
) -> None:
    preview.set_flip(flip)
    preview.toggle_split()
    assert preview.is_split
    assert colour_at(preview, 0.25) == REAL_FACE_BGR
    assert colour_at(preview, 0.75) == SWAPPED_BGR
    preview.divider.set_share(0.8)
    assert colour_at(preview, 0.72) == REAL_FACE_BGR
    assert colour_at(preview, 0.92) == SWAPPED_BGR
    preview.toggle_split()
    assert colour_at(preview, 0.25) == SWAPPED_BGR


def test_the_real_half_has_the_frame_that_warns(preview: Preview) -> None:
    preview.toggle_split()
    warning = theme.BARE_FACE.blue(), theme.BARE_FACE.green(), theme.BARE_FACE.red()
    assert colour_at(preview, 0.003) == warning
    assert colour_at(preview, 0.5) == warning, "the line"
    assert colour_at(preview, 0.997) == SWAPPED_BGR


def test_each_half_says_what_it_shows_and_a_narrow_one_says_nothing(preview: Preview) -> None:
    preview.toggle_split()
    tags = [colour_at(preview, x, 22 / 360) for x in (0.045, 0.955)]
    assert tags[0] not in (REAL_FACE_BGR, SWAPPED_BGR)
    assert tags[1] not in (REAL_FACE_BGR, SWAPPED_BGR)
    preview.divider.set_share(0.96)
    assert colour_at(preview, 0.99, 22 / 360) == SWAPPED_BGR


def test_the_whole_real_face_can_be_compared_while_the_view_is_split(preview: Preview) -> None:
    preview.toggle_split()
    preview.set_compare(True)
    assert colour_at(preview, 0.75) == REAL_FACE_BGR
    preview.set_compare(False)
    assert colour_at(preview, 0.75) == SWAPPED_BGR


@pytest.mark.parametrize("unsafe", [Unsafe.PANIC, Unsafe.NO_FACE, Unsafe.SWAP_OFF, Unsafe.ERROR])
def test_the_split_view_ends_when_the_mirror_is_shielded(preview: Preview, qtbot: QtBot, unsafe: Unsafe) -> None:
    preview.toggle_split()
    with qtbot.waitSignal(preview.split_changed) as changed:
        preview.show_turn(turn(MirrorState.SHIELD, unsafe))
    assert changed.args == [False]
    assert not preview.is_split
    preview.show_turn(turn())
    assert colour_at(preview, 0.25) == SWAPPED_BGR, "it does not come back by itself"


def test_a_frame_that_is_held_does_not_end_the_split_view(preview: Preview) -> None:
    preview.toggle_split()
    preview.show_turn(turn(MirrorState.HOLD, Unsafe.NO_FACE))
    assert preview.is_split


def test_the_split_view_ends_with_the_picture(preview: Preview) -> None:
    preview.toggle_split()
    preview.show_paused("O")
    assert not preview.is_split
    icon, title, hint = preview.message
    assert (icon.name, title, hint) == ("PAUSE", "Paused. The camera is off.", "Press O to go on.")


@pytest.mark.parametrize("has_picture", [True, False])
def test_without_a_swapped_picture_the_view_is_not_split_and_says_why(
    preview: Preview, qtbot: QtBot, has_picture: bool
) -> None:
    if has_picture:
        preview.show_turn(turn(MirrorState.SHIELD, Unsafe.SWAP_OFF))
    else:
        preview.show_message("Starting…")
    with qtbot.waitSignal(preview.notice):
        preview.toggle_split()
    assert not preview.is_split


@pytest.mark.parametrize("ratio", [16 / 9, 4 / 3, 1.0])
def test_the_line_lies_on_the_picture_whatever_the_windows_shape(preview: Preview, ratio: float) -> None:
    preview.toggle_split()
    preview.resize(round(500 * ratio), 500)
    width, height = preview.width(), preview.height()
    assert preview.divider.geometry().center().x() == pytest.approx(width / 2, abs=1.5)
    assert preview.divider.height() == pytest.approx(min(height, width * 9 / 16), abs=1.5)


def test_the_line_can_be_dragged_but_not_out_of_the_picture(preview: Preview) -> None:
    preview.toggle_split()
    divider = preview.divider
    QTest.mousePress(divider, Qt.MouseButton.LeftButton, pos=divider.rect().center())
    for wanted, share in ((160, 0.25), (640, 0.96), (0, 0.04)):
        QTest.mouseMove(divider, divider.mapFrom(preview, QPoint(wanted, 100)))
        assert divider.share == pytest.approx(share, abs=0.01)
    QTest.mouseRelease(divider, Qt.MouseButton.LeftButton)
    QTest.mouseDClick(divider, Qt.MouseButton.LeftButton)
    assert divider.share == 0.5


def test_arrow_keys_move_the_line_while_it_has_the_focus(preview: Preview) -> None:
    preview.toggle_split()
    divider = preview.divider
    divider.setFocus()
    for _ in range(3):
        QTest.keyClick(divider, Qt.Key.Key_Right)
    assert divider.share == pytest.approx(0.56)
    QTest.keyClick(divider, Qt.Key.Key_Left)
    assert divider.share == pytest.approx(0.54)
    assert "54 %" in divider.accessibleDescription()
    assert divider.accessibleName()


def test_the_state_stands_in_a_corner_only_where_nothing_else_is_shown(preview: Preview) -> None:
    place = (28 / 640, 26 / 360)
    preview.show_turn(turn(MirrorState.SHIELD, Unsafe.NO_FACE))
    assert colour_at(preview, *place) == SWAPPED_BGR
    preview.set_edge_to_edge(True)
    shield = theme.SHIELD.blue(), theme.SHIELD.green(), theme.SHIELD.red()
    assert colour_at(preview, *place) == shield
    preview.show_turn(turn())
    assert colour_at(preview, *place) == SWAPPED_BGR


def test_edge_to_edge_there_is_black_around_the_picture(preview: Preview) -> None:
    preview.set_edge_to_edge(True)
    preview.resize(640, 500)
    assert colour_at(preview, 0.5, 0.02) == (0, 0, 0)
    assert colour_at(preview, 0.002, 0.5) == SWAPPED_BGR


def test_the_paint_of_a_result_is_told_once(preview: Preview, qtbot: QtBot) -> None:
    shown: list[LiveTurn] = []
    preview.painted.connect(lambda painted, _ns: shown.append(painted))
    new = replace(turn(), pipeline_ms=7.0)
    with qtbot.waitSignal(preview.painted):
        preview.show_turn(new)
    preview.repaint()
    assert shown == [new]


@pytest.mark.parametrize("size", [(160, 90), (360, 202), (960, 540)])
def test_a_sentence_fits_at_every_size(qtbot: QtBot, size: tuple[int, int]) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    preview = Preview(parent)
    preview.setMinimumSize(1, 1)
    preview.resize(*size)
    preview.show_paused("O")
    image = preview.grab().toImage()
    middle = [QColor(image.pixel(x, y)).lightness() for x in range(image.width()) for y in range(image.height())]
    edge = [QColor(image.pixel(x, y)).lightness() for x in (0, image.width() - 1) for y in range(image.height())]
    assert max(middle) > 150, "there are words"
    assert max(edge) < 100, "none of them is cut"
