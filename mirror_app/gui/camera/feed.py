"""Room: gui. One provider from its start to its stop. Passes its frames on and keeps an eye on it; decides nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QObject, Qt, Signal, SignalInstance

from mirror_app.capture.protocol import FrameProvider
from mirror_app.domain.frame import PendingFrame
from mirror_app.gui.camera.watch import Health, WatchedFrame


@runtime_checkable
class _Asking(Protocol):
    """A provider that may have to ask the user first."""

    is_asking: bool


class CameraFeed(QObject):
    """Runs one provider once. Its signals come in the window's thread, and none after `stop`."""

    flowing = Signal()
    """The first frame came. It comes before that frame is passed on where the provider runs in the window's thread."""
    failed = Signal(str)
    """The provider's own sentence about why it cannot go on."""
    refused = Signal(str)
    """The provider's sentence about why it may not begin."""
    _first_came = Signal()

    def __init__(
        self,
        camera_id: str,
        provider: FrameProvider,
        deliver: Callable[[PendingFrame], None],
        now_s: Callable[[], float],
        parent: QObject,
    ) -> None:
        """Prepare.

        Args:
            camera_id: Which camera it is.
            provider: Makes the frames.
            deliver: Gets every frame, in the provider's thread.
            now_s: Tells the time, s.
            parent: Qt's owner.
        """
        super().__init__(parent)
        self.camera_id = camera_id
        self.provider: FrameProvider | None = provider
        self.health = Health(now_s)
        self._deliver = deliver
        self._first_came.connect(self._pass_flow)
        self._connect(provider)

    def start(self) -> None:
        """Begin.

        Raises:
            MirrorError: The provider cannot begin.
        """
        if self.provider is not None:
            self.provider.start(self._take)

    def stop(self) -> None:
        """Stop for good. Safe to call twice."""
        provider, self.provider = self.provider, None
        if provider is not None:
            provider.stop()
            self.deleteLater()

    @property
    def is_asking(self) -> bool:
        """Whether the user is being asked if the camera may be used."""
        return _is_asking(self.provider)

    def _connect(self, provider: FrameProvider) -> None:
        # Queued: a camera must not be taken down inside its own error signal.
        queued = Qt.ConnectionType.QueuedConnection
        for name, slot in (("failed", self._pass_failure), ("refused", self._pass_refusal)):
            signal = getattr(provider, name, None)
            if isinstance(signal, SignalInstance):
                signal.connect(slot, queued)

    def _take(self, frame: PendingFrame) -> None:
        if self.provider is None:
            return
        is_first = not self.health.has_begun
        self.health.arrived()
        if is_first:
            self._first_came.emit()
        self._deliver(WatchedFrame(frame, self.health))

    def _pass_flow(self) -> None:
        if self.provider is not None:
            self.flowing.emit()

    def _pass_failure(self, sentence: str) -> None:
        if self.provider is not None:
            self.failed.emit(sentence)

    def _pass_refusal(self, sentence: str) -> None:
        if self.provider is not None:
            self.refused.emit(sentence)


def _is_asking(provider: object) -> bool:
    return isinstance(provider, _Asking) and provider.is_asking
