"""Room: swap. The picture a mask's network wants of a face, and its mask carried to the swapper's crop. No networks."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.domain.templates import inverted
from mirror_app.swap.neural.aligned_crop import AlignedCrop, Border, Cropper

_HOMOGENEOUS: Final = (0.0, 0.0, 1.0)


class FaceCrop:
    """Cuts faces out as a network wants them and carries its masks back; its arrays are reused."""

    def __init__(self, template: str, side: int) -> None:
        """Remember what the network wants.

        Args:
            template: A key of `domain.templates.TEMPLATES`.
            side: Side of its pictures, px.
        """
        self._cropper = Cropper(template, side, Border.REPLICATE)
        self._carried = np.zeros((0, 0), np.uint8)

    def of(self, image_bgr: NDArray[np.uint8], crop: AlignedCrop) -> AlignedCrop | None:
        """The same face as in a swapper's crop; None where no five points are known."""
        return self._cropper.crop(image_bgr, crop.live_face)

    def carried(self, mask: NDArray[np.uint8], seen: AlignedCrop, crop: AlignedCrop) -> NDArray[np.uint8]:
        """A mask over what the network saw, over the swapper's crop; beyond its border it goes on as there.

        Args:
            mask: (s, s) uint8, the whole of `seen` at any size.
            seen: From `of`.
            crop: The swapper's.

        Returns:
            (crop.side, crop.side) uint8, valid until the next call.
        """
        if self._carried.shape[0] != crop.side:
            self._carried = np.zeros((crop.side, crop.side), np.uint8)
        frame_from_crop = np.vstack([inverted(crop.crop_from_frame), _HOMOGENEOUS])
        seen_from_crop = seen.crop_from_frame @ frame_from_crop
        share = mask.shape[0] / seen.side
        mask_from_crop = seen_from_crop * share + np.array([0, 0, 0.5 * share - 0.5])
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        cv2.warpAffine(
            mask, mask_from_crop, (crop.side, crop.side), dst=self._carried, flags=flags,
            borderMode=cv2.BORDER_REPLICATE,
        )  # fmt: skip
        return self._carried
