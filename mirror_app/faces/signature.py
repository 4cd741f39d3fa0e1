"""Room: faces. What one face looks like, apart from light and pose, and how alike two are. Knows no people, no time.

The face is read at the middles of the mesh's triangles, so that pose drops out. Logarithms turn a lamp's strength and
colour into a sum; of the brightness a smooth surface over the face is taken away, which a lamp from the side is.

Measured against the mean of a person's first ten looks. The clips turn, speak and close their eyes; lit = gains of 0.6
to 1.2, of 0.8 to 1.2 for blue and red, and a slope of up to 0.4 across the picture; others = the 2 % most alike looks
of eleven other people, of whom the paintings are four:

| who | same, median | same, 95 % | lit, 95 % | most alike other |
| --- | --- | --- | --- | --- |
| open-mouth-480 | 0.09 | 0.24 | 0.28 | 0.48 |
| low-light-480 | 0.13 | 0.18 | 0.27 | 0.51 |
| glasses-512 | 0.10 | 0.18 | 0.21 | 0.39 |
| turning-720p | 0.03 | 0.05 | 0.12 | 0.51 |
| demo people 1 to 4, crossing | 0.03-0.08 | 0.08-0.20 | | 0.45 |

The mesh's own shape was measured, too, and left out: open mouths move it further (0.7 cm) than persons do (0.2 cm).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.domain.geometry import box_around
from mirror_app.faces.behind import Outline, is_shown

# Eyes open and close, mouths speak: triangles inside them are not read.
_RESTLESS: Final = (
    frozenset(topology.IMAGE_LEFT_EYE), frozenset(topology.IMAGE_RIGHT_EYE), frozenset(topology.LIPS_INNER),
)  # fmt: skip
# A face is read from a picture in which its longer side is so many px at most.
_READ_PX: Final = 96.0
# Smaller faces show too little of what tells people apart.
_LEAST_FACE_PX: Final = 40.0
# Cosine between a triangle and the camera from which on it is read, and where it counts in full.
_LEAST_FACING: Final = 0.3
_FULL_FACING: Final = 0.7
# So many triangles, of 852, must be seen in both faces for them to be compared.
_LEAST_COMMON: Final = 150.0
# Grey levels added before the logarithm: sensor noise in the dark is not a pattern.
_NOISE_FLOOR: Final = 4.0
# What brightness, red against green and blue against green count.
_SHARES: Final = (0.5, 0.25, 0.25)
# How much the whole face's own colour counts, at most so far apart (natural logarithms): lamps change it too.
_TONE_SHARE: Final = 0.1
_MOST_TONE: Final = 0.8
# What w600k_r50's cosine of two embeddings means, as a distance. Its makers say of less than 0.2 "not the same person",
# of 0.28 and more "the same" (insightface, web-demos/src_recognition/main.py); deepface calls 0.45 and more the same
# for this network (config/threshold.py: Buffalo_L 0.55). A name is given by the strictest of them.
_COSINES: Final = (-1.0, 0.0, 0.2, 0.28, 0.45, 1.0)
_COSINE_DISTANCES: Final = (1.0, 0.7, 0.3, 0.28, 0.2, 0.0)

Floats = NDArray[np.float32]

ALIKE: Final = 0.2
"""Nearer than this, two faces may be one person's; see `distance`."""
UNLIKE: Final = 0.3
"""Further apart than this, they are not."""


def _read_triangles() -> NDArray[np.intp]:
    return np.array([one for one in topology.TRIANGLES.tolist() if not any(set(one) <= ring for ring in _RESTLESS)])


_TRIANGLES: Final = _read_triangles()


def _surface() -> Floats:
    """(n, 6): a surface of the second degree over the unrolled face."""
    u, v = (topology.UV[_TRIANGLES].mean(1) - 0.5).T
    return np.stack([np.ones_like(u), u, v, u * u, v * v, u * v], 1).astype(np.float32)


_SURFACE: Final = _surface()


@dataclass(frozen=True, slots=True, eq=False)
class Signature:
    """What a face looks like.

    Attributes:
        pattern: (n, 3) float32 at n places of the face: brightness, red against green, blue against green.
        weights: (n,) float32 0..1, how well each place was seen.
        tone: (3,) float32, natural logarithm of the whole face's blue, green and red.
        embedding: (512,) float32 of length 1 from a recogniser, where there is one; then it alone decides.
    """

    pattern: Floats
    weights: Floats
    tone: Floats
    embedding: Floats | None = None

    def blended(self, newer: Signature, share: float) -> Signature:
        """A running mean; each place moves as far as the newer one saw it."""
        newly = share * newer.weights
        move = (newly / np.maximum(newly + (1 - share) * self.weights, 1e-6))[:, None]
        return Signature(
            (self.pattern + move * (newer.pattern - self.pattern)).astype(np.float32),
            (self.weights + share * (newer.weights - self.weights)).astype(np.float32),
            (self.tone + share * (newer.tone - self.tone)).astype(np.float32),
            _mean_direction(self.embedding, newer.embedding, share),
        )


