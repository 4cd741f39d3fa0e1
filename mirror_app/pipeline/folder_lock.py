"""Room: pipeline. One process at a time per output folder. Knows nothing of what is done in it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO

from mirror_app.domain.errors import OutputError

if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def lock_file(file: IO[bytes], folder: Path) -> None:
    """Keep other processes out as long as `file` is open; the system takes the lock back when the process dies.

    Raises:
        OutputError: Another process works in this folder.
    """
    try:
        _lock(file)
    except OSError as error:
        raise OutputError(
            "Another batch already writes into {folder}. Wait for its end, or choose another folder.", folder=folder
        ) from error
