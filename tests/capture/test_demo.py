"""Room: tests. The demo camera: its pictures, the truth about them, and its clock."""

from __future__ import annotations

import hashlib
import math
import shutil
import threading
import time
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app import resources
from mirror_app.capture import demo_scene
from mirror_app.capture.demo import DemoCamera, TickSchedule
from mirror_app.capture.demo_motion import Expression, HeadPose, blink_window
from mirror_app.capture.demo_portrait import SCENE_WH, load_portrait
from mirror_app.capture.demo_pose import HeadWarp
from mirror_app.capture.demo_scene import DemoScene
from mirror_app.capture.protocol import FrameProvider
from mirror_app.domain import mesh_topology as topology
from mirror_app.domain.errors import InputError
from mirror_app.domain.frame import PendingFrame

_LIDS = ((159, 145), (386, 374))
# Vertices on details that can be recognised: corners of eyes and lips, nostrils, tip and bridge of the nose.
_DETAILS = (33, 133, 362, 263, 61, 291, 98, 327, 168, 4)
_POSES = {
    "turned left": HeadPose(yaw=math.radians(-15)),
    "turned right": HeadPose(yaw=math.radians(15)),
    "nodding": HeadPose(pitch=math.radians(7)),
    "looking up": HeadPose(pitch=math.radians(-7)),
    "leaning": HeadPose(roll=math.radians(6)),
    "moved and nearer": HeadPose(shift_xy=(25.0, -8.0), nearer=0.035, body_xy=(16.0, 2.0), body_roll=0.02),
}


@pytest.fixture(scope="module")
def camera() -> DemoCamera:
    return DemoCamera()


@pytest.fixture(scope="module")
def scene() -> DemoScene:
    return DemoScene(load_portrait(), SCENE_WH)


def _lid_gap(points: NDArray[np.float32]) -> float:
    return float(np.mean([abs(points[lower, 1] - points[upper, 1]) for upper, lower in _LIDS]))


def _pixels_inside(image: NDArray[np.uint8], points: NDArray[np.float32], ring: tuple[int, ...]) -> NDArray[np.uint8]:
    mask = np.zeros(image.shape[:2], np.uint8)
    cv2.fillPoly(mask, [np.rint(points[list(ring), :2]).astype(np.int32)], 255)
    return np.asarray(image[mask > 0], np.uint8)


def test_a_frame_is_what_the_other_rooms_expect(camera: DemoCamera) -> None:
    demo = camera.frame_at(30)
    assert demo.frame.image_bgr.shape == (720, 1280, 3)
    assert not demo.frame.image_bgr.flags.writeable
    assert (demo.frame.index, demo.frame.captured_ns) == (30, 1_000_000_000)
    assert demo.mesh_points.shape == (468, 3)
    assert demo.mesh_points.dtype == np.float32


def test_a_frame_depends_on_its_index_only(camera: DemoCamera) -> None:
    first = camera.frame_at(145)
    camera.frame_at(3)
    again, elsewhere = camera.frame_at(145), DemoCamera().frame_at(145)
    for other in (again, elsewhere):
        assert np.array_equal(other.frame.image_bgr, first.frame.image_bgr)
        assert np.array_equal(other.mesh_points, first.mesh_points)


def test_frames_stay_as_they_are_while_new_ones_are_made(camera: DemoCamera) -> None:
    kept = camera.frame_at(10).frame.image_bgr
    before = kept.copy()
    camera.frame_at(200)
    assert np.array_equal(kept, before)


@pytest.mark.parametrize("index", [0, 75, 222, 411, 900])
def test_the_face_is_large_and_wholly_inside_the_picture(camera: DemoCamera, index: int) -> None:
    points = camera.frame_at(index).mesh_points
    assert 280 < np.ptp(points[:, 1]) < 350
    assert points[:, :2].min() > 40
    assert points[:, 0].max() < 1240
    assert points[:, 1].max() < 700


@pytest.mark.parametrize("pose", _POSES.values(), ids=_POSES.keys())
def test_picture_and_truth_move_together(scene: DemoScene, pose: HeadPose) -> None:
    rest = scene.draw(HeadPose(), Expression(), 0)
    moved = scene.draw(pose, Expression(), 0)
    rest_at = scene.mesh_points(HeadPose(), Expression())
    moved_at = scene.mesh_points(pose, Expression())
    misses = []
    for vertex in _DETAILS:
        x, y = np.rint(rest_at[vertex, :2]).astype(int).tolist()
        patch = rest[y - 13 : y + 14, x - 13 : x + 14]
        left, top = np.rint(moved_at[vertex, :2]).astype(int).tolist()
        window = moved[top - 25 : top + 26, left - 25 : left + 26]
        found_xy = cv2.minMaxLoc(cv2.matchTemplate(window, patch, cv2.TM_CCOEFF_NORMED))[3]
        misses.append(math.hypot(found_xy[0] - 12, found_xy[1] - 12))
    assert np.median(misses) < 2
    assert np.mean(misses) < 3


