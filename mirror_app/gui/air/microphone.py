"""Room: gui. The computer's microphones: which there are, and what one of them hears. Mixes, shows and keeps nothing.

Importing this file loads QtMultimedia, which needs system libraries (libpulse on Linux): import it late and catch
ImportError.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QIODevice, QMicrophonePermission, QObject, QPermission, Qt, QTimer, Signal
from PySide6.QtMultimedia import QAudio, QAudioDevice, QAudioFormat, QAudioSource, QMediaDevices

from mirror_app.deliver.sound import SoundFormat
from mirror_app.domain.errors import InputError
from mirror_app.gui.air.capture_clock import CaptureClock

_RATES_HZ: Final = (48_000, 44_100, 32_000, 24_000, 16_000, 8_000)
"""Rates that AAC knows, best first."""
_BUFFERED_S: Final = 1
"""How long the window may be busy before sound is lost."""
_RETRY_MS: Final = 2000
"""A device that stopped without being unplugged is tried again so often."""
_logger = logging.getLogger(__name__)


class Microphone(QObject):
    """One microphone at a time. One that is unplugged is waited for: it goes on in the same format when it is back.

    For the window's thread, in which `on_sound` is called too.
    """

    failed = Signal(str)
    """A sentence: nothing is heard, and what helps."""
    returned = Signal(str)
    """A sentence: it is heard again."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.on_sound: Callable[[NDArray[np.int16], int], None] | None = None
        """Gets (n, channels) int16 and the `time.monotonic_ns()` at which the first of them sounded."""
        self._devices = QMediaDevices(self)
        self._devices.audioInputsChanged.connect(self._look_for_device)
        self._wanted: str | None = None
        self._format = QAudioFormat()
        self._source: QAudioSource | None = None
        self._stream: QIODevice | None = None
        self._clock = CaptureClock(_RATES_HZ[0])
        self._is_lost = False
        self._retry = QTimer(self)
        self._retry.setInterval(_RETRY_MS)
        self._retry.timeout.connect(self._look_for_device)

    def names(self) -> Sequence[tuple[str, str]]:
        """Id and name of each device, the system's own choice first."""
        devices = sorted(QMediaDevices.audioInputs(), key=lambda device: not device.isDefault())
        return [(_id_of(device), device.description()) for device in devices]

    def start(self, device_id: str = "") -> SoundFormat:
        """Begin to hear; what was heard before is closed. Where the system asks the user first, sound comes later.

        Args:
            device_id: From `names`; "" = the system's own choice.

        Raises:
            InputError: There is no such microphone, or it cannot be used.
        """
        self.stop()
        device = _device(device_id)
        if device is None and device_id:
            raise InputError("That microphone is not plugged in any more. Plug it in again, or pick another one.")
        if device is None:
            raise InputError("No microphone was found. Plug one in, or record without sound.")
        usable = _usable_format(device)
        if usable is None:
            raise InputError(
                "{name} gives no sound that can be recorded. Pick another microphone.", name=device.description()
            )
        self._format = usable
        self._wanted = device_id
        application = QCoreApplication.instance()
        if application is None or application.checkPermission(QMicrophonePermission()) == Qt.PermissionStatus.Granted:
            self._open(device)
        else:
            application.requestPermission(QMicrophonePermission(), self, self._permission_answered)
        return SoundFormat(usable.sampleRate(), usable.channelCount())

    def stop(self) -> None:
        """Hear nothing. Safe to call twice."""
        self._wanted = None
        self._is_lost = False
        self._retry.stop()
        self._close()

    def _permission_answered(self, permission: QPermission) -> None:
        if self._wanted is None:
            return
        if permission.status() != Qt.PermissionStatus.Granted:
            self.failed.emit(
                self.tr(
                    "The system keeps the microphone closed. Allow it in the privacy settings, then come back here."
                )
            )
        else:
            self._look_for_device()

    def _open(self, device: QAudioDevice) -> None:
        self._close()
        source = QAudioSource(device, self._format, self)
        source.setBufferSize(self._format.bytesForDuration(_BUFFERED_S * 1_000_000))
        source.stateChanged.connect(self._state_changed, Qt.ConnectionType.QueuedConnection)
        self._source = source
        self._clock = CaptureClock(self._format.sampleRate())
        stream: object = source.start()
        if not isinstance(stream, QIODevice):  # None where the system refuses
            self._lose()
            return
        self._stream = stream
        stream.readyRead.connect(self._read)

    def _close(self) -> None:
        source, self._source, self._stream = self._source, None, None
        if source is not None:
            source.stop()
            source.deleteLater()

    def _read(self) -> None:
        now_ns = time.monotonic_ns()
        if self._stream is None or self._source is None:
            return
        raw = bytes(self._stream.readAll().data())
        samples = as_int16(raw, self._format)
        if not len(samples):
            return
        if self._is_lost:
            self._is_lost = False
            self._retry.stop()
            self.returned.emit(self.tr("The microphone is back."))
        waiting = self._format.framesForBytes(self._source.bytesAvailable())
        at_ns = self._clock.first_ns(len(samples), waiting, now_ns)
        if self.on_sound is not None:
            self.on_sound(samples, at_ns)

    def _state_changed(self, state: QAudio.State) -> None:
        if self._source is None or self.sender() is not self._source:
            return
        # By value: newer Qt sends QtAudio's state, which is equal to none of QAudio's.
        if state.value == QAudio.State.StoppedState.value and self._wanted is not None:
            _logger.warning("the microphone stopped: %s", self._source.error())
            self._lose()

    def _look_for_device(self) -> None:
        """Devices came or went: open the one that is wanted, or say that it is gone."""
        if self._wanted is None:
            return
        device = _device(self._wanted)
        if device is None:
            self._lose()
        elif self._source is None and device.isFormatSupported(self._format):
            self._open(device)

    def _lose(self) -> None:
        self._close()
        if not self._is_lost:
            self._is_lost = True
            self._retry.start()
            self.failed.emit(self.tr("The microphone is gone. Plug it in again: its sound goes on by itself."))


