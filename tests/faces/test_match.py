"""Room: tests. Matching is one to one, whatever the order; two meshes on one face are found out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mirror_app.faces.match import assigned, inside_frame, is_same_face, own_detections, surprise, touches


def box(x: float, y: float, side: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return np.array([x - side / 2, y - side / 2, x + side / 2, y + side / 2], np.float32)


@given(rows=st.integers(0, 6), columns=st.integers(0, 9), seed=st.integers(0, 2**32 - 1))
def test_each_row_and_column_is_paired_at_most_once_and_the_order_does_not_matter(
    rows: int, columns: int, seed: int
) -> None:
    random = np.random.default_rng(seed)
    scores = random.permutation(rows * columns).reshape(rows, columns) / 7.0 - 1
    pairs = assigned(scores)
    assert len({row for row, _ in pairs}) == len({column for _, column in pairs}) == len(pairs)
    assert all(scores[pair] > 0 for pair in pairs)
    across, down = random.permutation(columns), random.permutation(rows)
    mixed = assigned(scores[down][:, across])
    assert {(int(down[row]), int(across[column])) for row, column in mixed} == set(pairs)


def test_no_pair_is_left_that_both_would_rather_have() -> None:
    assert assigned(np.array([[0.9, 0.8], [0.85, 0.0]])) == [(0, 0)]
    assert assigned(np.array([[0.5, 0.4], [0.45, 0.3]])) == [(0, 0), (1, 1)]


def test_a_face_takes_the_detection_that_fits_it_best_and_leaves_the_rest() -> None:
    faces = [box(100, 100, 80), box(300, 100, 80)]
    found = [box(310, 100, 80), box(104, 100, 80), box(100, 100, 30)]
    assert own_detections(faces, found) == {0: 1, 1: 0}
    assert own_detections([], found) == own_detections(faces, []) == {}


@pytest.mark.parametrize(
    ("other", "same", "close"),
    [
        (box(110, 100, 85), True, True),
        (box(150, 100, 80), False, True),
        (box(100, 100, 160), False, True),
        (box(178, 100, 80), False, False),
        (box(400, 100, 80), False, False),
    ],
)
def test_two_meshes_are_on_one_face_where_place_and_size_agree(
    other: np.ndarray[tuple[int, ...], np.dtype[np.float32]], same: bool, close: bool
) -> None:
    one = box(100, 100, 80)
    assert is_same_face(one, other) == is_same_face(other, one) == same
    assert touches(one, other) == touches(other, one) == close


def test_a_face_surprises_by_its_place_and_its_size() -> None:
    expected = box(100, 100, 80)
    assert surprise(expected, expected) == 0
    assert surprise(expected, box(140, 100, 80)) == pytest.approx(0.5)
    assert surprise(expected, box(100, 100, 160)) == pytest.approx(np.log(2), rel=1e-5)


def test_the_part_of_a_face_inside_the_picture_is_known() -> None:
    assert inside_frame(box(0, 100, 80), (360, 640, 3)) == pytest.approx(0.5)
    assert inside_frame(box(-100, 100, 80), (360, 640, 3)) == 0
