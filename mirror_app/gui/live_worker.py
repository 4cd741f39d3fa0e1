"""Room: gui. The thread in which frames become results. No widgets, no pixels of its own."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, QThread, Signal

from mirror_app.domain.errors import MirrorError
from mirror_app.domain.frame import PendingFrame, Size
from mirror_app.gui.translator import spoken
from mirror_app.pipeline.latest_slot import LatestSlot
from mirror_app.pipeline.outlets import Outlets
from mirror_app.pipeline.result import MirrorControls, MirrorResult

if TYPE_CHECKING:
    # Its neighbours load OpenCV.
    from mirror_app.faces.people import People

_logger = logging.getLogger(__name__)

_LOOK_UP_S = 0.25
"""How long the thread sleeps at most before it looks whether it shall end."""
_STOP_MS = 2000


class Mirror(Protocol):
    """What the worker needs of `MirrorPipeline`."""

    sizes: tuple[Size, ...]
    """What ways out want besides the camera's size; replaced as a whole."""
    controls: MirrorControls
    """Replaced by the window's thread at any time; a cover asked for while a frame is in work applies to it."""
    people: People
    """Whom it knows by number."""

    @property
    def engine(self) -> str:
        """Name of the way of swapping."""

    @property
    def device(self) -> str:
        """Where it runs, for people."""

    @property
    def why(self) -> str:
        """A sentence about why this way of swapping was taken, or ""."""

    @property
    def trouble(self) -> str:
        """A sentence about why the way of swapping that was taken is not the one that runs, or ""."""

    def process(self, pending: PendingFrame) -> MirrorResult:
        """Decode one frame and turn it into a result."""

    def use_spare_time(self) -> None:
        """Do what can be done between two frames."""

    def reset(self) -> None:
        """Forget what was seen: the next frame comes from another camera."""


@dataclass(frozen=True, slots=True, eq=False)
class LiveTurn:
    """A result and how long `Mirror.process` took for it, ms."""

    result: MirrorResult
    pipeline_ms: float


