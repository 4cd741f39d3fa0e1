"""Room: tests. What a nearer face hides of one behind it is known, and is left out of the picture."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.domain.face import Detection, FaceMesh
from mirror_app.domain.frame import Frame
from mirror_app.domain.geometry import box_around
from mirror_app.faces.absent import Absent
from mirror_app.faces.behind import is_shown, outline_of, reaching, shown_share, without
from mirror_app.faces.followed import FollowedFace
from mirror_app.faces.mesh import MeshCrop
from mirror_app.faces.placing import locate, place_partly_hidden
from mirror_app.faces.whole import Whole
from tests.faces.scripted import STUDIO_HW, ScriptedMeshNet, detection_at, mesh_at
from tests.portrait import FRAME_NS

IMAGE = np.random.default_rng(1).integers(0, 255, (*STUDIO_HW, 3), np.uint8)
FRONT = outline_of(mesh_at((200, 180), 120).points)


def square(x: float, y: float, side: float) -> NDArray[np.float32]:
    return np.array([x - side / 2, y - side / 2, x + side / 2, y + side / 2], np.float32)


@pytest.mark.parametrize(("x", "least", "most"), [(200, 0.0, 0.0), (240, 0.15, 0.6), (300, 0.9, 1.0), (500, 1.0, 1.0)])
def test_the_shown_share_grows_as_a_face_comes_out(x: float, least: float, most: float) -> None:
    assert least <= shown_share(square(x, 180, 80), [FRONT]) <= most
    assert shown_share(square(x, 180, 80), []) == 1


def test_places_behind_an_outline_are_hidden_and_all_others_are_shown() -> None:
    places = np.array([[200, 180], [200, 130], [120, 180], [400, 100]], np.float32)
    assert is_shown(places, [FRONT]).tolist() == [False, False, True, True]
    assert is_shown(places, []).all()


def test_the_picture_without_a_face_is_flat_there_and_unchanged_elsewhere() -> None:
    around = square(200, 180, 200)
    part, corner = without(IMAGE, around, reaching(around, [FRONT]))
    assert corner.tolist() == [100, 80]
    assert np.ptp(part[60:140, 80:120], axis=(0, 1)).max() == 0
    np.testing.assert_array_equal(part[:, :20], IMAGE[80:280, 100:120])


@pytest.mark.parametrize("fronts", [[], [FRONT]])
def test_a_mesh_is_told_in_the_whole_picture_whatever_was_left_out(fronts: list[NDArray[np.float32]]) -> None:
    crop = MeshCrop(np.array([260, 180], np.float32), 150.0, 0.0)
    mesh = locate(ScriptedMeshNet(), IMAGE, crop, fronts)
    assert mesh is not None
    np.testing.assert_allclose(box_around(mesh.points).reshape(2, 2).mean(0), (260, 180), atol=1)


@pytest.mark.parametrize(("shrinks", "is_found"), [(0.95, True), (0.6, False)])
def test_a_mesh_that_shrinks_into_what_is_left_of_a_face_is_none(shrinks: float, is_found: bool) -> None:
    net = ScriptedMeshNet()

    def answer(crop: MeshCrop) -> FaceMesh:
        return mesh_at((float(crop.centre_xy[0]), float(crop.centre_xy[1])), crop.side_px / 1.5 * shrinks)

    net.answer = answer
    detection: Detection = detection_at((260, 180), 80)
    assert (place_partly_hidden(net, IMAGE, detection, [FRONT], Whole()) is not None) == is_found


def test_whoever_went_behind_another_is_reported_from_where_a_part_may_show_until_looks_see_nobody() -> None:
    one, net, absent = FollowedFace(1), ScriptedMeshNet(), Absent()
    for index in range(6):
        frame = Frame(IMAGE, index, index * FRAME_NS)
        x = 100.0 + 10 * index
        net.answer = lambda crop, x=x: mesh_at((x, 180.0), 80)  # type: ignore[misc]
        if index == 0:
            one.accept(mesh_at((x, 180.0), 80), frame)
        assert one.follow(frame, net)
    absent.lost(one, 7, 6 * FRAME_NS, is_hidden=True)
    shown, reported = [], []
    for index in range(6, 30):
        absent.cover([FRONT], IMAGE.shape, index * FRAME_NS)
        shown.append(absent.all[0].shown)
        reported.append([face.track_id for face in absent.coming(index * FRAME_NS)])
    assert min(shown) < 0.1
    assert shown[-1] == 1
    first = next(index for index in range(12, 24) if shown[index] >= 0.1)
    assert [] in reported[:first]
    assert reported[first] == [7]
    assert reported[-1] == []
