"""Room: tests. The demo camera's portrait at any size and place, and targets of one colour. No assertions here."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.capture.demo import DemoCamera, DemoFrame
from mirror_app.domain import mesh_topology as topology
from mirror_app.domain.frame import Frame
from mirror_app.domain.target import TargetFace
from mirror_app.pipeline.enrol import target_from_texture

FRAME_NS = 33_333_333
_SCENE_WH = (1280, 720)


@cache
def _camera() -> DemoCamera:
    return DemoCamera(_SCENE_WH)


@cache
def demo_frame(index: int) -> DemoFrame:
    """One frame of the demo performance at 1280x720, with its true mesh."""
    return _camera().frame_at(index)


def placed_portrait(
    size_wh: tuple[int, int], face_height_px: float, centre_xy: tuple[float, float], *, demo_index: int = 0
) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """The demo portrait with its face at a chosen height and place.

    Returns:
        (H, W, 3) uint8 BGR, and the true mesh, (468, 2) float32, frame px.
    """
    demo = demo_frame(demo_index)
    points = demo.mesh_points[:, :2]
    scale = face_height_px / float(np.ptp(points[:, 1]))
    shift = np.array(centre_xy) - scale * (points.min(0) + points.max(0)) / 2
    frame_from_scene = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]], np.float32)
    # Averaged before it is sampled: a picture of a small face is not made of single pixels.
    scene = cv2.GaussianBlur(demo.frame.image_bgr, (0, 0), 0.5 / scale) if scale < 1 else demo.frame.image_bgr
    image = cv2.warpAffine(scene, frame_from_scene, size_wh, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(image, np.uint8), (points * scale + shift).astype(np.float32)


def as_frame(image_bgr: NDArray[np.uint8], index: int = 0) -> Frame:
    """A frame of a 30 frames/s camera; its pixels are read-only, as those of a camera's frame are."""
    image_bgr.flags.writeable = False
    return Frame(image_bgr, index, index * FRAME_NS)


def plain_target(bgr: tuple[int, int, int] = (200, 60, 20), colour_follow: float = 0.0, side: int = 256) -> TargetFace:
    """A target of one colour that covers everything a target can cover."""
    texture = np.full((side, side, 4), 255, np.uint8)
    texture[..., :3] = bgr
    return target_from_texture("plain", texture, colour_follow)


def region_mask(
    points_xy: NDArray[np.float32], ring: tuple[int, ...], shape: tuple[int, ...], grow_px: int
) -> NDArray[np.bool_]:
    """(H, W) bool: the inside of a ring of mesh vertices, grown (or shrunk, when negative) by some pixels."""
    mask = np.zeros(shape[:2], np.uint8)
    cv2.fillPoly(mask, [np.round(points_xy[list(ring)]).astype(np.int32)], 1)
    if grow_px:
        kernel = np.ones((2 * abs(grow_px) + 1, 2 * abs(grow_px) + 1), np.uint8)
        mask = np.asarray((cv2.dilate if grow_px > 0 else cv2.erode)(mask, kernel), np.uint8)
    return mask > 0


def mesh_area(points_xy: NDArray[np.float32], shape: tuple[int, ...], grow_px: int = 2) -> NDArray[np.bool_]:
    """(H, W) bool: everything that any triangle of the mesh touches, grown by some pixels."""
    mask = np.zeros(shape[:2], np.uint8)
    for triangle in np.round(points_xy[topology.TRIANGLES]).astype(np.int32):
        cv2.fillConvexPoly(mask, triangle, 1)
    return np.asarray(cv2.dilate(mask, np.ones((2 * grow_px + 1, 2 * grow_px + 1), np.uint8)), np.uint8) > 0
