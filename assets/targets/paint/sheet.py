"""Room: painting of the built-in targets. The unrolled face as a sheet: landmarks, masks, paths; no colours.

All pictures are (SIDE, SIDE) or (SIDE, SIDE, 3) float32, 0..1, RGB; points are (n, 2) float32 px of the sheet.
The left half is painted and mirrored where a face is symmetric; names say image left.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as mesh

SIDE = 2048
FINAL_SIDE = 1024
PX_PER_CM = 97.0  # mean over the front of the face: 0.0475 of the sheet for one canonical centimetre
OVAL_FEATHER_PX = 56.0

Plane = NDArray[np.float32]
Points = NDArray[np.float32]


def landmarks(ids: Sequence[int]) -> Points:
    """Sheet positions of mesh vertices: (n, 2) float32 px."""
    return np.ascontiguousarray(mesh.UV[list(ids)] * SIDE, np.float32)


def xy(x: float, y: float) -> Points:
    """A step or a place in px: (2,) float32."""
    return np.array([x, y], np.float32)


def at(u: float, v: float) -> Points:
    """One sheet position from texture coordinates: (2,) float32 px."""
    return np.array([u * SIDE, v * SIDE], np.float32)


def between(first: int, second: int, share: float) -> Points:
    """A point on the way from one vertex to another: (2,) float32 px."""
    start, end = landmarks([first, second])
    return np.asarray(start + (end - start) * share, np.float32)


def curve(points: Sequence[Points] | Points, *, closed: bool = False, samples: int = 24) -> Points:
    """A smooth line through points (centripetal enough Catmull-Rom): (m, 2) float32 px."""
    knots = np.asarray(points, np.float32)
    count = len(knots)
    if closed:
        padded = np.concatenate([knots[-1:], knots, knots[:2]])
    else:
        padded = np.concatenate([2 * knots[:1] - knots[1:2], knots, 2 * knots[-1:] - knots[-2:-1]])
    t = np.linspace(0, 1, samples, endpoint=False, dtype=np.float32)[:, None]
    pieces = []
    for i in range(count if closed else count - 1):
        a, b, c, d = padded[i : i + 4]
        pieces.append(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3))
    if not closed:
        pieces.append(knots[-1:])
    return np.concatenate(pieces).astype(np.float32)


def ring(ids: Sequence[int]) -> Points:
    """A smooth closed line through mesh vertices."""
    return curve(landmarks(ids), closed=True)


def path(ids: Sequence[int]) -> Points:
    """A smooth open line through mesh vertices."""
    return curve(landmarks(ids))


def _unit(canvas: NDArray[np.uint8]) -> Plane:
    return np.asarray(canvas / 255, np.float32)


def fill(outline: Points) -> Plane:
    """Antialiased inside of a closed line."""
    canvas = np.zeros((SIDE, SIDE), np.uint8)
    cv2.fillPoly(canvas, [np.round(outline * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    return _unit(canvas)


def _outline(line: Points, width_px: float | Sequence[float]) -> tuple[Points, Points]:
    """The edge of a stroke of varying width, and the radii of its two ends."""
    widths = np.atleast_1d(np.asarray(width_px, np.float32))
    steps = np.linalg.norm(np.diff(line, axis=0), axis=1)
    along = np.concatenate([[0], np.cumsum(steps)]) / max(float(steps.sum()), 1e-6)
    half = np.interp(along, np.linspace(0, 1, len(widths)), widths)[:, None] / 2
    tangent = np.gradient(line, axis=0)
    tangent /= np.maximum(np.linalg.norm(tangent, axis=1, keepdims=True), 1e-6)
    normal = tangent[:, ::-1] * xy(1, -1)
    edge = np.concatenate([line + normal * half, (line - normal * half)[::-1]])
    return edge.astype(np.float32), half[[0, -1], 0].astype(np.float32)


def strokes(lines: Sequence[tuple[Points, float | Sequence[float]]]) -> Plane:
    """Brush strokes along lines; several widths are spread evenly over a line's length (0 = a pointed end)."""
    canvas = np.zeros((SIDE, SIDE), np.uint8)
    for line, width_px in lines:
        edge, radii = _outline(line, width_px)
        cv2.fillPoly(canvas, [np.round(edge * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
        for end, radius in zip(line[[0, -1]], radii, strict=True):
            if radius > 1:
                place = (round(float(end[0]) * 16), round(float(end[1]) * 16))
                cv2.circle(canvas, place, round(float(radius) * 16), 255, -1, cv2.LINE_AA, 4)
    return _unit(canvas)


def stroke(line: Points, width_px: float | Sequence[float]) -> Plane:
    """One brush stroke, see `strokes`."""
    return strokes([(line, width_px)])


def dots(centres: Points, radii_px: Sequence[float] | NDArray[np.float32]) -> Plane:
    """Antialiased filled circles."""
    canvas = np.zeros((SIDE, SIDE), np.uint8)
    for centre, radius in zip(np.atleast_2d(centres), radii_px, strict=True):
        place = (round(float(centre[0]) * 16), round(float(centre[1]) * 16))
        cv2.circle(canvas, place, round(float(radius) * 16), 255, -1, cv2.LINE_AA, 4)
    return _unit(canvas)


def distance_to(line: Points, *, closed: bool = False) -> Plane:
    """Distance in px from every texel to a line."""
    canvas = np.full((SIDE, SIDE), 255, np.uint8)
    cv2.polylines(canvas, [np.round(line * 16).astype(np.int32)], closed, 0, 1, cv2.LINE_8, 4)
    return np.asarray(cv2.distanceTransform(canvas, cv2.DIST_L2, cv2.DIST_MASK_PRECISE), np.float32)


def depth_inside(outline: Points) -> Plane:
    """Signed distance in px to a closed line, positive inside."""
    return depth(fill(outline))


def depth(mask: Plane) -> Plane:
    """Signed distance in px to the edge of a mask, positive inside."""
    inside = (mask > 0.5).astype(np.uint8)
    inward = cv2.distanceTransform(inside, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    outward = cv2.distanceTransform(1 - inside, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return (inward - outward).astype(np.float32)


def mirrored(plane: Plane) -> Plane:
    """A plane joined (by maximum) with its left-right mirror image."""
    return np.maximum(plane, plane[:, ::-1])


def smooth(plane: Plane, sigma_px: float) -> Plane:
    """Gaussian blur; wide ones are done on a reduced copy."""
    reduce = max(1, int(sigma_px / 6))
    if reduce == 1:
        return np.asarray(cv2.GaussianBlur(plane, (0, 0), sigma_px), np.float32)
    small = cv2.resize(plane, (SIDE // reduce, SIDE // reduce), interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), sigma_px / reduce)
    return np.asarray(cv2.resize(small, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC), np.float32)


def ramp(plane: Plane, low: float, high: float) -> Plane:
    """Smooth step: 0 at `low`, 1 at `high` (either may be the larger)."""
    t = np.clip((plane - low) / (high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)


def edging(mask: Plane, from_px: float, to_px: float) -> Plane:
    """A band around a mask, between two distances outside its edge."""
    outside = -depth(mask)
    return ramp(outside, from_px - 1.5, from_px + 1.5) * ramp(outside, to_px + 1.5, to_px - 1.5)


def glow_spot(u: float, v: float, radius_px: float, *, both: bool = True) -> Plane:
    """A soft round spot, 1 in the middle; on both sides of the face if wanted."""
    x, y = np.meshgrid(np.arange(SIDE, dtype=np.float32), np.arange(SIDE, dtype=np.float32))
    spot = np.exp(-((x - u * SIDE) ** 2 + (y - v * SIDE) ** 2) / radius_px**2).astype(np.float32)
    return mirrored(spot) if both else spot


def coverage() -> Plane:
    """How much of the live face the sheet covers: 1 on the face, feathered at the oval, 0 in eye openings and mouth."""
    oval = ramp(depth_inside(ring(mesh.FACE_OVAL)), 0, OVAL_FEATHER_PX)
    for opening in (mesh.IMAGE_LEFT_EYE, mesh.IMAGE_RIGHT_EYE):
        oval *= 1 - ramp(depth_inside(ring(opening)), 0, 8)
    return oval * (1 - ramp(depth_inside(landmarks(mesh.LIPS_INNER)), -2.5, 1.0))
