"""Room: tests. Faces among others: squeezed between two, out of the picture, not numbered in a crowd."""

from __future__ import annotations

import numpy as np

from mirror_app.domain.frame import Frame
from mirror_app.faces.followed import FollowedFace
from mirror_app.faces.match import height
from tests.faces.scripted import STUDIO_HW, ScriptedMeshNet, mesh_at
from tests.faces.test_follow_many import BLACK, Studio
from tests.faces.test_recognition import Actor
from tests.faces.test_recognition import Studio as PaintedStudio
from tests.portrait import FRAME_NS


def _followed(x: float, high: float) -> FollowedFace:
    one = FollowedFace(1)
    for frame in range(8):
        one.accept(mesh_at((x, 180.0), high), Frame(BLACK, 0, frame * FRAME_NS))
    return one


def test_a_mesh_that_shrinks_between_two_others_says_nothing_about_where_the_face_is() -> None:
    one, net = _followed(300, 100), ScriptedMeshNet()
    fronts = [_followed(185, 130).outline, _followed(415, 130).outline]
    for step in range(12):
        x, high = 300 - max(step - 4, 0), 100 - 2 * max(step - 4, 0)
        net.answer = lambda _, x=x, high=high: mesh_at((float(x), 180.0), float(high))  # type: ignore[misc]
        assert one.follow(Frame(BLACK, 0, (8 + step) * FRAME_NS), net, fronts)
    place = one.place_behind(30 * FRAME_NS)
    np.testing.assert_allclose(place.reshape(2, 2).mean(0), (300, 180), atol=5)
    assert height(place) > 96 > 87 > height(one.box_xyxy)
    assert one.whole.high > 94


def test_whoever_walks_out_of_the_picture_is_listed_where_she_is_until_she_is_out() -> None:
    studio = Studio([(150.0, 180.0, 120.0), (540.0, 180.0, 100.0)])
    for _ in range(16):
        studio.people[1] = (studio.people[1][0] + 5, 180.0, 100.0)
        assert [face.mesh is not None for face in studio.turn()] == [True, True]
    studio.unseen = {1}
    listed = []
    while len(faces := studio.turn()) > 1:
        listed.append(float(faces[1].box_xyxy[0]))
        assert faces[1].mesh is None
        assert not studio.tracker.misses_one
    assert 3 <= len(listed) <= 15
    assert listed[0] < STUDIO_HW[1] - 20
    assert not studio.tracker.misses_one


def test_whoever_changes_with_a_small_leap_loses_the_number_in_that_very_frame() -> None:
    actor = Actor(1, 1, 300)
    studio = PaintedStudio(None, actor)
    assert studio.turn(12) == [1]
    actor.x += 14
    actor.look = 2
    assert studio.turn() == [None]


def test_nobody_new_is_made_while_somebody_is_hidden_whoever_it_may_be() -> None:
    front, behind = Actor(1, 1, 120), Actor(2, 2, 290, high=100)
    studio = PaintedStudio(None, front, behind)
    assert studio.turn(12) == [1, 2]
    while behind.x > 200:
        behind.x -= 10
        studio.turn()
    studio.actors.remove(behind)
    studio.turn(3)
    studio.actors.append(Actor(3, 3, 520))
    assert studio.turn(12)[-1] is None
    assert studio.turn(140)[-1] == 3
