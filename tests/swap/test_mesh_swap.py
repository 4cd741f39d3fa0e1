"""Room: tests. The embedded engine: its patch covers the face, keeps eyes and mouth live, and tells no lies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.domain.assignment import Assignment
from mirror_app.domain.face import FaceMesh, TrackedFace
from mirror_app.domain.frame import Frame
from mirror_app.domain.patch import FacePatch
from mirror_app.domain.target import TargetFace
from mirror_app.swap.mesh_swap import MeshSwapper
from mirror_app.swap.outline import out_to_the_jaw
from tests.faces.scripted import mesh_at
from tests.imaging.pictures import soft_noise
from tests.portrait import as_frame, plain_target, region_mask

SIZE_WH = (320, 240)
CHEEKS = (117, 346, 50, 280)
BLUE = plain_target((220, 40, 20))


def a_frame(index: int = 0, level: int = 140, size_wh: tuple[int, int] = SIZE_WH) -> Frame:
    noise = soft_noise((size_wh[1], size_wh[0]), 4.0)[..., None]
    return as_frame(np.clip(level + noise + np.zeros(3), 0, 255).astype(np.uint8), index)


@pytest.fixture(scope="module")
def swapper() -> MeshSwapper:
    """One for many cases: making a target ready takes longer than all of a patch."""
    return MeshSwapper()


def live(points: NDArray[np.float32], track_id: int = 1) -> TrackedFace:
    box = np.concatenate([points[:, :2].min(0), points[:, :2].max(0)])
    return TrackedFace(track_id, FaceMesh(points.astype(np.float32), 1.0), box)


def generated(
    points: NDArray[np.float32], target: TargetFace = BLUE, frame: Frame | None = None, likeness: float = 0.5
) -> FacePatch:
    return MeshSwapper().generate(frame or a_frame(), [Assignment(live(points), target, likeness)])[0]


def on_frame(patch: FacePatch, size_wh: tuple[int, int] = SIZE_WH) -> NDArray[np.float32]:
    """(H, W) float32: the patch's alpha at its place in the frame."""
    alpha = np.zeros((size_wh[1], size_wh[0]), np.float32)
    x, y = patch.origin_xy
    height, width = patch.alpha.shape
    alpha[y : y + height, x : x + width] = patch.alpha
    return alpha


def with_open_mouth(points: NDArray[np.float32], gap: float) -> NDArray[np.float32]:
    """The lower lip and the chin moved down by a share of the face's height."""
    moved = points.copy()
    lower = topology.CANONICAL[:, 1] > topology.CANONICAL[[13, 14], 1].mean() + 1e-3
    moved[lower, 1] += gap * np.ptp(points[:, 1])
    return moved


@pytest.mark.parametrize("likeness", [0.0, 0.5, 1.0])
def test_the_targets_pixels_cover_the_face_whatever_the_likeness(likeness: float) -> None:
    points = mesh_at((160, 120), 150).points
    patch = generated(points, likeness=likeness)
    alpha = on_frame(patch)
    assert patch.valid
    assert patch.image_bgr.dtype == np.uint8
    assert patch.alpha.dtype == np.float32
    assert patch.image_bgr.shape == (*patch.alpha.shape, 3)
    for vertex in CHEEKS:
        x, y = np.round(points[vertex, :2]).astype(int)
        assert alpha[y, x] > 0.9
        blue, green, red = patch.image_bgr[y - patch.origin_xy[1], x - patch.origin_xy[0]].astype(int)
        assert blue > green + 40
        assert blue > red + 40
    face = region_mask(points[:, :2], topology.FACE_OVAL, alpha.shape, 0)
    assert (alpha[face] > 0.5).mean() > 0.75


def test_nothing_is_generated_outside_the_jaw() -> None:
    points = mesh_at((160, 120), 150).points
    alpha = on_frame(generated(points, likeness=0.0))
    assert alpha[~region_mask(out_to_the_jaw(points)[:, :2], topology.FACE_OVAL, alpha.shape, 2)].max() == 0


