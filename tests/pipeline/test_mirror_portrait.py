"""Room: tests. The real mirror on the demo camera's portrait, whose true landmarks are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.capture.demo_motion import expression_at
from mirror_app.domain import mesh_topology as topology
from mirror_app.domain.assignment import Glasses
from mirror_app.domain.face import FaceMesh
from mirror_app.pipeline import assembly
from mirror_app.pipeline.assembly import open_mirror
from mirror_app.pipeline.guard import GOOD_FRAMES, HOLD_NS
from mirror_app.pipeline.mirror import MirrorPipeline
from mirror_app.pipeline.result import MirrorControls, MirrorResult, MirrorState, Unsafe
from mirror_app.runtime.ort import OrtCpuBackend
from mirror_app.swap.outline import out_to_the_jaw
from tests.portrait import as_frame, demo_frame, mesh_area, placed_portrait, plain_target, region_mask

TARGET = plain_target()
UNLABELLED = MirrorControls(target=TARGET, label_on=False, likeness=0.0, glasses=Glasses.REPLACE)
SIZE_WH = (640, 360)


@pytest.fixture(scope="module")
def loaded() -> MirrorPipeline:
    return open_mirror()


@pytest.fixture
def mirror(loaded: MirrorPipeline) -> MirrorPipeline:
    """The same networks for every test, but nothing remembered."""
    loaded.reset()
    loaded.controls = UNLABELLED
    return loaded


def live_mesh(result: MirrorResult) -> FaceMesh:
    mesh = result.faces[0].mesh
    assert mesh is not None
    return mesh


def changed(result: MirrorResult) -> NDArray[np.bool_]:
    """(H, W) bool: where what leaves differs from the camera's picture."""
    return np.asarray((result.safe.image_bgr != result.original_bgr).any(-1))


def change(result: MirrorResult) -> NDArray[np.float64]:
    """(H, W): by how many levels."""
    difference = result.safe.image_bgr.astype(np.float64) - result.original_bgr
    return np.asarray(np.abs(difference).mean(-1))


@pytest.mark.parametrize(
    ("size_wh", "height_px", "centre_xy"),
    [
        (SIZE_WH, 160, (320, 180)),
        (SIZE_WH, 160, (150, 150)),
        ((640, 480), 45, (320, 240)),
        ((1280, 720), 700, (640, 360)),
        ((720, 1280), 400, (360, 600)),
        ((333, 251), 120, (160, 120)),
    ],
)
# With the target's shape the surroundings move along, up to a quarter of the face's height away.
@pytest.mark.parametrize(("likeness", "reach"), [(0.0, 0.015), (1.0, 0.25)])
def test_the_face_is_found_and_swapped_and_nothing_else_is_touched(
    mirror: MirrorPipeline,
    size_wh: tuple[int, int],
    height_px: float,
    centre_xy: tuple[float, float],
    likeness: float,
    reach: float,
) -> None:
    image, truth = placed_portrait(size_wh, height_px, centre_xy)
    mirror.controls = replace(UNLABELLED, likeness=likeness)
    result = mirror.process(as_frame(image))
    assert result.state is MirrorState.LIVE
    away = np.linalg.norm(live_mesh(result).points[:, :2] - truth, axis=1)
    assert away.mean() < 0.04 * height_px + 0.5
    # The patch is drawn at a reduced size: it may reach past the live mesh by a hair.
    region = mesh_area(live_mesh(result).points[:, :2], image.shape, 2 + round(reach * height_px))
    assert not changed(result)[~region].any()
    face = region_mask(truth, topology.FACE_OVAL, image.shape, -round(height_px * 0.06))
    assert (change(result)[face] > 25).mean() > 0.75


