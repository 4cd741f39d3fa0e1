"""Room: domain. What a swapper returns. No blending here."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class FacePatch:
    """Generated pixels, how much of them shows, and where they go.

    Attributes:
        image_bgr: (h, w, 3) uint8, BGR.
        alpha: (h, w) float32, 0..1; 1 = generated.
        origin_xy: Frame px of the patch's top-left pixel; the patch lies wholly inside the frame.
        valid: False when the swapper cannot vouch for the patch (non-finite mesh, nothing visible).

    The arrays belong to the swapper and are valid until its next call.
    """

    image_bgr: NDArray[np.uint8]
    alpha: NDArray[np.float32]
    origin_xy: tuple[int, int]
    valid: bool = True