def as_int16(raw: bytes, sound: QAudioFormat) -> NDArray[np.int16]:
    """Samples of a device: (n, channels) int16; what is no whole frame at the end is left out."""
    kinds = QAudioFormat.SampleFormat
    whole = raw[: len(raw) // sound.bytesPerFrame() * sound.bytesPerFrame()]
    if sound.sampleFormat() == kinds.Float:
        values = (np.frombuffer(whole, np.float32).clip(-1, 1) * 32767).astype(np.int16)
    elif sound.sampleFormat() == kinds.Int32:
        values = (np.frombuffer(whole, np.int32) >> 16).astype(np.int16)
    else:
        values = np.frombuffer(whole, np.int16)
    return values.reshape(-1, sound.channelCount())


def _usable_format(device: QAudioDevice) -> QAudioFormat | None:
    """The best of what the device gives; one channel, as a voice has no more, where it may choose."""
    kinds = QAudioFormat.SampleFormat
    wanted = QAudioFormat()
    for kind in (kinds.Int16, kinds.Float, kinds.Int32):
        for rate_hz in _RATES_HZ:
            for channels in (1, 2):
                wanted.setSampleFormat(kind)
                wanted.setSampleRate(rate_hz)
                wanted.setChannelCount(channels)
                if device.isFormatSupported(wanted):
                    return wanted
    return None


def _device(device_id: str) -> QAudioDevice | None:
    if not device_id:
        default = QMediaDevices.defaultAudioInput()
        return None if default.isNull() else default
    return next((device for device in QMediaDevices.audioInputs() if _id_of(device) == device_id), None)


def _id_of(device: QAudioDevice) -> str:
    return bytes(device.id().data()).decode("utf-8", errors="replace")
