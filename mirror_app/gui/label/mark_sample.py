"""Room: gui. The real mark on a sample picture from light to dark, as large as it is in the mirror's picture."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from mirror_app.domain.label import LabelStyle
from mirror_app.gui import theme

_SIZE_WH: Final = (384, 216)


class MarkSample(QWidget):
    """One mark in its corner."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(*_SIZE_WH)
        self._picture = QPixmap()
        self.setAccessibleName(self.tr("The watermark as it will be"))

    def show_style(self, style: LabelStyle) -> None:
        """Draw it as the mirror does."""
        # Loaded here, as in the whole window: they load cv2.
        import numpy as np

        from mirror_app.compose.label import Label

        ratio = self.devicePixelRatioF()
        width, height = round(_SIZE_WH[0] * ratio), round(_SIZE_WH[1] * ratio)
        across = np.linspace(245, 25, width, dtype=np.float32)[None, :, None]
        down = np.linspace(1.0, 0.8, height, dtype=np.float32)[:, None, None]
        sky_to_night_bgr = across * down * np.array([1.0, 0.95, 0.88], np.float32)
        picture = np.ascontiguousarray(sky_to_night_bgr, np.uint8)
        Label(style).draw(picture)
        image = QImage(picture.data, width, height, picture.strides[0], QImage.Format.Format_BGR888)
        self._picture = QPixmap.fromImage(image)
        self._picture.setDevicePixelRatio(ratio)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the sample with round corners, as everything here has."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outline = QPainterPath()
        outline.addRoundedRect(QRectF(self.rect()), theme.RADIUS_SMALL, theme.RADIUS_SMALL)
        painter.setClipPath(outline)
        painter.drawPixmap(0, 0, self._picture)
