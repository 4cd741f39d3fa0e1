"""Room: painting of the built-in targets. Eyes that look out of a thumbnail; worn faces keep the live person's own."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as mesh

Picture = NDArray[np.float32]


def _blob(side: int, centre: NDArray[np.floating], radius: float) -> NDArray[np.float32]:
    """A filled circle with a soft edge, 0..1."""
    y, x = np.mgrid[0:side, 0:side].astype(np.float32)
    distance = np.hypot(x - centre[0], y - centre[1])
    return np.asarray(np.clip((radius - distance) / (0.0016 * side) + 0.5, 0, 1), np.float32)


def _one_eye(
    side: int, ring: NDArray[np.float32], iris_bgr: NDArray[np.float32]
) -> tuple[Picture, NDArray[np.float32]]:
    """An eyeball on the sheet, and how far each texel lies inside the opening (0..1)."""
    points = ring * side
    low, high = points.min(0), points.max(0)
    centre = np.array([(low[0] + high[0]) / 2, low[1] + 0.47 * (high[1] - low[1])])
    radius = 0.0325 * side
    y, x = np.mgrid[0:side, 0:side].astype(np.float32)
    reach = np.hypot(x - centre[0], y - centre[1]) / radius
    ball = np.empty((side, side, 3), np.float32)
    ball[:] = (0.86, 0.87, 0.89)
    angle = np.arctan2(y - centre[1], x - centre[0])
    rays = 0.10 * np.sin(angle * 23 + 2 * np.sin(angle * 5)) * np.clip(reach * 2 - 0.8, 0, 1)
    glowing = np.clip(0.55 + 0.65 * (y - centre[1]) / radius * 0.6 + 0.35 * reach + rays, 0.15, 1.35)[..., None]
    weight = _blob(side, centre, radius)[..., None]
    ball = ball * (1 - weight) + iris_bgr * glowing * np.clip(1.75 - reach**4, 0.35, 1)[..., None] * weight
    ball *= 1 - _blob(side, centre, radius * 0.44)[..., None] * 0.96
    inside = np.zeros((side, side), np.uint8)
    cv2.fillPoly(inside, [np.round(points * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    depth = cv2.distanceTransform((inside > 127).astype(np.uint8), cv2.DIST_L2, 5) / (0.016 * side)
    below_lid = (y - low[1]) / max(float(high[1] - low[1]), 1.0)
    ball *= (np.clip(0.42 + 0.58 * depth, 0, 1) * np.clip(0.34 + 1.5 * below_lid, 0, 1))[..., None]
    spark = _blob(side, centre + radius * np.array([-0.34, -0.30]), radius * 0.17)
    spark = np.maximum(spark, 0.35 * _blob(side, centre + radius * np.array([0.36, 0.40]), radius * 0.10))
    ball = ball * (1 - spark[..., None]) + spark[..., None]
    return np.asarray(ball, np.float32), np.asarray(inside / 255, np.float32)


def with_eyes(texture_bgra: Picture, iris_bgr: tuple[float, float, float]) -> Picture:
    """Fill the eye openings and the mouth of a texture.

    Args:
        texture_bgra: (S, S, 4) float32, 0..1.
        iris_bgr: Colour of the iris, 0..1.

    Returns:
        (S, S, 3) float32, opaque.
    """
    side = texture_bgra.shape[0]
    picture: Picture = texture_bgra[..., :3].copy()
    for ring in (mesh.IMAGE_LEFT_EYE, mesh.IMAGE_RIGHT_EYE):
        ball, inside = _one_eye(side, mesh.UV[list(ring)], np.asarray(iris_bgr, np.float32))
        picture += (ball - picture) * inside[..., None]
    mouth = np.zeros((side, side), np.uint8)
    cv2.fillPoly(mouth, [np.round(mesh.UV[list(mesh.LIPS_INNER)] * side * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    gap = np.asarray(mouth[..., None] / 255, np.float32)
    return np.asarray(picture + (np.array([0.05, 0.04, 0.06], np.float32) - picture) * gap, np.float32)