def test_the_patch_fades_out_toward_the_faces_outline() -> None:
    points = mesh_at((160, 120), 150).points
    alpha = on_frame(generated(points, likeness=0.0))
    x, y = np.round(out_to_the_jaw(points)[list(topology.FACE_OVAL), :2]).astype(int).T
    assert alpha[y, x].max() < 0.35


@pytest.mark.parametrize("eye", [topology.IMAGE_LEFT_EYE, topology.IMAGE_RIGHT_EYE])
@pytest.mark.parametrize("height", [80, 150, 220])
def test_the_eye_openings_stay_live(eye: tuple[int, ...], height: float) -> None:
    points = mesh_at((160, 120), height).points
    alpha = on_frame(generated(points))
    x, y = np.round(points[list(eye), :2].mean(0)).astype(int)
    assert alpha[y, x] < 0.15


def test_an_open_mouth_is_live_inside_and_the_lips_are_the_targets() -> None:
    points = with_open_mouth(mesh_at((160, 110), 170).points, 0.1)
    alpha = on_frame(generated(points))
    inside = region_mask(points[:, :2], topology.LIPS_INNER, alpha.shape, -4)
    assert inside.sum() > 50
    assert alpha[inside].max() < 0.1
    for lip in (0, 17):
        x, y = np.round(points[lip, :2]).astype(int)
        assert alpha[y, x] > 0.6


def test_a_closed_mouth_leaves_no_hole() -> None:
    points = mesh_at((160, 120), 170).points.copy()
    upper, lower = (13, 312, 311, 310, 82, 81, 80), (14, 317, 402, 318, 87, 178, 88)
    points[list(lower), 1] = points[list(upper), 1]
    alpha = on_frame(generated(points, plain_target(side=1024), likeness=0.0))
    mouth = region_mask(points[:, :2], topology.LIPS_OUTER, alpha.shape, -2)
    assert alpha[mouth].mean() > 0.6


@pytest.mark.parametrize("shift", [(30, 0), (-40, 0), (0, 25)])
def test_a_face_that_moves_takes_its_patch_along(shift: tuple[int, int]) -> None:
    points = mesh_at((160, 110), 120).points
    first = on_frame(generated(points))
    moved = on_frame(generated(points + np.array([*shift, 0], np.float32)))
    assert np.abs(np.roll(first, shift[::-1], (0, 1)) - moved).max() < 0.02


def test_a_turned_face_shows_its_far_side_live() -> None:
    cos, sin = np.cos(0.9), np.sin(0.9)
    turned = mesh_at((0, 0), 150).points @ np.array([[cos, 0, sin], [0, 1, 0], [-sin, 0, cos]], np.float32).T
    patch = generated((turned + np.array([160, 120, 0], np.float32)).astype(np.float32))
    assert patch.valid
    assert 0.02 < (on_frame(patch) > 0.5).mean() < 0.3


def test_in_a_dark_room_the_target_is_dark() -> None:
    points = mesh_at((160, 120), 150).points
    grey = plain_target((128, 128, 128), colour_follow=1.0)
    bright, dark = (generated(points, grey, a_frame(level=level)) for level in (150, 40))
    covered = bright.alpha > 0.9
    assert dark.image_bgr[covered].mean() < 0.5 * bright.image_bgr[covered].mean()


def nowhere(points: NDArray[np.float32]) -> NDArray[np.float32]:
    return points + np.array([4000, 0, 0], np.float32)


def not_a_number(points: NDArray[np.float32]) -> NDArray[np.float32]:
    broken = points.copy()
    broken[100, 1] = np.nan
    return broken


def endless(points: NDArray[np.float32]) -> NDArray[np.float32]:
    return points * np.float32(np.inf)


def speck(points: NDArray[np.float32]) -> NDArray[np.float32]:
    return points * np.float32(0.01)


@pytest.mark.parametrize("spoil", [nowhere, not_a_number, endless, speck])
@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
def test_the_swapper_does_not_vouch_for_a_mesh_that_shows_nothing(
    spoil: Callable[[NDArray[np.float32]], NDArray[np.float32]],
) -> None:
    assert not generated(spoil(mesh_at((160, 120), 150).points)).valid


