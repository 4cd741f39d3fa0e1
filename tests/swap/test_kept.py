"""Room: tests. Hair and glasses of the live face are found, and nothing else of it is ever shown."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mirror_app.capture.demo import DemoCamera
from mirror_app.capture.demo_look import DemoLook, Lamp, Rims, SkinTone
from mirror_app.domain import mesh_topology as topology
from mirror_app.domain.assignment import Glasses
from mirror_app.imaging.rasterise import MeshRasteriser
from mirror_app.imaging.resample import looked_up, reduced, resized
from mirror_app.swap.facing import facing, smooth_step
from mirror_app.swap.kept import LOOK_SIDE, KeptFinder, uncovered
from mirror_app.swap.patch_area import patch_area
from mirror_app.swap.uv_layout import fill_ring
from tests.faces.scripted import mesh_at

SIDE = 160
# Every fourth frame of the demo camera: what a 30 Hz camera shows the finder.
STEP = 4
NO_GLASSES = DemoLook(glasses=Rims.NONE)


def face_texels() -> NDArray[np.bool_]:
    mask = np.zeros((SIDE, SIDE), np.uint8)
    fill_ring(mask, topology.FACE_OVAL, 255)
    return mask > 127


FACE = face_texels()


def kept_hair(finder: KeptFinder) -> NDArray[np.float32]:
    """(SIDE, SIDE) float32, 0..1: how much of the live face shows as hair."""
    cover = finder.cover()
    if cover is None:
        return np.zeros((SIDE, SIDE), np.float32)
    return 1 - resized(cover, (SIDE, SIDE)).astype(np.float32) / np.float32(255)


def look(finder: KeptFinder, image: NDArray[np.uint8], points: NDArray[np.float32], time_ns: int) -> None:
    area = patch_area(points, image.shape)
    assert area is not None
    small_wh = area.reduced_wh(LOOK_SIDE)
    seen = smooth_step(facing(points), 0.06, 0.32)
    finder.look(reduced(area.of(image), small_wh), area.reduce(points, small_wh), seen, time_ns)


def watched(look_of_head: DemoLook, frames: int = 80) -> tuple[KeptFinder, DemoCamera, int]:
    """A finder that has watched the demo camera; the camera; the last index it saw."""
    finder, camera = KeptFinder(), DemoCamera((640, 360), look=look_of_head)
    for index in range(0, frames, STEP):
        demo = camera.frame_at(index)
        look(finder, demo.frame.image_bgr, demo.mesh_points, demo.frame.captured_ns)
    return finder, camera, index


def unrolled(mask: NDArray[np.uint8], points: NDArray[np.float32]) -> NDArray[np.bool_]:
    """(SIDE, SIDE) bool: where a frame's mask is set, in the UV layout."""
    flat = np.zeros_like(points)
    flat[:, :2] = topology.UV * SIDE - 0.5
    values = np.column_stack([points[:, :2], np.ones(len(points))]).astype(np.float32)
    drawn = MeshRasteriser(topology.TRIANGLES).draw(flat, values, (SIDE, SIDE), cull_back=False)
    return looked_up(mask, drawn[..., 0].copy(), drawn[..., 1].copy()) > 200


@pytest.mark.parametrize(
    "worn",
    [
        DemoLook(),
        DemoLook(glasses=Rims.THICK),
        DemoLook(skin_tone=SkinTone.DARK),
        DemoLook(lamp=Lamp.MIXED),
        DemoLook(lamp=Lamp.DIM),
        DemoLook(lamp=Lamp.BRIGHT),
    ],
)
def test_glasses_are_found(worn: DemoLook) -> None:
    finder, camera, last = watched(worn)
    band = finder.glasses_band()
    assert band is not None
    glasses = unrolled(camera.masks_at(last).glasses, camera.frame_at(last).mesh_points)
    assert (glasses & (band > 100)).sum() / glasses.sum() > 0.2


@pytest.mark.parametrize(
    "bare",
    [
        NO_GLASSES,
        DemoLook(glasses=Rims.NONE, skin_tone=SkinTone.DARK),
        DemoLook(glasses=Rims.NONE, skin_tone=SkinTone.PALE),
        DemoLook(glasses=Rims.NONE, lamp=Lamp.TURNING),
        DemoLook(glasses=Rims.NONE, lamp=Lamp.MIXED),
        DemoLook(glasses=Rims.NONE, lamp=Lamp.DIM),
        DemoLook(glasses=Rims.NONE, lamp=Lamp.BRIGHT),
        DemoLook(glasses=Rims.NONE, beard=True),
        DemoLook(glasses=Rims.NONE, fringe=True),
    ],
)
def test_a_wrinkled_face_without_glasses_has_none_and_shows_no_skin(bare: DemoLook) -> None:
    finder, camera, last = watched(bare)
    assert finder.glasses_band() is None
    skin = unrolled(camera.masks_at(last).face_skin, camera.frame_at(last).mesh_points)
    assert (kept_hair(finder) * (skin & FACE)).sum() / FACE.sum() < 0.01


def test_a_fringe_is_kept() -> None:
    finder, camera, last = watched(DemoLook(glasses=Rims.NONE, fringe=True))
    bare, _, _ = watched(NO_GLASSES)
    fringe = unrolled(camera.masks_at(last).fringe, camera.frame_at(last).mesh_points) & FACE
    assert kept_hair(finder)[fringe].mean() > 0.35
    assert kept_hair(bare)[fringe].mean() < 0.1


