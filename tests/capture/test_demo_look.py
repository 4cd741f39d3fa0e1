"""Room: tests. The demo camera's looks: what they show, and that what is said about them is true."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from mirror_app.capture.demo import DemoCamera, DemoMasks
from mirror_app.capture.demo_lamp import Light, light_at
from mirror_app.capture.demo_look import LOOKS, DemoLook, Lamp, Rims, SkinTone
from mirror_app.domain import mesh_topology as topology
from mirror_app.faces.track import FaceTracker
from mirror_app.pipeline.assembly import open_tracker

_SIZE_WH = (1280, 720)
_STILL = 657


@cache
def _camera(look: DemoLook) -> DemoCamera:
    return DemoCamera(_SIZE_WH, look=look)


@cache
def _picture(look: DemoLook, index: int = _STILL) -> NDArray[np.uint8]:
    return _camera(look).frame_at(index).frame.image_bgr


@cache
def _masks(look: DemoLook, index: int = _STILL) -> DemoMasks:
    return _camera(look).masks_at(index)


@pytest.fixture(scope="module")
def tracker() -> FaceTracker:
    return open_tracker()


def test_the_default_look_is_the_photograph_as_it_always_was() -> None:
    plain = DemoCamera(_SIZE_WH).frame_at(_STILL)
    assert LOOKS["plain"] == DemoLook()
    assert np.array_equal(plain.frame.image_bgr, _picture(DemoLook()))


@pytest.mark.parametrize("name", LOOKS)
def test_the_face_of_every_look_is_found_where_it_truly_is(tracker: FaceTracker, name: str) -> None:
    demo = _camera(LOOKS[name]).frame_at(_STILL)
    tracker.reset()
    tracker.scan(demo.frame)
    mesh = tracker.faces[0].mesh
    assert mesh is not None
    truth = demo.mesh_points[:, :2]
    apart = np.linalg.norm(truth[topology.IMAGE_LEFT_EYE_OUTER] - truth[topology.IMAGE_RIGHT_EYE_OUTER])
    assert np.linalg.norm(mesh.points[:, :2] - truth, axis=1).mean() < 0.06 * apart


def test_every_look_gives_the_same_performance_in_another_picture() -> None:
    plain = _camera(DemoLook()).frame_at(_STILL)
    for name in ("beard", "turning lamp"):
        other = _camera(LOOKS[name]).frame_at(_STILL)
        assert np.array_equal(other.mesh_points, plain.mesh_points)
        assert not np.array_equal(other.frame.image_bgr, plain.frame.image_bgr)


@pytest.mark.parametrize(
    ("look", "mask_of"),
    [
        (DemoLook(fringe=True), lambda masks: masks.fringe),
        (DemoLook(beard=True), lambda masks: masks.beard),
        (DemoLook(glasses=Rims.THICK), lambda masks: masks.glasses),
    ],
    ids=["fringe", "beard", "glasses"],
)
def test_what_is_painted_lies_in_its_mask_and_fills_it(
    look: DemoLook, mask_of: Callable[[DemoMasks], NDArray[np.uint8]]
) -> None:
    change = cv2.absdiff(_picture(look), _picture(DemoLook())).max(axis=2) > 40
    mask = mask_of(_masks(look))
    assert np.count_nonzero(mask) > 3000
    near = cv2.dilate(mask, np.ones((7, 7), np.uint8)) > 0
    assert change[near].sum() > 0.98 * change.sum()
    # The dark hinges are dark with thick glasses too.
    dark_before = _picture(DemoLook()).max(axis=2) < 90
    assert (change | dark_before)[mask > 250].mean() > 0.8


def test_removed_glasses_leave_skin() -> None:
    without = DemoLook(glasses=Rims.NONE)
    assert not _masks(without).glasses.any()
    place = cv2.erode(_masks(DemoLook()).glasses, np.ones((3, 3), np.uint8)) > 200
    lightness = _picture(without).max(axis=2)
    assert np.percentile(lightness[place], 5) > 90
    assert np.percentile(_picture(DemoLook()).max(axis=2)[place], 30) < 90


def test_skin_tones_differ_as_their_names_say_and_keep_what_is_no_skin() -> None:
    bare = _masks(DemoLook()).face_skin > 250
    levels = [np.median(_picture(DemoLook(skin_tone=tone))[bare].mean(axis=1)) for tone in SkinTone]
    by_tone = dict(zip(SkinTone, levels, strict=True))
    assert by_tone[SkinTone.DARK] < 0.75 * by_tone[SkinTone.BROWN] < 0.6 * by_tone[SkinTone.OWN]
    assert by_tone[SkinTone.PALE] > 1.15 * by_tone[SkinTone.OWN]
    hat = (slice(80, 200), slice(560, 720))
    assert np.array_equal(_picture(DemoLook(skin_tone=SkinTone.DARK))[hat], _picture(DemoLook())[hat])


@pytest.mark.parametrize("name", ["plain", "fringe", "beard", "thick glasses"])
def test_bare_skin_lies_in_the_face_and_under_nothing(name: str) -> None:
    masks = _masks(LOOKS[name])
    skin = masks.face_skin > 200
    assert skin.sum() > 25_000
    assert (masks.face[skin] > 150).mean() > 0.999
    for hidden in (masks.glasses, masks.fringe, masks.beard):
        assert not (skin & (hidden > 200)).any()


@pytest.mark.parametrize("index", [0, 75, 222, 411, 665])
def test_the_masks_move_with_the_face(index: int) -> None:
    demo, masks = _camera(DemoLook()).frame_at(index), _masks(DemoLook(), index)
    points = demo.mesh_points[:, :2]
    oval = np.zeros(masks.face.shape, np.uint8)
    cv2.fillPoly(oval, [np.rint(points[list(topology.FACE_OVAL)]).astype(np.int32)], 1)
    assert (oval[masks.face > 128] > 0).mean() > 0.98
    for ring in (topology.IMAGE_LEFT_EYE, topology.IMAGE_RIGHT_EYE):
        x, y = np.rint(points[list(ring)].mean(axis=0)).astype(int).tolist()
        assert masks.face[y, x] > 200
        assert masks.face_skin[y, x] < 50 or abs(points[159, 1] - points[145, 1]) < 4


def test_the_inside_of_the_mouth_is_face_but_no_skin() -> None:
    camera = _camera(DemoLook())
    index = max(range(657, 700, 3), key=lambda turn: np.ptp(camera.frame_at(turn).mesh_points[[13, 14], 1]))
    x, y = np.rint(camera.frame_at(index).mesh_points[[13, 14], :2].mean(axis=0)).astype(int).tolist()
    assert _masks(DemoLook(), index).face_skin[y, x] < 50
    assert _masks(DemoLook(), index).face[y, x] > 200


def _sides(look: DemoLook, index: int) -> NDArray[np.float64]:
    """Mean skin on the image's left and right of the nose over that of the plain look: (2, 3), BGR."""
    nose_x = _camera(look).frame_at(index).mesh_points[topology.NOSE_TIP, 0]
    plain = replace(look, lamp=Lamp.OWN)
    columns = np.arange(_SIZE_WH[0])[None, :]
    skin = _masks(plain, index).face_skin > 250
    return np.array(
        [
            _picture(look, index)[skin & side].mean(axis=0) / _picture(plain, index)[skin & side].mean(axis=0)
            for side in (columns < nose_x - 20, columns > nose_x + 20)
        ]
    )


