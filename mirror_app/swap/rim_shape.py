"""Room: swap. A lens's rim is a smooth closed curve: mends a traced rim where brow or lash led it away. No pixels."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from mirror_app.imaging.fit import evaluated, weighted_fit
from mirror_app.swap.glasses_strips import lower_rim, rim_angles

# Mean, shift and oval: two waves around the lens.
_WAVES: Final = 2
_ROUNDS: Final = 2
# In the first fit the upper half, where brows are, has this much say; later each place by its distance from the curve
# (Tukey's biweight with this reach, samples across).
_UPPER_SAY: Final = 0.15
_REACH: Final = 3.0
# The mended rim may leave the curve by this much: lenses have corners.
_LEAVE: Final = 1.5
# Pull of each wave toward zero; the mean is free.
_STIFFNESS: Final = np.diag([0, *[0.01] * (2 * _WAVES)]).astype(np.float32)


def _terms() -> NDArray[np.float32]:
    angles = rim_angles()
    waves = [wave(k * angles) for k in range(1, _WAVES + 1) for wave in (np.cos, np.sin)]
    return np.stack([np.ones_like(angles), *waves]).astype(np.float32)


_TERMS: Final = _terms()
_FIRST_SAY: Final = np.where(lower_rim(), 1, _UPPER_SAY).astype(np.float32)


def mended(rim: NDArray[np.float32], strength: NDArray[np.float32]) -> NDArray[np.float32]:
    """The rim pulled back to within reach of the smooth curve that most of it follows.

    Args:
        rim: (along,) float32, where the traced line crosses its strip, samples across.
        strength: (along,) float32, >= 0, how much the line stands out there.
    """
    say = strength * _FIRST_SAY
    curve = rim
    for _ in range(_ROUNDS):
        if say.sum() <= 0:
            return rim
        curve = evaluated(weighted_fit(_TERMS, rim[None], say, _STIFFNESS), _TERMS)[0]
        say = strength * np.maximum(1 - ((rim - curve) / np.float32(_REACH)) ** 2, 0) ** 2
    return np.asarray(np.clip(rim, curve - _LEAVE, curve + _LEAVE), np.float32)
