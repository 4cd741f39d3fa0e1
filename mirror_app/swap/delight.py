"""Room: swap. Takes a photo's own light out of its unrolled face. No frames."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.imaging.gradients import integrated, steps_of
from mirror_app.imaging.resample import blurred, reduced, resized
from mirror_app.swap.extremes import dark_tints, deep_shade, highlights
from mirror_app.swap.skin import EYES_AND_BROWS, depth_inside, face_mask, features_mask
from mirror_app.swap.symmetry import one_sided_light
from mirror_app.swap.wide_light import wide_light

# Work at this size: light has no finer detail.
_SIDE: Final = 256
# The light that falls on one half only goes; this share of it comes back without its edges, or a face looks flat.
_LEFT: Final = 0.55
_LEFT_REACH: Final = 0.04
# How much of the shading that both halves share is taken out of brightness and of colour: part of it is the face's
# form, and cheeks are redder than foreheads.
_SHARED: Final = (0.0, 0.1)
# At the rim of the face, and where one half alone is seen, it is rather light than form.
_DOUBTFUL: Final = (0.8, 0.4)
# Narrower shading that both halves share, as beside the nose, is form.
_SHARED_NARROWEST: Final = 0.1
# Around eyes, brows and lips steps count as the face's own this far, as a share of the side.
_FEATURE_MARGIN: Final = 0.008
# Stronger light than this (log) stays: more would lift noise out of black paint.
_LARGEST: Final = 1.3
# The skin that this share (percent) of the face's light is darker than keeps its brightness.
_LEVEL: Final = 60
# ITU-R BT.601 luma weights in BGR order.
_BLUE, _GREEN, _RED = 0.114, 0.587, 0.299


def even_light(log_bgr: NDArray[np.float32], both_seen: NDArray[np.float32]) -> NDArray[np.float32]:
    """Even out a face's light; features, the redness of cheeks and the form's own shading stay.

    Args:
        log_bgr: (side, side, 3) float32, logarithms of the colours, without holes.
        both_seen: (side, side) float32, 0..1, where the photos show the texel and its mirrored one.

    Returns:
        (side, side, 3) float32.
    """
    side = log_bgr.shape[0]
    tones = _tones(reduced(log_bgr, (_SIDE, _SIDE)))
    light = one_sided_light(tones, features_mask(_SIDE, _FEATURE_MARGIN, EYES_AND_BROWS))
    light -= np.float32(_LEFT) * blurred(light, _LEFT_REACH * _SIDE)
    light = light + _shared_light(tones - light, reduced(both_seen, (_SIDE, _SIDE)))
    skin = (1 - features_mask(_SIDE, _FEATURE_MARGIN)) * face_mask(_SIDE)
    light[..., 0] += highlights(tones[..., 0] - light[..., 0], skin)
    light[..., 1:] += dark_tints(tones - light, skin)
    light[..., 0] += deep_shade(tones[..., 0] - light[..., 0], skin)
    light -= np.percentile(light[face_mask(_SIDE) > 0], _LEVEL, axis=0)
    light[..., 0] = np.clip(light[..., 0], -_LARGEST, _LARGEST)
    return log_bgr - resized(_log_bgr(light.astype(np.float32)), (side, side))


def _tones(log_bgr: NDArray[np.float32]) -> NDArray[np.float32]:
    """(h, w, 3): log brightness, log blue / green, log red / green."""
    blue, green, red = (log_bgr[..., k] for k in range(3))
    return np.dstack([_BLUE * blue + _GREEN * green + _RED * red, blue - green, red - green])


def _log_bgr(tones: NDArray[np.float32]) -> NDArray[np.float32]:
    """The inverse of `_tones`."""
    brightness, blue, red = (tones[..., k] for k in range(3))
    green = brightness - np.float32(_BLUE) * blue - np.float32(_RED) * red
    return np.dstack([green + blue, green, green + red])


def _shared_light(tones: NDArray[np.float32], both_seen: NDArray[np.float32]) -> NDArray[np.float32]:
    """The part to take out of the wide shading beside the features, carried on smoothly under them."""
    right, down = steps_of(tones)
    beside = (1 - features_mask(_SIDE, _FEATURE_MARGIN))[..., None]
    sure = (both_seen * depth_inside(_SIDE))[..., None]
    share = np.array(_DOUBTFUL, np.float32) * (1 - sure) + np.array(_SHARED, np.float32) * sure
    # Steps are shared out, not brightness: where the share changes no edge appears.
    share = beside * share[..., [0, 1, 1]]
    return wide_light(integrated((right * share, down * share)), tones, _SHARED_NARROWEST)
