"""Room: capture. Real cameras through QtMultimedia. No pixel maths; only it and its `camera_` neighbours know Qt.

Importing this file loads QtMultimedia, which needs system libraries (libpulse on Linux): import it late and catch
ImportError. All objects live in the GUI thread, as Qt reads V4L2 cameras in the thread that owns them.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QCameraPermission, QCoreApplication, QObject, QPermission, Qt, Signal
from PySide6.QtMultimedia import (
    QCamera,
    QCameraDevice,
    QCameraFormat,
    QMediaCaptureSession,
    QMediaDevices,
    QVideoFrame,
    QVideoSink,
)

from mirror_app.capture.camera_controls import CameraControls
from mirror_app.capture.camera_frame import LAYOUTS, PendingCameraFrame
from mirror_app.capture.camera_modes import CameraMode, best_mode
from mirror_app.capture.knobs import Knob, KnobState
from mirror_app.domain.errors import InputError
from mirror_app.domain.frame import PendingFrame

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CameraInfo:
    """A camera as people know it: `camera_id` stays the same over restarts, `name` is what the system calls it."""

    camera_id: str
    name: str


class CameraProvider(QObject):
    """A `FrameProvider` around one camera, with knobs. Create, start and stop it in the GUI thread."""

    failed = Signal(str)
    """A sentence for the user: the camera cannot be opened or was lost."""
    refused = Signal(str)
    """A sentence for the user: the system keeps the camera closed until the user allows it."""

    def __init__(self, device: QCameraDevice, mode: str = "", parent: QObject | None = None) -> None:
        """Prepare; the camera stays closed.

        Args:
            device: The camera.
            mode: Size and rate as in `CameraMode.word`; "", or one that the camera lacks, means the best for a mirror.
            parent: Qt's owner.
        """
        super().__init__(parent)
        self._device = device
        self._mode = mode
        self._deliver: Callable[[PendingFrame], None] | None = None
        self._next_index = 0
        self._sink = QVideoSink(self)
        # Direct: the slot only stores the frame, and the hand-over time must not wait for a busy event loop.
        self._sink.videoFrameChanged.connect(self._frame_arrived, Qt.ConnectionType.DirectConnection)
        self._session = QMediaCaptureSession(self)
        self._session.setVideoSink(self._sink)
        self._camera: QCamera | None = None
        self._controls: CameraControls | None = None
        self.is_asking = False
        """Whether the system asks the user just now if the camera may be used."""

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
            self.is_asking = True
            application.requestPermission(QCameraPermission(), self, self._permission_answered)

    def stop(self) -> None:
        """Close the camera and give the device back. Safe to call twice."""
        self._deliver = None
        self._controls = None
        if self._camera is not None:
            self._camera.stop()
            self._session.setCamera(None)  # type: ignore[arg-type]  # Qt takes a null pointer, PySide's stub does not say so
            self._camera.deleteLater()
            self._camera = None

    def knobs(self) -> Mapping[Knob, KnobState]:
        """What can be turned on this camera; nothing while it is closed."""
        return self._controls.knobs() if self._controls is not None else {}

    def turn(self, knob: Knob, value: float | None) -> None:
        """Set a knob; None leaves it to the camera."""
        if self._controls is not None:
            self._controls.turn(knob, value)

    def _permission_answered(self, permission: QPermission) -> None:
        self.is_asking = False
        if self._deliver is None:
            return
        if permission.status() == Qt.PermissionStatus.Granted:
            self._open()
        else:
            self.refused.emit(
                self.tr("The system keeps the camera closed. Allow it in the privacy settings, then come back here.")
            )

    def _open(self) -> None:
        camera = QCamera(self._device, self)
        formats = self._device.videoFormats()
        best = best_mode(map(_mode, formats), self._mode)
        if best is not None:
            camera.setCameraFormat(formats[best])
        camera.errorOccurred.connect(self._error_occurred)
        self._session.setCamera(camera)
        self._camera = camera
        self._controls = CameraControls(camera, _id_of(self._device))
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
        sentence = self.tr("{camera} cannot be opened. Close other apps that may be using it; it comes back by itself.")
        self.failed.emit(sentence.replace("{camera}", self.description))


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

    def modes(self, camera_id: str) -> list[CameraMode]:
        """The picture formats of one camera; none when it is not plugged in."""
        device = _device(camera_id)
        return [_mode(each) for each in device.videoFormats()] if device is not None else []

    def open(self, camera_id: str, mode: str = "") -> CameraProvider:
        """Make the provider of one camera; it does not deliver yet. The caller owns it.

        Args:
            camera_id: Which camera.
            mode: Size and rate, see `CameraProvider`.

        Raises:
            InputError: That camera is not plugged in any more.
        """
        device = _device(camera_id)
        if device is None:
            raise InputError("That camera is not plugged in any more. Plug it in again, or pick another one.")
        return CameraProvider(device, mode)


def number_names(cameras: Iterable[CameraInfo]) -> list[CameraInfo]:
    """Tell cameras of one name apart: the second becomes "Name (2)"."""
    seen: dict[str, int] = {}
    numbered = []
    for camera in cameras:
        count = seen[camera.name] = seen.get(camera.name, 0) + 1
        numbered.append(camera if count == 1 else CameraInfo(camera.camera_id, f"{camera.name} ({count})"))
    return numbered


def _device(camera_id: str) -> QCameraDevice | None:
    return next((device for device in QMediaDevices.videoInputs() if _id_of(device) == camera_id), None)


def _id_of(device: QCameraDevice) -> str:
    return bytes(device.id().data()).decode("utf-8", errors="replace")


def _mode(camera_format: QCameraFormat) -> CameraMode:
    size = camera_format.resolution()
    layout = LAYOUTS.get(camera_format.pixelFormat())
    return CameraMode((size.width(), size.height()), camera_format.maxFrameRate(), layout)
