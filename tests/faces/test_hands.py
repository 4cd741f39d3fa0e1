"""Room: tests. Hands before a face are found, followed and lost; the networks are the real ones."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.capture.demo import DemoCamera
from mirror_app.capture.demo_look import LOOKS
from mirror_app.compose.occlusion_hands import without_hands
from mirror_app.domain import mesh_topology as topology
from mirror_app.domain.errors import ModelError
from mirror_app.domain.face import FaceMesh, TrackedFace
from mirror_app.domain.frame import Frame
from mirror_app.domain.geometry import box_around
from mirror_app.domain.patch import FacePatch
from mirror_app.faces.hand_net import HAND_FILE, HandNet, crop_around_hand
from mirror_app.faces.hands import HandFinder
from mirror_app.faces.palm_net import PALM_FILE, HandCrop, PalmNet
from mirror_app.resources import assets_dir
from mirror_app.runtime.ort import OrtCpuBackend
from tests.props.demo_props import FacePlace, PropKind, occluded

START = 555
FPS = 30
SPOT_S = 1.4
"""In each visit the hand is before the face by then, s."""

Seen = tuple[Frame, TrackedFace, NDArray[np.uint8] | None]


def backend(name: str) -> OrtCpuBackend:
    return OrtCpuBackend(assets_dir() / "models" / name)


@pytest.fixture(scope="module")
def finder() -> HandFinder:
    return HandFinder(PalmNet(backend(PALM_FILE)), HandNet(backend(HAND_FILE)))


def shown(look: str, kind: PropKind | None, *, frames: int, begin_s: float = SPOT_S) -> Iterator[Seen]:
    """Demo frames with their true mesh, and a thing before the face."""
    camera = DemoCamera(fps=FPS, look=LOOKS[look])
    for number in range(frames):
        taken = camera.frame_at(START + number)
        image, mask = taken.frame.image_bgr, None
        points = taken.mesh_points.astype(np.float32)
        box = box_around(points)
        if kind is not None:
            middle = ((box[:2] + box[2:]) / 2).tolist()
            place = FacePlace((middle[0], middle[1]), float(box[3] - box[1]))
            image, mask = occluded(image, kind, begin_s + number / FPS, place)
        frame = Frame(image, number, number * 1_000_000_000 // FPS)
        yield frame, TrackedFace(1, FaceMesh(points, 1.0), box), mask


def covering(face: TrackedFace) -> FacePatch:
    assert face.mesh is not None
    low, high = np.floor(face.box_xyxy[:2]).astype(int), np.ceil(face.box_xyxy[2:]).astype(int) + 1
    alpha = np.zeros((high[1] - low[1], high[0] - low[0]), np.float32)
    cv2.fillPoly(alpha, [np.round(face.mesh.points[list(topology.FACE_OVAL), :2] - low).astype(np.int32)], 1.0)
    return FacePatch(np.zeros((*alpha.shape, 3), np.uint8), alpha, (int(low[0]), int(low[1])))


@pytest.mark.parametrize("look", ["plain", "dark skin", "dim room"])
def test_a_hand_before_the_face_is_found_and_stays_before_it(finder: HandFinder, look: str) -> None:
    finder.forget()
    both = either = 0
    for frame, face, mask in shown(look, PropKind.HAND, frames=7):
        (found,) = finder.seen_at(frame, [face])
        assert len(found.hands) == 1
        patch = covering(found)
        visible = without_hands(None, found.hands, patch)
        assert visible is not None
        assert mask is not None
        (x, y), (height, width) = patch.origin_xy, patch.alpha.shape
        true = (mask[y : y + height, x : x + width] > 127) & (patch.alpha > 0.5)
        got = (visible < 0.5) & (patch.alpha > 0.5)
        both += int((true & got).sum())
        either += int((true | got).sum())
    assert both / either > 0.8


@pytest.mark.parametrize("kind", [None, PropKind.CUP, PropKind.MICROPHONE])
def test_no_hand_is_seen_where_there_is_none(finder: HandFinder, kind: PropKind | None) -> None:
    finder.forget()
    for frame, face, _ in shown("plain", kind, frames=10):
        assert finder.seen_at(frame, [face])[0].hands == ()


def test_a_hand_that_is_taken_away_is_forgotten_at_once(finder: HandFinder) -> None:
    finder.forget()
    for frame, face, _ in shown("plain", PropKind.HAND, frames=4):
        held = finder.seen_at(frame, [face])[0]
    assert held.hands
    for frame, face, _ in shown("plain", None, frames=3):
        index = 4 + frame.index
        held = finder.seen_at(Frame(frame.image_bgr, index, index * 1_000_000_000 // FPS), [face])[0]
    assert held.hands == ()


class CountingPalms(PalmNet):
    """Counts looks."""

    looks = 0

    def find(self, image_bgr: NDArray[np.uint8], centre_xy: NDArray[np.float32], side_px: float) -> list[HandCrop]:
        self.looks += 1
        return []


@pytest.mark.parametrize(("is_still", "most"), [(True, 2), (False, 5)])
def test_palms_are_looked_for_seldom_and_hardly_ever_where_nothing_changes(is_still: bool, most: int) -> None:
    palms = CountingPalms(backend(PALM_FILE))
    finder = HandFinder(palms, HandNet(backend(HAND_FILE)))
    image = np.zeros((720, 1280, 3), np.uint8)
    points = topology.CANONICAL.astype(np.float32) * 20 + np.float32(400)
    face = TrackedFace(1, FaceMesh(points, 1.0), box_around(points))
    for number in range(FPS):
        picture = image if is_still else np.full_like(image, 7 * number)
        finder.seen_at(Frame(picture, number, number * 1_000_000_000 // FPS), [face])
    assert 1 <= palms.looks <= most


@pytest.mark.parametrize(("people", "most"), [(1, 6), (4, 10)])
def test_with_spare_time_no_frame_but_the_first_waits_for_a_look(people: int, most: int) -> None:
    palms = CountingPalms(backend(PALM_FILE))
    finder = HandFinder(palms, HandNet(backend(HAND_FILE)))
    points = topology.CANONICAL.astype(np.float32) * 20 + np.float32(400)
    faces = [TrackedFace(track_id, FaceMesh(points, 1.0), box_around(points)) for track_id in range(people)]
    in_frames = 0
    for number in range(FPS):
        frame = Frame(np.full((720, 1280, 3), 7 * number, np.uint8), number, number * 1_000_000_000 // FPS)
        before = palms.looks
        finder.seen_at(frame, faces)
        in_frames += palms.looks - before
        finder.use_spare_time(frame, faces)
    assert in_frames == 1
    assert 4 <= palms.looks <= most


def test_a_face_without_a_mesh_is_passed_on_as_it_is(finder: HandFinder) -> None:
    finder.forget()
    face = TrackedFace(1, None, np.array([10, 10, 50, 50], np.float32))
    assert finder.seen_at(Frame(np.zeros((90, 160, 3), np.uint8), 0, 0), [face]) == (face,)


@pytest.mark.parametrize(("turn", "expected"), [(0, 0.0), (1, np.pi / 2), (3, -np.pi / 2)])
def test_the_next_crop_turns_with_the_fingers(turn: int, expected: float) -> None:
    up = np.zeros((21, 2), np.float32)
    up[1:, 1] = -np.tile([1, 2, 3, 4], 5)
    up[1:, 0] = np.repeat([-2, -1, 0, 1, 2], 4)
    quarter = np.array([[0, 1], [-1, 0]], np.float32)
    crop = crop_around_hand((up @ np.linalg.matrix_power(quarter, turn)).astype(np.float32) * 40)
    assert crop.roll_rad == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize(("net", "file"), [(PalmNet, HAND_FILE), (HandNet, PALM_FILE)])
def test_another_network_is_refused(net: type[PalmNet] | type[HandNet], file: str) -> None:
    with pytest.raises(ModelError):
        net(backend(file))
