"""Room: tests. Outputs and a microphone that do what a test tells them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from mirror_app.deliver.protocol import Output, OutputReport
from mirror_app.deliver.sound import SoundFormat
from mirror_app.domain.errors import OutputError
from mirror_app.domain.frame import SafeFrame, Size, size_of
from mirror_app.gui.air.kinds import OutputKind, Wish
from mirror_app.gui.air.window_feed import WindowFeed

CARD_BGR = (60, 50, 40)


def safe(colour_bgr: tuple[int, int, int], size_wh: Size = (64, 36), *, captured_ns: int | None = None) -> SafeFrame:
    """A picture of one colour that may leave."""
    image = np.empty((size_wh[1], size_wh[0], 3), np.uint8)
    image[:] = colour_bgr
    return SafeFrame(image, 0, time.monotonic_ns() if captured_ns is None else captured_ns)


class FakeOutput:
    """Keeps what it is given."""

    def __init__(self, kind: OutputKind, wish: Wish, card: SafeFrame) -> None:
        self.kind, self.wish, self.card = kind, wish, card
        self.size_wh = size_of(card.image_bgr)
        self.opened_in = threading.current_thread()
        self.closed_in: threading.Thread | None = None
        self.frames: list[SafeFrame] = []
        self.sounds: list[NDArray[np.int16]] = []
        self.answer = OutputReport(1.0, 0, 0)

    def send(self, frame: SafeFrame) -> None:
        self.frames.append(frame)

    def sound(self, samples: NDArray[np.int16], at_ns: int) -> None:
        self.sounds.append(samples)

    def report(self) -> OutputReport:
        return self.answer

    def close(self) -> None:
        self.closed_in = threading.current_thread()


class FakeOpener:
    """Opens fakes; waits for `gate`; those in `broken` cannot be opened."""

    def __init__(self) -> None:
        self.opened: list[FakeOutput] = []
        self.broken: set[OutputKind] = set()
        self.gate = threading.Event()
        self.gate.set()

    def __call__(self, kind: OutputKind, wish: Wish, card: SafeFrame) -> Output:
        self.gate.wait(5)
        if kind in self.broken:
            raise OutputError("There is no such device: plug it in.")
        output = FakeOutput(kind, wish, card)
        self.opened.append(output)
        return output


def open_fake(kind: OutputKind, wish: Wish, card: SafeFrame) -> Output:
    """The output window as it is, fakes for all else."""
    return WindowFeed(card) if kind is OutputKind.WINDOW else FakeOutput(kind, wish, card)


class FakeMicrophone(QObject):
    """Hears what `say` says."""

    failed = Signal(str)
    returned = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.on_sound: Callable[[NDArray[np.int16], int], None] | None = None
        self.started: list[str] = []
        self.is_open = False

    def names(self) -> Sequence[tuple[str, str]]:
        return [("desk", "Desk microphone")]

    def start(self, device_id: str = "") -> SoundFormat:
        if device_id == "gone":
            raise OutputError("That microphone is gone.")
        self.started.append(device_id)
        self.is_open = True
        return SoundFormat(48_000, 1)

    def stop(self) -> None:
        self.is_open = False

    def say(self, value: int) -> None:
        """Ten samples of one value."""
        assert self.on_sound is not None
        self.on_sound(np.full((10, 1), value, np.int16), time.monotonic_ns())