def test_outside_the_face_the_label_is_the_only_change(mirror: MirrorPipeline) -> None:
    mirror.controls = replace(UNLABELLED, label_on=True)
    image, _ = placed_portrait(SIZE_WH, 160, (320, 180))
    result = mirror.process(as_frame(image))
    outside = changed(result) & ~mesh_area(out_to_the_jaw(live_mesh(result).points)[:, :2], image.shape)
    rows, columns = np.flatnonzero(outside.any(1)), np.flatnonzero(outside.any(0))
    assert len(rows) < 0.15 * SIZE_WH[1]
    assert len(columns) < 0.6 * SIZE_WH[0]
    # One rectangle: nothing is changed between the face and the label.
    assert (np.diff(rows) == 1).all()
    assert (np.diff(columns) == 1).all()
    x0, y0, x1, y1 = result.faces[0].box_xyxy
    assert columns[0] > x1 or columns[-1] < x0 or rows[0] > y1 or rows[-1] < y0


def test_the_eyes_stay_the_live_persons(mirror: MirrorPipeline) -> None:
    image, truth = placed_portrait((1280, 720), 500, (640, 360))
    result = mirror.process(as_frame(image))
    for eye in (topology.IMAGE_LEFT_EYE, topology.IMAGE_RIGHT_EYE):
        opening = region_mask(truth, eye, image.shape, -4)
        assert opening.sum() > 100
        assert np.median(change(result)[opening]) < 3


def widest_mouth() -> int:
    """The demo's frame in which the jaw is furthest down, within the first ten seconds."""
    return max(range(0, 300, 3), key=lambda index: expression_at(index / 30).jaw)


def test_the_inside_of_an_open_mouth_stays_the_live_persons(mirror: MirrorPipeline) -> None:
    image, truth = placed_portrait((1280, 720), 500, (640, 360), demo_index=widest_mouth())
    result = mirror.process(as_frame(image))
    points = live_mesh(result).points[:, :2]
    inside = region_mask(points, topology.LIPS_INNER, image.shape, -5)
    assert inside.sum() > 100
    assert np.median(change(result)[inside]) < 3
    cheeks = [change(result)[round(truth[v, 1]), round(truth[v, 0])] for v in (117, 346)]
    assert min(cheeks) > 25


@pytest.mark.parametrize("shift", [(120, 0), (-90, 0), (0, 60)])
def test_a_face_that_stands_elsewhere_is_swapped_there(mirror: MirrorPipeline, shift: tuple[int, int]) -> None:
    masks = []
    for dx, dy in ((0, 0), shift):
        image, _ = placed_portrait(SIZE_WH, 150, (320 + dx, 180 + dy))
        mirror.reset()
        masks.append(changed(mirror.process(as_frame(image))))
    first = np.roll(masks[0], shift[::-1], (0, 1))
    assert (first & masks[1]).sum() / (first | masks[1]).sum() > 0.9


def test_a_face_that_moves_is_followed_without_lag(mirror: MirrorPipeline) -> None:
    ids, lags = set(), []
    for index in range(20):
        image, truth = placed_portrait(SIZE_WH, 150, (200 + 12 * index, 180))
        result = mirror.process(as_frame(image, index))
        assert result.state is MirrorState.LIVE
        ids.add(result.faces[0].track_id)
        lags.append(float(np.mean(truth[:, 0] - live_mesh(result).points[:, 0])))
    assert len(ids) == 1
    assert np.abs(lags).max() < 0.05 * 150


@pytest.mark.parametrize("centre_xy", [(0, 180), (640, 180), (320, 0), (320, 360), (0, 0), (640, 360), (-60, 180)])
@pytest.mark.parametrize("height_px", [150, 340])
def test_a_face_partly_outside_the_picture_is_covered_or_kept_back(
    mirror: MirrorPipeline, centre_xy: tuple[float, float], height_px: float
) -> None:
    image, _ = placed_portrait(SIZE_WH, height_px, centre_xy)
    for index in range(3):
        result = mirror.process(as_frame(image.copy(), index))
        assert result.unsafe is not Unsafe.ERROR
        if result.state is MirrorState.LIVE:
            mesh = live_mesh(result).points[:, :2]
            oval = region_mask(mesh, topology.FACE_OVAL, image.shape, -round(height_px * 0.06))
            assert (change(result)[oval] > 25).mean() > 0.5
        else:
            assert not (result.safe.image_bgr == image).all()


