"""Room: gui. Which camera runs, and what happens when it fails, vanishes or comes back. No widgets, no pixels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance

from mirror_app.capture.protocol import FrameProvider
from mirror_app.domain.errors import MirrorError
from mirror_app.domain.frame import PendingFrame
from mirror_app.gui.wording import filled

DEMO_ID: Final = "demo"
"""The camera id that means the demo camera."""


class CameraEntry(Protocol):
    """A camera as the picker shows it."""

    @property
    def camera_id(self) -> str:
        """Stays the same over restarts."""

    @property
    def name(self) -> str:
        """What the system calls it."""


class CameraShelf(Protocol):
    """What is needed of `capture.camera.CameraList`."""

    @property
    def changed(self) -> SignalInstance:
        """A camera was plugged in or out."""

    def cameras(self) -> Sequence[CameraEntry]:
        """All cameras, the default first."""

    def open(self, camera_id: str) -> FrameProvider:
        """Make the provider of one camera; it may have a signal `failed(str)`."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A line of the camera picker."""

    camera_id: str
    name: str


class Inputs(QObject):
    """Runs one provider at a time.

    A camera that fails is said and stays off until the user picks again or it is plugged in anew. The demo camera takes
    over by itself only when there is no camera at all, and gives way to the first one that is plugged in.
    """

    choices_changed = Signal()
    """The cameras, or which of them runs."""
    started = Signal()
    """Another provider delivers from now on."""
    stopped = Signal(str)
    """No provider delivers; a sentence says why."""
    notice = Signal(str)
    """A sentence for the user."""

    def __init__(
        self,
        shelf: CameraShelf | None,
        open_demo: Callable[[], FrameProvider],
        deliver: Callable[[PendingFrame], None],
        parent: QObject | None = None,
    ) -> None:
        """Prepare; nothing runs yet.

        Args:
            shelf: The computer's cameras; None where cameras cannot be used.
            open_demo: Makes the demo camera.
            deliver: Gets every frame, in the provider's thread.
            parent: Qt's owner.
        """
        super().__init__(parent)
        self._shelf = shelf
        self._open_demo = open_demo
        self._deliver = deliver
        self._provider: FrameProvider | None = None
        self._wanted_id = ""  # "" while the demo only stands in for a camera
        self.running_id = ""
        """Id of the camera that delivers; "" when none does."""
        self.chosen_id = ""
        """Id of the camera that the user picked; "" when she picked none since the start."""
        if shelf is not None:
            shelf.changed.connect(self._cameras_changed)

    @property
    def choices(self) -> list[Choice]:
        """The cameras, then the demo."""
        cameras = self._shelf.cameras() if self._shelf is not None else []
        return [*(Choice(c.camera_id, c.name) for c in cameras), Choice(DEMO_ID, self.tr("Demo camera"))]

    @property
    def is_demo(self) -> bool:
        """Whether the demo camera delivers."""
        return self.running_id == DEMO_ID

    @property
    def has_cameras(self) -> bool:
        """Whether any real camera is there."""
        return len(self.choices) > 1

    def start(self, camera_id: str) -> None:
        """Begin with a camera; "" or one that is gone means the default one, and the demo when there is none."""
        ids = [choice.camera_id for choice in self.choices]
        first = camera_id if camera_id in ids else ids[0]
        is_stand_in = first == DEMO_ID and camera_id != DEMO_ID
        self._wanted_id = "" if is_stand_in else first
        self._run(first)

    def choose(self, camera_id: str) -> None:
        """Switch to a camera or to the demo, as the user says."""
        self.chosen_id = self._wanted_id = camera_id
        self._run(camera_id)

    def stop(self) -> None:
        """Stop whatever delivers. Safe to call twice."""
        provider, self._provider = self._provider, None
        self.running_id = ""
        if provider is not None:
            provider.stop()

    def _run(self, camera_id: str) -> None:
        self.stop()
        try:
            provider = self._open_demo() if camera_id == DEMO_ID or self._shelf is None else self._shelf.open(camera_id)
        except MirrorError as error:
            self._say_stopped(str(error))
            return
        failed = getattr(provider, "failed", None)
        if isinstance(failed, SignalInstance):
            failed.connect(lambda sentence: self._provider_failed(provider, sentence))
        self._provider = provider
        self.running_id = camera_id
        self.started.emit()
        self.choices_changed.emit()
        provider.start(self._deliver)

    def _provider_failed(self, provider: FrameProvider, sentence: str) -> None:
        if provider is self._provider:
            # Stopped later: a camera must not be taken down inside its own error signal.
            QTimer.singleShot(0, self, lambda: self._drop(provider, sentence))

    def _drop(self, provider: FrameProvider, sentence: str) -> None:
        if provider is not self._provider:
            return
        self.stop()
        if self.has_cameras:
            self._say_stopped(sentence)
        else:
            self._run(DEMO_ID)
            self.notice.emit(sentence)

    def _say_stopped(self, sentence: str) -> None:
        self.stopped.emit(sentence)
        self.choices_changed.emit()

    def _cameras_changed(self) -> None:
        names = {choice.camera_id: choice.name for choice in self.choices}
        if self.running_id and self.running_id not in names:
            self.stop()
            if self.has_cameras:
                self._say_stopped(self.tr("The camera was unplugged. Plug it in again, or pick another one."))
            else:
                self._run(DEMO_ID)
                self.notice.emit(self.tr("The camera was unplugged; the demo camera took over."))
            return
        newcomer = self._newcomer(list(names))
        if newcomer is not None:
            self._run(newcomer)
            self.notice.emit(filled(self.tr("{camera} is connected."), camera=names[newcomer]))
        else:
            self.choices_changed.emit()

    def _newcomer(self, ids: list[str]) -> str | None:
        """The camera to switch to unasked: the wanted one that came back, or the first one instead of a stand-in."""
        if self.running_id == DEMO_ID:
            return ids[0] if not self._wanted_id and ids[0] != DEMO_ID else None
        return self._wanted_id if not self.running_id and self._wanted_id in ids else None
