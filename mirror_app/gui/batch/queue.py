"""Room: gui. The queue of files behind the batch window: adding, starting, pausing, going on after a crash. No widgets.

| thread | runs |
| --- | --- |
| GUI | this object and its model |
| background (`BackgroundJobs`, its own) | looking through folders, small pictures, reading the record |
| batch (`BatchWorker`) | the files, one after the other, while the queue runs |
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtGui import QImage

from mirror_app.gui.background import BackgroundJobs
from mirror_app.gui.batch.model import BatchModel
from mirror_app.gui.batch.worker import BatchOrder, BatchProgress, BatchWorker
from mirror_app.gui.translator import spoken
from mirror_app.pipeline.batch_inputs import FoundFile, FoundFiles, find_files
from mirror_app.pipeline.batch_record import BatchItem, BatchRecord, ItemState, read_record
from mirror_app.pipeline.result import MirrorControls
from mirror_app.resources import videos_dir

if TYPE_CHECKING:
    from mirror_app.pipeline.offline import Mirror

_FOLDER_KEY: Final = "batch/folder"
_OPEN_STATES: Final = (ItemState.WAITING, ItemState.WORKING)


class BatchQueue(QObject):
    """Files to be done, and the thread that does them while the mirror goes on."""

    changed = Signal()
    """Files came or went, or the queue began, rests or ended."""
    notice = Signal(str)
    """A sentence for the user."""
    ended = Signal()
    """Nothing waits any more."""
    unfinished_found = Signal(list)
    """The `BatchItem`s that a crash or a quit left undone."""

    def __init__(
        self,
        window_state: QSettings,
        open_mirror: Callable[[str, MirrorControls], Mirror],
        engine: Callable[[], str],
        parent: QObject | None = None,
    ) -> None:
        """Prepare; `open_mirror` is called in the batch's thread, see `BatchWorker`; `engine` says what swaps."""
        super().__init__(parent)
        self.model = BatchModel(self)
        self.progress: BatchProgress | None = None
        self._window_state = window_state
        self._open_mirror = open_mirror
        self._engine = engine
        self._jobs = BackgroundJobs(self)
        self._worker: BatchWorker | None = None
        self._is_blocked = False
        self.is_paused = False
        self.model.look_wanted.connect(self._look)
        stored = window_state.value(_FOLDER_KEY)
        self.folder = Path(stored) if isinstance(stored, str) and stored else videos_dir()
        """Where the results go; not to be changed while the queue runs."""

    @property
    def is_running(self) -> bool:
        """Whether files are being done, or the queue rests between two frames."""
        return self._worker is not None

    @property
    def undone(self) -> list[FoundFile]:
        """Files that are still to be done, those that failed included."""
        return [row.file for row in self.model.rows if row.state is not ItemState.DONE]

    def add(self, paths: Sequence[Path]) -> None:
        """Put files, and those in folders, at the end."""
        folder = self.folder

        def look() -> FoundFiles:
            root = folder.resolve()
            written = {root / item.output for item in read_record(folder) if item.state is ItemState.DONE}
            return find_files(paths, folder, written)

        self._jobs.submit(look, self._add_found, self.notice.emit)

    def start(self, target: str, controls: MirrorControls) -> None:
        """Begin with the first file that is not done; those that failed are tried again.

        Args:
            target: Name of the face to wear.
            controls: How it is worn; its face does not matter.
        """
        if self._worker is not None or not self.undone:
            return
        self._window_state.setValue(_FOLDER_KEY, str(self.folder))
        self.is_paused = self._is_blocked = False
        worker = BatchWorker(BatchOrder(self.folder, target, controls, self._engine()), self._open_mirror, self)
        worker.item_changed.connect(self._show_item)
        worker.progressed.connect(self._show_progress)
        worker.failed.connect(self._block)
        worker.finished.connect(self._finished)
        worker.add(self.undone)
        self._worker = worker
        worker.start()
        self.changed.emit()

    def set_paused(self, paused: bool) -> None:
        """Rest after the frame in work, or go on."""
        if self._worker is not None:
            self.is_paused = paused
            self._worker.set_paused(paused)
            self.model.show_paused(paused)
            self.changed.emit()

    def leave_out(self, sources: Iterable[str]) -> None:
        """Take files out of the queue; what is done of the one in work is thrown away."""
        gone = list(sources)
        if self._worker is not None:
            for source in gone:
                self._worker.leave_out(source)
        self.model.remove(gone)
        self.changed.emit()

    def clear_done(self) -> None:
        """Take the files out of the list that are done; their results stay."""
        self.model.remove([str(row.file.source) for row in self.model.rows if row.state is ItemState.DONE])
        self.changed.emit()

    def look_for_unfinished(self) -> None:
        """Find out whether an earlier queue was cut short; `unfinished_found` tells."""
        folder = self.folder

        def look() -> list[BatchItem]:
            items = read_record(folder)
            return [item for item in items if item.state in _OPEN_STATES and Path(item.source).is_file()]

        def show(items: list[BatchItem]) -> None:
            if items and self._worker is None:
                self.unfinished_found.emit(items)

        self._jobs.submit(look, show, self.notice.emit)

    def settle(self, items: Sequence[BatchItem], go_on: Callable[[], None] | None = None) -> None:
        """Answer `unfinished_found`; either way the files are not offered again.

        Args:
            items: The files.
            go_on: Called when they are in the list again; None = they shall not be done.
        """
        folder = self.folder

        def forget() -> None:
            with BatchRecord(folder) as record:
                record.save([replace(item, state=ItemState.LEFT_OUT) for item in items])

        def add(_nothing: None) -> None:
            if go_on is not None:
                self._take_in([FoundFile(Path(item.source), item.folder) for item in items])
                go_on()

        self._jobs.submit(forget, add, self.notice.emit)

    def stop(self) -> None:
        """End both threads; the queue can be gone on with at the next start."""
        if self._worker is not None:
            self._is_blocked = True
            self._worker.stop()
        self._jobs.stop()

    def _add_found(self, found: FoundFiles) -> None:
        self._take_in(found.files)
        if found.unreadable:
            self.notice.emit(spoken(found.unreadable[0]))
        elif not found.files:
            self.notice.emit(self.tr("There is no video or picture in it."))

    def _take_in(self, files: Sequence[FoundFile]) -> None:
        fresh = self.model.add(files)
        if self._worker is not None:
            self._worker.add(fresh)
        self.changed.emit()

    def _show_item(self, item: BatchItem) -> None:
        self.model.show_item(item, self.folder)
        if item.state is not ItemState.WORKING:
            self.progress = None
        self.changed.emit()

    def _show_progress(self, progress: BatchProgress) -> None:
        self.progress = progress
        self.model.show_progress(progress)
        self.changed.emit()

    def _block(self, sentence: str) -> None:
        self._is_blocked = True
        self.notice.emit(sentence)

    def _finished(self) -> None:
        if self._worker is not None:
            self._worker.deleteLater()
        self._worker = self.progress = None
        self.is_paused = False
        self.changed.emit()
        if not self._is_blocked:
            self.ended.emit()

    def _look(self, source: str) -> None:
        def look() -> tuple[QImage, float | None]:
            from mirror_app.pipeline.batch_look import look_at_file

            seen = look_at_file(Path(source))
            pixels = seen.image_bgr
            image = QImage(pixels.tobytes(), pixels.shape[1], pixels.shape[0], pixels.strides[0],
                           QImage.Format.Format_BGR888)  # fmt: skip
            return image.copy(), seen.seconds

        # A file that cannot be looked at keeps its sign; the queue says why when its turn comes.
        self._jobs.submit(look, lambda seen: self.model.show_look(source, *seen), lambda sentence: None)


def worn_before(items: Sequence[BatchItem]) -> tuple[str, bool]:
    """The face that an earlier queue wore, and whether with the visible mark; ("", True) where it does not say."""
    try:
        choices = json.loads(items[0].worn)
        return str(choices["target"]), bool(choices["label"])
    except (ValueError, KeyError, TypeError, IndexError, RecursionError):
        return "", True
