"""Room: tests. What is in front of a face is found; the face itself is never taken for it, whatever the light does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.capture.demo import DemoCamera
from mirror_app.capture.demo_look import LOOKS
from mirror_app.compose.occlusion import OcclusionFinder
from mirror_app.compose.occlusion_align import Alignment
from mirror_app.compose.occlusion_judge import FaceJudge
from mirror_app.compose.occlusion_light import LightFit
from mirror_app.compose.occlusion_texels import SIDE, Unrolled
from mirror_app.domain import mesh_topology as topology
from mirror_app.domain.face import FaceMesh, TrackedFace, TrackState
from mirror_app.domain.frame import Frame
from mirror_app.domain.geometry import box_around
from mirror_app.domain.patch import FacePatch
from mirror_app.imaging.resample import blurred
from tests.props.demo_props import VISIT_S, FacePlace, PropKind, occluded

FPS = 30
LEARN = 30
RNG = np.random.default_rng(4)

Change = Callable[[NDArray[np.uint8], int], NDArray[np.uint8]]


@dataclass(frozen=True, slots=True, eq=False)
class Take:
    frame: Frame
    face: TrackedFace
    patch: FacePatch


@cache
def takes(look: str = "plain", number: int = LEARN + 12) -> tuple[Take, ...]:
    """The demo head with its true mesh, and a patch over its outline."""
    camera = DemoCamera((640, 360), FPS, LOOKS[look])
    made = []
    for index in range(number):
        taken = camera.frame_at(600 + index)
        points = taken.mesh_points
        low, high = np.floor(points[:, :2].min(0)).astype(int), np.ceil(points[:, :2].max(0)).astype(int) + 1
        alpha = np.zeros((high[1] - low[1], high[0] - low[0]), np.float32)
        cv2.fillPoly(alpha, [np.round(points[list(topology.FACE_OVAL), :2] - low).astype(np.int32)], 1.0)
        patch = FacePatch(np.zeros((*alpha.shape, 3), np.uint8), alpha, (int(low[0]), int(low[1])))
        made.append(Take(taken.frame, TrackedFace(1, FaceMesh(points, 1.0), box_around(points)), patch))
    return tuple(made)


def place(take: Take) -> FacePlace:
    left, top, right, bottom = take.face.box_xyxy.tolist()
    return FacePlace(((left + right) / 2, (top + bottom) / 2), bottom - top)


def cut_shares(change: Change, look: str = "plain", learn: int = LEARN) -> list[float]:
    """Share of the face that is cut in each frame after the first `learn` ones, which come unchanged."""
    finder, shares = OcclusionFinder(), []
    for number, take in enumerate(takes(look)):
        image = take.frame.image_bgr if number < learn else change(take.frame.image_bgr, number - learn)
        visible = finder.visible(replace(take.frame, image_bgr=image), take.face, take.patch)
        inside = take.patch.alpha > 0.5
        shares.append(0.0 if visible is None else float((visible[inside] < 0.5).mean()))
    return shares[learn:]


@pytest.mark.parametrize("kind", [PropKind.CUP, PropKind.MICROPHONE])
@pytest.mark.parametrize("visit", [0, 1])
def test_what_is_held_before_the_face_is_found_to_its_edges(kind: PropKind, visit: int) -> None:
    finder, overlaps = OcclusionFinder(), []
    for number, take in enumerate(takes()):
        image, mask = take.frame.image_bgr, np.zeros((360, 640), np.uint8)
        if number >= LEARN:
            image, mask = occluded(image, kind, (visit + 0.4) * VISIT_S + (number - LEARN) / FPS, place(take))
        visible = finder.visible(replace(take.frame, image_bgr=image), take.face, take.patch)
        if number >= LEARN + 6:
            assert visible is not None
            (x, y), (height, width) = take.patch.origin_xy, visible.shape
            face = take.patch.alpha > 0.5
            true, got = face & (mask[y : y + height, x : x + width] > 127), face & (visible < 0.5)
            overlaps.append((true & got).sum() / (true | got).sum())
            assert visible.dtype == np.float32
            assert visible.min() >= 0
            assert visible.max() <= 1
    assert np.mean(overlaps) > 0.8


@pytest.mark.parametrize("look", ["plain", "dark skin", "thick glasses", "fringe", "turning lamp", "dim room"])
def test_a_clear_face_is_not_cut(look: str) -> None:
    assert max(cut_shares(lambda image, _: image, look)) < 0.01


@pytest.mark.parametrize(
    "change",
    [
        lambda image, number: (image * 0.45).astype(np.uint8),
        lambda image, number: (image * np.array([0.6, 0.9, 1.0])).astype(np.uint8),
        lambda image, number: (image * (0.5 if number // 4 % 2 else 1.0)).astype(np.uint8),
        lambda image, number: (image * np.linspace(0.5, 1, image.shape[1])[None, :, None]).astype(np.uint8),
        lambda image, number: cv2.GaussianBlur(image, (0, 0), 2.5),
        lambda image, number: np.roll(image, 2, 1),
    ],
    ids=["lamp off", "warmer", "flicker", "light from the side", "blurred", "mesh beside the face"],
)
def test_light_blur_and_a_mesh_that_is_a_little_off_cut_nothing(change: Change) -> None:
    assert max(cut_shares(change)) < 0.01


def with_cup(image: NDArray[np.uint8], number: int) -> NDArray[np.uint8]:
    return occluded(image, PropKind.CUP, 0.4 * VISIT_S + number / FPS, place(takes()[0]))[0]


def test_a_face_that_is_not_known_yet_is_not_cut() -> None:
    assert max(cut_shares(with_cup, learn=4)[:8]) == 0
    assert max(cut_shares(with_cup)) > 0.1


def test_when_nearly_all_is_covered_nothing_is_cut() -> None:
    board = RNG.integers(0, 60, (360, 640, 3), dtype=np.uint8)
    assert max(cut_shares(lambda *_: board)) == 0


def visible_at_the_end(change: Callable[[TrackedFace], TrackedFace]) -> NDArray[np.float32] | None:
    """Before a cup; the face is changed from where the cup comes."""
    finder, visible = OcclusionFinder(), None
    for number, take in enumerate(takes()):
        is_first = number < LEARN
        image = take.frame.image_bgr if is_first else with_cup(take.frame.image_bgr, number - LEARN)
        face = take.face if is_first else change(take.face)
        visible = finder.visible(replace(take.frame, image_bgr=image), face, take.patch)
    return visible


@pytest.mark.parametrize(
    ("change", "is_cut"),
    [
        (lambda face: face, True),
        (lambda face: replace(face, track_id=2), True),
        (lambda face: replace(face, state=TrackState.COASTING), False),
        (lambda face: replace(face, mesh=None), False),
        (lambda face: replace(face, track_id=2, box_xyxy=face.box_xyxy + 200), False),
    ],
    ids=["same track", "track that goes on", "coasting", "no mesh", "somebody elsewhere"],
)
def test_only_a_face_that_is_known_and_seen_is_cut(change: Callable[[TrackedFace], TrackedFace], is_cut: bool) -> None:
    assert (visible_at_the_end(change) is not None) is is_cut


def test_light_is_told_from_a_thing_by_being_slow() -> None:
    v, u = np.mgrid[-1 : 1 : SIDE * 1j, -1 : 1 : SIDE * 1j]
    slow = np.stack([0.3 * u - 0.4, 0.05 * v, -0.04 * u], -1).astype(np.float32)
    patched = slow.copy()
    patched[50:70, 10:40] += 0.8
    fit = LightFit()
    for _ in range(4):
        explained = fit.follow(patched, np.ones((SIDE, SIDE), np.float32))
    assert 0.7 < explained < 1
    np.testing.assert_allclose(fit.field[:45], slow[:45], atol=0.05)


@pytest.mark.parametrize("shift", [(2.0, 0.0), (0.0, -2.0), (1.5, 1.5)])
def test_a_shifted_face_is_laid_back(shift: tuple[float, float]) -> None:
    noise = blurred(RNG.standard_normal((SIDE, SIDE), np.float32), 4) * np.float32(2)
    moved = np.asarray(
        cv2.warpAffine(
            noise, np.array([[1, 0, -shift[0]], [0, 1, -shift[1]]]), (SIDE, SIDE), borderMode=cv2.BORDER_REPLICATE
        ),
        np.float32,
    )
    ones, alignment = np.ones((SIDE, SIDE), np.float32), Alignment()
    for _ in range(4):
        alignment.follow(noise, moved, 0 * ones, ones)
    before, after = np.abs(moved - noise)[8:-8, 8:-8], np.abs(alignment.laid(moved) - noise)[8:-8, 8:-8]
    assert after.mean() < before.mean() / 4


@pytest.mark.parametrize(("lies_aside", "is_in_front"), [(True, False), (False, True)])
def test_a_part_of_the_face_that_lies_a_little_aside_is_no_thing(lies_aside: bool, is_in_front: bool) -> None:
    judge, ones, inner = FaceJudge(), np.ones((SIDE, SIDE), np.float32), np.s_[20:44, 20:44]
    noise = blurred(np.random.default_rng(4).standard_normal((SIDE, SIDE, 3), np.float32), 1.5)
    face = np.asarray(noise / noise.std() * np.array([0.8, 0.05, 0.05]), np.float32)
    for _ in range(20):
        assert judge.judge(Unrolled(face, ones), 0.1) is None
    other = face.copy()
    other[inner] = np.roll(face, 3, 0)[inner] if lies_aside else -face[inner]
    front = judge.judge(Unrolled(other, ones), 0.1)
    assert bool(front is not None and front[inner].mean() > 0.3) is is_in_front


def test_a_face_coloured_like_the_thing_that_was_in_front_is_seen_as_soon_as_that_has_gone() -> None:
    judge, ones, inner = FaceJudge(), np.ones((SIDE, SIDE), np.float32), np.s_[16:48, 16:48]
    face = (np.random.default_rng(4).standard_normal((SIDE, SIDE, 3)) * 0.02).astype(np.float32)
    for _ in range(20):
        assert judge.judge(Unrolled(face, ones), 0.1) is None
    covered, talking = face.copy(), face.copy()
    covered[inner][..., 0] += np.where(np.arange(32) // 4 % 2, 0.4, -0.4)
    # Once it is seen again it looks a little other than before.
    talking[20:44, 20:44, 0] += np.where(np.arange(24) // 8 % 2, 0.25, -0.25)
    for _ in range(5):
        front = judge.judge(Unrolled(covered, ones), 1 / 30)
    assert front is not None
    assert front[inner].mean() > 0.8
    for _ in range(4):
        front = judge.judge(Unrolled(talking, ones), 1 / 30)
    assert front is None
