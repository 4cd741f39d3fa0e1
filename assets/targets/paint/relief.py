"""Room: painting of the built-in targets. The face's form on the sheet: surface, features, light; no colours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray
from sheet import (
    SIDE,
    Plane,
    between,
    curve,
    depth_inside,
    distance_to,
    landmarks,
    mirrored,
    path,
    ramp,
    ring,
    smooth,
    xy,
)

from mirror_app.domain import mesh_topology as mesh

Vectors = NDArray[np.float32]
_GRID = 512

NOSTRIL = (79, 239, 238, 20, 60, 75, 166)
LID_CREASE = ((247, 247), (30, 225), (29, 224), (27, 223), (28, 222), (56, 221), (190, 189))


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """The lit shape of the face.

    Attributes:
        normal: (SIDE, SIDE, 3) unit vectors; x right, y down, z away, so the nose's tip has z = -1.
        cavity: (SIDE, SIDE), 0 = open surface, 1 = deep crease.
    """

    normal: Vectors
    cavity: Plane


@cache
def surface() -> Vectors:
    """The canonical face as one smooth sheet: (SIDE, SIDE, 3) cm, a thin-plate spline through all mesh vertices."""
    knots = mesh.UV.astype(np.float64)
    squared = ((knots[:, None] - knots[None]) ** 2).sum(2)
    count = len(knots)
    system = np.zeros((count + 3, count + 3))
    system[:count, :count] = squared * np.log(squared + 1e-12) + 1e-4 * np.eye(count)
    system[:count, count:] = np.c_[np.ones(count), knots]
    system[count:, :count] = system[:count, count:].T
    known = np.zeros((count + 3, 3))
    known[:count] = mesh.CANONICAL
    weights = np.linalg.solve(system, known).astype(np.float32)
    axis = (np.arange(_GRID, dtype=np.float32) + 0.5) / _GRID
    rows = []
    for v in axis:
        r2 = (axis[:, None] - mesh.UV[None, :, 0]) ** 2 + (v - mesh.UV[None, :, 1]) ** 2
        row = (r2 * np.log(r2 + 1e-12)) @ weights[:count]
        rows.append(row + weights[count] + axis[:, None] * weights[count + 1] + v * weights[count + 2])
    return np.asarray(cv2.resize(np.stack(rows), (SIDE, SIDE), interpolation=cv2.INTER_CUBIC), np.float32)


def groove(line: NDArray[np.float32], width_px: float) -> Plane:
    """1 on a line, falling off like a bell; joined with its mirror image."""
    d = distance_to(line)
    return mirrored(np.exp(-((d / width_px) ** 2)).astype(np.float32))


def lid_crease(share: float = 0.3) -> NDArray[np.float32]:
    """The fold above the image-left eye."""
    return curve([between(low, high, share) for low, high in LID_CREASE])


@cache
def features() -> Plane:
    """Heights in cm of what the coarse mesh lacks: lids, nostrils, nose wings, lips, folds."""
    eye = mirrored(ramp(depth_inside(ring(mesh.IMAGE_LEFT_EYE)), -7, 2))
    lid_rim = mirrored(np.exp(-(((depth_inside(ring(mesh.IMAGE_LEFT_EYE)) + 9) / 8) ** 2)).astype(np.float32))
    height = 0.05 * lid_rim - 0.10 * eye
    height -= 0.08 * groove(lid_crease(), 8)
    height += 0.05 * groove(lid_crease(0.75), 26)
    height -= 0.016 * groove(path([229, 230, 231, 232]), 22)
    height -= 0.05 * groove(curve([*landmarks([209, 129]), between(64, 98, 0.5) - xy(16, 0), *landmarks([98])]), 12)
    height -= 0.022 * groove(path([203, 206, 216]), 34)
    nostril = mirrored(ramp(smooth(mirrored(depth_inside(ring(NOSTRIL))), 3), -10, 12))
    height -= 0.35 * nostril
    lips = depth_inside(ring(mesh.LIPS_OUTER))
    full = ramp(lips, -6, 60) * 0.13
    seam = np.exp(-((distance_to(landmarks(mesh.LIPS_INNER), closed=True) / 13) ** 2))
    height += full.astype(np.float32) - 0.16 * seam.astype(np.float32)
    height -= 0.035 * groove(curve([between(2, 164, 0.6), *landmarks([164]), between(164, 0, 0.85)]), 20)
    height -= 0.03 * groove(path([83, 18, 313]), 40)
    return height


def form(extra_cm: Plane | None = None, *, strength: float = 1.0) -> Form:
    """The face's form with an optional painted relief on top.

    Args:
        extra_cm: (SIDE, SIDE) heights added along the normal.
        strength: How deep the sculpted features are.
    """
    points = surface()
    height = features() * np.float32(strength)
    if extra_cm is not None:
        height = height + extra_cm
    along_u, along_v = np.gradient(points, axis=1), np.gradient(points, axis=0)
    normal = np.cross(along_v, along_u)
    area = np.linalg.norm(normal, axis=2, keepdims=True)
    normal /= np.maximum(area, 1e-9)
    slope_u, slope_v = np.gradient(height, axis=1)[..., None], np.gradient(height, axis=0)[..., None]
    bent = normal - (slope_u * np.cross(normal, along_v) - slope_v * np.cross(normal, along_u)) * -1 / np.maximum(
        area, 1e-9
    )
    bent /= np.linalg.norm(bent, axis=2, keepdims=True)
    return Form(bent.astype(np.float32), _cavity(points, normal, height))


def _cavity(points: Vectors, normal: Vectors, height: Plane) -> Plane:
    """How much lower the surface lies than its surroundings, over several reaches."""
    total = np.zeros((SIDE, SIDE), np.float32)
    for sigma, weight in ((14.0, 4.0), (36.0, 1.1), (90.0, 0.45)):
        around = np.stack([smooth(np.ascontiguousarray(points[..., i]), sigma) for i in range(3)], axis=2)
        sunk = ((around - points) * normal).sum(2) + smooth(height, sigma) - height
        total += weight * np.maximum(sunk, 0).astype(np.float32)
    return np.asarray(np.clip(total, 0, 1), np.float32)


def lambert(shape: Form, direction: Sequence[float], wrap: float = 0.3) -> Plane:
    """Soft diffuse light from a direction (pointing toward the light), 0..1."""
    toward = np.asarray(direction, np.float32)
    toward /= np.linalg.norm(toward)
    return np.asarray(np.clip((shape.normal @ toward + wrap) / (1 + wrap), 0, 1), np.float32)


def gleam(shape: Form, direction: Sequence[float], sharpness: float) -> Plane:
    """Highlight of a light seen by a viewer in front, 0..1."""
    toward = np.asarray(direction, np.float32)
    toward /= np.linalg.norm(toward)
    half = toward + np.array([0, 0, -1], np.float32)
    half /= np.linalg.norm(half)
    return np.asarray(np.clip(shape.normal @ half, 0, 1) ** sharpness, np.float32)


def studio(shape: Form) -> Plane:
    """The quiet light baked into every face: a big soft box above the camera, dark in the creases; about 0.3..1.05."""
    light = 0.30 + 0.50 * lambert(shape, (0, -0.75, -0.65), 0.25) + 0.30 * lambert(shape, (0, 0.0, -1), 0.0) ** 2
    return np.asarray(light * (1 - 0.85 * shape.cavity), np.float32)
