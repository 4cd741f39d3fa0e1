"""Room: gui. Where a picture lies in a widget. Geometry only; loads no cv2, so that the window can ask at once."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize


def fitted_wh(image_wh: tuple[int, int], box_wh: tuple[int, int]) -> tuple[int, int]:
    """The largest size of the picture's shape that fits into a box; at least 1x1."""
    scale = min(box_wh[0] / image_wh[0], box_wh[1] / image_wh[1])
    return max(1, round(image_wh[0] * scale)), max(1, round(image_wh[1] * scale))


@dataclass(frozen=True, slots=True)
class PictureBox:
    """A picture's place, in the middle of its widget and as large as it fits.

    Attributes:
        left_top_px: Device px.
        size_px: Width and height, device px.
        ratio: Device px per px of the widget.
    """

    left_top_px: tuple[int, int]
    size_px: tuple[int, int]
    ratio: float

    @property
    def place(self) -> QPointF:
        """The left upper corner in the widget."""
        return QPointF(self.left_top_px[0] / self.ratio, self.left_top_px[1] / self.ratio)

    @property
    def rect(self) -> QRectF:
        """The whole box in the widget."""
        return QRectF(self.place.x(), self.place.y(), self.size_px[0] / self.ratio, self.size_px[1] / self.ratio)


def picture_box(image_wh: tuple[int, int], widget: QSize, ratio: float) -> PictureBox:
    """Fit a picture of a size in px into a widget."""
    room_wh = (max(1, int(widget.width() * ratio)), max(1, int(widget.height() * ratio)))
    size_wh = fitted_wh(image_wh, room_wh)
    return PictureBox((int((room_wh[0] - size_wh[0]) / 2), int((room_wh[1] - size_wh[1]) / 2)), size_wh, ratio)