def test_a_face_that_leaves_the_picture_step_by_step_never_leaves_bare(mirror: MirrorPipeline) -> None:
    for index in range(24):
        image, _ = placed_portrait(SIZE_WH, 200, (320 + 25 * index, 180))
        result = mirror.process(as_frame(image, index))
        assert result.unsafe is not Unsafe.ERROR
    assert result.unsafe is Unsafe.NO_FACE


@pytest.fixture(scope="module")
def loaded_thorough() -> MirrorPipeline:
    return open_mirror(thorough=True)


@pytest.fixture
def thorough(loaded_thorough: MirrorPipeline) -> MirrorPipeline:
    """A mirror for files, with nothing remembered."""
    loaded_thorough.reset()
    loaded_thorough.controls = UNLABELLED
    return loaded_thorough


def test_a_face_that_leaves_the_picture_of_a_file_is_not_taken_for_an_empty_frame(thorough: MirrorPipeline) -> None:
    for index in range(8, 16):
        image, truth = placed_portrait(SIZE_WH, 200, (320 + 25 * index, 180))
        result = thorough.process(as_frame(image, index))
        visible = region_mask(truth, topology.FACE_OVAL, image.shape, 0)
        if result.state is MirrorState.LIVE and visible.sum() > 1000:
            assert changed(result)[visible].any(), f"frame {index} shows {visible.sum()} px of a bare face"


def test_a_face_that_leaves_the_picture_of_a_file_slowly_is_kept_back_for_300_ms_after_it_was_last_covered(
    thorough: MirrorPipeline,
) -> None:
    """Longer than that, half a face that full detection does not find passes for an empty frame."""
    covered_ns = None
    for index in range(27):
        image, _ = placed_portrait(SIZE_WH, 200, (560 + 7 * index, 180))
        result = thorough.process(as_frame(image, index))
        if result.unsafe is None:
            covered_ns = result.captured_ns
        assert covered_ns is not None, "the first frame shows a face that can be covered"
        if result.captured_ns - covered_ns <= HOLD_NS:
            assert result.state is (MirrorState.LIVE if result.unsafe is None else MirrorState.HOLD)
            assert not (result.safe.image_bgr == image).all()
    assert (result.state, result.unsafe) == (MirrorState.LIVE, Unsafe.NO_FACE)


@pytest.mark.parametrize("size_wh", [(1, 1), (2, 3), (16, 16), (32, 32), (33, 61), (640, 8), (8, 640), (95, 1001)])
def test_a_frame_of_any_size_gives_a_result(mirror: MirrorPipeline, size_wh: tuple[int, int]) -> None:
    mirror.controls = MirrorControls(target=TARGET)
    image = cv2.resize(demo_frame(0).frame.image_bgr, size_wh, interpolation=cv2.INTER_AREA)
    result = mirror.process(as_frame(np.asarray(image, np.uint8)))
    assert result.unsafe is not Unsafe.ERROR
    assert result.safe.image_bgr.shape == image.shape


def test_two_people_are_noticed_in_the_first_frame(mirror: MirrorPipeline) -> None:
    one, _ = placed_portrait((320, 360), 150, (160, 180))
    result = mirror.process(as_frame(np.hstack([one, one])))
    assert (result.state, result.unsafe) == (MirrorState.SHIELD, Unsafe.SEVERAL_FACES)


def with_small_guest() -> NDArray[np.uint8]:
    """The portrait with a second, small face in the background, which the near detector cannot see."""
    image, _ = placed_portrait((1280, 720), 300, (860, 420))
    guest, _ = placed_portrait((440, 250), 110, (220, 110))
    image[20:270, 20:460] = guest
    return image


