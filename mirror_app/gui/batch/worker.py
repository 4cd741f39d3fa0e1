"""Room: gui. The thread in which files become results, beside the live mirror. No widgets."""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QThread, Signal

from mirror_app.domain.errors import MirrorError
from mirror_app.gui.translator import spoken
from mirror_app.pipeline.batch_eta import BatchEta, Load
from mirror_app.pipeline.batch_inputs import FoundFile, is_video_name
from mirror_app.pipeline.batch_record import BatchItem, BatchRecord, ItemState
from mirror_app.pipeline.result import MirrorControls

if TYPE_CHECKING:
    from mirror_app.pipeline.offline import Mirror

_logger = logging.getLogger(__name__)

_NICENESS: Final = 10
"""With it the mirror kept 28 to 30 pictures per second on two cores while a 720p video was in work, 28 without."""
_TELL_EVERY_S: Final = 0.1
_STOP_MS: Final = 20_000
_OPEN_STATES: Final = (ItemState.WAITING, ItemState.WORKING)


@dataclass(frozen=True, slots=True, eq=False)
class BatchOrder:
    """What is to be done.

    Attributes:
        folder: Where the outputs go.
        target: Name of the face to wear.
        controls: How it is worn; its face does not matter.
        engine: The way of swapping, as it was asked for.
    """

    folder: Path
    target: str
    controls: MirrorControls
    engine: str


@dataclass(frozen=True, slots=True)
class BatchProgress:
    """How far the file in work is.

    Attributes:
        source: The file.
        part: 0..1; None where its length is not known.
        left_s: Seconds that the file will still take; None while nobody can tell.
        all_left_s: The same for all files that wait, this one included.
    """

    source: str
    part: float | None
    left_s: float | None
    all_left_s: float | None


class BatchWorker(QThread):
    """Does one file after the other until none waits. What the window asks for counts at the next frame."""

    item_changed = Signal(object)
    """A `BatchItem` that is planned, begun, done or failed."""
    progressed = Signal(object)
    """A `BatchProgress`."""
    failed = Signal(str)
    """A sentence: the queue cannot go on."""

    def __init__(
        self,
        order: BatchOrder,
        open_mirror: Callable[[str, MirrorControls], Mirror],
        parent: QObject | None = None,
    ) -> None:
        """Prepare the thread; `open_mirror` is called in it with the face's name and the controls."""
        super().__init__(parent)
        self._order = order
        self._open_mirror = open_mirror
        self._wanted = threading.Condition()
        self._added: list[FoundFile] = []
        self._left_out: set[str] = set()
        self._is_paused = self._is_stopped = False
        self._queue: dict[str, BatchItem] = {}
        self._eta = BatchEta()
        self._begun_s = self._rested_s = self._told_s = 0.0

    def add(self, files: Iterable[FoundFile]) -> None:
        """Put files at the end of the queue; before `start` or while the thread runs."""
        with self._wanted:
            self._added.extend(files)

    def leave_out(self, source: str) -> None:
        """Do not do a file; the one in work is dropped at its next frame."""
        with self._wanted:
            self._left_out.add(source)

    def set_paused(self, paused: bool) -> None:
        """Rest after the frame in work, or go on."""
        with self._wanted:
            self._is_paused = paused
            self._wanted.notify_all()

    def stop(self) -> bool:
        """End the thread; the file in work is as if it had not begun. False when it did not end in 20 seconds."""
        with self._wanted:
            self._is_stopped = True
            self._wanted.notify_all()
        return self.wait(_STOP_MS)

    def run(self) -> None:
        """The thread."""
        _give_way()
        try:
            with BatchRecord(self._order.folder) as record:
                self._work(record)
        except MirrorError as error:
            self.failed.emit(spoken(error))
        except Exception:
            _logger.exception("the batch failed")
            self.failed.emit(self.tr("The queue stopped because of an unexpected error."))

    def _work(self, record: BatchRecord) -> None:
        from mirror_app.pipeline.batch import BatchStopped, render_item

        mirror: Mirror | None = None
        item = self._next(record)
        while item is not None:
            if mirror is None:
                mirror = self._open_mirror(self._order.target, self._order.controls)
            self._begin(item)
            try:
                ended = render_item(mirror, record, item, progress=self._tell, stop=self._shall_stop)
            except BatchStopped:
                ended = replace(item, state=ItemState.WAITING)
            self._end(ended)
            item = self._next(record)

    def _next(self, record: BatchRecord) -> BatchItem | None:
        """Plan what was added, forget what was left out, and give the first file that waits."""
        from mirror_app.pipeline.batch import worn_key

        with self._wanted:
            added, self._added = self._added, []
            left_out, self._left_out = self._left_out, set()
            is_stopped = self._is_stopped
        worn = worn_key(self._order.target, self._order.engine, self._order.controls)
        for item in record.plan(added, worn):
            self._queue[item.source] = item
            self.item_changed.emit(item)
        dropped = [self._queue.pop(source) for source in left_out if source in self._queue]
        record.save([replace(item, state=ItemState.LEFT_OUT) for item in dropped if item.state in _OPEN_STATES])
        if is_stopped:
            return None
        return next((item for item in self._queue.values() if item.state is ItemState.WAITING), None)

    def _begin(self, item: BatchItem) -> None:
        self._queue[item.source] = replace(item, state=ItemState.WORKING)
        self.item_changed.emit(self._queue[item.source])
        self._begun_s, self._rested_s, self._told_s = time.monotonic(), 0.0, 0.0

    def _end(self, item: BatchItem) -> None:
        if item.state is not ItemState.WAITING:
            self._eta.done(_load(item), self._spent_s())
        self._queue[item.source] = item
        self.item_changed.emit(item)

    def _spent_s(self) -> float:
        return time.monotonic() - self._begun_s - self._rested_s

    def _shall_stop(self) -> bool:
        """Called after every frame: rests while the queue is paused."""
        begun_s = time.monotonic()
        with self._wanted:
            while self._is_paused and not self._drops_current():
                self._wanted.wait(_TELL_EVERY_S)
            drops = self._drops_current()
        self._rested_s += time.monotonic() - begun_s
        return drops

    def _drops_current(self) -> bool:
        working = (item.source for item in self._queue.values() if item.state is ItemState.WORKING)
        return self._is_stopped or next(working, "") in self._left_out

    def _tell(self, done: int, expected: int | None) -> None:
        now_s = time.monotonic()
        if now_s - self._told_s < _TELL_EVERY_S:
            return
        self._told_s = now_s
        working = next(item for item in self._queue.values() if item.state is ItemState.WORKING)
        waiting = [_load(item) for item in self._queue.values() if item.state is ItemState.WAITING]
        part = min(done / expected, 1.0) if expected else None
        spent_s = self._spent_s()
        left_s = spent_s * (1 - part) / part if part else None
        all_left_s = self._eta.left_s(waiting, _load(working), part or 0.0, spent_s)
        self.progressed.emit(BatchProgress(working.source, part, left_s, all_left_s))


def _load(item: BatchItem) -> Load:
    return Load(is_video_name(Path(item.source)), item.size)


def _give_way() -> None:
    """Let the live mirror go first: threads made from here on, the networks' and the codecs', inherit it."""
    if sys.platform == "linux":  # elsewhere the priority belongs to the process
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
