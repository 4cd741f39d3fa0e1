"""Room: tests. Cameras with scripted faults, a clock that a test turns, and the inputs between them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from PySide6.QtCore import QObject, Signal, SignalInstance
from PySide6.QtWidgets import QApplication

from mirror_app.capture.camera_modes import CameraMode
from mirror_app.capture.knobs import Knob, KnobState
from mirror_app.capture.pixel_layout import PixelLayout
from mirror_app.capture.protocol import FrameProvider
from mirror_app.domain.errors import InputError
from mirror_app.domain.frame import Frame, PendingFrame
from mirror_app.gui.camera.inputs import Choice, Inputs
from mirror_app.gui.camera.shelf import DEMO_ID
from tests.gui.fakes import frame

STEP_S = 0.25


class DamagedFrame:
    """A picture that nobody can decode."""

    def __init__(self, index: int) -> None:
        self.index = index
        self.captured_ns = 0

    def decode(self) -> Frame:
        raise InputError("The camera sent a damaged picture.")


@dataclass
class FakeCamera:
    """The thing on the desk: what is wrong with it, and who has opened it."""

    name: str
    is_plugged: bool = True
    is_busy: bool = False
    is_frozen: bool = False
    is_damaged: bool = False
    is_forbidden: bool = False
    vanishes: bool = False
    opened_modes: list[str] = field(default_factory=list)
    knobs: dict[Knob, KnobState] = field(default_factory=lambda: {Knob.ZOOM: KnobState(1, 3, 1, False)})

    @property
    def camera_id(self) -> str:
        return f"id-{self.name}"

    def heal(self) -> None:
        self.is_busy = self.is_frozen = self.is_damaged = self.is_forbidden = self.vanishes = False


class ScriptedProvider(QObject):
    """Does what its camera does; `tick` makes its next frame."""

    failed = Signal(str)
    refused = Signal(str)

    def __init__(self, camera: FakeCamera) -> None:
        super().__init__()
        self.camera = camera
        self.description = camera.name
        self.deliver: Callable[[PendingFrame], None] | None = None
        self.is_asking = False
        self.late: Callable[[PendingFrame], None] | None = None
        self.turned: dict[Knob, float | None] = {}
        self._next = 0

    @property
    def is_open(self) -> bool:
        return self.deliver is not None

    def start(self, deliver: Callable[[PendingFrame], None]) -> None:
        self.deliver = self.late = deliver
        if self.camera.is_forbidden:
            self.refused.emit(f"{self.camera.name} is not allowed.")
        elif self.camera.is_busy:
            self.failed.emit(f"{self.camera.name} is busy.")

    def stop(self) -> None:
        self.deliver = None

    def knobs(self) -> Mapping[Knob, KnobState]:
        states = self.camera.knobs if self.is_open else {}
        return {knob: replace(state, value=self.turned.get(knob, state.value)) for knob, state in states.items()}

    def turn(self, knob: Knob, value: float | None) -> None:
        self.turned[knob] = value

    def tick(self) -> None:
        camera = self.camera
        works = camera.is_plugged and not (camera.is_frozen or camera.is_busy or camera.is_forbidden or self.is_asking)
        if self.deliver is not None and works:
            self._next += 1
            self.deliver(DamagedFrame(self._next) if camera.is_damaged else frame(self._next))


class ScriptedShelf(QObject):
    """The cameras that are plugged in, and every provider that was ever made of them."""

    _changed = Signal()

    def __init__(self, *cameras: FakeCamera) -> None:
        super().__init__()
        self.all = list(cameras)
        self.made: list[ScriptedProvider] = []

    @property
    def changed(self) -> SignalInstance:
        return self._changed

    def cameras(self) -> Sequence[Choice]:
        return [Choice(camera.camera_id, camera.name) for camera in self.all if camera.is_plugged]

    def modes(self, camera_id: str) -> Sequence[CameraMode]:
        return (CameraMode((1280, 720), 30, PixelLayout.NV12), CameraMode((640, 480), 60, PixelLayout.NV12))

    def open(self, camera_id: str, mode: str = "") -> FrameProvider:
        camera = next(each for each in self.all if each.camera_id == camera_id)
        if not camera.is_plugged or camera.vanishes:
            raise InputError("That camera is not plugged in any more.")
        camera.opened_modes.append(mode)
        return self.make(camera)

    def make(self, camera: FakeCamera) -> ScriptedProvider:
        provider = ScriptedProvider(camera)
        self.made.append(provider)
        return provider

    def plug(self, camera: FakeCamera, *, in_: bool = True) -> None:
        if camera.is_plugged != in_:
            camera.is_plugged = in_
            self._changed.emit()


class CameraStage:
    """Cameras, inputs, a clock, and a worker that decodes every frame at once."""

    def __init__(self, *names: str, camera_modes: Mapping[str, str] | None = None) -> None:
        self.now_s = 1000.0
        self.cameras = {name: FakeCamera(name) for name in names}
        self.demo = FakeCamera("Demo", knobs={})
        self.shelf = ScriptedShelf(*self.cameras.values())
        self.said: list[str] = []
        self.starts = 0
        self.frames = 0
        self.good_frames = 0
        self.inputs = Inputs(
            self.shelf,
            lambda: self.shelf.make(self.demo),
            self._deliver,
            camera_modes=camera_modes,
            now_s=lambda: self.now_s,
        )
        self.inputs.notice.connect(self.said.append)
        self.inputs.stopped.connect(self.said.append)
        self.inputs.started.connect(self._count_start)

    @property
    def open_providers(self) -> list[ScriptedProvider]:
        return [provider for provider in self.shelf.made if provider.is_open]

    def break_open_providers(self) -> None:
        """Let what runs say that it cannot go on."""
        for provider in self.open_providers:
            provider.failed.emit("An error.")

    def settle(self) -> None:
        """Let queued signals through."""
        QApplication.processEvents()

    def wait(self, seconds: float) -> None:
        """Let time pass: cameras give frames, and the inputs look after them."""
        for _ in range(round(seconds / STEP_S)):
            self.now_s += STEP_S
            for provider in self.open_providers:
                provider.tick()
            self.settle()
            self.inputs.look_after()
            self.settle()

    def delivers(self, name: str) -> bool:
        """Whether this camera, or the demo, is the one that runs, and its good frames come."""
        before = self.good_frames
        for provider in self.open_providers:
            provider.tick()
        wanted = DEMO_ID if name == "Demo" else f"id-{name}"
        return self.good_frames == before + 1 and self.inputs.running_id == wanted

    def _deliver(self, pending: PendingFrame) -> None:
        self.frames += 1
        try:
            pending.decode()
        except InputError:
            return
        self.good_frames += 1

    def _count_start(self) -> None:
        self.starts += 1
