"""Room: tests. Several faces with a mesh each: who is listed, for how long, and which of two meshes on a face stays."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mirror_app.domain.face import Detection, FaceMesh, TrackedFace, TrackState
from mirror_app.domain.frame import Frame
from mirror_app.faces.ahead import Ahead
from mirror_app.faces.mesh import MeshCrop
from mirror_app.faces.track import FaceTracker
from tests.faces.scripted import STUDIO_HW, ScriptedDetector, ScriptedMeshNet, detection_at, mesh_at
from tests.portrait import FRAME_NS

BLACK = np.zeros((*STUDIO_HW, 3), np.uint8)
TEXTURED = np.random.default_rng(3).integers(0, 255, (*STUDIO_HW, 3), np.uint8)
PLACES = [(110.0, 100.0), (320.0, 100.0), (530.0, 100.0), (110.0, 270.0), (320.0, 270.0), (530.0, 270.0)]


class Studio:
    """A tracker in a room with people; the mesh network finds whoever is nearest to the middle of its crop."""

    def __init__(
        self,
        people: list[tuple[float, float, float]],
        *,
        follows: int = 6,
        looks_ahead: bool = False,
        thorough: bool = False,
    ) -> None:
        self.people, self.image = people, BLACK
        self.eyes, self.net, self.other_net = ScriptedDetector(), ScriptedMeshNet(), ScriptedMeshNet()
        self.net.answer = self.other_net.answer = self._answer
        ahead = Ahead(self.other_net) if looks_ahead else None
        self.tracker = FaceTracker(self.eyes, self.eyes, self.net, thorough=thorough, ahead=ahead)
        self.follow_looks = 0
        """Looks of the network to follow faces that are known."""
        self.tracker.follows = follows
        self.now_ns = 0
        self.unseen: set[int] = set()

    def _answer(self, crop: MeshCrop) -> FaceMesh | None:
        seen = [one for index, one in enumerate(self.people) if index not in self.unseen]
        away = [np.hypot(x - crop.centre_xy[0], y - crop.centre_xy[1]) / high for x, y, high in seen]
        if not away or min(away) > 0.6:
            return FaceMesh(
                mesh_at((float(crop.centre_xy[0]), float(crop.centre_xy[1])), crop.side_px / 1.5).points, 0.1
            )
        x, y, high = seen[int(np.argmin(away))]
        return mesh_at((x, y), high)

    def turn(self, found: list[int] | None = None) -> tuple[TrackedFace, ...]:
        """One frame in which the detectors see these of the people, or all."""
        seen = range(len(self.people)) if found is None else found
        self.eyes.found = [_detected(self.people[index]) for index in seen if index not in self.unseen]
        self.now_ns += FRAME_NS
        frame = Frame(self.image, 0, self.now_ns)
        before = self.net.calls
        self.tracker.follow(frame)
        self.follow_looks += self.net.calls - before
        self.tracker.scan(frame)
        return self.tracker.faces


def _detected(one: tuple[float, float, float]) -> Detection:
    return detection_at(one[:2], one[2])


def _middle(face: TrackedFace) -> NDArray[np.float32]:
    return np.asarray(face.box_xyxy.reshape(2, 2).mean(0), np.float32)


@pytest.mark.parametrize(("follows", "meshes"), [(1, 1), (3, 3), (6, 6)])
def test_as_many_as_wanted_have_a_mesh_and_the_largest_leads(follows: int, meshes: int) -> None:
    studio = Studio([(*place, 80.0 + 4 * index) for index, place in enumerate(PLACES)], follows=follows)
    for _ in range(5):
        faces = studio.turn()
        assert len(faces) == 6
        assert sum(face.mesh is not None for face in faces) == meshes
        np.testing.assert_allclose(_middle(faces[0]), PLACES[-1], atol=3)


def test_a_track_is_tentative_then_confirmed_under_one_id_and_less_are_followed_when_less_are_wanted() -> None:
    studio = Studio([(*PLACES[0], 90.0), (*PLACES[2], 80.0)])
    states = [studio.turn()[1].state for _ in range(4)]
    assert states == [TrackState.TENTATIVE, TrackState.TENTATIVE, TrackState.CONFIRMED, TrackState.CONFIRMED]
    ids = [face.track_id for face in studio.tracker.faces]
    assert ids == [face.track_id for face in studio.turn()]
    studio.tracker.follows = 1
    faces = studio.turn()
    assert [face.mesh is not None for face in faces] == [True, False]
    assert faces[0].track_id == ids[0]


def test_the_leader_stays_the_leader_when_a_larger_face_comes_and_the_largest_follows_him() -> None:
    studio = Studio([(*PLACES[0], 80.0)])
    leader = studio.turn()[0].track_id
    studio.people += [(*PLACES[1], 100.0), (*PLACES[2], 120.0)]
    for _ in range(10):
        assert studio.turn()[0].track_id == leader
    studio.unseen.add(0)
    np.testing.assert_allclose(_middle(studio.turn()[0]), PLACES[2], atol=3)
    assert studio.tracker.misses_one


def test_a_face_lost_for_a_moment_coasts_with_sinking_confidence_keeps_its_id_and_is_lost_soon() -> None:
    studio = Studio([(*PLACES[4], 150.0)])
    studio.image = TEXTURED
    for _ in range(4):
        (before,) = studio.turn()
    studio.unseen.add(0)
    sure = []
    while faces := studio.turn():
        (face,) = faces
        assert (face.track_id, face.state) == (before.track_id, TrackState.COASTING)
        assert face.mesh is not None
        np.testing.assert_allclose(_middle(face), PLACES[4], atol=4)
        sure.append(face.confidence)
    assert 3 <= len(sure) <= 10
    assert sure == sorted(sure, reverse=True)
    assert min(sure) >= 0.5
    studio.unseen.clear()
    (again,) = studio.turn()
    assert again.track_id != before.track_id


def test_a_face_that_coasts_and_is_seen_again_is_the_same_track() -> None:
    studio = Studio([(*PLACES[4], 150.0)])
    studio.image = TEXTURED
    for _ in range(4):
        (before,) = studio.turn()
    studio.unseen.add(0)
    assert studio.turn()[0].state is TrackState.COASTING
    studio.unseen.clear()
    (again,) = studio.turn()
    assert (again.track_id, again.state) == (before.track_id, TrackState.CONFIRMED)


def test_of_two_meshes_on_one_face_the_one_that_was_there_stays_and_the_other_is_awaited_without_one() -> None:
    studio = Studio([(200.0, 180.0, 110.0), (340.0, 180.0, 80.0)])
    for _ in range(4):
        front, _ = studio.turn()
    for x in (310.0, 285.0, 260.0):
        studio.people[1] = (x, 180.0, 80.0)
        studio.turn()
    studio.people[1], studio.unseen = (215.0, 180.0, 80.0), {1}
    left, *coming = studio.turn()
    assert [face.mesh for face in coming] == [None]
    assert left.track_id == front.track_id
    assert not studio.tracker.misses_one
    studio.people[1], studio.unseen = (60.0, 180.0, 80.0), set()
    assert len([face for _ in range(4) for face in studio.turn()][-2:]) == 2
    assert sum(face.mesh is not None for face in studio.tracker.faces) == 2


@pytest.mark.parametrize("every", [2, 3])
def test_the_mesh_network_may_rest_where_flow_carries_the_mesh(every: int) -> None:
    studio = Studio([(*PLACES[4], 150.0)])
    studio.image = TEXTURED
    for _ in range(4):
        studio.turn()
    studio.tracker.mesh_every = every
    calls = studio.net.calls
    for _ in range(12):
        (face,) = studio.turn()
        assert face.state is TrackState.CONFIRMED
        np.testing.assert_allclose(_middle(face), PLACES[4], atol=1)
    assert studio.net.calls - calls == 12 // every


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_whatever_comes_and_goes_ids_are_unique_every_face_seen_is_listed_and_coasting_ends(
    data: st.DataObject,
) -> None:
    studio = Studio([(*place, 90.0) for place in PLACES[: data.draw(st.integers(1, 6), label="people")]])
    studio.image = data.draw(st.sampled_from([BLACK, TEXTURED]), label="image")
    studio.tracker.look_every_ns = 0
    coasted: dict[int, int] = {}
    everybody = range(len(studio.people))
    for _ in range(data.draw(st.integers(1, 14), label="frames")):
        studio.unseen = data.draw(st.sets(st.sampled_from(everybody)), label="unseen")
        faces = studio.turn()
        assert len({face.track_id for face in faces}) == len(faces)
        assert all(0 <= face.confidence <= 1 for face in faces)
        for index in set(everybody) - studio.unseen:
            assert any(np.abs(_middle(face) - PLACES[index]).max() < 12 for face in faces)
        for face in faces:
            is_coasting = face.state is TrackState.COASTING
            coasted[face.track_id] = coasted.get(face.track_id, 0) + 1 if is_coasting else 0
            assert coasted[face.track_id] <= 10


@pytest.mark.parametrize(
    ("people", "thorough", "looks"),
    [(2, False, 20), (3, False, 15), (3, True, 30), (4, False, 20)],
    ids=["two", "three", "three in a file", "four"],
)
def test_of_many_known_people_who_stand_apart_each_is_looked_at_in_one_frame_of_two(
    people: int, thorough: bool, looks: int
) -> None:
    studio = known_people(people, thorough=thorough)
    before = studio.follow_looks
    for _ in range(10):
        assert len(studio.turn()) == people
    assert studio.follow_looks - before == looks


def test_nobody_who_is_close_to_another_is_carried_by_flow() -> None:
    studio = known_people(3)
    for step in range(26):
        studio.people[2] = (530.0 - 5 * step, 100.0, 80.0)
        studio.turn()
    assert len(studio.tracker.faces) == 3
    before = studio.follow_looks
    for _ in range(10):
        studio.turn()
    assert studio.follow_looks - before == 30


def known_people(people: int, *, thorough: bool = False) -> Studio:
    """People who stand apart and have their numbers; until then the network looked at all in every frame."""
    studio = Studio([(x, y, 80.0) for x, y in PLACES[:people]], thorough=thorough)
    studio.image = TEXTURED
    studio.turn()
    before = studio.follow_looks
    studio.turn()
    assert studio.follow_looks - before == people
    while any(face.person is None for face in studio.turn()):
        assert studio.now_ns < 10_000_000_000
    return studio