@pytest.mark.parametrize("pose", _POSES.values(), ids=_POSES.keys())
def test_the_warp_finds_back_to_where_a_point_came_from(pose: HeadPose) -> None:
    portrait = load_portrait()
    warp = HeadWarp(portrait)
    points = portrait.points[:468]
    back = warp.source_of(warp.move(points, pose)[None, :, :2], pose)[0]
    misses = np.linalg.norm(back - points, axis=1)
    assert misses.mean() < 0.5
    assert np.quantile(misses, 0.95) < 2.5


def test_the_still_head_is_the_portrait_itself() -> None:
    portrait = load_portrait()
    moved = HeadWarp(portrait).move(portrait.points, HeadPose())
    assert np.abs(moved[:, :2] - portrait.points - portrait.canvas_origin_xy).max() < 0.01


def test_turning_right_moves_the_nose_right_between_the_ears(scene: DemoScene) -> None:
    def nose_offset(degrees: float) -> float:
        points = scene.mesh_points(HeadPose(yaw=math.radians(degrees)), Expression())
        return float(points[topology.NOSE_TIP, 0] - (points[234, 0] + points[454, 0]) / 2)

    offsets = [nose_offset(degrees) for degrees in (-18, -9, 0, 9, 18)]
    assert np.all(np.diff(offsets) > 8)


def test_a_blink_closes_the_lids_in_truth_and_in_the_picture(scene: DemoScene) -> None:
    open_at = scene.mesh_points(HeadPose(), Expression())
    shut_at = scene.mesh_points(HeadPose(), Expression(blink=1.0))
    assert _lid_gap(open_at) > 15
    assert _lid_gap(shut_at) < 2
    gaps = [_lid_gap(scene.mesh_points(HeadPose(), Expression(blink=blink))) for blink in np.linspace(0, 1, 6)]
    assert np.all(np.diff(gaps) < 0)
    for eye in (topology.IMAGE_LEFT_EYE, topology.IMAGE_RIGHT_EYE):
        seen_open = _pixels_inside(scene.draw(HeadPose(), Expression(), 0), open_at, eye)
        seen_shut = _pixels_inside(scene.draw(HeadPose(), Expression(blink=1.0), 0), open_at, eye)
        assert np.mean(seen_open.max(axis=1) < 60) > 0.15, "the dark of the eye shows"
        assert np.mean(seen_shut.max(axis=1) < 60) < 0.02, "skin covers it"


def test_the_performance_blinks_where_the_choreography_says(camera: DemoCamera) -> None:
    start, length = blink_window(1)
    shut = camera.frame_at(round((start + 0.45 * length) * 30)).mesh_points
    awake = camera.frame_at(round((start + length + 0.2) * 30)).mesh_points
    assert _lid_gap(shut) < 0.4 * _lid_gap(awake)


def test_an_opening_mouth_shows_its_dark_inside(scene: DemoScene) -> None:
    expression = Expression(jaw=0.9)
    points = scene.mesh_points(HeadPose(), expression)
    gap = points[topology.LOWER_LIP_INNER, 1] - points[topology.UPPER_LIP_INNER, 1]
    inside = _pixels_inside(scene.draw(HeadPose(), expression, 0), points, topology.LIPS_INNER)
    assert gap > 18
    assert np.median(inside.max(axis=1)) < 110


@pytest.mark.parametrize("blink", [0.0, 1.0])
def test_no_expression_leaves_a_trace_in_the_next_picture(scene: DemoScene, blink: float) -> None:
    before = scene.draw(HeadPose(), Expression(), 0)
    scene.draw(HeadPose(), Expression(jaw=1.0, wide=1.0, smile=1.0, brow=1.0, blink=blink), 0)
    assert np.array_equal(scene.draw(HeadPose(), Expression(), 0), before)


@pytest.mark.parametrize("size_wh", [(640, 360), (1920, 1080), (641, 361), (160, 90), (640, 480), (360, 640)])
def test_any_size_shows_the_same_scene(camera: DemoCamera, size_wh: tuple[int, int]) -> None:
    large, other = camera.frame_at(60), DemoCamera(size_wh).frame_at(60)
    assert other.frame.image_bgr.shape == (size_wh[1], size_wh[0], 3)
    zoom = max(size_wh[0] / 1280, size_wh[1] / 720)
    middles = (np.array(size_wh) - 1) / 2, (np.array(SCENE_WH) - 1) / 2
    expected = (large.mesh_points[:, :2] - middles[1]) * zoom + middles[0]
    assert np.abs(other.mesh_points[:, :2] - expected).max() < 0.01
    place = np.array([[zoom, 0, 0], [0, zoom, 0]])
    place[:, 2] = middles[0] - zoom * middles[1]
    same = cv2.warpAffine(large.frame.image_bgr, place, size_wh, flags=cv2.INTER_AREA)
    differences = cv2.absdiff(cv2.blur(same, (5, 5)), cv2.blur(other.frame.image_bgr, (5, 5)))
    assert differences.mean() < 3


