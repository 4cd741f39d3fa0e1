"""Room: gui. The microphone: open only while something records it or the user tries it; to outputs and to the meter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance

from mirror_app.deliver.sound import SoundFormat
from mirror_app.domain.errors import MirrorError
from mirror_app.gui.translator import spoken

NO_SOUND: Final = "none"
"""Stands for a device: no microphone is opened."""
_SHOW_MS: Final = 66
_FULL: Final = 32768.0


@runtime_checkable
class SoundOutput(Protocol):
    """An output that takes sound."""

    def sound(self, samples: NDArray[np.int16], at_ns: int) -> None:
        """Take (n, channels) int16; never blocks."""


class MicrophoneLike(Protocol):
    """What is used of `Microphone`."""

    on_sound: Callable[[NDArray[np.int16], int], None] | None

    @property
    def failed(self) -> SignalInstance:
        """A sentence: the device is gone."""

    @property
    def returned(self) -> SignalInstance:
        """A sentence: it is back."""

    def names(self) -> Sequence[tuple[str, str]]:
        """Id and name of each device."""

    def start(self, device_id: str = "") -> SoundFormat:
        """Open a device."""

    def stop(self) -> None:
        """Close it."""


class SoundDesk(QObject):
    """Owns the microphone. For the window's thread; sound itself may come from any."""

    level_changed = Signal(float)
    """The loudest sample of the last moment, 0..1; -1 = the microphone is closed."""
    said = Signal(str)
    """A sentence: why nothing is heard, or that it is again."""

    def __init__(self, open_microphone: Callable[[], MicrophoneLike], parent: QObject | None = None) -> None:
        """Begin without a device; `open_microphone` is called when one is first asked for: it loads QtMultimedia."""
        super().__init__(parent)
        self._open_microphone = open_microphone
        self._microphone: MicrophoneLike | None = None
        self._format: SoundFormat | None = None
        self._device = ""
        self.outputs: tuple[SoundOutput, ...] = ()
        """Who gets the sound; replaced as a whole."""
        self.is_muted = False
        """Whether silence takes the sound's place, in step with the pictures all the same."""
        self.is_tried = False
        """Whether the user looks at the meter: then it runs without an output, too."""
        self._peak = 0.0
        self._show = QTimer(self)
        self._show.timeout.connect(self._show_level)

    @property
    def is_open(self) -> bool:
        """Whether the microphone hears."""
        return self._format is not None

    def names(self) -> Sequence[tuple[str, str]]:
        """Id and name of each device; none where sound cannot be used at all."""
        microphone = self._made()
        return microphone.names() if microphone is not None else ()

    def start(self, device: str) -> SoundFormat | None:
        """Hear a device; None when there is to be no sound, or there can be none (then `said` says why)."""
        if self._format is not None and device == self._device:
            return self._format
        self.stop()
        microphone = None if device == NO_SOUND else self._made()
        if microphone is None:
            return None
        try:
            self._format = microphone.start(device)
        except MirrorError as error:
            self.said.emit(spoken(error))
            return None
        self._device = device
        self._show.start(_SHOW_MS)
        return self._format

    def rest(self) -> None:
        """Close the device unless somebody still needs it."""
        if not self.outputs and not self.is_tried:
            self.stop()

    def stop(self) -> None:
        """Close the device."""
        if self._format is None:
            return
        self._format = None
        self._show.stop()
        if self._microphone is not None:
            self._microphone.stop()
        self.level_changed.emit(-1.0)

    def _made(self) -> MicrophoneLike | None:
        if self._microphone is None:
            try:
                self._microphone = self._open_microphone()
            except (ImportError, MirrorError) as error:  # QtMultimedia lacks a system library
                self.said.emit(spoken(error) if isinstance(error, MirrorError) else str(error))
                return None
            self._microphone.on_sound = self._hear
            self._microphone.failed.connect(self.said)  # it goes on by itself when the device is back
            self._microphone.returned.connect(self.said)
        return self._microphone

    def _hear(self, samples: NDArray[np.int16], at_ns: int) -> None:
        if self.is_muted:
            samples = np.zeros_like(samples)
        if samples.size:
            self._peak = max(self._peak, float(np.abs(samples.astype(np.int32)).max()) / _FULL)
        for output in self.outputs:
            output.sound(samples, at_ns)

    def _show_level(self) -> None:
        peak, self._peak = self._peak, 0.0
        self.level_changed.emit(peak)
