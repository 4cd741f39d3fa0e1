"""Room: tests. Several faces at a time: each keeps what was learnt about it, whatever the others do."""

from __future__ import annotations

import numpy as np
import pytest

from mirror_app.domain.assignment import Assignment
from mirror_app.domain.patch import FacePatch
from mirror_app.domain.target import TargetFace
from mirror_app.swap.cadence import Cadence
from mirror_app.swap.mesh_swap import MeshSwapper
from tests.faces.scripted import mesh_at
from tests.portrait import plain_target
from tests.swap.test_mesh_swap import BLUE, a_frame, live

GREY = plain_target((120, 120, 120), colour_follow=1.0)


def wearing(track_id: int, target: TargetFace, shift: float = 0.0) -> Assignment:
    x = 90 if track_id == 1 else 230
    return Assignment(live(mesh_at((x + shift, 120), 120).points, track_id), target, 0.8)


def same(one: FacePatch, other: FacePatch) -> None:
    assert one.valid
    assert one.origin_xy == other.origin_xy
    np.testing.assert_array_equal(one.image_bgr, other.image_bgr)
    np.testing.assert_array_equal(one.alpha, other.alpha)


@pytest.mark.parametrize("target", [BLUE, GREY])
def test_a_face_looks_beside_another_as_it_looks_alone(target: TargetFace) -> None:
    alone, both = MeshSwapper(), MeshSwapper()
    for index in range(8):
        frame = a_frame(index, level=100 + 6 * index)
        own = alone.generate(frame, [wearing(1, BLUE, index)])[0]
        same(both.generate(frame, [wearing(1, BLUE, index), wearing(2, target, -index)])[0], own)


@pytest.mark.parametrize(("away", "learns_anew"), [(30, False), (120, True)])
def test_a_face_that_comes_back_after_long_is_learnt_anew(away: int, learns_anew: bool) -> None:
    swapper = MeshSwapper()
    for index in range(8):
        swapper.generate(a_frame(index, level=60), [wearing(1, GREY), wearing(2, GREY)])
    for index in range(8, 8 + away):
        swapper.generate(a_frame(index), [wearing(2, GREY)])
    back = swapper.generate(a_frame(8 + away, level=200), [wearing(1, GREY)])[0]
    fresh = MeshSwapper().generate(a_frame(8 + away, level=200), [wearing(1, GREY)])[0]
    # The light of the first time is followed from, not forgotten, after a short absence only.
    assert np.array_equal(back.image_bgr, fresh.image_bgr) is learns_anew


def test_faces_that_came_together_take_their_turns_in_different_frames() -> None:
    first, second = Cadence(90), Cadence(90, 1 / 3)
    turns: list[list[int]] = [[], []]
    for now in range(0, 600, 30):
        for mine, cadence in zip(turns, (first, second), strict=True):
            if cadence.due(now):
                cadence.done(now)
                mine.append(now)
    assert turns[0][0] == turns[1][0] == 0
    assert not set(turns[0][1:]) & set(turns[1][1:])
    assert set(np.diff(turns[0])) == set(np.diff(turns[1][1:])) == {90}