@pytest.mark.parametrize("size_wh", [SCENE_WH, (320, 180)])
@pytest.mark.parametrize("pose", _POSES.values(), ids=_POSES.keys())
def test_drawing_only_where_the_portrait_is_cuts_nothing_off(
    monkeypatch: pytest.MonkeyPatch, pose: HeadPose, size_wh: tuple[int, int]
) -> None:
    portrait = load_portrait()
    drawn = DemoScene(portrait, size_wh).draw(pose, Expression(), 0)
    monkeypatch.setattr(demo_scene, "_presence", lambda portrait, _: np.full_like(portrait.depth, 255, np.uint8))
    whole = DemoScene(portrait, size_wh).draw(pose, Expression(), 0)
    # OpenCV rounds places to 1/32 px; the part that is drawn decides which way.
    assert cv2.absdiff(drawn, whole).max() <= 4


@pytest.mark.parametrize(
    ("size_wh", "fps"), [((0, 0), 30.0), ((159, 90), 30.0), ((1280, 89), 30.0), ((1280, 720), 0.0), ((640, 360), -1.0)]
)
def test_a_size_or_rate_without_sense_is_refused(size_wh: tuple[int, int], fps: float) -> None:
    with pytest.raises(InputError, match="demo camera"):
        DemoCamera(size_wh, fps)


@pytest.mark.parametrize("name", ["portrait.jpg", "portrait-alpha.png", "head.npz", "background.jpg"])
@pytest.mark.parametrize("content", [None, b"", b"no such thing"], ids=["missing", "empty", "damaged"])
def test_a_missing_or_damaged_file_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: bytes | None
) -> None:
    shutil.copytree(resources.assets_dir() / "demo", tmp_path / "demo")
    (tmp_path / "demo" / name).unlink()
    if content is not None:
        (tmp_path / "demo" / name).write_bytes(content)
    monkeypatch.setattr(resources, "assets_dir", lambda: tmp_path)
    with pytest.raises(InputError, match=name):
        DemoCamera()


def test_every_shipped_file_is_small_and_listed_with_its_digest() -> None:
    folder = resources.assets_dir() / "demo"
    listed = (folder / "README.md").read_text(encoding="utf-8")
    files = [path for path in folder.iterdir() if path.name != "README.md"]
    for path in files:
        assert f"`{path.name}`" in listed
        assert hashlib.sha256(path.read_bytes()).hexdigest() in listed
    assert sum(path.stat().st_size for path in files) < 3_000_000


@pytest.mark.parametrize(
    ("tick", "late_ticks", "expected"),
    [(0, 0.0, 1), (0, 0.5, 1), (0, 1.0, 1), (0, 1.2, 2), (5, 3.7, 9), (1_000_000, 0.01, 1_000_001)],
)
def test_late_ticks_are_left_out_but_keep_their_numbers(tick: int, late_ticks: float, expected: int) -> None:
    schedule = TickSchedule(start_s=100.0, fps=30.0)
    assert schedule.next_tick(tick, schedule.due_s(tick) + late_ticks / 30) == expected


def test_the_schedule_does_not_drift() -> None:
    assert TickSchedule(start_s=50.0, fps=30.0).due_s(30 * 3600 * 24) == 50.0 + 3600 * 24


def test_frames_come_in_order_and_not_before_they_are_due() -> None:
    provider: FrameProvider = DemoCamera((160, 90), fps=100.0)
    frames: list[PendingFrame] = []
    enough = threading.Event()

    def deliver(frame: PendingFrame) -> None:
        frames.append(frame)
        if len(frames) >= 8:
            enough.set()

    begin_ns = time.monotonic_ns()
    provider.start(deliver)
    provider.start(deliver)
    assert enough.wait(20)
    provider.stop()
    provider.stop()
    count = len(frames)
    indices = np.array([frame.index for frame in frames])
    since_start_s = np.array([frame.captured_ns - begin_ns for frame in frames]) / 1e9
    assert np.all(np.diff(indices) >= 1)
    assert np.all(since_start_s >= indices / 100.0)
    threading.Event().wait(0.03)
    assert len(frames) == count
    assert provider.description == "Demo camera"


def test_it_can_be_stopped_from_its_own_thread_and_started_again() -> None:
    camera = DemoCamera((160, 90), fps=200.0)
    for _ in range(2):
        stopped = threading.Event()

        def deliver(_frame: PendingFrame, done: threading.Event = stopped) -> None:
            camera.stop()
            done.set()

        camera.start(deliver)
        assert stopped.wait(20)