def forbidden() -> NDArray[np.bool_]:
    """Texels of brows, eyes, nose, mouth and the cheeks between them and the jaw."""
    mask = np.zeros((SIDE, SIDE), np.uint8)
    rings = (
        topology.IMAGE_LEFT_EYE, topology.IMAGE_RIGHT_EYE, topology.IMAGE_LEFT_BROW, topology.IMAGE_RIGHT_BROW,
        topology.LIPS_OUTER,
    )  # fmt: skip
    points = np.concatenate([topology.UV[list(ring)] for ring in rings]) * SIDE
    cv2.fillConvexPoly(mask, cv2.convexHull(np.round(points).astype(np.int32)), 1)
    # The zone ends at v = 0.222 and fades out over three texels.
    mask[: round(0.27 * SIDE)] = 0
    # The zone fades out over three texels at its sides too.
    return np.asarray(cv2.erode(mask, np.ones((5, 5), np.uint8))) > 0


@given(st.integers(0, 2**31), st.sampled_from([3.0, 12.0, 60.0]), st.integers(1, 12))
@settings(max_examples=12, deadline=None)
def test_whatever_the_picture_only_the_zone_of_hair_can_be_kept(seed: int, blob_px: float, looks: int) -> None:
    finder, random = KeptFinder(), np.random.default_rng(seed)
    points = mesh_at((100, 100), 150).points
    for turn in range(looks):
        noise = cv2.GaussianBlur(random.normal(0, 1, (200, 200, 3)), (0, 0), blob_px)
        image = np.clip(128 + 90 * noise / noise.std(), 0, 255).astype(np.uint8)
        look(finder, image, points, turn * 130_000_000)
    hair = kept_hair(finder)
    assert hair[forbidden()].max() < 0.05
    assert hair[FACE].mean() < 0.23


def test_a_still_picture_is_settled_and_the_cover_stays_one_array_between_looks() -> None:
    finder, camera, last = watched(DemoLook(fringe=True))
    demo = camera.frame_at(last)
    covers = []
    for turn in range(40):
        look(finder, demo.frame.image_bgr, demo.mesh_points, demo.frame.captured_ns + (turn + 1) * 130_000_000)
        assert finder.cover() is finder.cover()
        covers.append(kept_hair(finder))
    assert np.abs(covers[-1] - covers[-4]).max() < 0.02


def test_one_look_at_a_photo_is_enough() -> None:
    finder, _, _ = watched(DemoLook(glasses=Rims.THICK, fringe=True), frames=1)
    assert finder.glasses_band() is not None
    assert kept_hair(finder)[FACE].mean() > 0.015


def test_another_face_starts_anew() -> None:
    finder, _, _ = watched(DemoLook(glasses=Rims.THICK, fringe=True))
    finder.reset()
    assert finder.cover() is None
    assert finder.glasses_band() is None
    assert finder.due(0)


def test_glasses_taken_off_are_forgotten() -> None:
    finder, _, last = watched(DemoLook(glasses=Rims.THICK))
    camera = DemoCamera((640, 360), look=NO_GLASSES)
    for index in range(last + STEP, last + 160, STEP):
        demo = camera.frame_at(index)
        look(finder, demo.frame.image_bgr, demo.mesh_points, demo.frame.captured_ns)
    assert finder.glasses_band() is None


def test_looks_are_due_every_fourth_frame_and_after_a_jump_back_in_time() -> None:
    finder, camera, _ = watched(DemoLook(), frames=1)
    assert not finder.due(camera.frame_at(3).frame.captured_ns)
    assert finder.due(camera.frame_at(4).frame.captured_ns)
    assert finder.due(-1)


def test_a_cover_is_taken_out_of_a_textures_alpha_and_nothing_else() -> None:
    texture = np.full((64, 64, 4), 200, np.uint8)
    cover = np.full((32, 32), 255, np.uint8)
    cover[:10] = 0
    found = uncovered(texture, cover)
    assert texture.min() == 200
    assert found[..., :3].min() == 200
    assert found[:16, :, 3].max() == 0
    assert found[24:, :, 3].min() == 200


def test_a_hinge_that_passes_for_hair_is_covered_when_glasses_are_replaced() -> None:
    finder, _, _ = watched(DemoLook())
    kept, replaced = finder.cover(), finder.cover(Glasses.REPLACE)
    assert kept is not None
    assert replaced is not None
    assert replaced is finder.cover(Glasses.REPLACE)
    assert (replaced >= kept).all()
    assert (replaced > kept).any()


@pytest.mark.parametrize(("glasses", "looks_at_glasses"), [(Glasses.KEEP, 6), (Glasses.REPLACE, 2)])
def test_glasses_are_followed_closely_only_where_they_are_to_be_seen(
    monkeypatch: pytest.MonkeyPatch, glasses: Glasses, looks_at_glasses: int
) -> None:
    finder, _, time_ns = watched(DemoLook(glasses=Rims.THICK))
    assert finder.glasses_band() is not None
    looks: list[int] = []
    monkeypatch.setattr(finder, "_look_at_glasses", lambda *_: looks.append(1))
    small, points = np.zeros((160, 120, 3), np.uint8), np.zeros((468, 3), np.float32)
    for turn in range(6):
        finder.look(small, points, np.ones(468, np.float32), time_ns + turn, glasses)
    assert len(looks) == looks_at_glasses
