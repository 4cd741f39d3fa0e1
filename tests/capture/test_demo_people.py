"""Room: tests. Several demo people in one picture: their looks, their paths, and the truth about them."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mirror_app.capture.demo_disguise import disguised
from mirror_app.capture.demo_figure import DemoFigure, Moment
from mirror_app.capture.demo_lamp import Light
from mirror_app.capture.demo_motion import HeadPose
from mirror_app.capture.demo_paths import Path, Place, crossing, standing, turning, visiting
from mirror_app.capture.demo_people import DemoPeople, PeopleScene
from mirror_app.capture.demo_person import PEOPLE, DemoPerson, HeadShape
from mirror_app.capture.demo_portrait import DemoPortrait, load_portrait
from mirror_app.domain import mesh_topology as topology
from mirror_app.domain.errors import InputError
from mirror_app.domain.geometry import box_around

_WH = (640, 360)


@pytest.fixture(scope="module")
def portrait() -> DemoPortrait:
    return load_portrait()


@pytest.fixture(scope="module")
def two() -> DemoPeople:
    scene = PeopleScene((crossing(0.3, 0.7, 0.45, 0.4, 4.0, nearer=0.2), crossing(0.7, 0.3, 0.45, 0.4, 4.0)))
    return DemoPeople(scene, _WH)


def _tracks(path: Path, times: NDArray[np.float64]) -> list[Place | None]:
    return [path(float(time)) for time in times]


def test_the_plain_person_is_the_portrait(portrait: DemoPortrait) -> None:
    assert disguised(portrait, DemoPerson(phase_s=3.0)) is portrait


@pytest.mark.parametrize("number", [1, 4])
def test_everybody_looks_different_and_stays_a_valid_portrait(portrait: DemoPortrait, number: int) -> None:
    made = disguised(portrait, PEOPLE[number])
    for canvas in (made.canvas, made.shut_canvas):
        assert canvas.shape == portrait.canvas.shape
        assert (canvas[..., :3] <= canvas[..., 3:]).all(), "colours are multiplied by alpha"
    face = tuple(slice(*span) for span in ((280, 500), (330, 530)))
    assert cv2.absdiff(made.canvas[face], portrait.canvas[face]).mean() > 15
    assert np.abs(made.points[:468] - portrait.points[:468]).max() > 5


def test_a_bent_head_carries_its_pixels_along(portrait: DemoPortrait) -> None:
    shape = HeadShape(width=0.1, chin_px=12, tip_px=6, eyes=0.05)
    made = disguised(portrait, DemoPerson(shape=shape))
    for vertex in (133, 362, 61, 291, 4):
        (x, y), (to_x, to_y) = (np.rint(one.points[vertex]).astype(int).tolist() for one in (portrait, made))
        patch = portrait.canvas[y - 9 : y + 10, x - 9 : x + 10, :3]
        window = made.canvas[to_y - 16 : to_y + 17, to_x - 16 : to_x + 17, :3]
        found_xy = cv2.minMaxLoc(cv2.matchTemplate(window, patch, cv2.TM_CCOEFF_NORMED))[3]
        assert math.hypot(found_xy[0] - 7, found_xy[1] - 7) < 3, vertex


@pytest.mark.parametrize("is_mirrored", [False, True])
def test_the_mesh_has_the_size_and_place_that_was_asked_for(portrait: DemoPortrait, is_mirrored: bool) -> None:
    figure = DemoFigure(portrait, DemoPerson(is_mirrored=is_mirrored))
    points = figure.mesh_points(Moment(Place(0.4, 0.5, 0.5, HeadPose()), 0.4), _WH)
    left, top, right, bottom = box_around(points).tolist()
    assert bottom - top == pytest.approx(180, rel=0.06)
    assert (left + right) / 2 == pytest.approx(256, abs=3)
    assert points[topology.IMAGE_LEFT_EYE_OUTER, 0] < points[topology.IMAGE_RIGHT_EYE_OUTER, 0]


def test_a_mirrored_person_and_her_truth_are_mirrored_alike(portrait: DemoPortrait) -> None:
    pictures, meshes = [], []
    moment = Moment(Place(0.5, 0.5, 0.5), 1.3)
    for is_mirrored in (False, True):
        figure = DemoFigure(portrait, DemoPerson(is_mirrored=is_mirrored))
        picture, whose = np.zeros((_WH[1], _WH[0] + 1, 3), np.uint8), np.zeros((_WH[1], _WH[0] + 1), np.uint8)
        figure.draw([moment], Light(), picture, whose, 1)
        pictures.append(picture)
        meshes.append(figure.mesh_points(moment, (_WH[0] + 1, _WH[1])))
    # The middle lies between two pixels: the mirror image of a pixel is one off.
    assert cv2.absdiff(cv2.blur(pictures[0], (5, 5)), cv2.blur(pictures[1][:, ::-1], (5, 5))).mean() < 4
    mirrored = meshes[1][topology.MIRRORED] * [-1, 1, 1] + [_WH[0] + 1, 0, 0]
    assert np.abs(mirrored - meshes[0]).max() < 0.1


def test_a_frame_depends_on_its_index_only(two: DemoPeople) -> None:
    first = two.frame_at(37)
    two.frame_at(2)
    again = two.frame_at(37)
    assert np.array_equal(first.frame.image_bgr, again.frame.image_bgr)
    assert not first.frame.image_bgr.flags.writeable
    for number, truth in first.people.items():
        assert np.array_equal(truth.visible_points, again.people[number].visible_points)


def test_who_stands_behind_is_hidden_and_the_nearer_one_is_not(two: DemoPeople) -> None:
    visible = [[two.frame_at(index).people[number].visible for number in (1, 2)] for index in (0, 30, 60, 90)]
    apart, there, beyond, back = visible
    assert min(apart + beyond) > 0.99
    assert there[0] > 0.99
    assert there[1] < 0.3, "on the way there the first one is nearer"
    assert back[0] < 0.3
    assert back[1] > 0.99


def test_the_truth_says_which_points_the_picture_shows(two: DemoPeople) -> None:
    hidden, nearer = (two.frame_at(25).people[number] for number in (2, 1))
    assert nearer.visible_points.all()
    assert 0 < hidden.visible_points.mean() < 1
    assert hidden.visible == pytest.approx(hidden.visible_points.mean(), abs=0.25)


def test_who_is_away_has_no_mesh_and_leaves_no_trace() -> None:
    scene = PeopleScene((standing(0.3, 0.5, 0.4), visiting(standing(0.7, 0.5, 0.4), ((2.0, 3.0),), every_s=8.0)))
    pair, alone = DemoPeople(scene, _WH), DemoPeople(PeopleScene(scene.paths[:1]), _WH)
    truth = pair.frame_at(0).people[2]
    assert truth.mesh_points is truth.box_xyxy is None
    assert truth.visible == 0
    assert np.array_equal(pair.frame_at(0).frame.image_bgr, alone.frame_at(0).frame.image_bgr)


def test_half_out_of_the_picture_is_half_visible() -> None:
    camera = DemoPeople(PeopleScene((standing(0.0, 0.5, 0.5),)), _WH)
    assert 0.2 < camera.frame_at(0).people[1].visible < 0.8


def test_the_lamp_changes_the_picture_and_the_shutter_blurs_it() -> None:
    path = turning(0.5, 0.5, 0.5, 0.6)
    usual, dark, blurred = (
        DemoPeople(scene, _WH).frame_at(9).frame.image_bgr
        for scene in (
            PeopleScene((path,)),
            PeopleScene((path,), light=lambda _: Light(exposure_bgr=(0.5, 0.5, 0.5))),
            PeopleScene((path,), shutter_s=1 / 30),
        )
    )
    assert dark.mean() == pytest.approx(usual.mean() / 2, rel=0.1)
    sharpness = [cv2.Laplacian(one[60:300, 200:440], cv2.CV_32F).var() for one in (usual, blurred)]
    assert sharpness[1] < 0.75 * sharpness[0]


@settings(max_examples=50, deadline=None)
@given(seconds=st.floats(0, 300), period=st.floats(3, 20), nearer=st.floats(0, 0.3))
def test_a_path_never_jumps(seconds: float, period: float, nearer: float) -> None:
    path = crossing(0.2, 0.8, 0.4, 0.3, period, nearer=nearer)
    here, next_place = path(seconds), path(seconds + 1 / 30)
    assert here is not None
    assert next_place is not None
    assert abs(here.x - next_place.x) < 0.04
    assert abs(here.height - next_place.height) < 0.01


def test_a_visitor_walks_in_and_out_at_the_nearer_side_again_and_again() -> None:
    path = visiting(standing(0.8, 0.5, 0.3), ((2.0, 4.0),), every_s=8.0, walk_s=1.0)
    for turn in (0.0, 8.0, 80.0):
        away, coming, there, gone = _tracks(path, turn + np.array([0.9, 1.5, 3.0, 5.1]))
        assert away is gone is None
        assert there is not None
        assert there.x == 0.8
        assert coming is not None
        assert 0.8 < coming.x < 1.15


def test_more_people_than_there_are_is_refused() -> None:
    with pytest.raises(InputError, match="6 demo people"):
        DemoPeople(PeopleScene(tuple(standing(0.5, 0.5, 0.1) for _ in range(7))), _WH)
