"""Room: tests. What the tracker does when it cannot be sure: a mesh astray, a face that is missed, others half seen."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from mirror_app.domain.face import Detection, FaceMesh, TrackedFace
from mirror_app.domain.frame import Frame
from mirror_app.faces.bystanders import Bystanders
from mirror_app.faces.detect import detect_in_tiles
from mirror_app.faces.mesh import MeshCrop
from mirror_app.faces.track import FaceTracker
from tests.faces.scripted import STUDIO_HW, BlobDetector, ScriptedDetector, ScriptedMeshNet, detection_at, mesh_at
from tests.faces.scripted import mesh_in_crop as in_crop
from tests.portrait import FRAME_NS

USER = detection_at((200, 180), 120)
OTHER = detection_at((480, 180), 90)
IMAGE = np.zeros((*STUDIO_HW, 3), np.uint8)
MS = 1_000_000


class Studio:
    """A tracker over scripted networks; the mesh can be led away from where it should be."""

    def __init__(self, *people: Detection) -> None:
        self.eyes, self.net = ScriptedDetector(*people), ScriptedMeshNet()
        self.tracker = FaceTracker(self.eyes, self.eyes, self.net)
        self.now_ns = 0

    def turn(self, frames: int = 1) -> tuple[TrackedFace, ...]:
        for _ in range(frames):
            self.now_ns += FRAME_NS
            frame = Frame(IMAGE, 0, self.now_ns)
            self.tracker.follow(frame)
            self.tracker.scan(frame)
        return self.tracker.faces

    def lead_mesh_by(self, x: float) -> None:
        self.net.answer = lambda crop: mesh_at((float(crop.centre_xy[0]) + x, float(crop.centre_xy[1])), 120)

    def put_mesh_at(self, x: float) -> None:
        self.net.answer = lambda crop: mesh_at((x, 180), 120)

    def lose_mesh_near(self, x: float) -> None:
        def answer(crop: MeshCrop) -> FaceMesh | None:
            mesh = in_crop(crop)
            return FaceMesh(mesh.points, 0.1) if abs(float(crop.centre_xy[0]) - x) < 60 else mesh

        self.net.answer = answer


@pytest.mark.parametrize("away", [30, 60, 120, 200])
def test_a_mesh_that_jumps_off_its_face_covers_nobody_in_that_very_frame(away: float) -> None:
    studio = Studio(USER)
    assert studio.turn(2)[0].mesh is not None
    studio.lead_mesh_by(away)
    assert [face.mesh for face in studio.turn()] == [None]
    studio.net.answer = in_crop
    assert [face.mesh is not None for face in studio.turn()] == [True]


def test_a_mesh_that_creeps_off_its_face_is_found_out_by_the_next_look() -> None:
    studio = Studio(USER)
    studio.turn(2)
    studio.lead_mesh_by(9)
    trusted = []
    for _ in range(40):
        faces = studio.turn()
        # Where the detectors see the face beside the mesh, it counts as one without any.
        if len(faces) == 1 and faces[0].mesh is not None:
            trusted.append(abs(float(faces[0].box_xyxy[[0, 2]].mean()) - 200))
    assert max(trusted) < 0.55 * 120


def test_a_face_that_really_moves_fast_is_followed_under_its_id() -> None:
    studio = Studio(USER)
    (first,) = studio.turn()
    for x in (230, 260, 290):
        studio.eyes.found = [detection_at((x, 180), 120)]
        studio.put_mesh_at(x)
        (face,) = studio.turn()
        assert face.track_id == first.track_id


def test_whoever_is_lost_beside_others_is_missed_until_found_there_again() -> None:
    studio = Studio(USER, OTHER)
    missed = []
    for frames in (2, 60, 40):
        studio.turn(frames)
        missed.append(studio.tracker.misses_one)
        studio.lose_mesh_near(200)
        studio.eyes.found = [OTHER]
    assert missed == [False, True, False], "after three seconds he has left"
    assert studio.tracker.faces[0].mesh is not None


def test_the_missed_face_is_followed_again_before_a_larger_one() -> None:
    studio = Studio(USER, OTHER)
    studio.turn(2)
    studio.lose_mesh_near(200)
    studio.eyes.found = []
    studio.turn()
    assert studio.tracker.misses_one
    studio.net.answer = in_crop
    studio.eyes.found = [detection_at((480, 180), 150), USER]
    assert float(studio.turn()[0].box_xyxy[0]) < 300
    assert not studio.tracker.misses_one


def test_alone_nobody_is_missed_and_a_reset_forgets() -> None:
    studio = Studio(USER)
    studio.turn(2)
    studio.lose_mesh_near(200)
    studio.eyes.found = []
    studio.turn()
    assert not studio.tracker.misses_one
    crowd = Studio(USER, OTHER)
    crowd.turn(2)
    crowd.lose_mesh_near(200)
    crowd.turn()
    assert crowd.tracker.misses_one
    crowd.tracker.reset()
    assert not crowd.tracker.misses_one


def test_who_minds_others_looks_at_every_frame_and_at_one_quarter_of_it() -> None:
    studio = Studio(USER)
    studio.tracker.minds_others = True
    studio.turn(8)
    assert studio.eyes.calls == 8
    # The first frame, in which nobody is followed yet, too.
    assert studio.eyes.parts == 8


def test_all_quarters_have_their_turn() -> None:
    found = set()
    for place in ((40, 30), (600, 30), (40, 330), (600, 330)):
        image = np.zeros((*STUDIO_HW, 3), np.uint8)
        image[place[1] : place[1] + 9, place[0] : place[0] + 9] = 255
        found.add(tuple(bool(detect_in_tiles(BlobDetector(), image, only)) for only in range(4)))
    assert len(found) == 4
    assert all(any(quarters) for quarters in found)


def test_an_other_who_is_missed_is_remembered_for_half_a_second_in_a_growing_box() -> None:
    studio = Studio(USER, OTHER)
    studio.tracker.minds_others = True
    studio.turn(2)
    studio.eyes.found = [USER]
    widths = [float(np.ptp(face.box_xyxy[[0, 2]])) for _ in range(15) for face in studio.turn()[1:]]
    assert len(widths) == 15
    assert all(wider > before for before, wider in pairwise([90.0, *widths]))
    studio.turn(2)
    assert len(studio.tracker.faces) == 1


def test_an_other_who_is_seen_again_is_not_counted_twice() -> None:
    bystanders = Bystanders()
    one = TrackedFace(1, None, np.array([10, 10, 50, 50], np.float32))
    assert bystanders.remember((one,), None, 0) == (one,)
    moved = TrackedFace(2, None, np.array([40, 10, 80, 50], np.float32))
    assert bystanders.remember((moved,), None, 33 * MS) == (moved,)
    assert len(bystanders.remember((), None, 66 * MS)) == 1
    assert bystanders.remember((), np.array([30, 0, 90, 60], np.float32), 99 * MS) == ()
    bystanders.remember((one,), None, 0)
    bystanders.forget()
    assert bystanders.remember((), None, MS) == ()


@pytest.mark.parametrize("minds_empty", [True, False])
def test_that_nobody_is_there_takes_a_search_of_every_quarter_where_it_matters(minds_empty: bool) -> None:
    studio = Studio()
    studio.tracker.minds_empty = minds_empty
    studio.turn(10)
    assert (studio.tracker.empty_frames, studio.eyes.parts) == (10, 40 if minds_empty else 0)
    studio.eyes.found = [OTHER]
    studio.turn()
    assert studio.tracker.empty_frames == 0
