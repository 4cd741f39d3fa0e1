"""Room: tests. A face whose skin is known, its photo in any pose and light. No assertions here."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.imaging.rasterise import MeshRasteriser
from mirror_app.imaging.resample import blurred, looked_up
from mirror_app.swap.target_texture import PhotoView
from mirror_app.swap.uv_layout import fill_ring
from tests.imaging.pictures import soft_noise
from tests.swap.test_facing import turned

SKIN_BGR = (120, 150, 200)
BACKGROUND_BGR = (150, 60, 30)
# Vertices of the cheeks, in the middle of each half of the face.
LEFT_CHEEK, RIGHT_CHEEK = (117, 50, 118, 101), (346, 280, 347, 330)

_PARTS = (
    (topology.IMAGE_LEFT_BROW, (50, 60, 70)), (topology.IMAGE_RIGHT_BROW, (50, 60, 70)),
    (topology.LIPS_OUTER, (80, 70, 180)),
    (topology.IMAGE_LEFT_EYE, (240, 240, 240)), (topology.IMAGE_RIGHT_EYE, (240, 240, 240)),
)  # fmt: skip


def synthetic_face(side: int = 256, grain: float = 1.0) -> NDArray[np.uint8]:
    """Skin of one colour with redder cheeks and a grain, dark brows, red lips and white eyes, in UV layout."""
    texture = np.empty((side, side, 3), np.float32)
    texture[:] = SKIN_BGR
    places = np.indices((side, side))[::-1]
    for cheek in (LEFT_CHEEK, RIGHT_CHEEK):
        x, y = topology.UV[list(cheek)].mean(0) * side
        glow = np.exp(-((places[0] - x) ** 2 + (places[1] - y) ** 2) / (0.1 * side) ** 2)
        texture -= glow[..., None] * np.array([18, 14, 0], np.float32)
    for ring, colour in _PARTS:
        mask = np.zeros((side, side), np.uint8)
        fill_ring(mask, ring, 255)
        share = blurred(mask, 0.004 * side)[..., None].astype(np.float32) / 255
        texture += share * (np.array(colour, np.float32) - texture)
    return clipped(texture + soft_noise((side, side), grain)[..., None])


def photo_of(texture: NDArray[np.uint8], *, yaw_rad: float = 0.0, face_px: float = 300.0) -> PhotoView:
    """A photo of the face before a blue background; positive yaw turns its image right cheek to the camera."""
    points = turned(yaw_rad)
    points = points * np.float32(face_px / np.ptp(points[:, 1]))
    size = int(1.4 * face_px)
    points = (points - points.mean(0) + np.array([size / 2, size / 2, 0])).astype(np.float32)
    values = np.column_stack([topology.UV, np.ones(len(points))]).astype(np.float32)
    drawn = MeshRasteriser(topology.TRIANGLES).draw(points, values, (size, size))
    u, v, cover = (np.ascontiguousarray(drawn[..., channel]) for channel in range(3))
    side = texture.shape[0]
    face = looked_up(texture, u * side - np.float32(0.5), v * side - np.float32(0.5))
    image = np.where((cover > 0)[..., None], face, np.array(BACKGROUND_BGR, np.uint8))
    return PhotoView(np.asarray(image, np.uint8), points)


def clipped(picture: NDArray[np.floating]) -> NDArray[np.uint8]:
    return np.asarray(np.clip(picture, 0, 255), np.uint8)


def inside_face(side: int, margin: float = 0.03) -> NDArray[np.bool_]:
    """(side, side) bool: the face without a margin at its outline and without the eye openings and their rims."""
    mask = np.zeros((side, side), np.uint8)
    fill_ring(mask, topology.FACE_OVAL, 255)
    openings = np.zeros((side, side), np.uint8)
    for ring in (topology.IMAGE_LEFT_EYE, topology.IMAGE_RIGHT_EYE):
        fill_ring(openings, ring, 255)
    window = np.ones((2 * round(margin * side) + 1,) * 2, np.uint8)
    return np.asarray((cv2.erode(mask, window, borderValue=0) > 0) & (cv2.dilate(openings, window) == 0), np.bool_)


def error_of(found: NDArray[np.uint8], wanted: NDArray[np.uint8], where: NDArray[np.bool_]) -> float:
    """Mean difference of the logarithms of colours, the overall colour and exposure not counted."""
    difference = np.log(found[where].astype(np.float32) + 12) - np.log(wanted[where].astype(np.float32) + 12)
    return float(np.abs(difference - np.median(difference, axis=0)).mean())


def colour_at(texture: NDArray[np.uint8], vertices: tuple[int, ...]) -> NDArray[np.float32]:
    """(3,): the mean colour around some vertices."""
    reach = max(texture.shape[0] // 85, 1)
    x, y = np.round(topology.UV[list(vertices)] * texture.shape[0]).astype(int).T
    around = [
        texture[b - reach : b + reach + 1, a - reach : a + reach + 1].mean((0, 1)) for a, b in zip(x, y, strict=True)
    ]
    return np.asarray(np.mean(around, axis=0), np.float32)