def test_a_face_without_a_mesh_gets_no_patch() -> None:
    face = TrackedFace(1, None, np.array([10, 10, 90, 90], np.float32))
    assert not MeshSwapper().generate(a_frame(), [Assignment(face, BLUE, 0.5)])[0].valid


def bare_target() -> TargetFace:
    return TargetFace("bare", BLUE.texture_bgr, np.zeros_like(BLUE.texture_alpha), BLUE.shape, 0.0)


def test_the_swapper_does_not_vouch_for_a_target_that_covers_nothing() -> None:
    assert not generated(mesh_at((160, 120), 150).points, bare_target()).valid


def test_the_swapper_does_not_vouch_for_a_mesh_that_turns_its_back() -> None:
    mirrored = mesh_at((0, 120), 150).points * np.array([-1, 1, 1], np.float32) + np.array([160, 0, 0], np.float32)
    assert not generated(mirrored.astype(np.float32)).valid


@given(
    st.tuples(st.floats(-400, 800), st.floats(-400, 700)),
    st.floats(5, 2500),
    st.tuples(st.floats(-3.2, 3.2), st.floats(-3.2, 3.2)),
    st.sampled_from([(320, 240), (240, 320), (33, 61), (32, 32), (17, 16)]),
    st.floats(0, 1),
)
@settings(max_examples=60, deadline=None)
def test_a_face_anywhere_at_any_size_in_any_pose_gives_a_sound_patch(
    swapper: MeshSwapper,
    centre: tuple[float, float],
    height: float,
    turn: tuple[float, float],
    size_wh: tuple[int, int],
    likeness: float,
) -> None:
    yaw, roll = turn
    about_y = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])
    about_z = np.array([[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]])
    points = (mesh_at((0, 0), height).points @ (about_z @ about_y).T + [*centre, 0]).astype(np.float32)
    patch = swapper.generate(a_frame(size_wh=size_wh), [Assignment(live(points), BLUE, likeness)])[0]
    assert np.isfinite(patch.alpha).all()
    assert patch.alpha.min() >= 0
    assert patch.alpha.max() <= 1
    if patch.valid:
        assert patch.backdrop is not None
        left, top = patch.backdrop.origin_xy
        assert 0 <= left <= left + patch.backdrop.image_bgr.shape[1] <= size_wh[0]
        assert 0 <= top <= top + patch.backdrop.image_bgr.shape[0] <= size_wh[1]
        x, y = patch.origin_xy
        assert 0 <= x <= x + patch.alpha.shape[1] <= size_wh[0]
        assert 0 <= y <= y + patch.alpha.shape[0] <= size_wh[1]


RED = plain_target((20, 40, 220))


def changing(targets: list[TargetFace], likeness: float = 0.5) -> list[FacePatch]:
    """The patches of a face that wears one target per frame."""
    swapper, points = MeshSwapper(), mesh_at((160, 120), 150).points
    patches = []
    for index, target in enumerate(targets):
        patch = swapper.generate(a_frame(index), [Assignment(live(points), target, likeness)])[0]
        patches.append(replace(patch, image_bgr=patch.image_bgr.copy(), alpha=patch.alpha.copy()))
    return patches


def cheek_bgr(patch: FacePatch) -> NDArray[np.int_]:
    x, y = np.round(mesh_at((160, 120), 150).points[50, :2]).astype(int) - patch.origin_xy
    return np.asarray(patch.image_bgr[y, x], np.int_)


def test_another_target_comes_in_steps_too_small_to_be_seen() -> None:
    colours = np.array([cheek_bgr(patch) for patch in changing([BLUE] * 3 + [RED] * 12)])
    blue, red = colours[:, 0], colours[:, 2]
    assert abs(blue[3] - blue[2]) <= 2, "the first frame still shows the old one"
    assert (np.diff(blue[2:]) <= 1).all()
    assert (np.diff(red[2:]) >= -1).all()
    assert np.abs(np.diff(colours, axis=0)).max() < 0.25 * (blue[0] - blue[-1])
    np.testing.assert_allclose(colours[-1], cheek_bgr(generated(mesh_at((160, 120), 150).points, RED)), atol=3)


