"""Room: render. Whether a patch hides the face it was made for, whichever engine made it. Changes no pixel.

Measured over all looks of the demo camera and four clips of people, mesh engine: 72 % or more of the places are hidden
in every frame (turned heads least).
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain import mesh_topology as topology
from mirror_app.domain.assignment import Assignment
from mirror_app.domain.patch import FacePatch

# A place counts as hidden from this alpha on.
_HIDDEN: Final = 0.5
# Half a face is enough to know somebody by: a patch must hide more of the places than that.
_LEAST_HIDDEN: Final = 0.55
# Where fewer places than this lie in the picture nobody can say what a patch hides: the face has nearly left it.
_FEWEST_PLACES: Final = 4
# Grey levels: generated places that differ less show nothing; and what is generated must differ so much from what is
# there, as the real face is no patch for itself. In a very dark room this share of the live places' contrast is enough,
# and for a target of one colour the same share of its own.
_LEAST_CONTRAST: Final = 1.0
_LEAST_CHANGE: Final = 0.5
_SHARE_OF_CONTRAST: Final = 0.1
# Generated places darker than this share of the live ones are black, unless the target is.
_LEAST_LIGHT: Final = 0.1
_FARTHEST_PX: Final = 1e6
_GREEN: Final = 1
# Share of the unrolled face; nearer to an opening or the outline any engine may let the live face show.
_FROM_OPENINGS: Final = 0.06


def _inner_places() -> NDArray[np.intp]:
    """Every fourth vertex on cheeks, nose, chin and forehead."""
    rings = (topology.IMAGE_LEFT_EYE, topology.IMAGE_RIGHT_EYE, topology.LIPS_INNER, topology.FACE_OVAL)
    edges = topology.UV[np.concatenate([np.array(ring) for ring in rings])]
    distances = np.linalg.norm(topology.UV[:, None] - edges[None], axis=-1).min(1)
    return np.asarray(np.flatnonzero(distances > _FROM_OPENINGS)[::4], np.intp)


_PLACES: Final = _inner_places()
_UV: Final = np.ascontiguousarray(topology.UV[_PLACES].T)


def is_sound(patch: FacePatch, assignment: Assignment, live_bgr: NDArray[np.uint8]) -> bool:
    """Whether a patch can be a face that hides another: not black, flat, not a number, elsewhere, or the live face.

    Looks at some sixty pixels, and at one of their colours.

    Args:
        patch: The swapper vouches for it.
        assignment: Whom it is to hide, and with what; without a mesh nothing can be said, and that is no.
        live_bgr: (H, W, 3) uint8, the picture before the patch is joined.
    """
    mesh, texture = assignment.live_face.mesh, assignment.target.texture_bgr
    if mesh is None:
        return False
    points = mesh.points.take(_PLACES, 0)
    # Far outside no integer could hold them.
    if not np.abs(points).max() < _FARTHEST_PX:
        return False
    x, y = points[:, 0].astype(np.intp), points[:, 1].astype(np.intp)
    in_picture = _inside(x, y, live_bgr.shape)
    left, top = patch.origin_xy
    on_patch = _inside(x - left, y - top, patch.alpha.shape) & in_picture
    x, y = x[on_patch], y[on_patch]
    # What is not a number is not above anything.
    hidden = patch.alpha[y - top, x - left] >= _HIDDEN
    visible = np.count_nonzero(in_picture)
    if visible < _FEWEST_PLACES or np.count_nonzero(hidden) < _LEAST_HIDDEN * visible:
        return False
    x, y = x[hidden], y[hidden]
    u, v = (_UV * len(texture)).astype(np.intp)
    target = texture[v, u, _GREEN]
    return _could_be_a_face(patch.image_bgr[y - top, x - left, _GREEN], live_bgr[y, x, _GREEN], target)


def _inside(x: NDArray[np.intp], y: NDArray[np.intp], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    return (x >= 0) & (y >= 0) & (x < shape[1]) & (y < shape[0])


def _could_be_a_face(generated: NDArray[np.uint8], live: NDArray[np.uint8], target: NDArray[np.uint8]) -> bool:
    """Levels at the same (n,) places of patch and frame, and all over the target."""
    mean, contrast = _mean_and_contrast(generated)
    live_mean, live_contrast = _mean_and_contrast(live)
    target_mean, target_contrast = _mean_and_contrast(target)
    # Where the room is so dark that nothing can be seen, a patch need not show more.
    visible = _SHARE_OF_CONTRAST * live_contrast
    if contrast < min(_LEAST_CONTRAST, visible, _SHARE_OF_CONTRAST * target_contrast):
        return False
    if mean < _LEAST_LIGHT * min(live_mean, target_mean):
        return False
    return cv2.norm(generated, live, cv2.NORM_L1) >= len(live) * min(_LEAST_CHANGE, visible)


def _mean_and_contrast(levels: NDArray[np.uint8]) -> tuple[float, float]:
    mean, contrast = cv2.meanStdDev(levels)
    return float(mean[0, 0]), float(contrast[0, 0])
