"""Room: swap. From photos of one face to the texture that is worn; once per target. No frames, no files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.imaging.resample import reduced, resized
from mirror_app.swap.degrain import degrained
from mirror_app.swap.delight import even_light
from mirror_app.swap.merge import View, merge
from mirror_app.swap.openings import close_openings
from mirror_app.swap.relief import strengthened
from mirror_app.swap.skin import depth_inside, own_texels
from mirror_app.swap.unroll import unroll

# Trust is smooth: it is worked out at this side.
_TRUST_SIDE: Final = 256
# What is seen worse than this is made up: streaks of hair and ears.
_POORLY_SEEN: Final = 0.15
# In the middle of the face what no photo shows well, as nostrils from the front, is rather taken from it than made up.
_LEAST_SEEN: Final = 0.04
# Colours are compared as log(level + this), so that noise in near-black pixels does not count.
_DARK_LEVEL: Final = 6.0


@dataclass(frozen=True, slots=True, eq=False)
class PhotoView:
    """One photo's face.

    Attributes:
        image_bgr: (H, W, 3) uint8.
        points: (468, 3) float32, the face's mesh in px of the photo; x right, y down, z away.
    """

    image_bgr: NDArray[np.uint8]
    points: NDArray[np.float32]


def make_texture(views: Sequence[PhotoView], side: int) -> NDArray[np.uint8]:
    """Make the texture of a face from photos of it.

    Views are merged by how well each shows every texel; what none shows comes from the mirrored side or grows out of
    the skin around it. The photos' own light, grain and open eyes are taken out.

    Args:
        views: One or more photos of one person.
        side: Side of the texture, px.

    Returns:
        (side, side, 3) uint8, BGR, in `mesh_topology.UV` layout.
    """
    whole = merge([_in_layout(view, side) for view in views])
    even = even_light(whole.log_bgr, whole.both_seen)
    calm = strengthened(degrained(close_openings(even), whole.shown))
    return np.asarray(np.clip(np.exp(calm) - np.float32(_DARK_LEVEL), 0, 255).round(), np.uint8)


def _in_layout(view: PhotoView, side: int) -> View:
    shown = unroll(view.image_bgr, view.points, side)
    log_bgr = np.log(shown.texture_bgr.astype(np.float32) + np.float32(_DARK_LEVEL))
    small_wh = (_TRUST_SIDE, _TRUST_SIDE)
    seen = reduced(shown.confidence, small_wh)
    own = own_texels(reduced(log_bgr, small_wh), seen)
    well = np.maximum(seen - np.float32(_POORLY_SEEN), 0) / np.float32(1 - _POORLY_SEEN)
    middle = np.clip(5 * depth_inside(_TRUST_SIDE) - 4, 0, 1)
    trust = own * np.maximum(well, np.float32(_LEAST_SEEN) * middle)
    return View(log_bgr, resized(trust, (side, side)))
