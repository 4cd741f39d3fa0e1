"""Room: tools. The formulas by which a swapped picture is judged; every one needs a picture and a face mesh only.

Lengths are shares of the face's own size, so that small and large faces can be compared.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.domain.geometry import fit_similarity
from mirror_app.imaging.resample import blurred, reduced

FEATURES: Final = ("mouth_open", "mouth_width", "left_eye", "right_eye", "yaw")
"""What an expression and a pose are reduced to, in the order of `features`; left and right of the image."""

# Pairs of vertices whose distance is a feature: inner lips, corners of the mouth, lids of either eye.
_GAPS: Final = ((13, 14), (61, 291), (159, 145), (386, 374))
# A feature with a smaller standard deviation than this moves less than the mesh network errs.
_STILL: Final = 0.005

# Where eyes, nose and chin lie in the stabilised face, px, and the part of it that is face in every pose.
_STABLE_SIDE: Final = 128
_STABLE_VERTICES: Final = (
    *(topology.IMAGE_LEFT_EYE_OUTER, topology.IMAGE_RIGHT_EYE_OUTER),
    *(topology.NOSE_TIP, topology.CHIN),
)
_STABLE_XY: Final = np.array([[0.3, 0.35], [0.7, 0.35], [0.5, 0.58], [0.5, 0.95]]) * _STABLE_SIDE
_STABLE_FACE: Final = (slice(20, 115), slice(25, 103))

_PARTS: Final = (
    topology.IMAGE_LEFT_EYE, topology.IMAGE_RIGHT_EYE, topology.LIPS_OUTER,
    topology.IMAGE_LEFT_BROW, topology.IMAGE_RIGHT_BROW,
)  # fmt: skip
_MARGIN: Final = 0.2
_BLOTCH_SIDE: Final = 96
# Grey levels in one channel: more than noise and compression change.
_CHANGED_LEVELS: Final = 24


def features(points: NDArray[np.float32]) -> NDArray[np.float32]:
    """`FEATURES` of one mesh, (5,) float32.

    The first four are distances over the distance of the eyes' outer corners. Yaw is how far the nose's tip lies beside
    the middle of the face's edges (before the ears), over their distance across the picture: 0 from the front, about
    0.1 at 10 degrees.

    Args:
        points: (468, 3) float32, px.
    """
    across = _apart(points, topology.IMAGE_LEFT_EYE_OUTER, topology.IMAGE_RIGHT_EYE_OUTER)
    left, right = (float(points[ear, 0]) for ear in (topology.IMAGE_LEFT_SIDE, topology.IMAGE_RIGHT_SIDE))
    yaw = (float(points[topology.NOSE_TIP, 0]) - (left + right) / 2) / max(abs(right - left), 1e-6)
    return np.array([*(_apart(points, *gap) / across for gap in _GAPS), yaw], np.float32)


def kept(reference: NDArray[np.float32], seen: NDArray[np.float32]) -> float | None:
    """How well one feature follows its reference over time: Pearson's correlation, -1..1; None = hardly moves.

    Args:
        reference: (n,) the feature as it is.
        seen: (n,) the feature as it is found.
    """
    if len(reference) < 3 or float(reference.std()) < _STILL:
        return None
    # A feature that stands still where it should move follows nothing.
    return float(np.corrcoef(reference, seen)[0, 1]) if float(seen.std()) > 1e-6 else 0.0


def landmark_error(points: NDArray[np.float32], truth: NDArray[np.float32]) -> float:
    """Mean distance of mesh points to the true ones in the picture, over the distance of the eyes' outer corners."""
    across = _apart(truth, topology.IMAGE_LEFT_EYE_OUTER, topology.IMAGE_RIGHT_EYE_OUTER)
    return float(np.linalg.norm(points[:, :2] - truth[:, :2], axis=1).mean()) / across


def stabilised(image_bgr: NDArray[np.uint8], points: NDArray[np.float32]) -> NDArray[np.float32]:
    """The face with eyes, nose and chin always in the same places: (95, 78, 3) float32, BGR 0..255."""
    scale, rotation, shift = fit_similarity(points[list(_STABLE_VERTICES), :2].astype(np.float64), _STABLE_XY)
    place = np.column_stack([scale * rotation, shift])
    return np.asarray(cv2.warpAffine(image_bgr, place, (_STABLE_SIDE, _STABLE_SIDE)), np.float32)[_STABLE_FACE]


