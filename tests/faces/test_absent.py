"""Room: tests. Who is out of sight: whom a found face is taken for, and where a hidden one is still covered."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.domain.frame import Frame
from mirror_app.faces.absent import Absent
from mirror_app.faces.followed import FollowedFace
from tests.faces.scripted import STUDIO_HW, mesh_at
from tests.portrait import FRAME_NS

IMAGE = np.zeros((*STUDIO_HW, 3), np.uint8)
SHAPE = IMAGE.shape


def _face(x: float, person: int | None = None, *, step: float = 0.0, height: float = 100.0) -> FollowedFace:
    """A face that was seen in ten frames, at x in the last of them."""
    one = FollowedFace(1)
    for frame in range(-9, 1):
        one.accept(mesh_at((x + frame * step, 180.0), height), Frame(IMAGE, 0, (frame + 10) * FRAME_NS))
    one.identity.expect(person)
    return one


def _box(x: float, height: float = 100.0) -> NDArray[np.float32]:
    return _face(x, height=height).box_xyxy


NOW = 11 * FRAME_NS


def _recognised(one: FollowedFace, person: int) -> None:
    one.identity.expect(person)
    one.identity.is_sure = True


def _away(absent: Absent) -> set[int | None]:
    return {one.person for one in absent.all}


def test_a_found_face_is_the_one_whose_place_is_nearest_whether_missed_or_hidden() -> None:
    absent = Absent()
    absent.lost(_face(300, 2), 10, NOW)
    absent.lost(_face(360, 4), 11, NOW, is_hidden=True)
    gone = absent.found(_box(365), NOW)
    assert gone is not None
    assert gone.person == 4
    assert _away(absent) == {2, 4}


@pytest.mark.parametrize(("turns_out", "still_away"), [(2, {4}), (4, {2}), (7, {2, 4})])
def test_whoever_was_taken_for_somebody_else_leaves_that_one_away(turns_out: int, still_away: set[int]) -> None:
    absent = Absent()
    absent.lost(_face(300, 2), 10, NOW, is_hidden=True)
    absent.lost(_face(480, 4), 11, NOW, is_hidden=True)
    found = _face(310)
    gone = absent.found(found.box_xyxy, NOW)
    assert gone is not None
    absent.returned(gone, found)
    absent.recognised([found])
    assert _away(absent) == {4}
    _recognised(found, turns_out)
    absent.recognised([found])
    assert _away(absent) == still_away
    absent.recognised([])
    assert _away(absent) == still_away


def test_whoever_was_found_and_is_lost_again_unrecognised_is_away_as_before() -> None:
    absent = Absent()
    absent.lost(_face(300, 2), 10, NOW, is_hidden=True)
    found = _face(310)
    (before,) = absent.all
    absent.returned(before, found)
    absent.recognised([])
    assert absent.all == [before]
    absent.returned(before, found)
    absent.lost(found, 12, NOW, is_hidden=True)
    absent.recognised([])
    assert [one.track_id for one in absent.all] == [12]


def test_whoever_is_missed_where_a_face_stands_by_now_is_behind_it_and_comes_out_under_cover() -> None:
    absent = Absent()
    absent.lost(_face(300, 2), 10, NOW)
    absent.cover([_face(480).outline], SHAPE, NOW)
    assert (absent.misses_one, absent.awaits_one) == (True, False)
    absent.cover([_face(310, height=130).outline], SHAPE, NOW)
    assert (absent.misses_one, absent.awaits_one) == (False, True)
    assert absent.coming(NOW) == ()
    absent.cover([_face(360, height=130).outline], SHAPE, NOW)
    (face,) = absent.coming(NOW)
    np.testing.assert_allclose(face.box_xyxy, _box(300), atol=4)


def test_hair_beside_a_face_may_be_why_nobody_is_seen_there() -> None:
    absent = Absent()
    absent.lost(_face(300, 2), 10, NOW, is_hidden=True)
    for _ in range(10):
        absent.cover([_face(372, height=130).outline], SHAPE, NOW)
        assert len(absent.coming(NOW)) == 1
    for _ in range(10):
        absent.cover([_face(430, height=130).outline], SHAPE, NOW)
    assert absent.coming(NOW) == ()


def test_the_longer_somebody_is_hidden_the_more_around_her_place_is_covered() -> None:
    absent = Absent()
    absent.lost(_face(300, 2), 10, NOW, is_hidden=True)
    widths = []
    for frames in (0, 6, 12, 60):
        now_ns = NOW + frames * FRAME_NS
        absent.cover([_face(380, height=130).outline], SHAPE, now_ns)
        (face,) = absent.coming(now_ns)
        widths.append(float(face.box_xyxy[2] - face.box_xyxy[0]))
    assert widths == sorted(widths)
    assert 1.2 < widths[2] / widths[0] < widths[3] / widths[0] < 1.6


def test_whoever_walks_out_of_the_picture_is_covered_until_nothing_of_her_is_inside() -> None:
    absent = Absent()
    absent.lost(_face(STUDIO_HW[1] - 10, 2, step=6.0), 10, NOW, is_leaving=True)
    inside = []
    for frame in range(20):
        now_ns = NOW + frame * FRAME_NS
        absent.cover([_face(100).outline], SHAPE, now_ns)
        for face in absent.coming(now_ns):
            inside.append(STUDIO_HW[1] - float(face.box_xyxy[0]))
    assert 4 <= len(inside) <= 18
    assert min(inside) > 0
    assert inside == sorted(inside, reverse=True)
    assert absent.all == []


def test_who_was_expected_is_still_away_under_her_number_when_the_face_is_lost_unnamed() -> None:
    absent, one = Absent(), _face(200, 7)
    absent.lost(one, 50, 0, is_hidden=True)
    found = _face(210)
    absent.returned(absent.all[0], found)
    absent.recognised([found])
    assert _away(absent) == set()
    absent.lost(found, 51, 0, is_hidden=True)
    assert _away(absent) == {7}


@pytest.mark.parametrize(("person", "is_hidden", "awaits"), [(7, True, True), (7, False, False), (None, True, False)])
def test_only_whoever_is_hidden_and_has_a_number_keeps_others_from_being_new(
    person: int | None, is_hidden: bool, awaits: bool
) -> None:
    absent = Absent()
    absent.lost(_face(200, person), 50, 0, is_hidden=is_hidden)
    assert absent.awaits_known == awaits