def read_signature(image_bgr: NDArray[np.uint8], points: Floats, hidden_by: Sequence[Outline] = ()) -> Signature | None:
    """Read a face.

    Args:
        image_bgr: (H, W, 3) uint8.
        points: (468, 3) float32, its mesh in px of the picture.
        hidden_by: Outlines (k, 2), px, of what stands in front of it; nothing is read there.

    Returns:
        None where the face is too small, or too much of it is turned away, hidden or outside the picture.
    """
    if not np.isfinite(points).all():
        return None
    box = box_around(points)
    if float((box[2:] - box[:2]).max()) < _LEAST_FACE_PX:
        return None
    corners = points[_TRIANGLES]
    middles = corners.mean(1)
    weights = _facing(corners) * _inside(middles, image_bgr.shape, hidden_by)
    if float(weights.sum()) < _LEAST_COMMON:
        return None
    logs = np.log(_colours(image_bgr, box, middles[:, :2]) + np.float32(_NOISE_FLOOR))
    brightness = _without_surface(logs.mean(1), weights)
    pattern = np.stack([brightness, logs[:, 2] - logs[:, 1], logs[:, 0] - logs[:, 1]], 1)
    return Signature(pattern.astype(np.float32), weights, (weights @ logs / weights.sum()).astype(np.float32))


def distance(a: Signature, b: Signature) -> float | None:
    """How unlike two faces are: 0 = the same picture, about 1 = nothing in common; None where it cannot be said.

    Where both have embeddings, these alone decide, on the same scale.
    """
    if a.embedding is not None and b.embedding is not None and a.embedding.shape == b.embedding.shape:
        return float(np.interp(float(a.embedding @ b.embedding), _COSINES, _COSINE_DISTANCES))
    weights = a.weights * b.weights
    total = float(weights.sum())
    if total < _LEAST_COMMON:
        return None
    share = weights / np.float32(total)
    left, right = a.pattern - share @ a.pattern, b.pattern - share @ b.pattern
    both = np.sqrt((share @ left**2) * (share @ right**2))
    alike = (share @ (left * right)) / np.maximum(both, 1e-9)
    away = min(float(np.linalg.norm(a.tone - b.tone)), _MOST_TONE)
    return float((1 - alike) @ np.array(_SHARES)) + _TONE_SHARE * away


def _mean_direction(old: Floats | None, new: Floats | None, share: float) -> Floats | None:
    if old is None or new is None:
        return new if old is None else old
    mixed = (1 - share) * old + share * new
    return (mixed / max(float(np.linalg.norm(mixed)), 1e-6)).astype(np.float32)


def _facing(corners: Floats) -> Floats:
    """(n,) how much each triangle looks into the camera, 0..1."""
    x, y, z = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]).T
    cosine = -z / np.maximum(np.sqrt(x * x + y * y + z * z), 1e-9)
    return np.asarray(np.clip((cosine - _LEAST_FACING) / (_FULL_FACING - _LEAST_FACING), 0, 1), np.float32)


def _inside(middles: Floats, image_shape: tuple[int, ...], hidden_by: Sequence[Outline]) -> NDArray[np.bool_]:
    x, y = middles[:, 0], middles[:, 1]
    seen = (x > 0) & (y > 0) & (x < image_shape[1] - 1) & (y < image_shape[0] - 1)
    return np.asarray(seen & is_shown(middles[:, :2], hidden_by), np.bool_)


def _colours(image_bgr: NDArray[np.uint8], box_xyxy: Floats, places: Floats) -> Floats:
    """(n, 3) float32, BGR at places (n, 2) of the picture, each the mean of the pixels about it."""
    height, width = image_bgr.shape[:2]
    x0, y0 = np.clip(np.floor(box_xyxy[:2]), 0, (width - 2, height - 2)).astype(int).tolist()
    x1, y1 = np.clip(np.ceil(box_xyxy[2:]), (x0 + 2, y0 + 2), (width, height)).astype(int).tolist()
    scale = min(_READ_PX / float((box_xyxy[2:] - box_xyxy[:2]).max()), 1.0)
    size_wh = max(round((x1 - x0) * scale), 2), max(round((y1 - y0) * scale), 2)
    crop = cv2.blur(cv2.resize(image_bgr[y0:y1, x0:x1], size_wh, interpolation=cv2.INTER_AREA), (3, 3))
    at = (places - (x0, y0)) * (np.array(size_wh) / (x1 - x0, y1 - y0)) - 0.5
    x, y = np.clip(np.rint(at), 0, (size_wh[0] - 1, size_wh[1] - 1)).astype(np.intp).T
    return np.asarray(crop[y, x], np.float32)


def _without_surface(values: Floats, weights: Floats) -> Floats:
    weighted = _SURFACE * weights[:, None]
    normal = weighted.T @ _SURFACE + 1e-3 * np.eye(_SURFACE.shape[1], dtype=np.float32)
    return np.asarray(values - _SURFACE @ np.linalg.solve(normal, weighted.T @ values), np.float32)
