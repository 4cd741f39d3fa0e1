"""Room: painting of the built-in targets. Shows a painted sheet as a solid face; knows no particular face."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as mesh
from mirror_app.imaging.rasterise import MeshRasteriser

Picture = NDArray[np.float32]


def turned(yaw_deg: float, pitch_deg: float) -> NDArray[np.float32]:
    """The canonical face turned: (468, 3) float32 cm, centred."""
    yaw, pitch = np.radians(yaw_deg), np.radians(pitch_deg)
    about_y = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])
    about_x = np.array([[1, 0, 0], [0, np.cos(pitch), -np.sin(pitch)], [0, np.sin(pitch), np.cos(pitch)]])
    points = _smiling() @ (about_x @ about_y).T
    low, high = points.min(0), points.max(0)
    return np.asarray(points - (low + high) / 2, np.float32)


def sheet_lookup(points_px: NDArray[np.float32], size: int) -> tuple[Picture, NDArray[np.bool_]]:
    """Where on the sheet each picture pixel looks: (size, size, 2) 0..1, and which pixels see the face."""
    values = np.concatenate([mesh.UV, np.ones((len(mesh.UV), 1), np.float32)], axis=1).astype(np.float32)
    drawn = MeshRasteriser(mesh.TRIANGLES).draw(points_px, values, (size, size)).copy()
    return drawn[..., :2], drawn[..., 2] > 0.5


def sampled(sheet: Picture, lookup: Picture) -> Picture:
    """A sheet picture (any channels, float32) seen through a lookup."""
    side = sheet.shape[0]
    x, y = (np.ascontiguousarray(lookup[..., i] * side - 0.5) for i in range(2))
    return np.asarray(cv2.remap(sheet, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.float32)


def _smiling() -> NDArray[np.float32]:
    """The canonical face, whose lips stand apart, with open lids and closed, smiling lips: (468, 3) float32 cm."""
    points = mesh.CANONICAL.copy()
    seam = points[list(mesh.LIPS_INNER)]
    lower, upper = seam[:11], np.concatenate([seam[10:], seam[:1]])[::-1]
    middle = (lower + upper) / 2
    column = np.interp(points[:, 0], middle[:, 0], middle[:, 1])
    gap = np.interp(points[:, 0], middle[:, 0], lower[:, 1] - upper[:, 1], left=0, right=0)
    above = points[:, 1] < column
    near = np.exp(-(((points[:, 1] - column) / 1.3) ** 2)) * (points[:, 2] < -2.5)
    points[:, 1] += np.where(above, 0.47, -0.47) * gap * near
    for corner in mesh.CANONICAL[[61, 291]]:
        pull = np.exp(-(((points - corner) ** 2).sum(1)) / 1.3**2)[:, None]
        points += pull * np.array([0.20 * np.sign(corner[0]), -0.42, 0.10])
    for lid in mesh.CANONICAL[[159, 386]]:
        points[:, 1] -= 0.10 * np.exp(-(((points - lid) ** 2).sum(1)) / 0.6**2)
    return points.astype(np.float32)


def vertex_normals(points: NDArray[np.float32]) -> NDArray[np.float32]:
    """Unit normals that point out of the face: (468, 3) float32."""
    a, b, c = (points[mesh.TRIANGLES[:, i]] for i in range(3))
    across = np.cross(b - a, c - a)
    total = np.zeros_like(points)
    for i in range(3):
        np.add.at(total, mesh.TRIANGLES[:, i], across)
    total /= np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-9)
    return np.asarray(total * -np.sign(total[mesh.NOSE_TIP, 2]), np.float32)
