"""Room: capture. A picture as Qt hands it over, decoded later in the worker's thread. Knows Qt's frames, no cameras."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage
from PySide6.QtMultimedia import QVideoFrame, QVideoFrameFormat

from mirror_app.capture.pixel_layout import PixelLayout
from mirror_app.domain.errors import InputError
from mirror_app.domain.frame import Frame

_Pixel = QVideoFrameFormat.PixelFormat
LAYOUTS: Final = {
    _Pixel.Format_NV12: PixelLayout.NV12,
    _Pixel.Format_NV21: PixelLayout.NV21,
    _Pixel.Format_YUYV: PixelLayout.YUYV,
    _Pixel.Format_UYVY: PixelLayout.UYVY,
    _Pixel.Format_YUV420P: PixelLayout.YUV420P,
    _Pixel.Format_BGRA8888: PixelLayout.BGRA,
    _Pixel.Format_BGRX8888: PixelLayout.BGRA,
    _Pixel.Format_RGBA8888: PixelLayout.RGBA,
    _Pixel.Format_RGBX8888: PixelLayout.RGBA,
    _Pixel.Format_Jpeg: PixelLayout.JPEG,
}
"""The formats that are decoded here; any other one is left to Qt."""


class PendingCameraFrame:
    """A camera picture still in the camera's own format; holds one of its buffers until it is decoded or dropped."""

    def __init__(self, video_frame: QVideoFrame, index: int, captured_ns: int) -> None:
        self._video_frame = video_frame
        self.index = index
        self.captured_ns = captured_ns

    def decode(self) -> Frame:
        """Convert to BGR, upright.

        Raises:
            InputError: The picture cannot be read or is damaged.
        """
        image = self._to_bgr()
        if self._video_frame.mirrored():
            image = image[:, ::-1]
        quarter_turns = self._video_frame.rotation().value // 90
        image = np.ascontiguousarray(np.rot90(image, -quarter_turns))
        image.flags.writeable = False
        return Frame(image_bgr=image, index=self.index, captured_ns=self.captured_ns)

    def _to_bgr(self) -> NDArray[np.uint8]:
        # Imported here because it loads cv2, which would keep the window from showing for half a second.
        from mirror_app.capture.planes import planes_to_bgr

        frame = self._video_frame
        layout = LAYOUTS.get(frame.pixelFormat())
        if layout is None:
            return _image_to_bgr(frame.toImage())
        if not frame.map(QVideoFrame.MapMode.ReadOnly):
            raise InputError("The camera's picture cannot be read; unplug the camera and plug it in again.")
        try:
            planes = [_plane(frame, number) for number in range(frame.planeCount())]
            is_full = frame.surfaceFormat().colorRange() == QVideoFrameFormat.ColorRange.ColorRange_Full
            return planes_to_bgr(layout, planes, (frame.width(), frame.height()), is_full)
        finally:
            frame.unmap()


def _plane(frame: QVideoFrame, number: int) -> NDArray[np.uint8]:
    """View one mapped plane as (rows, bytes_per_line) without copying; valid until the frame is unmapped."""
    data = np.frombuffer(frame.bits(number), dtype=np.uint8)[: frame.mappedBytes(number)]
    stride = frame.bytesPerLine(number)
    if frame.pixelFormat() == _Pixel.Format_Jpeg or stride <= 0:
        return data.reshape(1, -1)
    return data[: data.size // stride * stride].reshape(-1, stride)


def _image_to_bgr(image: QImage) -> NDArray[np.uint8]:
    if image.isNull():
        raise InputError("The camera's picture format is not supported; pick another camera.")
    bgr = image.convertToFormat(QImage.Format.Format_BGR888)
    rows = np.frombuffer(bgr.constBits(), dtype=np.uint8).reshape(bgr.height(), bgr.bytesPerLine())
    return rows[:, : bgr.width() * 3].reshape(bgr.height(), bgr.width(), 3).copy()
