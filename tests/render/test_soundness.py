"""Room: tests. A patch that shows the live face, or no face at all, is no patch, whichever engine vouches for it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.capture.demo import DemoCamera
from mirror_app.capture.demo_look import LOOKS
from mirror_app.domain.assignment import Assignment
from mirror_app.domain.face import FaceMesh, TrackedFace
from mirror_app.domain.patch import FacePatch
from mirror_app.domain.target import TargetFace
from mirror_app.pipeline.assembly import open_tracker
from mirror_app.pipeline.enrol import target_from_texture
from mirror_app.render.soundness import is_sound
from mirror_app.swap.mesh_swap import MeshSwapper
from tests.faces.scripted import mesh_at
from tests.portrait import plain_target

MESH = mesh_at((80, 60), 80)
ORIGIN = (40, 10)
RNG = np.random.default_rng(1)
LIVE = RNG.integers(60, 200, (120, 160, 3), dtype=np.uint8)
GENERATED = RNG.integers(60, 200, (100, 80, 3), dtype=np.uint8)
FACE = target_from_texture("noise", RNG.integers(60, 255, (64, 64, 4), dtype=np.uint8), 1.0)
ONES = np.ones((100, 80), np.float32)


def columns(shown: slice, alpha: float = 1.0) -> NDArray[np.float32]:
    """Alpha that shows some columns only."""
    made = np.zeros((100, 80), np.float32)
    made[:, shown] = alpha
    return made


def sound(
    image: NDArray[np.uint8] = GENERATED,
    alpha: NDArray[np.float32] = ONES,
    origin: tuple[int, int] = ORIGIN,
    mesh: FaceMesh | None = MESH,
    live: NDArray[np.uint8] = LIVE,
    target: TargetFace = FACE,
) -> bool:
    return is_sound(FacePatch(image, alpha, origin), worn(mesh, target), live)


def worn(mesh: FaceMesh | None, target: TargetFace) -> Assignment:
    return Assignment(TrackedFace(1, mesh, np.zeros(4, np.float32)), target, 0.5)


def test_a_face_over_the_face_is_sound() -> None:
    assert sound()


@pytest.mark.parametrize("level", [0, 1, 90, 255])
def test_a_patch_of_one_colour_is_not(level: int) -> None:
    assert not sound(np.full_like(GENERATED, level))


def test_nor_is_one_that_is_nearly_black() -> None:
    assert not sound((GENERATED // 16).astype(np.uint8))


def test_nor_is_the_live_face_itself() -> None:
    assert not sound(np.ascontiguousarray(LIVE[10:110, 40:120]))


@pytest.mark.parametrize(
    ("alpha", "is_fine"),
    [
        (ONES * 0, False),
        (ONES * np.float32(np.nan), False),
        (ONES * np.float32(0.3), False),
        (columns(slice(0, 40)), False),
        (columns(slice(40, 80)), False),
        (columns(slice(0, 30)), False),
        (columns(slice(10, 70)), True),
        (columns(slice(0, 80), 0.6), True),
    ],
)
def test_alpha_must_hide_more_than_half_of_the_face(alpha: NDArray[np.float32], is_fine: bool) -> None:
    assert sound(alpha=alpha) is is_fine


@pytest.mark.parametrize(
    ("origin", "is_fine"), [((40, 10), True), ((43, 13), True), ((0, 10), False), ((80, 10), False), ((40, 20), True)]
)
def test_a_patch_must_lie_where_the_face_is(origin: tuple[int, int], is_fine: bool) -> None:
    assert sound(origin=origin) is is_fine


def broken(value: float) -> FaceMesh:
    points = MESH.points.copy()
    points[::3] = value
    return FaceMesh(points, 1.0)


@pytest.mark.parametrize(
    "mesh",
    [
        None,
        *(broken(value) for value in (np.nan, np.inf, -np.inf, 1e30)),
        mesh_at((-200, 60), 80),
        mesh_at((5e5, 60), 80),
    ],
)
def test_without_a_mesh_in_the_picture_nothing_is_sound(mesh: FaceMesh | None) -> None:
    assert not sound(mesh=mesh)


def test_of_a_face_half_out_of_the_picture_the_half_inside_counts() -> None:
    mesh = mesh_at((0, 60), 80)
    assert sound(alpha=columns(slice(0, 40)), origin=(0, 10), mesh=mesh)
    assert not sound(alpha=columns(slice(25, 80)), origin=(0, 10), mesh=mesh)


def test_in_a_room_too_dark_to_see_a_flat_patch_is_as_good_as_any() -> None:
    black = np.zeros_like(LIVE)
    assert sound(np.zeros_like(GENERATED), live=black)
    assert not sound(np.zeros_like(GENERATED), live=np.asarray(LIVE // 20, np.uint8))


def test_a_target_of_one_colour_may_look_so_and_a_black_one_black() -> None:
    flat = np.full_like(GENERATED, 90)
    assert sound(flat, target=plain_target((90, 90, 90)))
    assert not sound(flat // 90, target=plain_target((90, 90, 90)))
    assert sound(flat * 0, target=plain_target((0, 0, 0)))


@pytest.mark.parametrize("look", LOOKS)
def test_the_built_in_engines_patches_are_sound_in_every_look(look: str) -> None:
    camera, tracker = DemoCamera((640, 360), look=LOOKS[look]), open_tracker()
    swapper, target = MeshSwapper(), plain_target()
    for index in range(0, 120, 15):
        frame = camera.frame_at(index).frame
        tracker.follow(frame)
        tracker.scan(frame)
        (face,) = tracker.faces
        assignment = Assignment(face, target, 0.5)
        (patch,) = swapper.generate(frame, [assignment])
        assert patch.valid
        assert is_sound(patch, assignment, frame.image_bgr)
        assert not is_sound(replace(patch, alpha=patch.alpha * np.float32(0.3)), assignment, frame.image_bgr)