def test_a_small_second_face_does_not_leave_bare_once_it_was_seen(mirror: MirrorPipeline) -> None:
    image = with_small_guest()
    states = [mirror.process(as_frame(image.copy(), index)).unsafe for index in range(52)]
    assert Unsafe.SEVERAL_FACES in states
    first_seen = states.index(Unsafe.SEVERAL_FACES)
    assert set(states[first_seen:]) == {Unsafe.SEVERAL_FACES}


def test_a_thorough_mirror_sees_a_small_second_face_in_every_frame(thorough: MirrorPipeline) -> None:
    image = with_small_guest()
    assert [thorough.process(as_frame(image.copy(), i)).unsafe for i in range(6)] == [Unsafe.SEVERAL_FACES] * 6


@pytest.mark.parametrize("alone", [5, 7, 9])
def test_a_second_person_who_comes_in_is_noticed_within_two_looks_around(mirror: MirrorPipeline, alone: int) -> None:
    one, _ = placed_portrait((320, 360), 150, (160, 180))
    empty = np.full_like(one, 110)
    states = [mirror.process(as_frame(np.hstack([one, empty]), index)).state for index in range(alone)]
    assert states[-1] is MirrorState.LIVE
    # 230 ms and one frame.
    fates = [mirror.process(as_frame(np.hstack([one, one]), alone + index)).unsafe for index in range(8)]
    assert fates[-1] is Unsafe.SEVERAL_FACES


def test_a_target_without_paint_does_not_make_a_frame_safe(mirror: MirrorPipeline) -> None:
    image, _ = placed_portrait(SIZE_WH, 160, (320, 180))
    empty = plain_target()
    empty.texture_alpha.fill(0)
    mirror.controls = MirrorControls(target=empty, label_on=False)
    assert mirror.process(as_frame(image)).state is not MirrorState.LIVE


class MoodyBackend(OrtCpuBackend):
    """The real network, except that it answers NaN while `is_ill`."""

    is_ill = False

    def run(self, feeds: Mapping[str, NDArray[np.float32]]) -> list[NDArray[np.float32]]:
        outputs = super().run(feeds)
        return [np.full_like(values, np.nan) for values in outputs] if MoodyBackend.is_ill else outputs


def test_a_network_that_answers_nan_fails_closed_and_the_next_frame_is_live_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(assembly, "OrtCpuBackend", MoodyBackend)
    mirror = open_mirror()
    mirror.controls = UNLABELLED
    image, _ = placed_portrait(SIZE_WH, 160, (320, 180))
    states = []
    for index, ill in enumerate((True, *[False] * GOOD_FRAMES, True, False)):
        monkeypatch.setattr(MoodyBackend, "is_ill", ill)
        result = mirror.process(as_frame(image.copy(), index))
        states.append((result.state, result.unsafe))
        assert ("not finite" in result.message) == ill
        assert not (result.safe.image_bgr == image).all()
    assert states == [
        (MirrorState.SHIELD, Unsafe.ERROR),
        *[(MirrorState.SHIELD, Unsafe.RETURNING)] * (GOOD_FRAMES - 1),
        (MirrorState.LIVE, None),
        (MirrorState.HOLD, Unsafe.ERROR),
        (MirrorState.LIVE, None),
    ]


def test_a_dark_and_a_noisy_picture_do_not_crash(mirror: MirrorPipeline) -> None:
    image, _ = placed_portrait(SIZE_WH, 160, (320, 180))
    noise = np.random.default_rng(1).integers(0, 256, image.shape).astype(np.uint8)
    for index, picture in enumerate((image // 12, cv2.addWeighted(image, 0.5, noise, 0.5, 0), noise, image * 0)):
        result = mirror.process(as_frame(np.asarray(picture, np.uint8), index))
        assert result.unsafe is not Unsafe.ERROR