def test_the_turning_lamp_lights_one_side_and_then_the_other() -> None:
    from_right, from_left = (_sides(DemoLook(lamp=Lamp.TURNING), index).mean(axis=1) for index in (24, 72))
    assert from_right[1] > 1.3 * from_right[0]
    assert from_left[0] > 1.3 * from_left[1]


def test_mixed_lamps_are_warm_on_one_side_and_cold_on_the_other() -> None:
    left, right = _sides(DemoLook(lamp=Lamp.MIXED), _STILL)
    assert left[2] / left[0] > 1.3 * right[2] / right[0]


def test_a_cast_a_dark_room_and_over_exposure_change_the_whole_picture() -> None:
    plain = _picture(DemoLook())
    warm, dim, bright = (_picture(DemoLook(lamp=lamp)) for lamp in (Lamp.WARM, Lamp.DIM, Lamp.BRIGHT))
    blue, _, red = (warm.mean(axis=(0, 1)) / plain.mean(axis=(0, 1))).tolist()
    assert red > 1.4 * blue
    assert dim.mean() < 0.45 * plain.mean()
    skin = _masks(DemoLook()).face_skin > 250
    assert (bright[skin].max(axis=1) >= 250).mean() > 0.4 > (plain[skin].max(axis=1) >= 250).mean()
    noise = [cv2.Laplacian(image[300:400, 1000:1200], cv2.CV_32F).std() / image.mean() for image in (dim, plain)]
    assert noise[0] > 3 * noise[1]


def test_light_changes_without_a_jump_and_a_steady_lamp_not_at_all() -> None:
    for lamp in Lamp:
        lights = [light_at(lamp, index / 30) for index in range(200)]
        angles = [ray.azimuth for light in lights for ray in light.rays[:1]]
        assert np.abs(np.diff(angles)).max(initial=0) < 0.1
        if lamp is not Lamp.TURNING:
            assert all(light == lights[0] for light in lights)
    assert light_at(Lamp.OWN, 1.0) == Light()
