"""Room: domain. What a swapper returns. No blending here."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.frame import require_image_bgr


@dataclass(frozen=True, slots=True, eq=False)
class Backdrop:
    """The live picture around a face with its shape changed; equal to the frame along its border.

    Attributes:
        image_bgr: (h, w, 3) uint8, BGR.
        origin_xy: Frame px of its top-left pixel; it lies wholly inside the frame.
    """

    image_bgr: NDArray[np.uint8]
    origin_xy: tuple[int, int]

    def __post_init__(self) -> None:
        require_image_bgr(self.image_bgr)


@dataclass(frozen=True, slots=True, eq=False)
class FacePatch:
    """Generated pixels, how much of them shows, and where they go.

    Attributes:
        image_bgr: (h, w, 3) uint8, BGR.
        alpha: (h, w) float32, 0..1; 1 = generated.
        origin_xy: Frame px of the patch's top-left pixel; the patch lies wholly inside the frame.
        backdrop: Takes the frame's place before the patch is joined; None where the frame itself lies under it.
        valid: False when the swapper cannot vouch for the patch (non-finite mesh, nothing visible).

    The arrays belong to the swapper and are valid until its next call.
    """

    image_bgr: NDArray[np.uint8]
    alpha: NDArray[np.float32]
    origin_xy: tuple[int, int]
    backdrop: Backdrop | None = None
    valid: bool = True

    def __post_init__(self) -> None:
        require_image_bgr(self.image_bgr)
        if self.alpha.shape != self.image_bgr.shape[:2] or self.alpha.dtype != np.float32:
            raise ValueError(
                f"expected alpha {self.image_bgr.shape[:2]} float32, got {self.alpha.shape} {self.alpha.dtype}"
            )
