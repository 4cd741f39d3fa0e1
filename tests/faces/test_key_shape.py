"""Room: tests. A hand before the face moves the network's points; the shape of a moment ago holds against it."""

from __future__ import annotations

from functools import cache

import numpy as np

from mirror_app.capture.demo import DemoCamera
from mirror_app.domain import mesh_topology as topology
from mirror_app.domain.face import FaceMesh
from mirror_app.domain.frame import Frame
from mirror_app.faces.key_shape import KeyShape

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