def test_a_face_stays_covered_while_its_target_changes() -> None:
    patches = changing([BLUE] * 3 + [WIDE] * 12, likeness=0.0)
    least = np.minimum(on_frame(patches[2]), on_frame(patches[-1]))
    for patch in patches[2:]:
        assert patch.valid
        assert (on_frame(patch) >= least - 0.02).all()


def test_targets_picked_one_right_after_the_other_do_not_jump() -> None:
    green = plain_target((30, 210, 30))
    colours = np.array([cheek_bgr(p) for p in changing([BLUE] * 3 + [RED] * 4 + [green] * 2 + [BLUE] * 2 + [RED] * 12)])
    assert np.abs(np.diff(colours, axis=0)).max() < 50
    assert colours[-1, 2] > 180


def test_a_target_picked_after_a_pause_is_worn_at_once() -> None:
    swapper, points = MeshSwapper(), mesh_at((160, 120), 150).points
    swapper.generate(a_frame(0), [Assignment(live(points), BLUE, 0.5)])
    late = swapper.generate(a_frame(30), [Assignment(live(points), RED, 0.5)])[0]
    np.testing.assert_array_equal(late.image_bgr, generated(points, RED, a_frame(30)).image_bgr)


@pytest.mark.parametrize(("before", "after"), [(None, 0.5), (0.5, None), (-0.4, 0.4)])
def test_the_eyes_tone_changes_with_the_target_without_a_jump(before: float | None, after: float | None) -> None:
    swapper, points = MeshSwapper(), mesh_at((160, 120), 200).points
    targets = [BLUE if tone is None else with_tone(tone) for tone in (before, after)]
    levels = []
    for index in range(15):
        patch = swapper.generate(a_frame(index), [Assignment(live(points), targets[index > 2], 0.0)])[0]
        backdrop, _ = lifted(patch)
        assert patch.backdrop is not None
        eye = region_mask(points[:, :2] - patch.backdrop.origin_xy, topology.IMAGE_LEFT_EYE, backdrop.shape, 0)
        levels.append(float(backdrop[eye].mean()))
    way = levels[-1] - levels[2]
    assert abs(way) > 10
    assert np.abs(np.diff(levels)).max() < 0.35 * abs(way)


def with_tone(tone: float) -> TargetFace:
    return replace(BLUE, eye_tone=np.full(3, tone, np.float32), colour_follow=1.0)


def lifted(patch: FacePatch) -> tuple[NDArray[np.int_], NDArray[np.int_]]:
    """The backdrop and what the frame shows there."""
    assert patch.backdrop is not None
    x, y = patch.backdrop.origin_xy
    height, width = patch.backdrop.image_bgr.shape[:2]
    live = a_frame().image_bgr[y : y + height, x : x + width]
    assert live.shape == (height, width, 3), "it lies wholly inside the frame"
    return patch.backdrop.image_bgr.astype(int), live.astype(int)


WIDE = replace(BLUE, shape=BLUE.shape * np.array([1.12, 1, 1], np.float32))


def test_without_likeness_and_without_a_tone_for_the_eyes_the_live_picture_stays_bit_for_bit() -> None:
    backdrop, live_pixels = lifted(generated(mesh_at((160, 120), 150).points, WIDE, likeness=0.0))
    np.testing.assert_array_equal(backdrop, live_pixels)


def test_with_likeness_the_live_picture_widens_toward_a_wide_target() -> None:
    points = mesh_at((160, 120), 150).points
    backdrop, live_pixels = lifted(generated(points, WIDE, likeness=1.0))
    assert np.abs(backdrop - live_pixels).max() > 5
    for side in (0, -1):
        np.testing.assert_array_equal(backdrop[:, side], live_pixels[:, side])
    covers = [on_frame(generated(points, WIDE, likeness=likeness)).max(0) > 0.5 for likeness in (0.0, 0.5, 1.0)]
    widths = [int(cover.sum()) for cover in covers]
    assert widths[0] < widths[1] < widths[2]
    assert widths[0] + 3 < widths[2]


