"""Room: tests. Following: cheap while the face is there, quick when it is lost, and watchful for other faces."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from mirror_app.domain.errors import ModelError
from mirror_app.domain.face import Detection, FaceMesh
from mirror_app.domain.frame import Frame
from mirror_app.domain.templates import five_landmarks
from mirror_app.faces.mesh import MeshCrop
from mirror_app.faces.track import FaceTracker
from tests.faces.scripted import STUDIO_HW, ScriptedDetector, ScriptedMeshNet, detection_at, mesh_at, mesh_in_crop
from tests.portrait import FRAME_NS

IMAGE = np.zeros((*STUDIO_HW, 3), np.uint8)
ALICE = detection_at((200, 180), 120)
BOB = detection_at((480, 180), 100)
# A second person may be overlooked for no longer than this by the detector whose turn it is: 133 ms at 30 frames/s.
LOOK_AROUND_FRAMES = 4
LOOK_NS = 115_000_000
SECOND_NS = 1_000_000_000
IN_FRONT = detection_at((290, 180), 300)


class Studio:
    """A tracker over scripted networks, and its clock."""

    def __init__(
        self,
        *,
        near: tuple[Detection, ...] = (),
        far: tuple[Detection, ...] = (),
        thorough: bool = False,
        frame_ns: int = FRAME_NS,
    ) -> None:
        self.near, self.far, self.mesh_net = ScriptedDetector(*near), ScriptedDetector(*far), ScriptedMeshNet()
        self.tracker = FaceTracker(self.near, self.far, self.mesh_net, thorough=thorough)
        self.index, self.frame_ns, self.now_ns = -1, frame_ns, -frame_ns

    @property
    def looks(self) -> int:
        return self.near.calls + self.far.calls

    def turn(self) -> list[tuple[int, bool]]:
        """One frame; (id, has a mesh) of every face."""
        self.index += 1
        self.now_ns += self.frame_ns
        frame = Frame(IMAGE, self.index, self.now_ns)
        self.tracker.follow(frame)
        self.tracker.scan(frame)
        return [(face.track_id, face.mesh is not None) for face in self.tracker.faces]

    def spare_turn(self) -> int:
        """One frame, then the spare time after it; how many looks the frame itself had to wait for."""
        before = self.looks
        self.turn()
        waited = self.looks - before
        self.tracker.use_spare_time(Frame(IMAGE, self.index, self.now_ns))
        return waited


def nowhere(crop: MeshCrop) -> FaceMesh | None:
    return None


def unsure(crop: MeshCrop) -> FaceMesh | None:
    return FaceMesh(mesh_in_crop(crop).points, 0.1)


def broken(crop: MeshCrop) -> FaceMesh | None:
    raise ModelError("The network gave numbers that are not finite.")


def test_nobody_is_nobody() -> None:
    studio = Studio()
    assert studio.turn() == studio.turn() == []


def test_a_face_is_found_in_the_first_frame_and_keeps_its_id() -> None:
    studio = Studio(near=(ALICE,))
    ids = {faces[0][0] for faces in (studio.turn() for _ in range(40))}
    assert len(ids) == 1


def test_a_face_that_only_the_far_detector_sees_is_found_too() -> None:
    studio = Studio(far=(ALICE,))
    assert [has_mesh for _, has_mesh in studio.turn()] == [True]


def test_while_the_face_is_followed_the_detectors_run_now_and_then_only() -> None:
    studio = Studio(near=(ALICE,))
    studio.turn()
    found_after = studio.looks
    for _ in range(24):
        studio.turn()
    assert 24 / LOOK_AROUND_FRAMES <= studio.looks - found_after <= 24 / 2


@pytest.mark.parametrize("rate", [5, 15, 24, 30, 60, 120])
def test_at_any_frame_rate_the_detectors_look_around_equally_often_in_turns(rate: int) -> None:
    studio = Studio(near=(ALICE,), frame_ns=SECOND_NS // rate)
    studio.turn()
    near, far = studio.near.calls, studio.far.calls
    for _ in range(4 * rate):
        studio.turn()
    near, far = studio.near.calls - near, studio.far.calls - far
    assert 4 * SECOND_NS // (LOOK_NS + studio.frame_ns) <= near + far <= 4 * SECOND_NS // LOOK_NS
    assert abs(near - far) <= 1


def test_a_clock_that_went_back_makes_the_tracker_look_around_at_once() -> None:
    studio = Studio(near=(ALICE,))
    studio.turn()
    looks = studio.looks
    studio.now_ns -= 10 * SECOND_NS
    studio.turn()
    assert studio.looks > looks


def test_a_thorough_tracker_runs_both_detectors_on_every_frame() -> None:
    studio = Studio(near=(ALICE,), thorough=True)
    for _ in range(5):
        studio.turn()
    assert (studio.near.calls, studio.far.calls) == (5, 5)


def test_a_thorough_tracker_looks_into_parts_of_every_frame_unless_one_face_alone_is_followed() -> None:
    studio = Studio(thorough=True)

    def parts_looked_into() -> int:
        before = studio.far.parts
        studio.turn()
        assert studio.near.parts == 0
        return studio.far.parts - before

    assert [parts_looked_into() for _ in range(7)] == [4] * 7, "nobody is there"
    studio.near.found.append(ALICE)
    studio.turn()
    assert sorted(parts_looked_into() for _ in range(12)) == [0] * 10 + [4] * 2, "one face is followed"
    studio.far.found.append(BOB)
    studio.turn()
    assert [parts_looked_into() for _ in range(7)] == [4] * 7, "somebody else is there"


def test_a_live_tracker_never_looks_into_parts() -> None:
    studio = Studio(near=(ALICE,), far=(BOB,))
    for _ in range(12):
        studio.turn()
    studio.near.found.clear()
    studio.far.found.clear()
    studio.mesh_net.answer = nowhere
    studio.turn()
    assert studio.near.parts == studio.far.parts == 0


def test_the_largest_face_is_followed_and_stands_first() -> None:
    studio = Studio(near=(BOB, ALICE))
    faces = studio.turn()
    assert [has_mesh for _, has_mesh in faces] == [True, False]
    np.testing.assert_allclose(studio.tracker.faces[0].box_xyxy.reshape(2, 2).mean(0), (200, 180), atol=3)


def test_a_face_that_the_mesh_cannot_be_placed_on_gives_way_to_one_where_it_can() -> None:
    studio = Studio(near=(ALICE, BOB))
    studio.mesh_net.answer = lambda crop: mesh_in_crop(crop) if crop.centre_xy[0] > 300 else nowhere(crop)
    faces = studio.turn()
    assert [has_mesh for _, has_mesh in faces] == [True, False]
    np.testing.assert_allclose(studio.tracker.faces[0].box_xyxy.reshape(2, 2).mean(0), (480, 180), atol=3)


@pytest.mark.parametrize("newcomer", [BOB, IN_FRONT], ids=["beside", "larger and in front"])
@pytest.mark.parametrize(("seen_by", "looks"), [("both", 1), ("near", 2), ("far", 2)])
@pytest.mark.parametrize("rate", [15, 30, 60])
@pytest.mark.parametrize("followed_frames", [1, 4, 5, 8, 9, 16])
def test_a_second_person_is_noticed_soon_and_stays_in_mind(
    newcomer: Detection, seen_by: str, looks: int, rate: int, followed_frames: int
) -> None:
    studio = Studio(near=(ALICE,), far=(ALICE,), frame_ns=SECOND_NS // rate)
    assert {len(studio.turn()) for _ in range(followed_frames)} == {1}
    begun_ns = studio.now_ns + studio.frame_ns
    # Who stands in front hides the followed face from the detector that sees him.
    seen = [ALICE, BOB] if newcomer is BOB else [newcomer]
    for detector, name in ((studio.near, "near"), (studio.far, "far")):
        if seen_by in (name, "both"):
            detector.found[:] = seen
    while len(studio.turn()) == 1:
        assert studio.now_ns - begun_ns <= looks * LOOK_NS + studio.frame_ns
    assert studio.now_ns - begun_ns <= looks * LOOK_NS + studio.frame_ns
    assert {len(studio.turn()) for _ in range(rate)} == {2}


@pytest.mark.parametrize("rate", [15, 30, 60])
def test_with_spare_time_between_frames_no_frame_waits_for_a_look_and_looks_go_on(rate: int) -> None:
    studio = Studio(near=(ALICE,), far=(ALICE,), frame_ns=SECOND_NS // rate)
    studio.turn()
    found_after = studio.looks
    assert {studio.spare_turn() for _ in range(2 * rate)} == {0}
    assert studio.looks - found_after >= 2 * SECOND_NS // LOOK_NS - 1


def test_a_second_person_seen_in_spare_time_counts_from_the_next_frame() -> None:
    studio = Studio(near=(ALICE,), far=(ALICE,))
    studio.turn()
    studio.near.found[:] = studio.far.found[:] = [ALICE, BOB]
    for _ in range(LOOK_AROUND_FRAMES):
        studio.spare_turn()
    assert len(studio.turn()) == 2


def test_nobody_is_looked_for_in_spare_time_while_nobody_is_followed() -> None:
    studio = Studio()
    assert studio.spare_turn() == 2
    assert studio.looks == 2


def test_a_second_person_who_left_is_forgotten_soon() -> None:
    studio = Studio(near=(ALICE, BOB))
    assert len(studio.turn()) == 2
    studio.near.found.remove(BOB)
    assert [len(studio.turn()) for _ in range(LOOK_AROUND_FRAMES)][-1] == 1


def test_a_small_second_face_that_only_the_far_detector_sees_stays_in_mind() -> None:
    studio = Studio(near=(ALICE,), far=(ALICE, detection_at((560, 60), 30)))
    counts = [len(studio.turn()) for _ in range(60)]
    assert 2 in counts
    assert set(counts[counts.index(2) :]) == {2}


def test_a_sure_detection_counts_as_a_face_even_without_a_mesh() -> None:
    studio = Studio(near=(detection_at((200, 180), 120, score=0.95),))
    studio.mesh_net.answer = unsure
    assert [has_mesh for _, has_mesh in studio.turn()] == [False]


@pytest.mark.parametrize("vanish", [nowhere, unsure])
def test_while_nobody_is_followed_every_detection_counts_as_a_bare_face(
    vanish: Callable[[MeshCrop], FaceMesh | None],
) -> None:
    studio = Studio(near=(detection_at((200, 180), 120, score=0.51),), far=(detection_at((480, 180), 40, score=0.61),))
    studio.mesh_net.answer = vanish
    for _ in range(3):
        assert [has_mesh for _, has_mesh in studio.turn()] == [False, False]


def test_beside_a_followed_face_an_unsure_detection_counts_when_the_mesh_finds_a_face_there_and_only_then() -> None:
    studio = Studio(near=(ALICE, detection_at((480, 180), 100, score=0.6)))
    assert [has_mesh for _, has_mesh in studio.turn()] == [True, False]
    studio.tracker.reset()
    studio.mesh_net.answer = lambda crop: mesh_in_crop(crop) if crop.centre_xy[0] < 300 else unsure(crop)
    assert [has_mesh for _, has_mesh in studio.turn()] == [True]


def test_a_larger_face_that_comes_in_front_of_the_followed_one_is_another_person() -> None:
    studio = Studio(near=(ALICE,))
    studio.turn()
    studio.near.found[:] = studio.far.found[:] = [IN_FRONT]
    assert [len(studio.turn()) for _ in range(LOOK_AROUND_FRAMES)][-1] == 2


def test_a_second_detection_on_the_followed_face_is_the_same_person() -> None:
    studio = Studio(near=(ALICE,), far=(detection_at((206, 170), 150),), thorough=True)
    assert all(len(studio.turn()) == 1 for _ in range(5))


def test_of_two_detections_on_the_followed_face_only_the_one_that_fits_best_is_that_face() -> None:
    studio = Studio(near=(ALICE,))
    studio.turn()
    child = detection_at((225, 205), 60)
    studio.near.found[:] = studio.far.found[:] = [child, ALICE]
    while len(studio.turn()) == 1:
        assert studio.now_ns < SECOND_NS
    np.testing.assert_array_equal(studio.tracker.faces[1].box_xyxy, child.box_xyxy)


@pytest.mark.parametrize("vanish", [nowhere, unsure])
def test_a_lost_face_is_looked_for_in_the_same_frame_and_found_again_under_a_new_id(
    vanish: Callable[[MeshCrop], FaceMesh | None],
) -> None:
    studio = Studio(near=(ALICE,))
    (first,) = studio.turn()
    studio.mesh_net.answer = vanish
    studio.near.found.clear()
    looks = studio.looks
    assert studio.turn() == []
    assert studio.looks > looks
    studio.mesh_net.answer = mesh_in_crop
    studio.near.found.append(ALICE)
    (again,) = studio.turn()
    assert again[1]
    assert again[0] > first[0]


def test_a_face_found_anew_starts_where_it_is_and_is_not_drawn_from_where_the_last_one_was() -> None:
    studio = Studio(near=(ALICE,))
    studio.turn()
    studio.mesh_net.answer = nowhere
    studio.turn()
    studio.near.found[:] = [BOB]
    studio.mesh_net.answer = lambda crop: mesh_at((480, 180), 100)
    studio.turn()
    mesh = studio.tracker.faces[0].mesh
    assert mesh is not None
    np.testing.assert_array_equal(mesh.points, mesh_at((480, 180), 100).points)


def test_a_face_that_jumps_is_found_again_in_the_same_frame() -> None:
    studio = Studio(near=(ALICE,))
    studio.turn()
    studio.near.found[:] = [BOB]
    studio.mesh_net.answer = lambda crop: mesh_in_crop(crop) if crop.centre_xy[0] > 300 else unsure(crop)
    assert [has_mesh for _, has_mesh in studio.turn()] == [True]
    np.testing.assert_allclose(studio.tracker.faces[0].box_xyxy.reshape(2, 2).mean(0), (480, 180), atol=3)


def test_after_a_reset_nobody_is_known_and_no_id_is_used_again() -> None:
    studio = Studio(near=(ALICE, BOB))
    before = {track_id for track_id, _ in studio.turn()}
    studio.tracker.reset()
    assert studio.tracker.faces == ()
    after = {track_id for track_id, _ in studio.turn()}
    assert len(after) == 2
    assert not before & after


def test_a_broken_network_is_reported_and_the_next_frame_is_as_good_as_before() -> None:
    studio = Studio(near=(ALICE,))
    studio.turn()
    studio.mesh_net.answer = broken
    with pytest.raises(ModelError):
        studio.turn()
    studio.mesh_net.answer = mesh_in_crop
    studio.tracker.reset()
    assert [has_mesh for _, has_mesh in studio.turn()] == [True]


def test_a_crowd_is_counted_to_the_last_face() -> None:
    crowd = tuple(detection_at((20 + 30 * (i % 20), 20 + 30 * (i // 20)), 20) for i in range(120))
    studio = Studio(near=crowd)
    faces = studio.turn()
    assert len(faces) == 120
    assert len({track_id for track_id, _ in faces}) == 120


def test_the_followed_mesh_is_steadied() -> None:
    studio, random = Studio(near=(ALICE,)), np.random.default_rng(5)

    def trembling(crop: MeshCrop) -> FaceMesh:
        still = mesh_in_crop(MeshCrop(np.array([200, 180], np.float32), 180.0, 0.0))
        return FaceMesh((still.points + random.normal(0, 0.3, (468, 3))).astype(np.float32), 1.0)

    studio.mesh_net.answer = trembling
    seen = []
    for _ in range(60):
        studio.turn()
        mesh = studio.tracker.faces[0].mesh
        assert mesh is not None
        seen.append(mesh.points)
    assert np.array(seen)[20:].std(0).mean() < 0.7 * 0.3


def test_the_followed_faces_five_points_are_those_of_its_mesh() -> None:
    studio = Studio(near=(ALICE,))
    for _ in range(3):
        studio.turn()
        (face,) = studio.tracker.faces
        assert face.mesh is not None
        assert face.landmarks is not None
        np.testing.assert_array_equal(face.landmarks, five_landmarks(face.mesh.points))


@pytest.mark.parametrize(("keypoints", "known"), [(5, True), (6, False)])
def test_of_others_the_five_points_are_known_where_the_detector_sees_them(keypoints: int, known: bool) -> None:
    bob = Detection(BOB.box_xyxy, BOB.keypoints[:keypoints], BOB.score)
    studio = Studio(near=(ALICE, bob))
    studio.turn()
    assert (studio.tracker.faces[1].landmarks is not None) == known


@pytest.mark.parametrize("thorough", [False, True])
def test_one_detector_for_near_and_far_looks_once(thorough: bool) -> None:
    detector = ScriptedDetector(ALICE)
    tracker = FaceTracker(detector, detector, ScriptedMeshNet(), thorough=thorough)
    tracker.scan(Frame(IMAGE, 0, 0))
    assert detector.calls == 1
    assert len(tracker.faces) == 1


def test_where_faces_are_seen_everywhere_the_mesh_network_looks_at_a_few_only() -> None:
    crowd = [detection_at((10 + 20 * (i % 30), 10 + 20 * (i // 30)), 12, score=0.6) for i in range(500)]
    studio = Studio(near=tuple(crowd))
    studio.mesh_net.answer = nowhere
    assert len(studio.turn()) == 500
    assert studio.mesh_net.calls < 50
    studio.mesh_net.answer = lambda crop: mesh_in_crop(crop) if crop.side_px > 100 else nowhere(crop)
    studio.near.found[:] = [ALICE, *crowd]
    calls = studio.mesh_net.calls
    assert len(studio.turn()) > 400
    assert studio.mesh_net.calls - calls < 50