def restlessness(before: NDArray[np.float32], now: NDArray[np.float32], after: NDArray[np.float32]) -> float:
    """How far a stabilised face lies off the middle of its neighbours in time, grey levels: flicker, not motion."""
    return float(np.abs(now - (before + after) / 2).mean())


def sharpness(image_bgr: NDArray[np.uint8], points: NDArray[np.float32]) -> float:
    """Mean absolute Laplacian of the grey picture inside the face's oval, grey levels."""
    face, local = _cut(image_bgr, points)
    slopes = cv2.Laplacian(cv2.cvtColor(face, cv2.COLOR_BGR2GRAY), cv2.CV_32F)
    inside = _inner(face.shape, local)
    return float(np.abs(slopes[inside > 0]).mean()) if inside.any() else 0.0


def blotches(image_bgr: NDArray[np.uint8], points: NDArray[np.float32]) -> float:
    """How uneven the skin's colour is, brightness aside: standard deviation of a and b of CIE Lab under a wide blur.

    Measured inside the oval, without eyes, brows and lips, in 8-bit Lab levels.
    """
    face, local = _cut(image_bgr, points)
    scale = _BLOTCH_SIDE / max(face.shape[:2])
    if scale < 1:
        small_wh = (max(round(face.shape[1] * scale), 1), max(round(face.shape[0] * scale), 1))
        face, local = reduced(face, small_wh), local * np.float32(scale)
    width = float(np.ptp(local[:, 0]))
    grow = np.ones((_odd(width * 0.06),) * 2, np.uint8)
    holes = _filled(face.shape, *(cv2.convexHull(local[list(part)]).reshape(-1, 2) for part in _PARTS))
    skin = cv2.subtract(_inner(face.shape, local), cv2.dilate(holes, grow))
    if not skin.any():
        return 0.0
    lab = blurred(np.asarray(cv2.cvtColor(face, cv2.COLOR_BGR2LAB), np.uint8), max(width * 0.03, 1.0))
    return float(np.sqrt((lab[skin > 0][:, 1:].astype(np.float32).std(axis=0) ** 2).sum()))


def seam(original_bgr: NDArray[np.uint8], swapped_bgr: NDArray[np.uint8], points: NDArray[np.float32]) -> float:
    """How much steeper the picture became along the face's outline: 0 = not at all, 1 = twice as steep.

    Mean of what the slope of the slightly blurred grey picture gained where it gained, over the mean slope of the
    original, in a band along the outline: 3 % of the face's width outward, 10 % inward.

    Args:
        original_bgr: (H, W, 3) uint8.
        swapped_bgr: (H, W, 3) uint8.
        points: (468, 3) float32, the face in the original.
    """
    before, local = _cut(original_bgr, points)
    after, _ = _cut(swapped_bgr, points)
    width = float(np.ptp(local[:, 0]))
    oval = _filled(before.shape, local[list(topology.FACE_OVAL)])
    outer = cv2.dilate(oval, np.ones((_odd(width * 0.06),) * 2, np.uint8))
    band = cv2.subtract(outer, cv2.erode(oval, np.ones((_odd(width * 0.2),) * 2, np.uint8))) > 0
    slope_before, slope_after = (_slopes(face, max(width * 0.012, 0.7))[band] for face in (before, after))
    return float(np.maximum(slope_after - slope_before, 0).mean() / max(float(slope_before.mean()), 1e-6))


def background_changed(
    original_bgr: NDArray[np.uint8], swapped_bgr: NDArray[np.uint8], points: NDArray[np.float32]
) -> float:
    """Share of the pixels far from the face that differ by more than 24 levels in a channel.

    "Far" is beyond the mesh's convex hull grown by 17 % of the face's width.
    """
    # Every second row and column: a quarter of the work, the same share.
    original_bgr, swapped_bgr, half = original_bgr[::2, ::2], swapped_bgr[::2, ::2], points[:, :2] * np.float32(0.5)
    near = _filled(original_bgr.shape, cv2.convexHull(half).reshape(-1, 2))
    grown = cv2.dilate(near, np.ones((_odd(float(np.ptp(half[:, 0])) * 0.35),) * 2, np.uint8))
    change = cv2.absdiff(original_bgr, swapped_bgr)
    strong = cv2.inRange(change, (0, 0, 0), (_CHANGED_LEVELS,) * 3) == 0
    far = np.asarray(grown) == 0
    return float(strong[far].mean()) if far.any() else 0.0


