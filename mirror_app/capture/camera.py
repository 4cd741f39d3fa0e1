"""Room: capture. Real cameras through QtMultimedia. The only file outside gui and app that knows Qt; no pixel maths.

Importing this file loads QtMultimedia, which needs system libraries (libpulse on Linux): import it late and catch
ImportError. All objects live in the GUI thread, as Qt reads V4L2 cameras in the thread that owns them.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCameraPermission, QCoreApplication, QObject, QPermission, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtMultimedia import (
    QCamera,
    QCameraDevice,
    QCameraFormat,
    QMediaCaptureSession,
    QMediaDevices,
    QVideoFrame,
    QVideoFrameFormat,
    QVideoSink,
)

from mirror_app.capture.pixel_layout import PixelLayout
from mirror_app.domain.errors import InputError
from mirror_app.domain.frame import Frame, PendingFrame

_logger = logging.getLogger(__name__)

_Pixel = QVideoFrameFormat.PixelFormat
_LAYOUTS: Final = {
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
_UNCOMPRESSED: Final = frozenset(set(_LAYOUTS.values()) - {PixelLayout.JPEG})
_WANTED_WH: Final = (1280, 720)
_WANTED_FPS: Final = 30


@dataclass(frozen=True, slots=True)
class CameraInfo:
    """A camera as people know it: `camera_id` stays the same over restarts, `name` is what the system calls it."""

    camera_id: str
    name: str


@dataclass(frozen=True, slots=True)
class CameraMode:
    """One picture format a camera offers; `layout` is None for a format that only Qt itself can convert."""

    size_wh: tuple[int, int]
    max_fps: float
    layout: PixelLayout | None


def best_mode(modes: Iterable[CameraMode]) -> int | None:
    """Pick the format for a mirror: 720p at 30 fps or more, then uncompressed before JPEG.

    Uncompressed 720p over USB 2 often runs at 10 fps; such a format loses against JPEG, because the rate comes first.

    Returns:
        Position of the best mode, None when there is none.
    """

    def rank(mode: CameraMode) -> tuple[bool, int, bool, float]:
        width, height = mode.size_wh
        distance = abs(width - _WANTED_WH[0]) + abs(height - _WANTED_WH[1])
        return (round(mode.max_fps) >= _WANTED_FPS, -distance, mode.layout in _UNCOMPRESSED, mode.max_fps)

    ranked = [(rank(mode), -position) for position, mode in enumerate(modes)]
    return -max(ranked)[1] if ranked else None


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
        layout = _LAYOUTS.get(frame.pixelFormat())
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


class CameraProvider(QObject):
    """A `FrameProvider` around one camera. Create, start and stop it in the GUI thread."""

    failed = Signal(str)
    """A sentence for the user: the camera cannot be opened or was lost."""

    def __init__(self, device: QCameraDevice, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._device = device
        self._deliver: Callable[[PendingFrame], None] | None = None
        self._next_index = 0
        self._sink = QVideoSink(self)
        # Direct: the slot only stores the frame, and the hand-over time must not wait for a busy event loop.
        self._sink.videoFrameChanged.connect(self._frame_arrived, Qt.ConnectionType.DirectConnection)
        self._session = QMediaCaptureSession(self)
        self._session.setVideoSink(self._sink)
        self._camera: QCamera | None = None

    @property
    def description(self) -> str:
        """The camera's own name."""
        return self._device.description()

    def start(self, deliver: Callable[[PendingFrame], None]) -> None:
        """Open the camera; `deliver` gets every picture in the thread in which Qt hands it over."""
        self._deliver = deliver
        application = QCoreApplication.instance()
        if application is None or application.checkPermission(QCameraPermission()) == Qt.PermissionStatus.Granted:
            self._open()
        else:
            application.requestPermission(QCameraPermission(), self, self._permission_answered)

    def stop(self) -> None:
        """Close the camera and give the device back. Safe to call twice."""
        self._deliver = None
        if self._camera is not None:
            self._camera.stop()
            self._session.setCamera(None)  # type: ignore[arg-type]  # Qt takes a null pointer, PySide's stub does not say so
            self._camera.deleteLater()
            self._camera = None

    def _permission_answered(self, permission: QPermission) -> None:
        if permission.status() == Qt.PermissionStatus.Granted and self._deliver is not None:
            self._open()
        else:
            self.failed.emit(self.tr("The system keeps the camera closed. Allow it in the privacy settings and retry."))

    def _open(self) -> None:
        camera = QCamera(self._device, self)
        formats = self._device.videoFormats()
        best = best_mode(map(_mode, formats))
        if best is not None:
            camera.setCameraFormat(formats[best])
        camera.errorOccurred.connect(self._error_occurred)
        self._session.setCamera(camera)
        self._camera = camera
        camera.start()

    def _frame_arrived(self, video_frame: QVideoFrame) -> None:
        deliver = self._deliver
        if deliver is None or not video_frame.isValid():  # Qt sends one invalid frame when a camera stops
            return
        deliver(PendingCameraFrame(QVideoFrame(video_frame), self._next_index, time.monotonic_ns()))
        self._next_index += 1

    def _error_occurred(self, error: QCamera.Error, detail: str) -> None:
        if error == QCamera.Error.NoError:
            return
        _logger.warning("camera %s: %s", self.description, detail)
        sentence = self.tr("%1 cannot be opened. Close other apps that may be using it, then pick it again.")
        self.failed.emit(sentence.replace("%1", self.description))


class CameraList(QObject):
    """The cameras of this computer, kept up to date while they are plugged in and out."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._devices = QMediaDevices(self)
        self._devices.videoInputsChanged.connect(self.changed)

    def cameras(self) -> list[CameraInfo]:
        """All cameras, the system's default first; two of one name get a number."""
        devices = sorted(QMediaDevices.videoInputs(), key=lambda device: not device.isDefault())
        return number_names([CameraInfo(_id_of(device), device.description()) for device in devices])

    def open(self, camera_id: str) -> CameraProvider:
        """Make the provider of one camera; it does not deliver yet.

        Raises:
            InputError: That camera is not plugged in any more.
        """
        for device in QMediaDevices.videoInputs():
            if _id_of(device) == camera_id:
                return CameraProvider(device, self)
        raise InputError(self.tr("That camera is not plugged in any more. Pick another one."))


def number_names(cameras: Iterable[CameraInfo]) -> list[CameraInfo]:
    """Tell cameras of one name apart: the second becomes "Name (2)"."""
    seen: dict[str, int] = {}
    numbered = []
    for camera in cameras:
        count = seen[camera.name] = seen.get(camera.name, 0) + 1
        numbered.append(camera if count == 1 else CameraInfo(camera.camera_id, f"{camera.name} ({count})"))
    return numbered


def _id_of(device: QCameraDevice) -> str:
    return bytes(device.id().data()).decode("utf-8", errors="replace")


def _mode(camera_format: QCameraFormat) -> CameraMode:
    size = camera_format.resolution()
    layout = _LAYOUTS.get(camera_format.pixelFormat())
    return CameraMode((size.width(), size.height()), camera_format.maxFrameRate(), layout)


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
