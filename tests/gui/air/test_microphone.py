"""Room: tests. Microphones: what they hear and when it sounded, without one, and when one goes and comes back."""
# ruff: noqa: N802, N815  # Qt's own names

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QByteArray, QIODevice, QObject, Signal
from PySide6.QtMultimedia import QAudio, QAudioFormat
from pytestqt.qtbot import QtBot

from mirror_app.deliver.sound import SoundFormat
from mirror_app.domain.errors import InputError
from mirror_app.gui.air import microphone as under_test
from mirror_app.gui.air.microphone import Microphone, as_int16

KINDS = QAudioFormat.SampleFormat


class Device:
    """One device of the fake computer."""

    def __init__(self, name: str, rates: tuple[int, ...] = (48_000,), kind: QAudioFormat.SampleFormat = KINDS.Int16):
        self.name, self.rates, self.kind = name, rates, kind

    def id(self) -> QByteArray:
        return QByteArray(self.name.encode())

    def description(self) -> str:
        return self.name

    def isNull(self) -> bool:
        return False

    def isDefault(self) -> bool:
        return self.name == "desk"

    def isFormatSupported(self, wanted: QAudioFormat) -> bool:
        return wanted.sampleRate() in self.rates and wanted.sampleFormat() == self.kind


class Devices(QObject):
    """The fake computer."""

    audioInputsChanged = Signal()
    plugged: list[Device]

    @classmethod
    def audioInputs(cls) -> list[Device]:
        return cls.plugged

    @classmethod
    def defaultAudioInput(cls) -> Device | SimpleNamespace:
        return cls.plugged[0] if cls.plugged else SimpleNamespace(isNull=lambda: True)


class Stream(QIODevice):
    def __init__(self) -> None:
        super().__init__()
        self.waiting = b""

    def readAll(self) -> QByteArray:
        waiting, self.waiting = self.waiting, b""
        return QByteArray(waiting)


class Source(QObject):
    """A fake `QAudioSource`; the newest one is `made[-1]`."""

    stateChanged = Signal(QAudio.State)
    made: list[Source]
    refuses = False

    def __init__(self, device: Device, wanted: QAudioFormat, parent: QObject) -> None:
        super().__init__(parent)
        self.device, self.stream = device, Stream()
        self.made.append(self)

    def setBufferSize(self, size: int) -> None:
        assert size == 48_000 * 2

    def start(self) -> Stream | None:
        return None if self.refuses else self.stream

    def stop(self) -> None:
        """Nothing to stop."""

    def bytesAvailable(self) -> int:
        return 0

    def error(self) -> str:
        return "broken"

    def hear(self, samples: list[int]) -> None:
        self.stream.waiting = np.array(samples, np.int16).tobytes()
        self.stream.readyRead.emit()


class Ears:
    """A microphone and all it said."""

    def __init__(self) -> None:
        self.microphone = Microphone()
        self.heard: list[tuple[NDArray[np.int16], int]] = []
        self.said: list[str] = []
        self.microphone.on_sound = lambda samples, at_ns: self.heard.append((samples, at_ns))
        self.microphone.failed.connect(self.said.append)
        self.microphone.returned.connect(self.said.append)

    def plug(self, *devices: Device) -> None:
        Devices.plugged = list(devices)
        self.microphone._devices.audioInputsChanged.emit()


@pytest.fixture
def ears(qapp: QObject, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ears]:
    monkeypatch.setattr(under_test, "QMediaDevices", Devices)
    monkeypatch.setattr(under_test, "QAudioSource", Source)
    Devices.plugged, Source.made, Source.refuses = [Device("desk"), Device("headset")], [], False
    ears = Ears()
    yield ears
    ears.microphone.stop()


def test_it_hears_the_device_that_was_chosen(ears: Ears) -> None:
    assert ears.microphone.names() == [("desk", "desk"), ("headset", "headset")]
    assert ears.microphone.start("headset") == SoundFormat(48_000, 1)
    Source.made[-1].hear([1, 2, 3])
    Source.made[-1].hear([4])
    assert [samples.ravel().tolist() for samples, _ in ears.heard] == [[1, 2, 3], [4]]
    assert ears.heard[0][1] < ears.heard[1][1]
    assert Source.made[-1].device.name == "headset"


@pytest.mark.parametrize(
    ("plugged", "wanted", "what_it_says"),
    [
        ([], "", "No microphone was found"),
        ([Device("desk")], "headset", "not plugged in any more"),
        ([Device("odd", rates=(11,))], "", "odd gives no sound"),
    ],
)
def test_without_a_usable_device_there_is_a_sentence(
    ears: Ears, plugged: list[Device], wanted: str, what_it_says: str
) -> None:
    Devices.plugged = plugged
    with pytest.raises(InputError, match=what_it_says):
        ears.microphone.start(wanted)


def test_one_that_is_unplugged_says_so_and_goes_on_when_it_is_back(ears: Ears) -> None:
    ears.microphone.start("headset")
    ears.plug(Device("desk"))
    ears.plug(Device("desk"))
    assert [said.split(":")[0] for said in ears.said] == ["The microphone is gone. Plug it in again"]
    ears.plug(Device("desk"), Device("headset"))
    Source.made[-1].hear([7])
    assert ears.said[1:] == ["The microphone is back."]
    assert len(ears.heard) == 1


def test_one_that_breaks_is_tried_again_until_it_is_closed(
    ears: Ears, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    ears.microphone._retry.setInterval(1)
    ears.microphone.start()
    Source.refuses = True
    Source.made[-1].stateChanged.emit(QAudio.State.StoppedState)
    qtbot.waitUntil(lambda: len(Source.made) > 2)
    assert len(ears.said) == 1
    ears.microphone.stop()
    made = len(Source.made)
    ears.plug(Device("desk"))
    assert len(Source.made) == made


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        (KINDS.Int16, np.array([-32768, 0, 16384, 7], np.int16)),
        (KINDS.Float, np.array([-1.0, 0, 0.50002, 0.00022], np.float32)),
        (KINDS.Int32, np.array([-(2**31), 0, 2**30, 7 * 2**16], np.int32)),
    ],
)
def test_what_a_device_gives_becomes_int16(kind: QAudioFormat.SampleFormat, raw: NDArray[np.generic]) -> None:
    sound = QAudioFormat()
    sound.setSampleFormat(kind)
    sound.setChannelCount(2)
    sound.setSampleRate(48_000)
    samples = as_int16(raw.tobytes() + b"x", sound)
    assert samples.shape == (2, 2)
    assert np.abs(samples - np.array([[-32768, 0], [16384, 7]])).max() <= 1