def sides_light(
    image_bgr: NDArray[np.uint8], skin: NDArray[np.uint8], points: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Natural logarithm of the mean colour of the skin on either side of the face: (2, 3), image left and right, BGR.

    Args:
        image_bgr: (H, W, 3) uint8.
        skin: (H, W) uint8, 255 = skin to look at.
        points: (468, 3) float32; forehead, nose and chin part the sides.
    """
    (left, top), (right, bottom) = _box(points, image_bgr.shape, 0.0)
    face, sure = image_bgr[top:bottom, left:right], cv2.inRange(skin[top:bottom, left:right], (200,), (255,))
    # The line from forehead to chin, past both ends, closed far on the image's left.
    ends = points[[topology.FOREHEAD_TOP, topology.CHIN], :2] - [left, top]
    past = np.array([ends[0] + 2 * (ends[0] - ends[1]), ends[1] + 2 * (ends[1] - ends[0])])
    far = np.float32(4) * np.array([(left - right), 0], np.float32)
    is_left = _filled(face.shape, np.array([*past, past[1] + far, past[0] + far]))
    sides = (cv2.bitwise_and(sure, is_left), cv2.bitwise_and(sure, cv2.bitwise_not(is_left)))
    return np.log(np.array([cv2.mean(face, side)[:3] for side in sides], np.float32) + 1)


def _apart(points: NDArray[np.float32], one: int, other: int) -> float:
    """Distance of two vertices in the picture, px."""
    return max(float(np.linalg.norm(points[one, :2] - points[other, :2])), 1e-6)


def _cut(image_bgr: NDArray[np.uint8], points: NDArray[np.float32]) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """The part of the picture around a face, and the mesh (468, 2) in its px."""
    (left, top), (right, bottom) = _box(points, image_bgr.shape, _MARGIN)
    face = np.ascontiguousarray(image_bgr[top:bottom, left:right])
    return face, (points[:, :2] - [left, top]).astype(np.float32)


def _box(points: NDArray[np.float32], shape: tuple[int, ...], margin: float) -> tuple[list[int], list[int]]:
    """First and last (not included) x and y of the mesh's box, grown by a share of its width, inside the picture."""
    grow, height, width = float(np.ptp(points[:, 0])) * margin, *shape[:2]
    low = np.clip(points[:, :2].min(axis=0) - grow, 0, [width - 2, height - 2]).astype(int)
    high = np.clip(points[:, :2].max(axis=0) + grow, low + 2, [width, height]).astype(int)
    return low.tolist(), high.tolist()


def _inner(shape: tuple[int, ...], local: NDArray[np.float32]) -> NDArray[np.uint8]:
    """(h, w) uint8, 255 inside the face's oval, 3 % of its width away from the line."""
    oval = _filled(shape, local[list(topology.FACE_OVAL)])
    return np.asarray(cv2.erode(oval, np.ones((_odd(float(np.ptp(local[:, 0])) * 0.06),) * 2, np.uint8)), np.uint8)


def _slopes(face_bgr: NDArray[np.uint8], sigma_px: float) -> NDArray[np.float32]:
    grey = blurred(np.asarray(cv2.cvtColor(face_bgr, cv2.COLOR_BGR2GRAY), np.float32), sigma_px)
    across, down = (cv2.Sobel(grey, cv2.CV_32F, *order, scale=1 / 8) for order in ((1, 0), (0, 1)))
    return np.asarray(cv2.magnitude(across, down), np.float32)


def _filled(shape: tuple[int, ...], *rings: NDArray[np.generic]) -> NDArray[np.uint8]:
    mask = np.zeros(shape[:2], np.uint8)
    for ring in rings:
        cv2.fillPoly(mask, [np.rint(ring).astype(np.int32)], (255,))
    return mask


def _odd(side: float) -> int:
    return int(side) | 1
