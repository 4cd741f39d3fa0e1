"""Room: gui. The way from the mirror's window to the window for files: key, drops, notes. Does no work itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtWidgets import QWidget

from mirror_app.gui.batch.queue import BatchQueue
from mirror_app.gui.faces.wardrobe import Wardrobe
from mirror_app.gui.label.duty_desk import DutyDesk
from mirror_app.gui.overlays import DropFrame
from mirror_app.gui.widgets.icons import Icon
from mirror_app.pipeline.batch_inputs import is_picture_name, is_video_name
from mirror_app.pipeline.result import MirrorControls
from mirror_app.settings import Settings

if TYPE_CHECKING:
    from mirror_app.gui.batch.window import BatchWindow
    from mirror_app.pipeline.offline import Mirror


class BatchDoor(QObject):
    """Opens the window for files. Videos and folders dropped on the mirror go there, photos are faces as before."""

    photos_dropped = Signal(list)
    """Paths of photos: somebody wants to wear a face."""
    notice = Signal(str)
    """A sentence for the user while the window for files is closed."""

    def __init__(
        self,
        wardrobe: Wardrobe,
        window_state: QSettings,
        controls: Callable[[], MirrorControls],
        settings: Callable[[], Settings],
        duty: DutyDesk,
        window: QWidget,
        open_mirror: Callable[[str, MirrorControls], Mirror] | None = None,
    ) -> None:
        """Prepare; the window is built when it is first opened.

        Args:
            wardrobe: The faces to choose from.
            window_state: Where the folder for results is remembered.
            controls: How the mirror wears its face at this moment.
            settings: The settings at this moment: which engine is to run.
            duty: Asks before results get no watermark.
            window: The mirror's window.
            open_mirror: Loads the mirror for files, in its thread; None = the real one.
        """
        super().__init__(window)
        self._wardrobe, self._controls, self._window = wardrobe, controls, window
        self._settings, self._duty = settings, duty
        self.queue = BatchQueue(window_state, open_mirror or self._open_mirror, lambda: settings().engine, self)
        self.opened: BatchWindow | None = None
        self.queue.ended.connect(self._tell_end)
        self.queue.notice.connect(self._tell)

    def watch(self, drop_frame: DropFrame) -> None:
        """Take over what is dropped on the mirror's window."""
        drop_frame.invite = self._invite
        drop_frame.dropped.connect(self.take)

    def open(self) -> None:
        """Come to the front; the first time an earlier queue that was cut short is offered."""
        if self.opened is None:
            # Loaded here: most starts never open it.
            from mirror_app.gui.batch.window import BatchWindow

            self.opened = BatchWindow(self.queue, self._wardrobe, self._controls, self._duty, self._window)
            self.opened.hidden.connect(self._tell_hidden)
            self.queue.look_for_unfinished()
        self.opened.show()
        self.opened.raise_()
        self.opened.activateWindow()

    def take(self, paths: Sequence[Path]) -> None:
        """Files were dropped: photos are handed on, with videos or folders among them all go into the queue."""
        if _are_for_batch(paths):
            self.open()
            self.queue.add(paths)
        else:
            self.photos_dropped.emit(list(paths))

    def stop(self) -> None:
        """End the threads; the app closes."""
        if self.opened is not None:
            self.opened.hide()
        self.queue.stop()

    def _open_mirror(self, target: str, controls: MirrorControls) -> Mirror:
        # Loads cv2, ONNX Runtime and the codecs: only when the first file is begun, in its thread.
        from mirror_app.pipeline.batch_mirror import open_batch_mirror

        return open_batch_mirror(target, controls, self._settings())

    def _invite(self, paths: Sequence[Path]) -> tuple[Icon, str]:
        if _are_for_batch(paths):
            return Icon.FILM, self.tr("Drop to put a face into these files")
        return Icon.PHOTO, self.tr("Drop the photo to wear its face")

    def _tell(self, sentence: str) -> None:
        if self.opened is None or not self.opened.isVisible():
            self.notice.emit(sentence)

    def _tell_hidden(self) -> None:
        if self.queue.is_running and not self.queue.is_paused:
            self.notice.emit(self.tr("The files go on in the background."))

    def _tell_end(self) -> None:
        self._tell(self.tr("The files are done."))


def _are_for_batch(paths: Sequence[Path]) -> bool:
    return any(is_video_name(path) or (not is_picture_name(path) and path.is_dir()) for path in paths)
