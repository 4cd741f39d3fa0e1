"""Room: tests. Looks in a second thread: the same faces in less time, and nothing lost when one fails or waits."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.domain.errors import ModelError
from mirror_app.domain.face import FaceMesh
from mirror_app.domain.frame import Frame
from mirror_app.faces.ahead import Ahead
from mirror_app.faces.carrier import Carrier
from mirror_app.faces.flow import Carried, PointFlow
from mirror_app.faces.mesh import MeshCrop
from tests.faces.scripted import ScriptedMeshNet, mesh_at, mesh_in_crop
from tests.faces.test_follow_many import PLACES, TEXTURED, Studio
from tests.portrait import FRAME_NS

PICTURE = np.zeros((90, 160, 3), np.uint8)
CROP = MeshCrop(np.array([80, 45], np.float32), 60.0, 0.0)
LONG_S = 20.0


def refuse(crop: MeshCrop) -> FaceMesh | None:
    raise ModelError("The network {name} failed.", name="mesh")


def meshes_of(studio: Studio, *, mesh_every: int) -> list[NDArray[np.float32]]:
    """What is seen of people who walk, frame by frame."""
    studio.tracker.mesh_every = mesh_every
    seen = []
    for step in range(12):
        studio.people = [(x + 2.0 * step, y + step, high) for x, y, high in studio.people]
        seen.append(np.array([face.mesh.points for face in studio.turn() if face.mesh is not None]))
    return seen


def test_a_look_that_was_not_begun_is_done_by_whoever_asks_for_it() -> None:
    may_go_on, busy, own = threading.Event(), ScriptedMeshNet(), ScriptedMeshNet()

    def wait(crop: MeshCrop) -> FaceMesh | None:
        assert may_go_on.wait(LONG_S)
        return mesh_in_crop(crop)

    busy.answer = wait
    ahead = Ahead(busy)
    first, second = ahead.locate(PICTURE, CROP), ahead.locate(PICTURE, CROP)
    assert second(own) is not None
    may_go_on.set()
    assert first(own) is not None
    assert (busy.calls, own.calls) == (1, 1)


def test_what_the_other_threads_network_raises_is_raised_to_whoever_asks() -> None:
    failing = ScriptedMeshNet()
    failing.answer = refuse
    looked = Ahead(failing).locate(PICTURE, CROP)
    while not failing.calls:
        threading.Event().wait(0.001)
    with pytest.raises(ModelError):
        looked(ScriptedMeshNet())


@pytest.mark.parametrize("mesh_every", [1, 2])
def test_several_faces_are_where_they_would_be_without_it(mesh_every: int) -> None:
    people = [(x, y, 80.0) for x, y in PLACES[:4]]
    ahead = Studio(people, looks_ahead=True)
    seen, alone = (meshes_of(studio, mesh_every=mesh_every) for studio in (ahead, Studio(people)))
    assert ahead.other_net.calls
    for one, other in zip(seen, alone, strict=True):
        np.testing.assert_array_equal(one, other)


def test_faces_close_to_each_other_wait_for_the_nearer_one() -> None:
    studio = Studio([(200.0, 150.0, 120.0), (285.0, 150.0, 90.0)], looks_ahead=True)
    for _ in range(4):
        studio.turn()
    assert len(studio.tracker.faces) == 2
    assert studio.other_net.calls == 0


def test_one_face_is_carried_by_flow_while_the_network_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    threads, carried = set(), PointFlow.carried

    def noted(
        flow: PointFlow, image_bgr: NDArray[np.uint8], guess: NDArray[np.float32] | None = None
    ) -> Carried | None:
        threads.add(threading.current_thread().name)
        return carried(flow, image_bgr, guess)

    monkeypatch.setattr(PointFlow, "carried", noted)
    studio = Studio([(320.0, 180.0, 200.0)], looks_ahead=True)
    studio.image = TEXTURED
    look = threading.Event()

    def slowly(crop: MeshCrop) -> FaceMesh | None:
        look.wait(0.02)
        return mesh_at((320.0, 180.0), 200.0)

    studio.net.answer = slowly
    for _ in range(5):
        (face,) = studio.turn()
        assert face.mesh is not None
        np.testing.assert_allclose(face.mesh.points, mesh_at((320.0, 180.0), 200.0).points, atol=0.2)
    assert any(name.startswith("faces") for name in threads)
    assert studio.other_net.calls == 0


def test_a_network_that_fails_in_the_other_thread_fails_the_frame_and_the_next_one_is_as_ever() -> None:
    studio = Studio([(x, y, 80.0) for x, y in PLACES[:3]], looks_ahead=True)
    for _ in range(3):
        studio.turn()
    answer, studio.net.answer, studio.other_net.answer = studio.net.answer, refuse, refuse
    with pytest.raises(ModelError):
        studio.turn()
    studio.net.answer = studio.other_net.answer = answer
    assert len(studio.turn()) == 3


def test_flow_that_was_begun_and_not_asked_for_is_over_before_the_face_is_remembered_elsewhere() -> None:
    may_go_on, busy = threading.Event(), ScriptedMeshNet()

    def wait(crop: MeshCrop) -> FaceMesh | None:
        assert may_go_on.wait(LONG_S)
        return None

    busy.answer = wait
    ahead, carrier = Ahead(busy), Carrier()
    first, second, third = (Frame(TEXTURED, index, index * FRAME_NS) for index in range(3))
    points = mesh_at((320.0, 180.0), 200.0).points
    carrier.remember(first, points)
    blocked = ahead.locate(PICTURE, CROP)
    carrier.begin(second, points, ahead)
    carrier.remember(second, points + np.float32(40))
    may_go_on.set()
    blocked(ScriptedMeshNet())
    carried = carrier.carried(third, points + np.float32(40))
    assert carried is not None
    np.testing.assert_allclose(carried.points[:, :2], points[:, :2] + np.float32(40), atol=0.2)
