"""Room: gui. Runs one camera at a time, sees how it does, and says when to try again. Knows no other cameras."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from mirror_app.capture.knobs import Knob, KnobState, Steerable
from mirror_app.capture.protocol import FrameProvider
from mirror_app.domain.errors import MirrorError
from mirror_app.domain.frame import PendingFrame
from mirror_app.gui.camera.feed import CameraFeed
from mirror_app.gui.camera.watch import BackOff, Fault
from mirror_app.gui.translator import spoken

_LOOK_MS: Final = 250
_LATE_S: Final = 1.0
"""Between two looks; when so much time passed the window itself stood still, or the computer slept."""


class CameraRunner(QObject):
    """Never runs two cameras. After a failure nothing runs until `open` is called again; `due` says when."""

    announced = Signal()
    """Another camera counts as running."""
    failed = Signal(str, str)
    """The id of a camera that was closed because it cannot go on, and its sentence."""
    refused = Signal(str)
    """The system keeps the camera closed until the user allows it; a sentence says so. It was closed."""
    faulty = Signal(str, object)
    """The id of a camera that was closed because of a `Fault` that it said nothing of."""
    due = Signal()
    """It is time to try again."""
    knobs_changed = Signal()
    """Another camera can be turned, or none."""

    def __init__(
        self, deliver: Callable[[PendingFrame], None], now_s: Callable[[], float], parent: QObject | None = None
    ) -> None:
        """Prepare.

        Args:
            deliver: Gets every frame, in the provider's thread.
            now_s: Tells the time, s.
            parent: Qt's owner.
        """
        super().__init__(parent)
        self._deliver = deliver
        self._now_s = now_s
        self._feed: CameraFeed | None = None
        self._back_off = BackOff()
        self._turned: dict[str, dict[Knob, float]] = {}
        self._last_look_s = now_s()
        self.running_id = ""
        """Id of the camera that delivers; "" when none does."""
        self._looks = QTimer(self)
        self._looks.timeout.connect(self.look)

    @property
    def camera_id(self) -> str:
        """Id of the camera that runs or is being opened; "" when there is none."""
        return self._feed.camera_id if self._feed is not None else ""

    @property
    def knobs(self) -> Mapping[Knob, KnobState]:
        """What can be turned on the camera that runs."""
        camera = self._steerable
        return camera.knobs() if camera is not None else {}

    def open(self, camera_id: str, make: Callable[[], FrameProvider], *, quietly: bool = False) -> None:
        """Run a camera instead of what runs.

        Args:
            camera_id: Which one.
            make: Makes its provider; may raise a MirrorError.
            quietly: It counts as running from its first frame on, and not at once.
        """
        self.close()
        self._last_look_s = self._now_s()
        self._looks.start(_LOOK_MS)
        try:
            self._feed = self._connected(CameraFeed(camera_id, make(), self._deliver, self._now_s, self))
            if not quietly:
                self._announce()
            self._feed.start()
        except MirrorError as error:
            self.close()
            self.failed.emit(camera_id, spoken(error))

    def close(self) -> None:
        """Stop the camera, and wait for nothing. Safe to call twice."""
        self._back_off.rest()
        feed, self._feed = self._feed, None
        self.running_id = ""
        if feed is not None:
            feed.stop()
            self.knobs_changed.emit()

    def rest(self) -> None:
        """The same, and all failures are forgotten."""
        self.close()
        self._looks.stop()
        self._back_off.forget()

    @property
    def failures(self) -> int:
        """How often in a row `retry_later` was called."""
        return self._back_off.failures

    def retry_later(self) -> None:
        """Say `due` after a while: longer after every failure in a row."""
        self._back_off.failed(self._now_s())

    def forget_failures(self) -> None:
        """The next failure is the first one."""
        self._back_off.forget()

    def turn(self, knob: Knob, value: float | None) -> None:
        """Set a knob of the running camera, and again when it comes back; None leaves it to the camera."""
        camera = self._steerable
        if camera is None:
            return
        turned = self._turned.setdefault(self.camera_id, {})
        if value is None:
            turned.pop(knob, None)
        else:
            turned[knob] = value
        camera.turn(knob, value)

    def look(self) -> None:
        """See how the camera does, and whether one is to be tried again; called every quarter of a second."""
        now_s = self._now_s()
        was_late = now_s - self._last_look_s > _LATE_S
        self._last_look_s = now_s
        feed = self._feed
        if feed is None:
            if self._back_off.is_due(now_s):
                self._back_off.rest()
                self.due.emit()
            return
        if was_late or feed.is_asking:
            feed.health.excuse()
        fault: Fault | None = feed.health.fault
        if fault is not None:
            self.close()
            self.faulty.emit(feed.camera_id, fault)
        elif feed.health.is_trusted:
            self._back_off.forget()

    @property
    def _steerable(self) -> Steerable | None:
        return _as_steerable(self._feed.provider) if self._feed is not None else None

    def _connected(self, feed: CameraFeed) -> CameraFeed:
        feed.flowing.connect(self._flows)
        feed.failed.connect(self._fails)
        feed.refused.connect(self._is_refused)
        return feed

    def _announce(self) -> None:
        self.running_id = self.camera_id
        self.announced.emit()

    def _flows(self) -> None:
        if not self.running_id:
            self._announce()
        camera = self._steerable
        if camera is not None:
            for knob, value in self._turned.get(self.camera_id, {}).items():
                camera.turn(knob, value)
        self.knobs_changed.emit()

    def _fails(self, sentence: str) -> None:
        camera_id = self.camera_id
        self.close()
        self.failed.emit(camera_id, sentence)

    def _is_refused(self, sentence: str) -> None:
        self.close()
        self.refused.emit(sentence)


def _as_steerable(provider: object) -> Steerable | None:
    return provider if isinstance(provider, Steerable) else None
