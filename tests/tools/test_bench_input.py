"""Room: tests. The pictures a bench runs on."""

from __future__ import annotations

import itertools
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mirror_app.domain.errors import InputError
from mirror_app.imaging.files import write_image
from mirror_app.tools.bench_input import BenchOptions, back_and_forth, cut_around, letterbox, load_pictures, places_of
from tests.fakes import make_video, picture

side = st.integers(1, 200)


def _no_face(image: NDArray[np.uint8]) -> NDArray[np.float32] | None:
    return None


@settings(deadline=None, max_examples=60)
@given(side, side, st.integers(64, 200), st.integers(64, 200))
def test_any_picture_fits_into_any_size_unstretched_with_black_around(
    width: int, height: int, new_width: int, new_height: int
) -> None:
    fitted = letterbox(np.full((height, width, 3), 200, np.uint8), (new_width, new_height))
    assert fitted.shape == (new_height, new_width, 3)
    rows, columns = np.nonzero(fitted[:, :, 0])
    shown_width, shown_height = np.ptp(columns) + 1, np.ptp(rows) + 1
    assert shown_width == new_width or shown_height == new_height
    assert abs(shown_width * height - shown_height * width) <= max(width, height)


def test_a_picture_of_the_right_size_is_not_changed() -> None:
    assert np.array_equal(letterbox(picture(64, 48), (64, 48)), picture(64, 48))


@pytest.mark.parametrize("scale", [0.5, 1.0, 3.0])
def test_the_cut_shows_its_centre_in_the_middle(scale: float) -> None:
    image = np.zeros((200, 300, 3), np.uint8)
    image[95:106, 145:156] = 255
    cut = cut_around(image, np.array([150, 100], np.float32), scale, (100, 80))
    assert cut.shape == (80, 100, 3)
    rows, columns = np.nonzero(cut[:, :, 0] > 127)
    assert (columns.mean(), rows.mean()) == pytest.approx((49.5, 39.5), abs=2.5)
    assert np.ptp(columns) + 1 == pytest.approx(11 * scale, abs=2)


@pytest.mark.parametrize(
    ("count", "expected"),
    [(1, [0, 0, 0, 0]), (2, [0, 1, 0, 1, 0]), (4, [0, 1, 2, 3, 2, 1, 0, 1, 2, 3, 2])],
)
def test_pictures_run_back_and_forth_without_a_jump(count: int, expected: list[int]) -> None:
    pictures = [np.full((1, 1, 3), number, np.uint8) for number in range(count)]
    assert [int(one[0, 0, 0]) for one in islice(back_and_forth(pictures), len(expected))] == expected


def test_a_video_is_read_from_its_beginning_at_the_size_asked_for(tmp_path: Path) -> None:
    path = make_video(tmp_path / "in.mp4", frames=7)
    pictures = load_pictures(BenchOptions(str(path), (128, 72), None), _no_face)
    assert len(pictures) == 7
    assert {one.shape for one in pictures} == {(72, 128, 3)}


def test_a_still_picture_and_the_demo_are_inputs_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_image(tmp_path / "in.png", picture(64, 48))
    assert len(load_pictures(BenchOptions(str(tmp_path / "in.png"), (64, 64), None), _no_face)) == 1
    monkeypatch.setattr("mirror_app.tools.bench_input._KEPT_MOST", 2)
    assert [one.shape for one in load_pictures(BenchOptions("demo", (320, 180), None), _no_face)] == [(180, 320, 3)] * 2


def test_no_more_is_kept_than_fits_into_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mirror_app.tools.bench_input._KEPT_BYTES", 64 * 64 * 3 * 5)
    path = make_video(tmp_path / "in.mp4", frames=12)
    assert len(load_pictures(BenchOptions(str(path), (64, 64), None), _no_face)) == 5


def test_the_input_is_scaled_until_the_face_has_the_height_asked_for(tmp_path: Path) -> None:
    path = make_video(tmp_path / "in.mp4", size_wh=(320, 240), frames=3)

    def find(image: NDArray[np.uint8]) -> NDArray[np.float32]:
        return np.array([20, 10, 60, 60], np.float32)

    (first, *_) = load_pictures(BenchOptions(str(path), (200, 200), 100.0), find)
    # Twice as large around (40, 35): the dark quarter of the picture, 80 x 60, ends 40 right of and 25 below it.
    dark = first.max(axis=2) < 60
    assert np.nonzero(dark.any(axis=0))[0].max() == pytest.approx(100 + 80, abs=4)
    assert np.nonzero(dark.any(axis=1))[0].max() == pytest.approx(100 + 50, abs=4)


def test_a_face_height_without_a_face_is_a_sentence(tmp_path: Path) -> None:
    path = make_video(tmp_path / "in.mp4", frames=3)
    with pytest.raises(InputError, match="No face was found"):
        load_pictures(BenchOptions(str(path), (64, 64), 100.0), _no_face)


@pytest.mark.parametrize("faces", [2, 3, 4, 6])
def test_several_demo_people_stand_apart_wholly_in_the_picture(faces: int) -> None:
    places = [place for walk in places_of(faces) if (place := walk(0.0)) is not None]
    assert len(places) == faces
    for one, other in itertools.combinations(places, 2):
        assert abs(one.x - other.x) * 16 / 9 > one.height or abs(one.y - other.y) > 1.5 * one.height
    assert all(0.15 < place.x < 0.85 and place.height / 2 < place.y < 1 - place.height / 2 for place in places)


def test_several_people_are_drawn_where_several_faces_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mirror_app.tools.bench_input._KEPT_MOST", 1)
    one, two = (load_pictures(BenchOptions("demo", (320, 180), None, faces), _no_face)[0] for faces in (1, 2))
    assert one.shape == two.shape
    assert not np.array_equal(one, two)


@pytest.mark.parametrize(("source", "face_height"), [("in.mp4", None), ("demo", 200.0)])
def test_several_faces_are_the_demos_matter_alone(source: str, face_height: float | None) -> None:
    with pytest.raises(InputError, match="Several faces"):
        load_pictures(BenchOptions(source, (320, 180), face_height, 2), _no_face)
