"""Room: tests. The "AI generated" mark: in the frame, away from faces, tall enough, and it changes nothing else."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mirror_app.compose.label import LABEL_TEXT, Label
from tests.imaging.pictures import checkerboard

SIZES = [(480, 480), (640, 360), (1280, 720), (1080, 1920), (720, 1280), (1920, 1080)]
Rectangle = tuple[int, int, int, int]


def drawn(
    image: NDArray[np.uint8], label: Label, boxes: list[NDArray[np.float32]]
) -> tuple[NDArray[np.uint8], Rectangle]:
    """The marked picture and the x0, y0, x1, y1 of what changed."""
    marked = image.copy()
    label.draw(marked, boxes)
    changed = (marked != image).any(-1)
    rows, columns = np.flatnonzero(changed.any(1)), np.flatnonzero(changed.any(0))
    assert len(rows), "the mark is there"
    return marked, (int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)


def shared_px(rectangle: Rectangle, box: NDArray[np.float32]) -> float:
    low, high = np.maximum(rectangle[:2], box[:2]), np.minimum(rectangle[2:], box[2:])
    return float(np.prod(np.maximum(high - low, 0)))


def test_the_text_is_in_both_languages() -> None:
    assert LABEL_TEXT == "AI generated / AI生成"


@pytest.mark.parametrize("size_wh", SIZES)
@pytest.mark.parametrize("level", [0, 120, 255])
def test_capital_letters_are_at_least_a_twentieth_of_the_short_side_tall(size_wh: tuple[int, int], level: int) -> None:
    image = np.full((size_wh[1], size_wh[0], 3), level, np.uint8)
    marked, (x0, y0, x1, y1) = drawn(image, Label(), [])
    plate = marked[y0:y1, x0:x1].astype(np.float32).mean(-1)
    ground = np.median(plate)
    # A pixel is ink when it is more like the letters than like the plate.
    ink = plate > (255 + ground) / 2
    first_letter = ink[:, : letter_gaps(ink)[0]]
    rows = np.flatnonzero(first_letter.any(1))
    cap_height = rows[-1] - rows[0] + 1
    assert cap_height >= 0.05 * min(size_wh)
    assert cap_height <= 0.07 * min(size_wh)


def letter_gaps(ink: NDArray[np.bool_]) -> list[int]:
    """Columns right after each letter."""
    columns = np.flatnonzero(ink.any(0))
    return [int(a) + 1 for a, b in pairwise(columns) if b > a + 1]


@pytest.mark.parametrize("level", [0, 120, 255])
def test_letters_stand_out_from_any_ground(level: int) -> None:
    image = np.full((360, 640, 3), level, np.uint8)
    marked, (x0, y0, x1, y1) = drawn(image, Label(), [])
    plate = marked[y0:y1, x0:x1].astype(int)
    assert plate.max() > 240
    assert np.median(plate) < 130


@given(
    st.integers(16, 700),
    st.integers(16, 700),
    st.lists(st.tuples(*[st.floats(-200, 900) for _ in range(4)]), max_size=4),
)
@settings(max_examples=50)
def test_the_mark_lies_inside_the_frame_and_off_every_face_where_a_corner_is_free(
    width: int, height: int, corners: list[tuple[float, float, float, float]]
) -> None:
    boxes = [np.array([min(a, c), min(b, d), max(a, c), max(b, d)], np.float32) for a, b, c, d in corners]
    board, label = checkerboard((height, width)), Label()
    _, (x0, y0, x1, y1) = drawn(board, label, boxes)
    assert 0 <= x0 < x1 <= width
    assert 0 <= y0 < y1 <= height
    plate_w, plate_h = x1 - x0, y1 - y0
    margin = 0.03 * min(width, height) + 1
    covered = sum(shared_px((x0, y0, x1, y1), box) for box in boxes)
    if covered > 0:
        # No corner was free: every place at a corner of the frame lies on some face.
        for left in (margin, width - plate_w - margin):
            for top in (margin, height - plate_h - margin):
                corner = (int(left) - 2, int(top) - 2, int(left) + plate_w + 2, int(top) + plate_h + 2)
                assert any(shared_px(corner, box) > 0 for box in boxes)


def test_the_mark_moves_away_from_a_face_and_stays_there() -> None:
    label, image = Label(), checkerboard((360, 640))
    _, home = drawn(image, label, [])
    face = np.array([home[0] + 10, home[1] - 50, 640, 360], np.float32)
    _, refuge = drawn(image, label, [face])
    assert shared_px(refuge, face) == 0
    _, still = drawn(image, label, [])
    assert still == refuge, "a mark that hops back and forth would be worse than one in another corner"


def test_a_face_that_fills_the_frame_does_not_push_the_mark_out() -> None:
    _, (x0, y0, x1, y1) = drawn(checkerboard((360, 640)), Label(), [np.array([-50, -50, 900, 900], np.float32)])
    assert 0 <= x0 < x1 <= 640
    assert 0 <= y0 < y1 <= 360


@pytest.mark.parametrize("box", [[np.nan] * 4, [np.inf] * 4, [-np.inf, -np.inf, np.inf, np.inf]])
def test_a_box_that_is_not_finite_does_not_keep_the_mark_away(box: list[float]) -> None:
    _, (x0, y0, x1, y1) = drawn(checkerboard((360, 640)), Label(), [np.array(box, np.float32)])
    assert (x1 - x0) * (y1 - y0) > 1000


@pytest.mark.parametrize("size_wh", [(1, 1), (2, 1), (1, 90), (90, 1), (7, 5), (32, 32), (33, 61), (2000, 10)])
def test_a_frame_of_any_size_can_be_marked(size_wh: tuple[int, int]) -> None:
    image = np.full((size_wh[1], size_wh[0], 3), 200, np.uint8)
    Label().draw(image, [])
    assert image.shape == (size_wh[1], size_wh[0], 3)
    assert (image != 200).any()


def test_frames_of_changing_size_are_each_marked_as_if_alone() -> None:
    label = Label()
    for size_hw in ((360, 640), (200, 200), (640, 360)):
        board = checkerboard(size_hw)
        expected, _ = drawn(board, Label(), [])
        found, _ = drawn(board, label, [])
        np.testing.assert_array_equal(found, expected)