@pytest.mark.parametrize("tone", [-2.0, 2.0])
def test_a_targets_tone_changes_the_live_eyes_and_nothing_else(tone: float) -> None:
    points = mesh_at((160, 120), 200).points
    patch = generated(points, with_tone(tone), likeness=0.0)
    backdrop, live_pixels = lifted(patch)
    assert patch.backdrop is not None
    local = points[:, :2] - patch.backdrop.origin_xy
    eyes = [region_mask(local, ring, backdrop.shape, 0) for ring in (topology.IMAGE_LEFT_EYE, topology.IMAGE_RIGHT_EYE)]
    around = [region_mask(local, ring, backdrop.shape, 6) for ring in (topology.IMAGE_LEFT_EYE, topology.IMAGE_RIGHT_EYE)]  # fmt: skip # noqa: E501
    for eye in eyes:
        assert (backdrop - live_pixels)[eye].mean() * np.sign(tone) > 10
    elsewhere = ~(around[0] | around[1])
    np.testing.assert_array_equal(backdrop[elsewhere], live_pixels[elsewhere])


def test_a_patch_lies_inside_its_backdrop() -> None:
    patch = generated(mesh_at((40, 60), 150).points, WIDE, likeness=1.0)
    assert patch.backdrop is not None
    x, y = np.subtract(patch.origin_xy, patch.backdrop.origin_xy)
    assert 0 <= x <= patch.backdrop.image_bgr.shape[1] - patch.alpha.shape[1]
    assert 0 <= y <= patch.backdrop.image_bgr.shape[0] - patch.alpha.shape[0]


def test_the_same_frames_give_the_same_patches() -> None:
    runs: list[list[FacePatch]] = []
    for swapper in (MeshSwapper(), MeshSwapper()):
        runs.append([])
        for index in range(12):
            points = mesh_at((160 + index, 120), 150).points
            face = Assignment(live(points), with_tone(-0.5), 0.8)
            patch = swapper.generate(a_frame(index, level=120 + 3 * index), [face])[0]
            assert patch.backdrop is not None
            backdrop = replace(patch.backdrop, image_bgr=patch.backdrop.image_bgr.copy())
            kept = replace(patch, image_bgr=patch.image_bgr.copy(), alpha=patch.alpha.copy(), backdrop=backdrop)
            runs[-1].append(kept)
    for one, other in zip(*runs, strict=True):
        assert one.backdrop is not None
        assert other.backdrop is not None
        assert (one.origin_xy, one.backdrop.origin_xy) == (other.origin_xy, other.backdrop.origin_xy)
        np.testing.assert_array_equal(one.image_bgr, other.image_bgr)
        np.testing.assert_array_equal(one.alpha, other.alpha)
        np.testing.assert_array_equal(one.backdrop.image_bgr, other.backdrop.image_bgr)


def test_nothing_learnt_from_one_face_shows_on_the_next() -> None:
    points, target = mesh_at((160, 120), 150).points, with_tone(-0.5)
    swapper = MeshSwapper()
    for index in range(10):
        wide = (points - [160, 120, 0]) * np.array([1.2, 1, 1]) + [160, 120, 0]
        swapper.generate(a_frame(index, level=40), [Assignment(live(wide), target, 0.8)])
    second = swapper.generate(a_frame(10), [Assignment(live(points, 2), target, 0.8)])[0]
    fresh = MeshSwapper().generate(a_frame(10), [Assignment(live(points, 2), target, 0.8)])[0]
    assert second.origin_xy == fresh.origin_xy
    np.testing.assert_array_equal(second.image_bgr, fresh.image_bgr)
    np.testing.assert_array_equal(second.alpha, fresh.alpha)


def test_the_frames_pixels_are_not_touched() -> None:
    frame = a_frame()
    before = frame.image_bgr.copy()
    generated(mesh_at((160, 120), 150).points, frame=frame)
    np.testing.assert_array_equal(frame.image_bgr, before)
