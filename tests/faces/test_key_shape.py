"""Room: tests. A hand before the face moves the network's points; the shape of a moment ago holds against it."""

from __future__ import annotations

from functools import cache

import numpy as np

from mirror_app.capture.demo import DemoCamera
from mirror_app.domain import mesh_topology as topology
from mirror_app.domain.face import FaceMesh
from mirror_app.domain.frame import Frame
from mirror_app.faces.followed import FollowedFace
from mirror_app.faces.key_shape import KeyShape
from tests.faces.scripted import ScriptedMeshNet, detection_at

Taken = tuple[Frame, FaceMesh]


@cache
def takes() -> tuple[Taken, ...]:
    """The demo head with its true mesh."""
    camera = DemoCamera((640, 360), 30)
    made = [camera.frame_at(600 + index) for index in range(24)]
    return tuple((taken.frame, FaceMesh(taken.mesh_points, 1.0)) for taken in made)


def squeezed(mesh: FaceMesh, share: float) -> FaceMesh:
    """Bent as the network bends it before a hand: less high towards the forehead and the chin."""
    points = mesh.points.copy()
    middle = points[topology.NOSE_TIP]
    away = (points - middle) / np.ptp(points[:, 1])
    points[:, :2] -= (share * 4 * np.sign(away) * away**2 * np.ptp(points[:, 1]))[:, :2]
    return FaceMesh(points, mesh.score)


def covered(frame: Frame, mesh: FaceMesh) -> Frame:
    """Something plain before the lower half of the face."""
    image = frame.image_bgr.copy()
    image[int(mesh.points[topology.NOSE_TIP, 1]) :] = 90
    return Frame(image, frame.index, frame.captured_ns)


def after(share: float) -> tuple[float, float]:
    """Mean errors of the network and of what is made of it, once its meshes are bent; shares of the face's height."""
    key, errors = KeyShape(), []
    for number, (frame, mesh) in enumerate(takes()):
        told = mesh
        if number >= 16:
            told, frame = squeezed(mesh, share), covered(frame, mesh)
        held = key.corrected(told, takes()[max(number - 1, 0)][1].points, frame, is_behind=number >= 16)
        height = np.ptp(mesh.points[:, 1])
        errors.append([np.hypot(*(one.points - mesh.points)[:, :2].T).mean() / height for one in (told, held)])
    told_error, held_error = np.mean(errors[-4:], axis=0)
    return float(told_error), float(held_error)


def test_a_mesh_that_is_bent_while_the_picture_shows_the_face_unchanged_is_not_believed() -> None:
    told, held = after(0.15)
    assert told > 0.02
    assert held < told / 2


def test_a_mesh_that_is_right_stays_as_it_is() -> None:
    key = KeyShape()
    for frame, mesh in takes():
        assert key.corrected(mesh, mesh.points, frame, is_behind=True) is mesh


def test_with_nothing_in_front_the_network_is_believed() -> None:
    key = KeyShape()
    for number, (frame, mesh) in enumerate(takes()):
        told = squeezed(mesh, 0.15) if number >= 16 else mesh
        assert key.corrected(told, mesh.points, frame, is_behind=False) is told


def test_a_shape_that_is_bent_by_what_is_in_front_is_not_held_when_it_has_gone() -> None:
    key = KeyShape()
    for number, (frame, mesh) in enumerate(takes()):
        # The first ten seconds later: what was seen before is too old to be carried.
        late = Frame(covered(frame, mesh).image_bgr, frame.index, frame.captured_ns + 10_000_000_000 * (number >= 12))
        is_bent = 12 <= number < 16
        told = squeezed(mesh, 0.15) if is_bent else mesh
        held = key.corrected(told, mesh.points, late, is_behind=number >= 12)
        if number >= 12:
            assert held is told


def error(points: np.ndarray[tuple[int, ...], np.dtype[np.float32]], truth: FaceMesh) -> float:
    return float(np.hypot(*(points - truth.points)[:, :2].T).mean() / np.ptp(truth.points[:, 1]))


def test_a_face_that_the_network_loses_behind_a_thing_is_followed_and_without_one_lost_soon() -> None:
    for is_behind in (True, False):
        net, one, found = ScriptedMeshNet(), FollowedFace(1), []
        for number, (frame, mesh) in enumerate(takes()):
            is_covered = number >= 8
            net.answer = lambda _, mesh=mesh, lost=is_covered: None if lost else mesh  # type: ignore[misc]
            if number == 0:
                one.accept(mesh, frame)
                continue
            shown = covered(frame, mesh) if is_covered else frame
            found.append(one.follow(shown, net, is_behind=is_covered and is_behind))
            if is_covered and is_behind:
                assert not one.is_coasting
                assert error(one.face.mesh.points if one.face.mesh else mesh.points * 0, mesh) < 0.03
        assert found[-1] is is_behind


def test_what_detectors_see_of_a_face_behind_a_thing_does_not_end_it() -> None:
    net, one = ScriptedMeshNet(), FollowedFace(1)
    for number, (frame, mesh) in enumerate(takes()[:12]):
        net.answer = lambda _, mesh=mesh, lost=number >= 8: None if lost else mesh  # type: ignore[misc]
        if number == 0:
            one.accept(mesh, frame)
        else:
            one.follow(covered(frame, mesh) if number >= 8 else frame, net, is_behind=number >= 8)
    left, top, right, bottom = one.box_xyxy.tolist()
    beside = [detection_at((left + 0.2 * (right - left), (top + bottom) / 2), right - left)]
    assert not one.is_astray(beside)
    net.answer = lambda _: takes()[12][1]
    one.follow(takes()[12][0], net, is_behind=True)
    assert one.is_astray(beside)


def test_turns_that_only_a_bent_network_sees_do_not_end_what_is_held() -> None:
    key, turn = KeyShape(), 0.45
    for number, (frame, mesh) in enumerate(takes()):
        told = mesh
        if number >= 12:
            told, frame = squeezed(mesh, 0.15), covered(frame, mesh)
        if number >= 16:
            points = told.points.copy()
            middle = points.mean(0)
            x, _, z = (points - middle).T
            points[:, 0] = middle[0] + np.cos(turn) * x + np.sin(turn) * z
            points[:, 2] = middle[2] - np.sin(turn) * x + np.cos(turn) * z
            told = FaceMesh(points, mesh.score)
        held = key.corrected(told, mesh.points, frame, is_behind=number >= 12)
        if number >= 16:
            assert error(held.points, mesh) < 0.03
