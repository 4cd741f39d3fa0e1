"""Room: gui. Recordings that a crash left unfinished, made whole when the window opens. Reads no video itself."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QCoreApplication

from mirror_app.gui.background import BackgroundJobs
from mirror_app.gui.wording import filled

_UNFINISHED: Final = "*.mirror-recording.mp4"


def finish_broken_recordings(folder: Path, jobs: BackgroundJobs, say: Callable[[str], None]) -> None:
    """Look for them in the background, and say what was saved."""

    def tell(saved: Sequence[Path]) -> None:
        for path in saved:
            sentence = QCoreApplication.translate("Recovery", "The recording {name} broke off and was saved.")
            say(filled(sentence, name=path.name))

    jobs.submit(lambda: _finished(folder), tell, say)


def _finished(folder: Path) -> Sequence[Path]:
    found: list[Path] = []
    with contextlib.suppress(OSError):
        found = [*folder.glob(_UNFINISHED)]
    if not found:
        return ()
    from mirror_app.deliver.recording_file import recover  # loads PyAV, for which the window's start does not wait

    return recover(folder)
