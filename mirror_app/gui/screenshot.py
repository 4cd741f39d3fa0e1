"""Room: gui. A picture of the mirror as a file: only what may leave the app. Knows no widgets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from mirror_app.domain.errors import MirrorError, NotSafeError
from mirror_app.domain.frame import SafeFrame
from mirror_app.gui.background import BackgroundJobs
from mirror_app.gui.live_worker import LiveTurn
from mirror_app.gui.new_file import new_file
from mirror_app.gui.translator import spoken
from mirror_app.gui.wording import filled, reason_of
from mirror_app.pipeline.result import MirrorResult, MirrorState


class Screenshots(QObject):
    """Saves the picture that may leave, in the background."""

    notice = Signal(str)
    """Where it was saved, or why there is none."""

    def __init__(
        self,
        turn: Callable[[], LiveTurn | None],
        jobs: BackgroundJobs,
        folder: Callable[[], Path],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._turn, self._jobs, self._folder = turn, jobs, folder

    def take(self) -> None:
        """Save the picture that may leave, or say why there is none."""
        turn, folder = self._turn(), self._folder
        try:
            picture = safe_picture(None if turn is None else turn.result)
        except MirrorError as error:
            self.notice.emit(spoken(error))
            return
        self._jobs.submit(lambda: save_picture(picture, folder), self._saved, self.notice.emit)

    def _saved(self, path: Path) -> None:
        self.notice.emit(filled(self.tr("Saved as {path}"), path=str(path)))


def safe_picture(result: MirrorResult | None) -> SafeFrame:
    """What a screenshot may show.

    Raises:
        NotSafeError: The newest frame could show the real face, or there is none; the message says which.
    """
    if result is None:
        raise NotSafeError("No screenshot was saved. There is no picture yet.")
    if result.state is not MirrorState.LIVE:
        raise NotSafeError("No screenshot was saved. {why}.", why=reason_of(result).rstrip(".。"))
    return result.safe


def save_picture(picture: SafeFrame, folder: Callable[[], Path]) -> Path:
    """Write a picture under a new name made from the time; called off the window's thread.

    Args:
        picture: What may leave.
        folder: See `new_file`.

    Raises:
        OutputError: The folder cannot be written to.
    """
    # Imported here because it loads cv2, which would keep the window from showing for half a second.
    from mirror_app.deliver.provenance import still_xmp
    from mirror_app.imaging.files import write_image

    path = new_file(folder, "mirror", ".png")
    write_image(path, picture.image_bgr, still_xmp())
    return path
