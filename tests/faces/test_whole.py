"""Room: tests. A mesh on what is left of a face that somebody hides is none of the whole face."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.domain.face import FaceMesh
from mirror_app.domain.frame import Frame
from mirror_app.domain.geometry import box_around
from mirror_app.faces.company import Company
from mirror_app.faces.followed import FollowedFace
from mirror_app.faces.lookout import Lookout
from mirror_app.faces.mesh import MeshCrop
from mirror_app.faces.whole import Whole
from tests.faces.scripted import ScriptedDetector, ScriptedMeshNet, mesh_at
from tests.faces.test_follow_many import BLACK
from tests.portrait import FRAME_NS

LEAST_HIGH = 0.8


def _box(wide: float, high: float) -> NDArray[np.float32]:
    return np.array([200, 100, 200 + wide, 100 + high], np.float32)


@pytest.mark.parametrize(
    ("wide", "high", "is_part"),
    [(100, 100, False), (66, 100, False), (85, 85, False), (100, 70, True), (55, 100, True), (60, 90, True)],
)
def test_a_turned_face_is_whole_and_a_low_or_very_narrow_one_a_part(wide: float, high: float, is_part: bool) -> None:
    assert Whole(100, 100).is_only_part(_box(wide, high), LEAST_HIGH) == is_part


def test_of_a_face_of_which_nothing_is_known_any_mesh_is_whole() -> None:
    assert not Whole().is_only_part(_box(5, 5), LEAST_HIGH)
    assert Whole().is_shown_by(_box(5, 5))


def test_squeezed_in_beside_others_a_face_stays_as_large_as_it_was_for_a_second() -> None:
    whole = Whole().seen(_box(100, 100), is_squeezed=False)
    for _ in range(30):
        whole = whole.seen(_box(50, 85), is_squeezed=True)
    assert whole.is_only_part(_box(50, 85), LEAST_HIGH)
    assert whole.seen(_box(50, 85), is_squeezed=False) == Whole(50, 85)


def _at(x: float, share: float = 1.0) -> FaceMesh:
    """A face of 100 px at x; of a narrower one the right side stays where it is."""
    mesh = mesh_at((x, 180.0), 100.0)
    right = mesh.points[:, 0].max()
    points = mesh.points.copy()
    points[:, 0] = right - (right - points[:, 0]) * share
    return FaceMesh(points, 1.0)


def _squeezed() -> tuple[Company, FollowedFace, Frame]:
    """Somebody whose mesh becomes narrow within a second beside a larger face that comes nearer."""
    net = ScriptedMeshNet()
    company = Company(Lookout(ScriptedDetector(), ScriptedDetector()), net, None)
    company.most = 6
    front = company.begin(mesh_at((215.0, 180.0), 130.0), Frame(BLACK, 0, 0))
    behind = company.begin(_at(330.0), Frame(BLACK, 0, 0))
    for step in range(1, 40):
        share, x = 1.0 - 0.02 * max(step - 8, 0), 215.0 + 2.0 * max(step - 8, 0)

        def answer(crop: MeshCrop, share: float = share, x: float = x) -> FaceMesh:
            return mesh_at((x, 180.0), 130.0) if crop.centre_xy[0] < x + 50 else _at(330.0, share)

        net.answer = answer
        frame = Frame(BLACK, step, step * FRAME_NS)
        company.follow(frame, step, mesh_every=1, behind_things=frozenset())
        if behind not in company.faces:
            break
    assert front in company.faces
    return company, behind, frame


def test_a_mesh_that_becomes_narrow_beside_another_face_is_lost_as_hidden_where_the_face_was() -> None:
    company, behind, frame = _squeezed()
    assert behind not in company.faces
    (absence,) = company.absent.all
    assert absence.is_hidden
    np.testing.assert_allclose(absence.place(frame.captured_ns).reshape(2, 2).mean(0), (330, 180), atol=25)


def test_what_is_left_of_whoever_is_hidden_is_not_followed_but_all_of_her_is() -> None:
    company, _, frame = _squeezed()
    (absence,) = company.absent.all
    assert company.is_remnant(box_around(_at(330.0, 0.5).points), frame.captured_ns)
    assert not company.is_remnant(box_around(_at(330.0).points), frame.captured_ns)
    absence.not_there = 9
    assert not company.is_remnant(box_around(_at(330.0, 0.5).points), frame.captured_ns)