class LiveWorker(QThread):
    """Takes the newest camera frame, decodes it, runs the mirror, and announces the result.

    One frame is in work and one waits, never more; frames leave in the order in which they came. A slow window sees
    fewer frames, never late ones. Whatever goes wrong in the thread becomes a sentence in `failed`.
    """

    opened = Signal()
    """The mirror is ready; `engine` and `device` say which."""
    engine_changed = Signal()
    """`engine`, `device`, `why` or `trouble` is another one than before."""
    result_ready = Signal()
    """A newer result waits in `take_turn`; sent once until it is taken."""
    failed = Signal(str)
    """A sentence about what went wrong; not sent again while the same thing goes wrong frame after frame."""

    def __init__(self, open_mirror: Callable[[], Mirror], parent: QObject | None = None) -> None:
        """Prepare the thread; `open_mirror` is called in it, as loading the models takes a while."""
        super().__init__(parent)
        self._open_mirror = open_mirror
        self._frames: LatestSlot[PendingFrame] = LatestSlot()
        self._turns: LatestSlot[LiveTurn] = LatestSlot()
        self._announced = threading.Event()
        self._forget = threading.Event()
        self.outlets = Outlets()
        """The ways out; they are fed from this thread."""
        self._last_failure = ""
        self._replacement: LatestSlot[Mirror] = LatestSlot()
        self.engine = ""
        self.device = ""
        self.why = ""
        """Why this engine was taken."""
        self.trouble = ""
        """Why the engine that was taken does not run any more."""
        self.why_closed = ""
        """Why the mirror could not be opened; "" when it could, or is not open yet."""
        self._mirror: Mirror | None = None
        self._controls = MirrorControls()

    @property
    def controls(self) -> MirrorControls:
        """What the user chose. Replace it as a whole, at any time; a frame in work hears of it too."""
        return self._controls

    @controls.setter
    def controls(self, controls: MirrorControls) -> None:
        self._controls = controls
        if self._mirror is not None:
            self._mirror.controls = controls

    @property
    def drops(self) -> int:
        """Frames and results that a newer one pushed out."""
        return self.skipped_frames + self.skipped_results

    @property
    def skipped_frames(self) -> int:
        """Camera frames that a newer one pushed out before the work on them began."""
        return self._frames.dropped

    @property
    def skipped_results(self) -> int:
        """Results that a newer one pushed out before they were painted."""
        return self._turns.dropped

    def deliver(self, frame: PendingFrame) -> None:
        """Hand over a camera frame; called from the provider's thread, returns at once."""
        self._frames.put(frame)

    def replace(self, mirror: Mirror) -> None:
        """Run another mirror from the next frame on; it belongs to this thread then."""
        self._replacement.put(mirror)

    def forget_faces(self) -> None:
        """Tell the mirror that the coming frames show something else (another camera)."""
        self._frames.take(0)
        self._forget.set()

    def take_turn(self) -> LiveTurn | None:
        """The newest result that was not taken yet. Call it from the window's thread, once per `result_ready`."""
        self._announced.clear()  # before taking: a result that comes in between is announced again
        return self._turns.take(0)

    def stop(self) -> bool:
        """End the thread; False when it did not end within two seconds."""
        self.requestInterruption()
        self._frames.close()
        self._turns.close()
        return self.wait(_STOP_MS)

    def run(self) -> None:
        """The thread: open the mirror, then one turn per frame until `stop`."""
        mirror = self._open()
        while mirror is not None and not self.isInterruptionRequested():
            frame = self._frames.take(_LOOK_UP_S)
            newer = self._replacement.take(0)
            if newer is not None:
                # Whoever was chosen by number must have the same number there.
                newer.people = mirror.people
                mirror = self._take_over(newer)
            if frame is not None:
                self._turn(mirror, frame)

    def _open(self) -> Mirror | None:
        try:
            mirror = self._open_mirror()
        except MirrorError as error:
            self.why_closed = spoken(error)
        except Exception:
            _logger.exception("the mirror could not be opened")
            self.why_closed = self.tr(
                "The mirror cannot start because of an unexpected error; see `mirror-app doctor`."
            )
        else:
            self._take_over(mirror)
            self.opened.emit()
            return mirror
        self._fail(self.why_closed)
        return None

    def _take_over(self, mirror: Mirror) -> Mirror:
        self._mirror = mirror
        while mirror.controls is not self._controls:  # the window may replace them in this very moment
            mirror.controls = self._controls
        self._look_at_engine(mirror)
        return mirror

    def _look_at_engine(self, mirror: Mirror) -> None:
        now = (mirror.engine, mirror.device, mirror.why, mirror.trouble)
        if now == (self.engine, self.device, self.why, self.trouble):
            return
        self.engine, self.device, self.why, self.trouble = now
        self.engine_changed.emit()

    def _turn(self, mirror: Mirror, frame: PendingFrame) -> None:
        try:
            if self._forget.is_set():
                self._forget.clear()
                mirror.reset()
            mirror.sizes = self.outlets.sizes
            turn = _timed_turn(mirror, frame)
            self.outlets.send(turn.result)
        except MirrorError as error:
            self._fail(spoken(error))
        except Exception:
            _logger.exception("frame %d failed", frame.index)
            self._fail(self.tr("A camera picture could not be handled because of an unexpected error."))
        else:
            self._last_failure = ""
            self._turns.put(turn)
            if not self._announced.is_set():
                self._announced.set()
                self.result_ready.emit()
            self._look_at_engine(mirror)
            mirror.use_spare_time()

    def _fail(self, sentence: str) -> None:
        if sentence != self._last_failure:
            self._last_failure = sentence
            self.failed.emit(sentence)


def _timed_turn(mirror: Mirror, frame: PendingFrame) -> LiveTurn:
    start_ns = time.monotonic_ns()
    result = mirror.process(frame)
    return LiveTurn(result, (time.monotonic_ns() - start_ns) / 1e6)
