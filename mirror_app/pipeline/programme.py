"""Room: pipeline. A rendered frame at the sizes of the ways out: fitted, labelled. Judges nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from mirror_app.compose.label import Label
from mirror_app.domain.face import TrackedFace
from mirror_app.domain.frame import RenderedFrame, Size, size_of
from mirror_app.domain.label import LabelStyle
from mirror_app.render.frame_room import FrameRoom

_BAR_BGR: Final = (16, 16, 16)


class Programme:
    """Draws each wanted size once per frame, whoever asked for it. The label is drawn after the resize."""

    def __init__(self) -> None:
        self._room = FrameRoom()
        self._style = LabelStyle()
        self._labels: dict[Size, Label] = {}

    def draw(
        self,
        rendered: RenderedFrame,
        faces: Sequence[TrackedFace],
        sizes: Sequence[Size],
        *,
        label_on: bool,
        style: LabelStyle | None = None,
    ) -> dict[Size, NDArray[np.uint8]]:
        """The frame at other sizes than its own; a frame of another shape gets bars.

        Args:
            rendered: Without a label.
            faces: Where no label may be.
            sizes: Those that are wanted.
            label_on: Whether there is to be a label.
            style: How it looks; None = as it does unless the user says otherwise.

        Returns:
            (H, W, 3) uint8 BGR by size, the caller's own.
        """
        own = size_of(rendered.image_bgr)
        if self._style != (style or LabelStyle()):
            self._style, self._labels = style or LabelStyle(), {}
        self._labels = {size: self._labels.get(size) or Label(self._style) for size in sizes}
        return {size: self._drawn(rendered, faces, size, label_on=label_on) for size in sizes if size != own}

    def _drawn(
        self, rendered: RenderedFrame, faces: Sequence[TrackedFace], size: Size, *, label_on: bool
    ) -> NDArray[np.uint8]:
        picture = self._room.memory((size[1], size[0], 3))
        scale, origin_xy = fit(rendered.image_bgr, picture)
        if label_on and rendered.covered_ids:
            shift = np.array(origin_xy * 2, np.float32)
            self._labels[size].draw(picture, [face.box_xyxy * np.float32(scale) + shift for face in faces])
        return picture


def fit(image_bgr: NDArray[np.uint8], into_bgr: NDArray[np.uint8]) -> tuple[float, Size]:
    """Fill a picture with another one, as large as it goes; what is left over becomes bars.

    Args:
        image_bgr: (H, W, 3) uint8.
        into_bgr: (h, w, 3) uint8, written to.

    Returns:
        The scale, and where the image's top-left pixel lies, px.
    """
    (width, height), (wide, high) = size_of(image_bgr), size_of(into_bgr)
    scale = min(wide / width, high / height)
    inner_w, inner_h = min(max(round(width * scale), 1), wide), min(max(round(height * scale), 1), high)
    x, y = (wide - inner_w) // 2, (high - inner_h) // 2
    for bar in (into_bgr[:y], into_bgr[y + inner_h :], into_bgr[:, :x], into_bgr[:, x + inner_w :]):
        bar[:] = _BAR_BGR
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    cv2.resize(image_bgr, (inner_w, inner_h), dst=into_bgr[y : y + inner_h, x : x + inner_w], interpolation=how)
    return scale, (x, y)
